"""What officers see of what the reporter was told: the messages with what became of them, and the timeline; and whom
nothing reached, so that somebody calls them."""

from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notification import calling, queries, reaching
from services.notification.domain import MESSAGES_KEPT
from services.notification.messages_wordings import MARKS, MEDIA, STATES, TELLINGS, reason_words
from services.notification.pages import pages
from services.notification.public_timeline import outline
from services.notification.settings import settings_of
from shared import live
from shared.contracts.envelope import Person
from shared.gate import Acting, Reach
from shared.http import ComplaintId, InRoom
from shared.languages import language_of
from shared.pages import Sent
from shared.panels import PanelForm
from shared.policy import Scope, rules_of, scopes_of
from shared.room import Room

router = pages.router()

SHOWN = 50  # messages on a panel, the newest
LISTED = 100  # complaints on the list; those behind them have not waited as long
_PANEL = "/notification/panels/{complaint_id}"
_WORDS: dict[str, Any] = {
    "media": MEDIA,
    "tellings": TELLINGS,
    "states": STATES,
    "marks": MARKS,
    "reason_words": reason_words,
}


class Reached(BaseModel):
    """The messages whose reporters have been told otherwise, by their ids."""

    model_config = ConfigDict(extra="forbid")
    messages: list[str] = Field(min_length=1, max_length=MESSAGES_KEPT)


@router.get("/worklist")
async def worklist(request: Request, room: InRoom, person: Acting) -> Response:
    """Whom the last word did not reach."""
    unreached = await queries.unreached(room, person, LISTED)
    rows = "notification/rows.html"
    return pages.show(request, "worklist.html", fragment=rows, unreached=unreached, **_WORDS)


@router.get("/worklist/live")
async def worklist_live(request: Request, room: InRoom, person: Acting) -> Response:
    """Tells when the list has changed."""

    async def look() -> object:
        return [message.id for _, message in await queries.unreached(room, person, LISTED)]

    return live.changes(request, look)


@router.get("/summary")
async def summary(request: Request, room: InRoom, person: Acting) -> Response:
    """How many nothing reached, for the desk."""
    unreached = await queries.unreached(room, person, LISTED)
    return pages.show(request, "notification/summary.html", unreached=len(unreached))


@router.get("/panels/{complaint_id}")
async def panel(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting) -> Response:
    """What was sent about a complaint, and what its reporter reads on the tracking page."""
    return await _panel(request, room, person, complaint_id)


@router.get("/panels/{complaint_id}/contacts")
async def contacts(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting, reach: Reach) -> Response:
    """How those can be reached whom the last word did not, opened for a reason."""
    case = await queries.seen_by(room, complaint_id, person, reach)
    found = await calling.opened(room, await queries.unreached_of(room, case, person))
    return pages.show(request, "notification/contacts.html", contacts=found)


@router.post("/panels/{complaint_id}/reached")
async def reached(form: PanelForm) -> Response:
    """They have been told otherwise."""
    ask, person, complaint = form.whose

    async def do(body: Reached) -> None:
        await ask(complaint, tuple(body.messages), reaching.reached, actor=person)

    return await form.act(pages, Reached, do, _panel)


async def _panel(request: Request, room: Room, person: Person, complaint: str, sent: Sent = Sent()) -> Response:
    case = await queries.seen_by(room, complaint, person, _reach(person, f"GET {_PANEL}"))
    words = settings_of(room).words(language_of(request))
    return pages.show(
        request,
        "notification/messages.html",
        sent.status,
        complaint=complaint,
        messages=await queries.messages_of(room, case, person, SHOWN),
        unreached=await queries.unreached_of(room, case, person),
        may_reach=bool(_reach(person, f"POST {_PANEL}/reached")),
        steps=outline(words, case),
        sent=sent,
        **_WORDS,
    )


def _reach(person: Person, route: str) -> frozenset[Scope]:
    """Which cases the policy table opens to this person on a route."""
    return scopes_of(rules_of("notification")[route], person.roles)
