"""What carries a message to a reporter, whichever medium it is."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from services.notification.delivery import Verdict


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it goes out. `to` is a phone number in E.164 or an e-mail address; `subject` is for mail alone."""

    reference: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    subject: str = ""
    language: str = "id"


@dataclass(frozen=True, slots=True)
class Answer:
    """How an attempt ended; `reason` is a slug."""

    verdict: Verdict
    reason: str = ""
    wait: timedelta = timedelta(0)


class Carrier(Protocol):
    """A way to reporters. Its calls end within a bounded time and raise nothing that the other side causes."""

    async def send(self, letter: Letter) -> Answer:
        """Hands the letter over, once."""
        ...

    async def knows(self, reference: str) -> bool | None:
        """Whether the other side has a letter with this reference; None where it does not say."""
        ...
