"""What the holder of a tracking code does with the report, as programs and pages ask it; an officer at the counter adds
to it for them."""

from services.intake import domain, outcomes
from services.intake.case import Appeal, Complaint, Supplement
from services.intake.desk import Desk
from services.intake.domain import Addition
from services.intake.outcomes import Objection
from services.intake.reports import Place
from services.intake.submission import refuse_other_request, refuse_too_many, sealed_narrative
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Person
from shared.http import Ask
from shared.store import Taken


def addition(
    desk: Desk, complaint: str, what: str | None, where: Place, files: tuple[str, ...], asked: str
) -> Addition:
    """Words, a place and files, to be added. `asked` is the same for the same request. Raises Invalid."""
    refuse_too_many(desk, files)
    narrative = None
    if what is not None or where.is_exact:
        narrative = sealed_narrative(desk.room.vault, complaint, what, where)
    return Addition(where.village, Sealed(narrative=narrative), files, desk.codes.fingerprint(asked))


async def add(ask: Ask, desk: Desk, complaint: str, added: Addition, officer: Person | None = None) -> Supplement:
    """Adds to the report, once for each key. `officer`: who does it for the reporter."""
    try:
        case: Complaint = (await ask(complaint, added, domain.supplement, actor=officer, gather=desk.find_files)).case
    except Taken:
        # Of all that is unique, only files can be another report's here.
        raise domain.unknown_attachment() from None
    kept = case.supplement(domain.supplement_id(ask.message_id(officer), complaint))
    if kept is None:
        raise TypeError("an addition that was taken in is kept")
    refuse_other_request(kept.fingerprint, added.fingerprint)
    return kept


async def has_added(ask: Ask, desk: Desk, complaint: str, asked: str) -> bool:
    """Whether this has been added before, so that files that come again need not be taken in. Raises Invalid where
    something else was, with the same key."""
    case: Complaint | None = (await desk.room.store().load([complaint]))[complaint].case
    kept = case and case.supplement(domain.supplement_id(ask.message_id(None), complaint))
    if kept:
        refuse_other_request(kept.fingerprint, desk.codes.fingerprint(asked))
    return kept is not None


async def appeal(ask: Ask, desk: Desk, complaint: str, grounds: str) -> tuple[Complaint, Appeal]:
    """Objects to the rejection of the report, once and within the time that was named with it."""
    sealed = Sealed(narrative=sealed_narrative(desk.room.vault, complaint, grounds, Place()))
    objection = Objection(sealed, desk.codes.fingerprint(grounds))
    case: Complaint = (await ask(complaint, objection, outcomes.appeal)).case
    if case.appeal is None:
        raise TypeError("an appeal that was taken in is kept")
    refuse_other_request(case.appeal.fingerprint, objection.fingerprint)
    return case, case.appeal


async def withdraw(ask: Ask, complaint: str) -> Complaint:
    """Takes the report back. A second time changes nothing."""
    case: Complaint = (await ask(complaint, None, domain.withdraw)).case
    return case
