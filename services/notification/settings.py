"""What notification is told from outside."""

from datetime import time, timedelta
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from services.notification.message import Policy
from services.notification.words import Words
from shared.contracts.complaint import Language
from shared.contracts.notification import Medium
from shared.room import Room
from shared.settings import Settings


class NotificationSettings(Settings):
    """An empty variable counts as not set. Without a gateway there is no SMS, without a mail server no e-mail."""

    model_config = SettingsConfigDict(env_prefix="ADUAN_", frozen=True, extra="ignore", env_ignore_empty=True)

    code_key: SecretStr = Field(min_length=32, description="finds a complaint by its tracking code; as intake has it")
    site: str = Field(
        default="aduan.example",
        pattern=r"^[a-z0-9.:/-]{4,40}$",
        description="where reporters track, as texts name it",
    )

    sms_url: str | None = Field(default=None, pattern=r"^https?://", description="the SMS gateway")
    sms_token: SecretStr = SecretStr("")
    sms_callback_secret: SecretStr | None = Field(default=None, min_length=16, description="signs its receipts")
    sms_per_day: int = Field(default=20, gt=0, description="SMS that one number may get in a day")

    smtp_host: str | None = None
    smtp_port: int = Field(default=25, gt=0, lt=65536)
    smtp_tls: Literal["offered", "required"] = Field(default="offered", description="encrypt if offered, or insist")
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: str = Field(default="aduan@aduan.example", pattern=r"^[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+$")

    quiet_from: time = Field(default=time(21), description="when quiet hours begin; the same as their end for none")
    quiet_until: time = time(7)
    digest_seconds: float = Field(
        default=180, ge=0, le=3600, description="a message waits so long for others; 0 tells each thing by itself"
    )
    agency_names: dict[str, str] = Field(
        default={}, description="what reporters read for an agency's slug, as a JSON object; its own words otherwise"
    )
    send_seconds: float = Field(default=10, gt=0, description="a call of the gateway or mail server may take this long")
    lease_seconds: float = Field(default=60, gt=0, description="after this long an attempt counts as lost")
    retry_seconds: tuple[float, ...] = Field(
        default=(10, 60, 300, 1800, 7200), max_length=20, description="between two attempts, as a JSON array"
    )

    @model_validator(mode="after")
    def _lease_outlasts_its_calls(self) -> Self:
        # An attempt asks after the message and then hands it over; what still runs must not count as lost.
        if self.lease_seconds < 3 * self.send_seconds:
            raise ValueError("lease_seconds must be at least three times send_seconds")
        return self

    @property
    def media(self) -> tuple[Medium, ...]:
        """How reporters can be told, the better way first."""
        sms: tuple[Medium, ...] = ("sms",) if self.sms_url else ()
        mail: tuple[Medium, ...] = ("email",) if self.smtp_host else ()
        return sms + mail

    def words(self, language: Language) -> Words:
        """How reporters are spoken to in a language."""
        return Words(language, self.zone, self.site, self.agency_names)

    def policy(self) -> Policy:
        return Policy(
            zone=self.zone,
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
            waits=tuple(timedelta(seconds=seconds) for seconds in self.retry_seconds),
            lease=timedelta(seconds=self.lease_seconds),
            digest=timedelta(seconds=self.digest_seconds),
        )


def settings_of(room: Room) -> NotificationSettings:
    """The settings that this service was started with."""
    if not isinstance(room.settings, NotificationSettings):
        raise TypeError("notification needs NotificationSettings")
    return room.settings
