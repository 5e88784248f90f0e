"""The file of a case over HTTP: evidence with its chain of custody, and witnesses."""

from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.investigation import evidence, views
from services.investigation.acting import InProcedure, sealed, shown, under
from services.investigation.case import CustodyAction, EvidenceKind
from services.investigation.evidence import Exhibit, Handling, Statement, Testimony
from shared.contracts.envelope import UUID_PATTERN, Person, instant
from shared.gate import Acting
from shared.http import Ask, Asking, ComplaintId
from shared.text import Line, Paragraphs

router = APIRouter(tags=["files"])

EntryId = Annotated[str, Path(pattern=UUID_PATTERN)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TakenEvidence(_Body):
    kind: EvidenceKind
    description: Paragraphs
    taken_at: AwareDatetime
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None


class DoneWithEvidence(_Body):
    action: CustodyAction
    note: Paragraphs | None = None


class NamedWitness(_Body):
    name: Line
    phone: Line | None = None
    address: Line | None = None
    statement_at: AwareDatetime | None = None
    statement: Paragraphs | None = None


class TakenStatement(_Body):
    at: AwareDatetime
    statement: Paragraphs | None = None


def _entry_id(ask: Ask, person: Person) -> str:
    """The same for a request that is sent again with its key, so that an entry is never doubled."""
    return str(uuid5(NAMESPACE_URL, ask.message_id(person)))


@router.post("/cases/{complaint}/evidence", status_code=201)
async def take_evidence(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: TakenEvidence
) -> views.CaseView:
    """Puts a piece of evidence (barang bukti) on file."""
    description = ask.room.vault.seal("narrative", complaint, {"text": body.description})
    piece = Exhibit(_entry_id(ask, person), body.kind, description, instant(body.taken_at), body.sha256)
    outcome = await ask(complaint, piece, under(procedure, evidence.take), actor=person)
    return shown(ask, complaint, outcome)


@router.post("/cases/{complaint}/evidence/{evidence_id}/custody", status_code=201)
async def handle_evidence(
    ask: Asking,
    person: Acting,
    procedure: InProcedure,
    complaint: ComplaintId,
    evidence_id: EntryId,
    body: DoneWithEvidence,
) -> views.CaseView:
    """Adds to the chain of custody of a piece of evidence."""
    note = sealed(ask.room, "narrative", complaint, body.note)
    handling = Handling(_entry_id(ask, person), evidence_id, body.action, note)
    outcome = await ask(complaint, handling, under(procedure, evidence.handle), actor=person)
    return shown(ask, complaint, outcome)


@router.post("/cases/{complaint}/witnesses", status_code=201)
async def name_witness(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: NamedWitness
) -> views.CaseView:
    """Puts a witness on file, sealed."""
    known = {"name": body.name, "phone": body.phone, "address": body.address}
    identity = ask.room.vault.seal("identity", complaint, {key: value for key, value in known.items() if value})
    statement = sealed(ask.room, "narrative", complaint, body.statement)
    at = instant(body.statement_at) if body.statement_at else None
    testimony = Testimony(_entry_id(ask, person), identity, at, statement)
    outcome = await ask(complaint, testimony, under(procedure, evidence.name_witness), actor=person)
    return shown(ask, complaint, outcome)


@router.put("/cases/{complaint}/witnesses/{witness_id}/statement")
async def take_statement(
    ask: Asking,
    person: Acting,
    procedure: InProcedure,
    complaint: ComplaintId,
    witness_id: EntryId,
    body: TakenStatement,
) -> views.CaseView:
    """Records the statement of a witness who is on file."""
    statement = Statement(witness_id, instant(body.at), sealed(ask.room, "narrative", complaint, body.statement))
    outcome = await ask(complaint, statement, under(procedure, evidence.state), actor=person)
    return shown(ask, complaint, outcome)
