"""The file of a case over HTTP: evidence with its chain of custody, and witnesses."""

from fastapi import APIRouter

from services.investigation import filing, views
from services.investigation.acting import EntryId, InProcedure, shown
from services.investigation.filing import DoneWithEvidence, NamedWitness, Particulars, TakenEvidence, TakenStatement
from shared.gate import Acting
from shared.http import Asking, ComplaintId

router = APIRouter(tags=["files"])


@router.post("/cases/{complaint}/evidence", status_code=201)
async def take_evidence(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: TakenEvidence
) -> views.CaseView:
    """Puts a piece of evidence (barang bukti) on file."""
    outcome = await filing.take(ask, person, procedure, complaint, body)
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
    outcome = await filing.handle(ask, person, procedure, complaint, evidence_id, body)
    return shown(ask, complaint, outcome)


@router.post("/cases/{complaint}/witnesses", status_code=201)
async def name_witness(
    ask: Asking, person: Acting, procedure: InProcedure, complaint: ComplaintId, body: NamedWitness
) -> views.CaseView:
    """Puts a witness on file, sealed."""
    outcome = await filing.name_witness(ask, person, procedure, complaint, body)
    return shown(ask, complaint, outcome)


@router.put("/cases/{complaint}/witnesses/{witness_id}/identity")
async def correct_witness(
    ask: Asking,
    person: Acting,
    procedure: InProcedure,
    complaint: ComplaintId,
    witness_id: EntryId,
    body: Particulars,
) -> views.CaseView:
    """Puts right who a witness is. What was on file before stays there, sealed."""
    outcome = await filing.correct_witness(ask, person, procedure, complaint, witness_id, body)
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
    outcome = await filing.state(ask, person, procedure, complaint, witness_id, body)
    return shown(ask, complaint, outcome)
