"""The parties and their agreement on a page."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Response
from pydantic import create_model

from services.mediation import leading
from services.mediation.acting import Body, Handling
from services.mediation.api_parties import PartyId, PointNumber
from services.mediation.leading import (
    MOST_POINTS,
    AgreedPoint,
    ConsentAnswer,
    DraftedAgreement,
    InvitedParty,
    JudgedPoint,
    Signed,
)
from services.mediation.pages_panel import OnPanel, pages
from services.mediation.views import CaseView
from shared.contracts.refusals import Invalid
from shared.text import Paragraphs

router = pages.router()

_NUMBERS = range(1, MOST_POINTS + 1)
_FIELDS: dict[str, Any] = {
    **{f"text_{number}": (Paragraphs | None, None) for number in _NUMBERS},
    **{f"due_{number}": (date | None, None) for number in _NUMBERS},
}
# A form has no lists of pairs, so each point has its own two fields.
DraftedForm = create_model("DraftedForm", __base__=Body, **_FIELDS)


@router.post("/panels/{complaint_id}/parties")
async def invite_party(panel: OnPanel) -> Response:
    """Invites a party."""
    return await panel.does(InvitedParty, leading.invite)


@router.post("/panels/{complaint_id}/parties/{party}/consent")
async def answer_invitation(panel: OnPanel, party: PartyId) -> Response:
    """A party agrees to take part, or refuses."""
    return await panel.does(ConsentAnswer, leading.answer, party)


@router.post("/panels/{complaint_id}/agreement")
async def draft_agreement(panel: OnPanel) -> Response:
    """What the parties agree on."""
    return await panel.does(DraftedForm, _draft)


@router.post("/panels/{complaint_id}/agreement/signatures")
async def sign_agreement(panel: OnPanel) -> Response:
    """A party has signed."""
    return await panel.does(Signed, leading.sign)


@router.post("/panels/{complaint_id}/agreement/points/{number}/compliance")
async def judge_point(panel: OnPanel, number: PointNumber) -> Response:
    """A point was kept, or broken."""
    return await panel.does(JudgedPoint, leading.judge, number)


async def _draft(handle: Handling, form: Body) -> CaseView:
    """The draft as the form has it. What is wrong with a point is said at its own field."""
    zone, typed = handle.room.settings.zone, form.model_dump()
    written = {number: _point(number, typed[f"text_{number}"], typed[f"due_{number}"], zone) for number in _NUMBERS}
    points = {number: point for number, point in written.items() if point}
    if not points:
        raise Invalid("no_points", "An agreement has a point at least.", "text_1")
    try:
        return await leading.draft(handle, DraftedAgreement(points=list(points.values())))
    except Invalid as refusal:
        # The domain counts the points, and the form may have left some of its own out.
        for index, number in enumerate(points):
            if refusal.field == f"points.{index}.due":
                raise Invalid(refusal.slug, refusal.detail, f"due_{number}") from refusal
        raise


def _point(number: int, text: str | None, due: date | None, zone: ZoneInfo) -> AgreedPoint | None:
    """A point, to be kept by the end of its day."""
    if text is None and due is None:
        return None
    if text is None:
        raise Invalid("text_missing", "A point says what was agreed.", f"text_{number}")
    if due is None:
        raise Invalid("due_missing", "A point says by when it is to be kept.", f"due_{number}")
    return AgreedPoint(text=text, due=datetime.combine(due, time(23, 59), zone))
