"""What officers see of what the reporter was told: the messages with what became of them, and the timeline."""

from fastapi import Request, Response

from services.notification import queries
from services.notification.messages_wordings import MARKS, MEDIA, STATES, TELLINGS, reason_words
from services.notification.pages import pages
from services.notification.public_timeline import outline
from services.notification.settings import settings_of
from shared.gate import Acting, Reach
from shared.http import ComplaintId, InRoom
from shared.languages import language_of

router = pages.router()

SHOWN = 50  # messages; the newest


@router.get("/panels/{complaint_id}")
async def panel(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting, reach: Reach) -> Response:
    """What was sent about a complaint, and what its reporter reads on the tracking page."""
    case = await queries.seen_by(room, complaint_id, person, reach)
    words = settings_of(room).words(language_of(request))
    return pages.show(
        request,
        "notification/messages.html",
        complaint=complaint_id,
        messages=await queries.messages_of(room, case, person, SHOWN),
        steps=outline(words, case),
        media=MEDIA,
        tellings=TELLINGS,
        states=STATES,
        marks=MARKS,
        reason_words=reason_words,
    )
