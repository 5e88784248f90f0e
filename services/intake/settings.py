"""What intake is told from outside, beside what every service is told."""

import re
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from shared.settings import Settings, key_bytes


class IntakeSettings(Settings):
    """The key of the codes, the name on the register, how much a reporter may attach, who scans it, and the SMS and
    Open311 doors."""

    # An empty variable counts as not set.
    model_config = SettingsConfigDict(env_ignore_empty=True)

    code_key: SecretStr = Field(min_length=32, description="32 bytes or more in base64url; makes tracking codes")
    utc_offset: int = Field(default=7, ge=7, le=9, description="hours; decides the month on a register number")
    attachment_bytes: int = Field(default=10 * 1024 * 1024, gt=0, le=12 * 1024 * 1024, description="per file")
    attachments_limit: int = Field(default=10, gt=0, le=50, description="files per report or supplement")

    clamd_host: str | None = Field(default=None, description="ClamAV's daemon; without it no file is scanned")
    clamd_port: int = Field(default=3310, gt=0, lt=65536)
    clamd_seconds: float = Field(default=20, gt=0, le=120, description="a scan may take this long")

    site: str = Field(
        default="aduan.example",
        pattern=r"^[a-z0-9.:/-]{4,40}$",
        description="where reporters track, as texts name it",
    )
    sms_callback_secret: SecretStr | None = Field(
        default=None, min_length=16, description="signs what the SMS gateway hands in; without it nothing is taken"
    )
    sms_per_day: int = Field(default=20, gt=0, description="SMS of one number that are answered in a day")
    sms_patience_hours: int = Field(default=24, gt=0, le=168, description="so long an unfinished report is kept")

    retention_file: Path = Field(
        default=Path(__file__).with_name("retention.toml"), description="how long complaints are kept after their end"
    )

    channel_keys: dict[str, SecretStr] = Field(
        default={}, description="number → 32 bytes in base64url; partner channels seal to the highest, all of them open"
    )
    open311_keys: dict[str, SecretStr] = Field(
        default={}, description="client → its api_key, as a JSON object; without one nobody files by Open311"
    )

    @field_validator("open311_keys")
    @classmethod
    def _keys_are_long(cls, keys: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for client, key in keys.items():
            if not re.fullmatch("[a-z0-9-]{1,40}", client) or len(key.get_secret_value()) < 16:
                raise ValueError(f"client {client!r} needs a plain name and a key of 16 characters or more")
        return keys

    @field_validator("channel_keys")
    @classmethod
    def _channel_keys_are_whole(cls, keys: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for number, key in keys.items():
            if not number.isdecimal() or len(key_bytes(key)) != 32:
                raise ValueError(f"channel key {number!r} needs a number for a name and 32 bytes in base64url")
        return keys

    @model_validator(mode="after")
    def _channels_have_a_key(self) -> Self:
        if self.channels and not self.channel_keys:
            raise ValueError("partner channels need channel_keys to seal their reports to")
        return self

    @field_validator("code_key")
    @classmethod
    def _key_is_whole(cls, key: SecretStr) -> SecretStr:
        if len(key_bytes(key)) < 32:
            raise ValueError("the code key is shorter than 32 bytes in base64url")
        return key
