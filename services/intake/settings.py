"""What intake is told from outside, beside what every service is told."""

from pydantic import Field, SecretStr, field_validator

from shared.settings import Settings, key_bytes


class IntakeSettings(Settings):
    """The key of the codes, the name on the register, and how much a reporter may attach."""

    code_key: SecretStr = Field(min_length=32, description="32 bytes or more in base64url; makes tracking codes")
    office: str = Field(
        default="POLRES", pattern=r"^[A-Z0-9][A-Z0-9 .-]{0,63}$", description="ends every register number"
    )
    utc_offset: int = Field(default=7, ge=7, le=9, description="hours; decides the month on a register number")
    attachment_bytes: int = Field(default=10 * 1024 * 1024, gt=0, le=12 * 1024 * 1024, description="per file")
    attachments_limit: int = Field(default=10, gt=0, le=50, description="files per report or supplement")

    @field_validator("code_key")
    @classmethod
    def _key_is_whole(cls, key: SecretStr) -> SecretStr:
        if len(key_bytes(key)) < 32:
            raise ValueError("the code key is shorter than 32 bytes in base64url")
        return key
