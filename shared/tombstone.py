"""What stays of a case that was erased: that there was one, and on whose word it went. Nothing personal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.contracts.envelope import Lane


@dataclass(frozen=True, slots=True)
class Erased:
    """The tombstone. `officer` is who said so; None where the time of retention was over."""

    polres: str
    lane: Lane
    erased_at: datetime
    reason: Literal["retention", "request"]
    register_number: str
    officer: str | None = None
