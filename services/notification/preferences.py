"""How a reporter wants to be told."""

from dataclasses import dataclass
from datetime import time
from typing import Literal

from shared.contracts.complaint import Language
from shared.contracts.notification import Medium

Channel = Literal["sms", "email", "none"]


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours, as `HH:MM` in the zone of the Polres."""

    start: str
    until: str

    @property
    def hours(self) -> tuple[time, time]:
        return time.fromisoformat(self.start), time.fromisoformat(self.until)


@dataclass(frozen=True, slots=True)
class Preferences:
    """A reporter's wishes; None leaves it to the Polres. `stopped` outranks the channel till it is undone.

    A reporter who chose a channel is told by no other, since somebody else may read that one.
    """

    channel: Channel | None = None
    language: Language | None = None
    quiet: Quiet | None = None
    stopped: bool = False

    @property
    def silent(self) -> bool:
        """Whether nothing is to be sent."""
        return self.stopped or self.channel == "none"

    @property
    def medium(self) -> Medium | None:
        """The medium that was chosen, if one was."""
        return None if self.channel == "none" else self.channel
