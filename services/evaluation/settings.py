"""What evaluation is told from outside, beyond what every service is."""

from pathlib import Path
from typing import cast

from pydantic import Field, FilePath, SecretStr

from shared.room import Room
from shared.settings import Settings


class EvaluationSettings(Settings):
    """The key of the tracking codes, the office as reports name it, its targets and its time zone."""

    code_key: SecretStr = Field(min_length=32, description="finds a complaint by its tracking code; as intake has it")
    targets_file: FilePath = Field(
        default=Path(__file__).with_name("targets.toml"), description="targets and rules, as a Polres edits them"
    )


def settings_of(room: Room) -> EvaluationSettings:
    return cast(EvaluationSettings, room.settings)
