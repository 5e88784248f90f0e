"""The rosters of detectives, heads and patrols, as an administrator keeps them on pages."""

from dataclasses import replace
from functools import partial
from http import HTTPStatus

from fastapi import Request, Response
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
)
from shared.contracts.envelope import Person
from shared.forms import Nothing, lines
from shared.gate import Acting
from shared.http import InRoom
from shared.languages import language_of
from shared.names import categories, units, villages
from shared.pages import Sent
from shared.room import Room
from shared.roster_pages import Saved, Seen, Shown, back_to, typed_id
from shared.rosters import NO, key_of, number_of

router = pages.router()

ROSTER = "/investigation/roster"


@router.get("/roster")
async def roster(request: Request, room: InRoom, person: Acting, saved: Saved = None) -> Response:
    """All who are on the rosters, with what they have to do now. `saved` is whose entry was just stored."""
    polres = keeping.office(room, person)
    officers = await rosters.officers(room.mongo).of([polres])
    patrols = await rosters.patrols(room.mongo).of([polres])
    named = {one.id: one.name for one in officers} | {one.id: one.call_sign for one in patrols}
    on_it = [one for one in officers if not one.retired]
    return pages.show(
        request,
        "roster.html",
        officers=sorted(on_it, key=lambda officer: (officer.units, officer.post != "unit_head", officer.name)),
        retired_officers=[(f"{ROSTER}/officers/{one.id}", one.name) for one in officers if one.retired],
        patrols=[one for one in patrols if not one.retired],
        retired_patrols=[(f"{ROSTER}/patrols/{one.id}", one.call_sign) for one in patrols if one.retired],
        saved=named.get(saved or ""),
        loads=await queries.loads(room, [polres], on_it, person),
        states=await queries.patrol_states(room, person, [patrol.id for patrol in patrols]),
        **WORDS,
    )


@router.get("/roster/new-officer")
async def new_officer(request: Request, room: InRoom, person: Acting) -> Response:
    """The form on which a detective or head is put on the roster."""
    return await _officer_form(request, room, person, None, Sent())


@router.post("/roster/new-officer")
async def add_officer(request: Request, room: InRoom, person: Acting) -> Response:
    """Puts them on the roster."""
    again = partial(_officer_form, request, room, person, None)
    shown = back_to(ROSTER, await typed_id(request), again)
    return await pages.act(
        request, NewOfficerForm, lambda form: keeping.add_officer(room, person, form.id, form.meant()), shown
    )


@router.get("/roster/officers/{officer_id}")
async def officer(request: Request, room: InRoom, person: Acting, officer_id: RosterId) -> Response:
    """The form on which an entry is changed; it begins with what stands."""
    return await _officer_form(request, room, person, officer_id, Sent())


@router.post("/roster/officers/{officer_id}")
async def change_officer(request: Request, room: InRoom, person: Acting, officer_id: RosterId, seen: Seen) -> Response:
    """Changes the entry; whoever had retired is back."""
    again = partial(_officer_form, request, room, person, officer_id)
    return await pages.act(
        request,
        OfficerForm,
        lambda form: keeping.change_officer(room, person, officer_id, form, seen),
        back_to(ROSTER, officer_id, again),
    )


@router.post("/roster/officers/{officer_id}/retirement")
async def retire_officer(request: Request, room: InRoom, person: Acting, officer_id: RosterId) -> Response:
    """Gives a detective or head nothing any more."""
    shown = back_to(ROSTER, officer_id, partial(_officer_form, request, room, person, officer_id))
    return await pages.act(request, Nothing, lambda _: keeping.retire_officer(room, person, officer_id), shown)


@router.post("/roster/officers/{officer_id}/leave")
async def set_leave(request: Request, room: InRoom, person: Acting, officer_id: RosterId) -> Response:
    """Somebody goes on leave, or is back."""
    return await pages.act(
        request,
        LeaveForm,
        lambda form: keeping.set_leave(room, person, officer_id, form.on_leave),
        _led_to(request, ROSTER),
    )


@router.get("/roster/new-patrol")
async def new_patrol(request: Request, room: InRoom, person: Acting) -> Response:
    """The form on which a patrol is put on the roster."""
    return await _patrol_form(request, room, person, None, Sent())


@router.post("/roster/new-patrol")
async def add_patrol(request: Request, room: InRoom, person: Acting) -> Response:
    """Puts it on the roster."""
    again = partial(_patrol_form, request, room, person, None)
    shown = back_to(ROSTER, await typed_id(request), again)
    return await pages.act(
        request, NewPatrolForm, lambda form: keeping.add_patrol(room, person, form.id, form.meant()), shown
    )


@router.get("/roster/patrols/{patrol_id}")
async def patrol(request: Request, room: InRoom, person: Acting, patrol_id: RosterId) -> Response:
    """A patrol with the forms on which its name and its place are changed; they begin with what stands."""
    return await _patrol_form(request, room, person, patrol_id, Sent())


@router.post("/roster/patrols/{patrol_id}")
async def name_patrol(request: Request, room: InRoom, person: Acting, patrol_id: RosterId, seen: Seen) -> Response:
    """Changes what a patrol is called and whose it is; one that was taken off is back."""
    shown = back_to(ROSTER, patrol_id, partial(_patrol_form, request, room, person, patrol_id, form="name"))
    return await pages.act(
        request, PatrolName, lambda form: keeping.name_patrol(room, person, patrol_id, form, seen), shown
    )


@router.post("/roster/patrols/{patrol_id}/place")
async def place_patrol(request: Request, room: InRoom, person: Acting, patrol_id: RosterId) -> Response:
    """Says where a patrol is."""
    shown = back_to(ROSTER, patrol_id, partial(_patrol_form, request, room, person, patrol_id, form="place"))
    return await pages.act(
        request, PlaceForm, lambda form: keeping.move_patrol(room, person, patrol_id, form.meant()), shown
    )


@router.post("/roster/patrols/{patrol_id}/retirement")
async def retire_patrol(request: Request, room: InRoom, person: Acting, patrol_id: RosterId) -> Response:
    """Sends a patrol nowhere any more."""
    shown = back_to(ROSTER, patrol_id, partial(_patrol_form, request, room, person, patrol_id))
    return await pages.act(request, Nothing, lambda _: keeping.retire_patrol(room, person, patrol_id), shown)


@router.post("/roster/patrols/{patrol_id}/duty")
async def set_duty(request: Request, room: InRoom, person: Acting, patrol_id: RosterId) -> Response:
    """A patrol goes on or off duty, by its administrator's word or its crew's."""
    came_from = ROSTER if "administrator" in person.roles else "/investigation/patrols"
    return await pages.act(
        request,
        DutyForm,
        lambda form: keeping.move_patrol(room, person, patrol_id, PatrolMove(status=form.status)),
        _led_to(request, came_from),
    )


def _led_to(request: Request, address: str) -> Shown:
    """A button's answer: the page that it stands on, or a page that says why nothing came of it."""

    async def shown(sent: Sent) -> Response:
        if sent.done:
            return RedirectResponse(address, HTTPStatus.SEE_OTHER)
        return pages.error(request, sent.status, sent.refused or " ".join(sent.errors.values()))

    return shown


async def _officer_form(request: Request, room: Room, person: Person, officer_id: str | None, sent: Sent) -> Response:
    """What was typed and refused; otherwise what stands."""
    settings, polres, roster_ = room.settings, keeping.office(room, person), rosters.officers(room.mongo)
    entry = await keeping.officer(room, person, officer_id) if officer_id else None
    stands = {**entry.model_dump(), "on_leave": entry.on_leave and not entry.retired} if entry else {}
    typed = sent.typed if sent.errors or sent.typed else stands
    known = {unit for each in await roster_.of([polres], retired=NO) for unit in each.units}
    offered = sorted(known.union(units(settings, "investigation")))
    matters = categories(settings, language_of(request))
    places = villages(settings)
    named = {*places, *(code for code, _ in matters)}
    return pages.show(
        request,
        "roster_officer.html",
        sent.status,
        sent=sent,
        at=f"{ROSTER}/officers/{officer_id}" if officer_id else f"{ROSTER}/new-officer",
        entry=entry,
        version=number_of(entry) if entry else None,
        done=await roster_.history(key_of(polres, officer_id)) if officer_id else [],
        typed=typed,
        units=[(unit, unit) for unit in offered],
        other_units=[unit for unit in typed.get("units", ()) if unit not in offered],
        categories=matters,
        villages=places,
        other_conflicts=[each for each in lines(typed.get("conflicts", ())) if each not in named],
        **WORDS,
    )


async def _patrol_form(
    request: Request, room: Room, person: Person, patrol_id: str | None, sent: Sent, form: str = ""
) -> Response:
    """Each form has what was typed into it and refused; otherwise what stands."""
    polres = keeping.office(room, person)
    standing = await keeping.patrol(room, person, patrol_id) if patrol_id else None
    return pages.show(
        request,
        "roster_patrol.html",
        sent.status,
        sent=replace(sent, form=form),
        at=f"{ROSTER}/patrols/{patrol_id}",
        patrol=standing,
        version=number_of(keeping.named(standing)) if standing else None,
        done=await rosters.patrols(room.mongo).history(key_of(polres, patrol_id)) if patrol_id else [],
        **WORDS,
    )
