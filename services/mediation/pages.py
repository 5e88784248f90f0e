"""A matter of mediation or guidance on a page, who has it, whether it may be settled, and giving it back."""

from fastapi import Request, Response

from services.mediation import leading
from services.mediation.acting import Finding, InProcedure
from services.mediation.leading import ApprovalWord, ConfirmedCondition, FailedCase, NamedMediator
from services.mediation.pages_panel import OnPanel, pages, show
from shared.gate import Acting
from shared.http import ComplaintId, InRoom

router = pages.router()


@router.get("/panels/{complaint_id}")
async def panel(
    request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting, finder: Finding, procedure: InProcedure
) -> Response:
    """A matter with its course, and what can be done in it."""
    return await show(request, room, finder, procedure, person, complaint_id)


@router.post("/panels/{complaint_id}/mediator")
async def name_mediator(panel: OnPanel) -> Response:
    """The lead says who has the matter."""
    return await panel.does(NamedMediator, leading.name_mediator)


@router.post("/panels/{complaint_id}/approval")
async def give_word(panel: OnPanel) -> Response:
    """The PPA unit says whether the matter may be settled between the parties."""
    return await panel.does(ApprovalWord, leading.give_word)


@router.post("/panels/{complaint_id}/conditions")
async def confirm_condition(panel: OnPanel) -> Response:
    """The officer vouches for a condition of restorative justice."""
    return await panel.does(ConfirmedCondition, leading.confirm_condition)


@router.post("/panels/{complaint_id}/failure")
async def give_back(panel: OnPanel) -> Response:
    """The matter goes back to classification."""
    return await panel.does(FailedCase, leading.give_back)
