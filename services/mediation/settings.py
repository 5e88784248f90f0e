"""What mediation is told from outside beside what every service is told."""

from pathlib import Path

from pydantic import Field, FilePath

from shared.settings import Settings


class MediationSettings(Settings):
    mediation_procedure: FilePath = Field(
        default=Path(__file__).with_name("procedure.toml"), description="deadlines and lists, as a Polres edits them"
    )
