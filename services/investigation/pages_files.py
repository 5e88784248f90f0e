"""What is put on the file of a case from its panel: evidence with its chain of custody, and witnesses."""

from fastapi import Response

from services.investigation import filing
from services.investigation.acting import EntryId
from services.investigation.filing import DoneWithEvidence, Particulars
from services.investigation.local_forms import EvidenceForm, StatementForm, WitnessForm
from services.investigation.pages import pages
from services.investigation.pages_case import Trying, identity_form
from shared.http import Reasoned

router = pages.router()


@router.post("/panels/{complaint_id}/evidence")
async def take(trying: Trying) -> Response:
    """Puts a piece of evidence on file."""
    zone = trying.ask.room.settings.zone
    return await trying.act("evidence", EvidenceForm, lambda form: filing.take(*trying.whose, form.meant(zone)))


@router.post("/panels/{complaint_id}/evidence/{evidence_id}/custody")
async def handle(trying: Trying, evidence_id: EntryId) -> Response:
    """Adds to the chain of custody of a piece of evidence."""
    form = f"custody-{evidence_id}"
    return await trying.act(form, DoneWithEvidence, lambda body: filing.handle(*trying.whose, evidence_id, body))


@router.post("/panels/{complaint_id}/witnesses")
async def name_witness(trying: Trying) -> Response:
    """Puts a witness on file."""
    zone = trying.ask.room.settings.zone
    return await trying.act("witness", WitnessForm, lambda form: filing.name_witness(*trying.whose, form.meant(zone)))


@router.post("/panels/{complaint_id}/witnesses/{witness_id}/identity", dependencies=[Reasoned])
async def correct_witness(trying: Trying, witness_id: EntryId) -> Response:
    """Puts right who a witness is, by whoever has opened for a reason what is on file."""
    return await trying.act(
        identity_form(witness_id),
        Particulars,
        lambda body: filing.correct_witness(*trying.whose, witness_id, body),
    )


@router.post("/panels/{complaint_id}/witnesses/{witness_id}/statement")
async def state(trying: Trying, witness_id: EntryId) -> Response:
    """Records the statement of a witness who is on file."""
    zone = trying.ask.room.settings.zone
    return await trying.act(
        f"statement-{witness_id}",
        StatementForm,
        lambda form: filing.state(*trying.whose, witness_id, form.meant(zone)),
    )
