"""How many unknown tracking codes are answered. Typing errors do not count, since the check character shows them."""

from collections import deque
from datetime import datetime, timedelta

from fastapi import HTTPException

PER_MINUTE = 60
_MINUTE = timedelta(minutes=1)


class Guesses:
    """Of one process. Only who guesses wrong is turned away, so nobody can lock out somebody who has a code."""

    def __init__(self) -> None:
        self._at: deque[datetime] = deque(maxlen=PER_MINUTE)

    def wrong(self, now: datetime) -> None:
        """Takes note of one. Raises 429 where there were too many in the last minute."""
        if len(self._at) == PER_MINUTE and now - self._at[0] < _MINUTE:
            raise HTTPException(429, "Too many unknown codes; wait a minute.", {"Retry-After": "60"})
        self._at.append(now)
