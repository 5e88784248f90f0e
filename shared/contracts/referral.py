"""What referral says."""

from typing import ClassVar

from shared.contracts.envelope import Event


class ReferralDeclined(Event):
    """No agency took the complaint; classification decides where it goes on."""

    wire: ClassVar[str] = "referral.declined.v1"
    reason: str


SAYS: tuple[type[Event], ...] = (ReferralDeclined,)
