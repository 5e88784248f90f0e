"""An auditor's pages, which every service has: what was done with a complaint there, and who read it."""

from fastapi import APIRouter, Request, Response

from shared.audit_api import Done, trail_seen_by
from shared.audit_wordings import ACTS, EVENTS, OTHERS, OTHERWISE, PARTS, SERVICES
from shared.contracts.envelope import Person
from shared.gate import Acting
from shared.http import ComplaintId, InRoom
from shared.pages import Pages
from shared.room import Room


def router(pages: Pages) -> APIRouter:
    """The audit of a complaint in one service. Why somebody read is sealed, so it is opened with a reason too."""
    router, service = pages.router(), pages.service

    @router.get("/audit/{complaint_id}")
    async def panel(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting) -> Response:
        """Who did what and when, who read which parts, and whether the chains are whole."""
        return await shown(request, room, person, complaint_id, opened=False)

    @router.get("/audit/{complaint_id}/reasons")
    async def reasons(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting) -> Response:
        """The same, and why they read."""
        return await shown(request, room, person, complaint_id, opened=True)

    async def shown(request: Request, room: Room, person: Person, complaint: str, *, opened: bool) -> Response:
        trail = await trail_seen_by(room, person, complaint, reasons=opened)
        return pages.show(
            request,
            "aduan/audit.html",
            title=SERVICES.get(service, service),
            at=f"/{service}/audit/{complaint}",
            trail=trail,
            opened=opened,
            others=OTHERS,
            parts=PARTS,
            deeds=_deeds,
        )

    return router


def _deeds(done: Done) -> list[str]:
    """What a transition did, in words still to be translated: what it told others, else what it heard or was asked."""
    told = [EVENTS[wire] for wire in done.said if wire in EVENTS]
    return told or [EVENTS.get(done.what) or ACTS.get(done.what, OTHERWISE)]
