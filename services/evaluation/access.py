"""What is asked for, what was added up, and what it is held against."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from services.evaluation.ledger import Ledger
from services.evaluation.targets import Targets
from shared.contracts.envelope import UUID_PATTERN

MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"

InMonth = Annotated[str, Query(pattern=MONTH, description="as `2026-11`")]
AnyMonth = Annotated[str | None, Query(alias="month", pattern=MONTH)]
FindingId = Annotated[str, Path(pattern=UUID_PATTERN)]
OfMonth = Annotated[str, Path(pattern=MONTH, description="as `2026-11`")]


def _ledger(request: Request) -> Ledger:
    ledger: Ledger = request.app.state.ledger
    return ledger


def _targets(request: Request) -> Targets:
    return _ledger(request).targets


Added = Annotated[Ledger, Depends(_ledger)]
Held = Annotated[Targets, Depends(_targets)]
