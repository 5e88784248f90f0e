"""A clock that a test can put forward."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The real time, put forward as far as a test wants."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def forward(self, **by: float) -> None:
        self._ahead += timedelta(**by)
