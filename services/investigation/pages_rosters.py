"""The rosters of detectives, heads and patrols, as an administrator keeps them on pages."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import RedirectResponse

from services.investigation import keeping, queries, rosters
from services.investigation.api_rosters import RosterId
from services.investigation.keeping import PatrolMove, PatrolName
from services.investigation.pages import WORDS, pages
from services.investigation.roster_forms import (
    DutyForm,
    LeaveForm,
    NewOfficerForm,
    NewPatrolForm,
    OfficerForm,
    PlaceForm,
    by_line,
)
from shared.contracts.envelope import Person
from shared.gate import Acting
from shared.http import InRoom
from shared.languages import language_of
from shared.names import categories, units, villages
from shared.pages import Sent
from shared.room import Room

router = pages.router()

Seen = Annotated[int, Form(ge=0)]
ROSTER = "/investigation/roster"


@router.get("/roster")
async def roster(request: Request, room: InRoom, person: Acting) -> Response:
    """All who are on the rosters, with what they have to do now."""
    polres = keeping.office(room, person)
    officers = await rosters.officers(room.mongo).of([polres])
    patrols = await rosters.patrols(room.mongo).of([polres])
    return pages.show(
        request,
        "roster.html",
        officers=sorted(officers, key=lambda officer: (officer.units, officer.post != "unit_head", officer.name)),
        patrols=patrols,
        loads=await queries.loads(room, [polres], officers, person),
        states=await queries.patrol_states(room, person, [patrol.id for patrol in patrols]),
        **WORDS,
    )


@router.get("/roster/new-officer")
async def new_officer(request: Request, room: InRoom, person: Acting) -> Response:
    """The form on which a detective or head is put on the roster."""
    return await _officer_form(request, room, person, None, Sent())


@router.post("/roster/new-officer")
async def add_officer(request: Request, room: InRoom, person: Acting) -> Response:
    """Puts them on the roster, and leads back to it."""

    async def shown(sent: Sent) -> Response:
        return _to_roster() if sent.done else await _officer_form(request, room, person, None, sent)

    async def do(form: NewOfficerForm) -> None:
        await keeping.add_officer(room, person, form.id, form.meant())

    return await pages.act(request, NewOfficerForm, do, shown)


@router.get("/roster/officers/{officer_id}")
async def officer(request: Request, room: InRoom, person: Acting, officer_id: RosterId) -> Response:
    """The form on which an entry is changed; it begins with what stands."""
    return await _officer_form(request, room, person, officer_id, Sent())


@router.post("/roster/officers/{officer_id}")
async def change_officer(
    request: Request, room: InRoom, person: Acting, officer_id: RosterId, version: Seen
) -> Response:
    """Changes the entry."""

    async def shown(sent: Sent) -> Response:
        return await _officer_form(request, room, person, officer_id, sent)

    async def do(form: OfficerForm) -> None:
        await keeping.change_officer(room, person, officer_id, form, version)

    return await pages.act(request, OfficerForm, do, shown)


@router.post("/roster/officers/{officer_id}/leave")
async def set_leave(request: Request, room: InRoom, person: Acting, officer_id: RosterId) -> Response:
    """Somebody goes on leave, or is back."""

    async def do(form: LeaveForm) -> None:
        await keeping.set_leave(room, person, officer_id, form.on_leave)

    return await pages.act(request, LeaveForm, do, _led_to(request, ROSTER))


@router.get("/roster/new-patrol")
async def new_patrol(request: Request, room: InRoom, person: Acting) -> Response:
    """The form on which a patrol is put on the roster."""
    return await _new_patrol_form(request, room, person, Sent())


@router.post("/roster/new-patrol")
async def add_patrol(request: Request, room: InRoom, person: Acting) -> Response:
    """Puts it on the roster, and leads back to it."""

    async def shown(sent: Sent) -> Response:
        return _to_roster() if sent.done else await _new_patrol_form(request, room, person, sent)

    async def do(form: NewPatrolForm) -> None:
        await keeping.add_patrol(room, person, form.id, form.meant())

    return await pages.act(request, NewPatrolForm, do, shown)


@router.get("/roster/patrols/{patrol_id}")
async def patrol(request: Request, room: InRoom, person: Acting, patrol_id: RosterId) -> Response:
    """A patrol with the forms on which its name and its place are changed; they begin with what stands."""
    return await _patrol_forms(request, room, person, patrol_id)


@router.post("/roster/patrols/{patrol_id}")
async def name_patrol(request: Request, room: InRoom, person: Acting, patrol_id: RosterId, version: Seen) -> Response:
    """Changes what a patrol is called and whose it is."""

    async def shown(sent: Sent) -> Response:
        return await _patrol_forms(request, room, person, patrol_id, name=sent)

    async def do(form: PatrolName) -> None:
        await keeping.name_patrol(room, person, patrol_id, form, version)

    return await pages.act(request, PatrolName, do, shown)


@router.post("/roster/patrols/{patrol_id}/place")
async def place_patrol(request: Request, room: InRoom, person: Acting, patrol_id: RosterId) -> Response:
    """Says where a patrol is."""

    async def shown(sent: Sent) -> Response:
        return await _patrol_forms(request, room, person, patrol_id, place=sent)

    async def do(form: PlaceForm) -> None:
        await keeping.move_patrol(room, person, patrol_id, PatrolMove(lat=form.lat, lon=form.lon))

    return await pages.act(request, PlaceForm, do, shown)


@router.post("/roster/patrols/{patrol_id}/duty")
async def set_duty(request: Request, room: InRoom, person: Acting, patrol_id: RosterId) -> Response:
    """A patrol goes on or off duty, by its administrator's word or its crew's."""

    async def do(form: DutyForm) -> None:
        await keeping.move_patrol(room, person, patrol_id, PatrolMove(status=form.status))

    came_from = ROSTER if "administrator" in person.roles else "/investigation/patrols"
    return await pages.act(request, DutyForm, do, _led_to(request, came_from))


def _to_roster() -> Response:
    return RedirectResponse(ROSTER, HTTPStatus.SEE_OTHER)


def _led_to(request: Request, address: str) -> Callable[[Sent], Awaitable[Response]]:
    """A button's answer: the page that it stands on, or a page that says why nothing came of it."""

    async def shown(sent: Sent) -> Response:
        if sent.done:
            return RedirectResponse(address, HTTPStatus.SEE_OTHER)
        return pages.error(request, sent.status, sent.refused or " ".join(sent.errors.values()))

    return shown


async def _officer_form(request: Request, room: Room, person: Person, officer_id: str | None, sent: Sent) -> Response:
    """What was typed and refused; otherwise what stands."""
    entry = await keeping.officer(room, person, officer_id) if officer_id else None
    settings, polres = room.settings, keeping.office(room, person)
    typed = sent.typed if sent.status != HTTPStatus.OK else entry.model_dump() if entry else {}
    known = {unit for each in await rosters.officers(room.mongo).of([polres]) for unit in each.units}
    offered = sorted(known.union(units(settings, "investigation")))
    matters = categories(settings, language_of(request))
    places = villages(settings)
    named = {*places, *(code for code, _ in matters)}
    return pages.show(
        request,
        "roster_officer.html",
        sent.status,
        sent=sent,
        entry=entry,
        version=keeping.version(entry) if entry else None,
        typed=typed,
        units=[(unit, unit) for unit in offered],
        other_units=[unit for unit in typed.get("units", ()) if unit not in offered],
        categories=matters,
        villages=places,
        other_conflicts=[each for each in by_line(typed.get("conflicts", ())) if each not in named],
        **WORDS,
    )


async def _new_patrol_form(request: Request, room: Room, person: Person, sent: Sent) -> Response:
    keeping.office(room, person)
    return pages.show(request, "roster_new_patrol.html", sent.status, sent=sent, **WORDS)


async def _patrol_forms(
    request: Request, room: Room, person: Person, patrol_id: str, *, name: Sent = Sent(), place: Sent = Sent()
) -> Response:
    """Each form has what was typed into it and refused; otherwise what stands."""
    standing = await keeping.patrol(room, person, patrol_id)
    stands = keeping.named(standing)
    return pages.show(
        request,
        "roster_patrol.html",
        max(name.status, place.status),
        patrol=standing,
        version=keeping.version(stands),
        name=name,
        place=place,
        typed_name=name.typed if name.status != HTTPStatus.OK else stands.model_dump(),
        typed_place=place.typed if place.status != HTTPStatus.OK else {"lat": standing.lat, "lon": standing.lon},
        **WORDS,
    )
