"""What has happened in a case, in order of time, for whoever may lead it: who did what, never what was sealed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.investigation.case import Case, Sortie


@dataclass(frozen=True, slots=True)
class Happening:
    """`what` is a key of the words for happenings, `detail` a code that the kind of happening has words for. `who` did
    it, or has it from then on."""

    at: datetime
    what: str
    detail: str | None = None
    who: str | None = None


def course(case: Case) -> list[Happening]:
    """The newest first."""
    return sorted(_all_of(case), key=lambda happening: happening.at, reverse=True)


def patrols(case: Case) -> list[Happening]:
    """What the patrols did, the newest first."""
    sorties = (sortie for dispatch in case.dispatches for sortie in dispatch.sorties)
    found = [happening for sortie in sorties for happening in _of_sortie(sortie)]
    return sorted(found, key=lambda happening: happening.at, reverse=True)


def _all_of(case: Case) -> Iterator[Happening]:
    yield from (Happening(turn.at, turn.status) for turn in case.turns)
    for assigned in case.assignments:
        yield Happening(assigned.at, "assigned", assigned.detective, assigned.officer)
    yield from (Happening(entry.at, "milestone", entry.milestone, entry.officer) for entry in case.milestones)
    yield from (Happening(entry.at, "letter", entry.letter, entry.officer) for entry in case.letters)
    for ending in case.conclusions:
        yield Happening(ending.at, "conclusion", ending.outcome, ending.officer)
    for piece in case.evidence:
        yield from (Happening(entry.at, "evidence", entry.action, entry.officer) for entry in piece.custody)
    for witness in case.witnesses:
        yield Happening(witness.added_at, "witness", None, witness.officer)
        yield from (Happening(was.at, "witness_corrected", None, was.officer) for was in witness.corrected)
    yield from (Happening(added.at, "supplement") for added in case.supplements)
    yield from (Happening(linked.at, "linked", linked.report.register_number) for linked in case.linked)
    yield from patrols(case)


def _of_sortie(sortie: Sortie) -> Iterator[Happening]:
    yield Happening(sortie.sent_at, "sent", None, sortie.patrol)
    if sortie.acknowledged_at:
        yield Happening(sortie.acknowledged_at, "acknowledged", None, sortie.patrol)
    if sortie.arrived_at:
        yield Happening(sortie.arrived_at, "on_scene", None, sortie.patrol)
    if sortie.ended_at:
        yield Happening(sortie.ended_at, "ended", sortie.result or sortie.state, sortie.patrol)
