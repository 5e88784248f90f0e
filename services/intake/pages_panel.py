"""Intake's panel on the page of a case: how the report came in, its files, its papers, and its end."""

from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response

from services.intake import attachments_api, disposal_api, form_files, letters_api, surroundings
from services.intake.access import AtDesk
from services.intake.attachments_api import AttachmentId
from services.intake.counter_wordings import FILES
from services.intake.desk import Desk
from services.intake.disposal_api import ErasureBody, HoldBody
from services.intake.form_files import FILES_TOGETHER
from services.intake.pages import pages
from services.intake.pages_files import attached
from services.intake.queries import complaint_for, is_within
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent
from shared.forms import FormAsking, Nothing
from shared.gate import Acting, Reach
from shared.http import ComplaintId
from shared.pages import Sent
from shared.policy import Scope, rules_of, scopes_of

router = pages.router()

_WORDS: dict[str, Any] = {"files": FILES}
_AT = "/panels/{complaint_id}"
_PANEL = f"/intake{_AT}"
# What the panel offers, by a route that does it: the policy table says to whom, for which cases.
_OFFERS = {
    "files": f"GET {_PANEL}/attachments/{{attachment_id}}",
    "originals": f"GET {_PANEL}/attachments/{{attachment_id}}/original",
    "attaching": f"POST {_PANEL}/files",
    "papers": f"GET {_PANEL}/report.pdf",
    "disposal": f"POST {_PANEL}/erasure",
}

# Papers and originals are the same files as for programs.
router.add_api_route(f"{_AT}/receipt.pdf", letters_api.print_receipt, response_class=Response)
router.add_api_route(f"{_AT}/report.pdf", letters_api.print_report, response_class=Response)
router.add_api_route(f"{_AT}/attachments/{{attachment_id}}/original", attachments_api.download, response_class=Response)


@router.get(_AT)
async def panel(request: Request, complaint_id: ComplaintId, desk: AtDesk, person: Acting) -> Response:
    """How the report came in."""
    return await _panel(request, desk, person, complaint_id)


@router.get(f"{_AT}/receipt")
async def receipt(request: Request, complaint_id: ComplaintId, desk: AtDesk, person: Acting) -> Response:
    """Who reported, as it stands on the receipt, opened for a reason."""
    letter = await letters_api.read_receipt(complaint_id, desk, person)
    return pages.show(request, "intake/receipt.html", letter=letter)


@router.get(f"{_AT}/attachments/{{attachment_id}}")
async def picture(
    request: Request, complaint_id: ComplaintId, attachment_id: AttachmentId, desk: AtDesk, person: Acting, reach: Reach
) -> Response:
    """A picture within the page. An image's own request could not say why it is looked at."""
    chunks = await attachments_api.picture(desk.room, person, reach, complaint_id, attachment_id)
    content = b"".join([chunk async for chunk in chunks])
    return pages.show(request, "intake/picture.html", jpeg=b64encode(content).decode())


@router.post(f"{_AT}/files", max_body_size=FILES_TOGETHER)
async def attach(
    request: Request, complaint_id: ComplaintId, desk: AtDesk, person: Acting, ask: FormAsking
) -> Response:
    """Attaches what its reporter has brought since."""

    async def shown(sent: Sent, count: int) -> Response:
        return await _panel(request, desk, person, complaint_id, sent, count)

    return await attached(request, desk, person, ask, complaint_id, shown)


@router.post(f"{_AT}/erasure")
async def erase(request: Request, complaint_id: ComplaintId, desk: AtDesk, person: Acting, ask: FormAsking) -> Response:
    """Erases the complaint at its reporter's request."""

    async def do(body: ErasureBody) -> None:
        await disposal_api.erase(complaint_id, body, ask, person)

    async def again(sent: Sent) -> Response:
        if sent.done:  # there is no case any more that could be shown
            return pages.show(request, "intake/erased.html")
        return await _panel(request, desk, person, complaint_id, sent)

    return await pages.act(request, ErasureBody, do, again)


@router.post(f"{_AT}/legal-hold")
async def hold(request: Request, complaint_id: ComplaintId, desk: AtDesk, person: Acting, ask: FormAsking) -> Response:
    """Puts the complaint under a legal hold."""

    async def do(body: HoldBody) -> None:
        await disposal_api.hold(complaint_id, body, ask, person)

    return await pages.act(request, HoldBody, do, _again(request, desk, person, complaint_id))


@router.post(f"{_AT}/legal-hold/lifting")
async def lift(request: Request, complaint_id: ComplaintId, desk: AtDesk, person: Acting, ask: FormAsking) -> Response:
    """Lifts the legal hold."""
    return await pages.act(
        request,
        Nothing,
        lambda _: disposal_api.lift(complaint_id, ask, person),
        _again(request, desk, person, complaint_id),
    )


async def _panel(
    request: Request, desk: Desk, person: Person, complaint_id: str, sent: Sent = Sent(), count: int = 0
) -> Response:
    complaint, document = await complaint_for(person, desk.room, complaint_id)
    reach = _reach(f"GET {_PANEL}", person)
    if not await is_within(reach, person, desk.room, complaint):
        raise Absent
    offers = {name: _reach(route, person) for name, route in _OFFERS.items()}
    known: dict[str, Any] = {
        "case": complaint,
        "complaint": complaint_id,
        "version": document.version,
        "around": await surroundings.around(desk, person, reach, complaint_id, complaint),
        "may": {name: await is_within(scopes, person, desk.room, complaint) for name, scopes in offers.items()},
        "limits": form_files.limits(desk.settings),
        "count": count,
    }
    return pages.show(request, "intake/panel.html", sent.status, sent=sent, **known, **_WORDS)


def _reach(route: str, person: Person) -> frozenset[Scope]:
    """Which cases the policy table opens to this person on a route."""
    return scopes_of(rules_of("intake")[route], person.roles)


def _again(request: Request, desk: Desk, person: Person, complaint_id: str) -> Callable[[Sent], Awaitable[Response]]:
    return lambda sent: _panel(request, desk, person, complaint_id, sent)
