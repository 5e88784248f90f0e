"""What verification is told from outside, beyond what every service is."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from shared.settings import Settings

_PROJECT = Path(__file__).parents[2]


class VerificationSettings(Settings):
    """The area, the key of the fingerprints, and how long a reporter has for an answer and for an appeal."""

    jurisdiction_file: Path = Field(
        default=Path("deploy/samples/jurisdiction.geojson"),
        description="GeoJSON of the villages; a relative path starts at the project's folder",
    )
    fingerprint_key: SecretStr = Field(
        min_length=32, description="keys the fingerprints of narratives; with a new one, stored ones match no more"
    )
    clarification_days: int = Field(default=14, ge=1, le=365)
    appeal_days: int = Field(default=14, ge=1, le=365)

    @field_validator("jurisdiction_file")
    @classmethod
    def _in_the_project(cls, path: Path) -> Path:
        return _PROJECT / path
