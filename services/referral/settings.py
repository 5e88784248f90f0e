"""What referral is told from outside beside what every service is told."""

import tomllib
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, FilePath

from services.referral.case import Procedure
from shared.contracts.complaint import Urgency
from shared.room import Room
from shared.settings import Settings


class ReferralSettings(Settings):
    referral_procedure: FilePath = Field(
        default=Path(__file__).with_name("procedure.toml"), description="deadlines, as a Polres edits them"
    )
    agency_hosts: tuple[str, ...] = Field(
        default=(), description="hosts that webhooks may go to, as a JSON array; none without it"
    )
    agency_private_addresses: bool = Field(
        default=False,
        description="lets webhooks go to private addresses and without TLS: for runs on one machine alone",
    )
    agency_seconds: float = Field(default=10, gt=0, le=30, description="a webhook may take this long")


def settings_of(room: Room) -> ReferralSettings:
    """The settings that this service was started with."""
    if not isinstance(room.settings, ReferralSettings):
        raise TypeError("referral needs ReferralSettings")
    return room.settings


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Limits(_Strict):
    alarms: int = Field(ge=1, le=100)
    forget_after_days: int = Field(ge=1)


class _Minutes(_Strict):
    P1: int = Field(gt=0)
    P2: int = Field(gt=0)
    P3: int = Field(gt=0)
    P4: int = Field(gt=0)

    def by_urgency(self) -> dict[Urgency, timedelta]:
        minutes: dict[Urgency, int] = {"P1": self.P1, "P2": self.P2, "P3": self.P3, "P4": self.P4}
        return {urgency: timedelta(minutes=count) for urgency, count in minutes.items()}


class _File(_Strict):
    answer_within: _Minutes
    complete_within: _Minutes
    limits: _Limits


def load_procedure(path: Path) -> Procedure:
    """Reads a procedure file. Raises pydantic's ValidationError, which names the entry that is wrong."""
    file = _File.model_validate(tomllib.loads(path.read_text("utf-8")))
    return Procedure(
        answer_within=file.answer_within.by_urgency(),
        complete_within=file.complete_within.by_urgency(),
        alarms=file.limits.alarms,
        forget_after=timedelta(days=file.limits.forget_after_days),
    )
