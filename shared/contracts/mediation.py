"""What mediation says."""

from typing import ClassVar

from shared.contracts.complaint import Track
from shared.contracts.envelope import Event


class MediationFailed(Event):
    """The parties found no agreement; classification decides where the complaint goes on."""

    wire: ClassVar[str] = "mediation.failed.v1"
    recommended: Track


SAYS: tuple[type[Event], ...] = (MediationFailed,)
