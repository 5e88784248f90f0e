"""What is put on the file of a case, as programs and pages say it, submitted to the case."""

from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.investigation import evidence
from services.investigation.acting import sealed, under
from services.investigation.case import CustodyAction, EvidenceKind
from services.investigation.evidence import Correction, Exhibit, Handling, Statement, Testimony
from services.investigation.procedure import Procedure
from shared.contracts.envelope import Person, instant
from shared.http import Ask
from shared.operation import Outcome
from shared.room import Room
from shared.text import Line, Paragraphs

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TakenEvidence(_Body):
    kind: EvidenceKind
    description: Paragraphs
    taken_at: AwareDatetime
    sha256: Sha256 | None = None


class DoneWithEvidence(_Body):
    action: CustodyAction
    note: Paragraphs | None = None


class Particulars(_Body):
    """Who a witness is."""

    name: Line
    phone: Line | None = None
    address: Line | None = None


class NamedWitness(Particulars):
    statement_at: AwareDatetime | None = None
    statement: Paragraphs | None = None


class TakenStatement(_Body):
    at: AwareDatetime
    statement: Paragraphs | None = None


async def take(ask: Ask, person: Person, procedure: Procedure, complaint: str, body: TakenEvidence) -> Outcome:
    """A piece of evidence (barang bukti) is put on file."""
    description = ask.room.vault.seal("narrative", complaint, {"text": body.description})
    piece = Exhibit(_entry_id(ask, person), body.kind, description, instant(body.taken_at), body.sha256)
    return await ask(complaint, piece, under(procedure, evidence.take), actor=person)


async def handle(
    ask: Ask, person: Person, procedure: Procedure, complaint: str, evidence_id: str, body: DoneWithEvidence
) -> Outcome:
    """The chain of custody of a piece grows."""
    note = sealed(ask.room, "narrative", complaint, body.note)
    handling = Handling(_entry_id(ask, person), evidence_id, body.action, note)
    return await ask(complaint, handling, under(procedure, evidence.handle), actor=person)


async def name_witness(ask: Ask, person: Person, procedure: Procedure, complaint: str, body: NamedWitness) -> Outcome:
    """A witness is put on file, sealed."""
    identity = _identity(ask.room, complaint, body)
    statement = sealed(ask.room, "narrative", complaint, body.statement)
    at = instant(body.statement_at) if body.statement_at else None
    testimony = Testimony(_entry_id(ask, person), identity, at, statement)
    return await ask(complaint, testimony, under(procedure, evidence.name_witness), actor=person)


async def correct_witness(
    ask: Ask, person: Person, procedure: Procedure, complaint: str, witness_id: str, body: Particulars
) -> Outcome:
    """Who a witness is, is put right."""
    correction = Correction(witness_id, _identity(ask.room, complaint, body))
    return await ask(complaint, correction, under(procedure, evidence.correct_witness), actor=person)


async def state(
    ask: Ask, person: Person, procedure: Procedure, complaint: str, witness_id: str, body: TakenStatement
) -> Outcome:
    """A witness who is on file has made a statement."""
    statement = Statement(witness_id, instant(body.at), sealed(ask.room, "narrative", complaint, body.statement))
    return await ask(complaint, statement, under(procedure, evidence.state), actor=person)


def _identity(room: Room, complaint: str, body: Particulars) -> str:
    known = {"name": body.name, "phone": body.phone, "address": body.address}
    return room.vault.seal("identity", complaint, {key: value for key, value in known.items() if value})


def _entry_id(ask: Ask, person: Person) -> str:
    """The same for a request that is sent again with its key, so that an entry is never doubled."""
    return str(uuid5(NAMESPACE_URL, ask.message_id(person)))
