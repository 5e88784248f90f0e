"""What the holder of a tracking code can do with the report now. Pure."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from services.intake.case import Complaint
from services.intake.domain import moved, refuse_full
from services.intake.outcomes import refuse_appeal
from shared.contracts.notification import Medium
from shared.contracts.refusals import Conflict, Refusal


@dataclass(frozen=True, slots=True)
class Ways:
    """Each is None where nothing stands against it, else the refusal that it would meet. `prove`: what can still be
    confirmed by a code."""

    add: Refusal | None
    withdraw: Refusal | None
    appeal: Refusal | None
    prove: tuple[Medium, ...]


def ways(case: Complaint, now: datetime, contacts: Collection[Medium]) -> Ways:
    """What is open now; `contacts` are the ways of reaching the reporter that the report names."""
    unproven = tuple(medium for medium in contacts if medium not in case.confirmed)
    return Ways(
        add=_refusal(lambda: _add(case)),
        withdraw=_refusal(lambda: _withdraw(case)),
        appeal=_refusal(lambda: refuse_appeal(case, now)),
        prove=() if _refusal(lambda: moved(case, "confirm")) else unproven,
    )


def _add(case: Complaint) -> None:
    moved(case, "supplement")
    refuse_full(case)


def _withdraw(case: Complaint) -> None:
    if case.status == "withdrawn":
        raise Conflict("withdrawn", "The report is withdrawn already.")
    if case.end:
        # What has ended could be taken back, but nothing would come of it.
        raise Conflict("ended", "The report has come to its end.")


def _refusal(refuse: Callable[[], object]) -> Refusal | None:
    try:
        refuse()
    except Refusal as refusal:
        return refusal
    return None
