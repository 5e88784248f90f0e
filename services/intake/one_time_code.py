"""A one-time code that proves that its reporter reads what is sent to a phone or mailbox. Pure."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.contracts.notification import Medium

VALID = timedelta(minutes=10)
TRIES = 5
DIGITS = 6


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """The newest code of a report. `digest` is an HMAC; of the code itself nothing is kept."""

    medium: Medium
    digest: str
    until: datetime
    tries: int = 0
    confirmed: bool = False

    def open(self, now: datetime) -> bool:
        """Whether it may still be tried."""
        return now < self.until and self.tries < TRIES

    def is_(self, digest: str) -> bool:
        return hmac.compare_digest(self.digest, digest)
