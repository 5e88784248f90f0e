"""What internal affairs is told from outside beside what every service is told."""

from pathlib import Path

from pydantic import Field, FilePath

from shared.settings import Settings


class InternalAffairsSettings(Settings):
    internal_affairs_procedure: FilePath = Field(
        default=Path(__file__).with_name("procedure.toml"),
        description="clocks, offices and days off, as a Polres edits them",
    )
