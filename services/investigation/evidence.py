"""Evidence with its chain of custody, and witnesses. What they are and say is sealed; ids, kinds and times are not."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.investigation import access
from services.investigation.case import Case, Corrected, Custody, CustodyAction, Evidence, EvidenceKind, Witness
from services.investigation.procedure import Procedure
from services.investigation.settle import settle
from shared.contracts.envelope import Command, Decision
from shared.contracts.refusals import Conflict, Invalid

MOST = 500  # pieces of evidence, entries in a chain, and witnesses of a case
LONGEST_AGO = timedelta(days=36_525)  # what is said to be longer ago can only be a slip, as the year 26

# Where a piece is no longer with the police, nothing more happens to it here.
LEFT_CUSTODY: frozenset[CustodyAction] = frozenset({"returned", "destroyed"})


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece that was taken. `description` is sealed as narrative."""

    id: str
    kind: EvidenceKind
    description: str
    taken_at: datetime
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """What was done with a piece. `note` is sealed as narrative."""

    id: str
    evidence: str
    action: CustodyAction
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Testimony:
    """A witness. `identity` is sealed as identity, `statement` as narrative."""

    id: str
    identity: str
    statement_at: datetime | None = None
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What a witness who is on file has said. `statement` is sealed as narrative."""

    witness: str
    at: datetime
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """Who a witness who is on file is, put right. `identity` is sealed as identity."""

    witness: str
    identity: str


def take(procedure: Procedure, case: Case | None, command: Command[Exhibit], now: datetime) -> Decision[Case]:
    """A piece of evidence was taken; its chain of custody begins."""
    before, officer = _open(case, command)
    piece = command.data
    if any(known.id == piece.id for known in before.evidence):
        return Decision(before)
    _check_time(piece.taken_at, now, "taken_at")
    _room_for_more(before.evidence)
    first = Custody(piece.id, "taken", piece.taken_at, officer)
    added = Evidence(piece.id, piece.kind, piece.description, piece.taken_at, piece.sha256, (first,))
    return settle(procedure, before, replace(before, evidence=(*before.evidence, added)), now)


def handle(procedure: Procedure, case: Case | None, command: Command[Handling], now: datetime) -> Decision[Case]:
    """Something was done with a piece; the chain grows and is never changed."""
    before, officer = _open(case, command)
    handling = command.data
    piece = next((known for known in before.evidence if known.id == handling.evidence), None)
    if piece is None:
        raise Invalid("unknown_evidence", "The case has no such piece of evidence.", "evidence")
    if any(entry.id == handling.id for entry in piece.custody):
        return Decision(before)
    if piece.custody[-1].action in LEFT_CUSTODY:
        raise Conflict("left_custody", "The piece has left custody.")
    _room_for_more(piece.custody)
    entry = Custody(handling.id, handling.action, now, officer, handling.note)
    changed = replace(piece, custody=(*piece.custody, entry))
    pieces = tuple(changed if known is piece else known for known in before.evidence)
    return settle(procedure, before, replace(before, evidence=pieces), now)


def name_witness(procedure: Procedure, case: Case | None, command: Command[Testimony], now: datetime) -> Decision[Case]:
    """A witness is put on file."""
    before, officer = _open(case, command)
    new = command.data
    if any(known.id == new.id for known in before.witnesses):
        return Decision(before)
    if new.statement_at:
        _check_time(new.statement_at, now, "statement_at")
    _room_for_more(before.witnesses)
    witness = Witness(new.id, new.identity, officer, now, new.statement_at, new.statement)
    return settle(procedure, before, replace(before, witnesses=(*before.witnesses, witness)), now)


def state(procedure: Procedure, case: Case | None, command: Command[Statement], now: datetime) -> Decision[Case]:
    """A witness on file has made a statement."""
    before, _ = _open(case, command)
    statement = command.data
    witness = _witness(before, statement.witness)
    if witness.statement_at:
        raise Conflict("has_stated", "The witness's statement is on file; put a further one on file as a new entry.")
    _check_time(statement.at, now, "at")
    changed = replace(witness, statement_at=statement.at, statement=statement.statement)
    return settle(procedure, before, _with_witness(before, changed), now)


def correct_witness(
    procedure: Procedure, case: Case | None, command: Command[Correction], now: datetime
) -> Decision[Case]:
    """Who a witness is, is put right. What was on file before stays there."""
    before, officer = _open(case, command)
    witness = _witness(before, command.data.witness)
    _room_for_more(witness.corrected)
    was = Corrected(witness.identity, now, officer)
    changed = replace(witness, identity=command.data.identity, corrected=(*witness.corrected, was))
    return settle(procedure, before, _with_witness(before, changed), now)


def _witness(case: Case, id_: str) -> Witness:
    witness = next((known for known in case.witnesses if known.id == id_), None)
    if witness is None:
        raise Invalid("unknown_witness", "The case has no such witness.", "witness")
    return witness


def _with_witness(case: Case, changed: Witness) -> Case:
    witnesses = tuple(changed if known.id == changed.id else known for known in case.witnesses)
    return replace(case, witnesses=witnesses)


def _open(case: Case | None, command: Command[object]) -> tuple[Case, str]:
    case, person = access.of_leader(case, command.actor)
    if case.status != "open":
        raise Conflict("not_open", "The case is not open.")
    return case, person.id


def _check_time(at: datetime, now: datetime, field: str) -> None:
    if at > now:
        raise Invalid("in_future", "The time lies in the future.", field)
    if now - at > LONGEST_AGO:
        raise Invalid("too_long_ago", f"The time is more than {LONGEST_AGO.days} days ago.", field)


def _room_for_more(entries: tuple[object, ...]) -> None:
    if len(entries) >= MOST:
        raise Conflict("full", f"No more than {MOST} entries are kept.")
