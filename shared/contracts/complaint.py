"""The words for a complaint that several services share."""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Channel = Literal["counter", "emergency_call", "web", "app", "sms", "open311", "partner"]
IdentityLevel = Literal["anonymous", "claimed", "contact_confirmed", "seen_in_person"]
Language = Literal["id", "en"]
RegisterModel = Literal["A", "B"]
Urgency = Literal["P1", "P2", "P3", "P4"]
Track = Literal["investigation", "dispatch", "mediation", "guidance", "referral", "internal_affairs"]
MediationRule = Literal["never", "ppa_approval", "restorative_only", "allowed"]


class Fact(BaseModel):
    """A part of an event."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Sealed(Fact):
    """The personal parts of a report, each a JWE that only a service with that part's key can open.

    Opened, each is a JSON object; what was not given is null or absent.
    narrative: what happened and the exact place (`text`, `place_text`, `lat`, `lon`).
    identity: who reports (`name`, `nik`, `address`). contact: how to reach them (`phone`, `email`).
    notice: words of an officer that are meant for the reporter alone; every text in it is shown, in its order.
    """

    narrative: str | None = None
    identity: str | None = None
    contact: str | None = None
    notice: str | None = None


class Attachment(Fact):
    """A file that the reporter gave; its bytes stay with intake."""

    id: str
    media_type: Literal["image/jpeg", "image/png", "application/pdf"]
    size: int = Field(ge=1, description="bytes")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Report(Fact):
    """The facts of a report that travel in the clear, with its sealed parts, from service to service."""

    register_number: str
    model: RegisterModel | None = Field(
        default=None, description="A: an officer's own finding, B: from the public; None where the producer is older"
    )
    channel: Channel
    channel_name: str | None = Field(default=None, description="which partner, for the channel `partner`")
    author: str | None = Field(default=None, description="person id of the officer who took the report down")
    identity_level: IdentityLevel
    language: Language = "id"
    received_at: AwareDatetime
    occurred_at: AwareDatetime | None = None
    in_progress: bool = Field(default=False, description="happening as it is told")
    village: str | None = Field(default=None, description="region code PP.KK.CC.VVVV, as the reporter chose it")
    attachments: tuple[Attachment, ...] = ()
    conflicts: tuple[str, ...] = Field(default=(), description="persons and units that the report is about")
    sealed: Sealed = Sealed()
