"""The roster of the villages' officers on pages, for the administrator who keeps it."""

from functools import partial
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from services.mediation import enrolment
from services.mediation.api_rosters import RosterId
from services.mediation.enrolment import OfficerEntry
from services.mediation.pages_panel import WORDS, pages
from shared.contracts.envelope import Person
from shared.forms import BY_LINE, Nothing
from shared.gate import Acting
from shared.http import InRoom
from shared.names import villages
from shared.pages import Sent
from shared.room import Room
from shared.roster_pages import Saved, Seen, back_to, typed_id
from shared.rosters import number_of
from shared.text import Line, Slug

router = pages.router()

_LIST = "/mediation/mediators"


class OfficerForm(OfficerEntry):
    """An entry as it is typed: its units stand one below the other."""

    units: Annotated[tuple[Line, ...], BY_LINE, Field(max_length=20)] = ()

    def meant(self) -> OfficerEntry:
        """As it is put on the roster."""
        return OfficerEntry(**self.model_dump(exclude={"id"}))


class NewOfficerForm(OfficerForm):
    id: Slug


@router.get("/mediators")
async def mediators(request: Request, room: InRoom, person: Acting, saved: Saved = None) -> Response:
    """Who serves which villages. `saved` is whose entry was just stored."""
    cards = await enrolment.listed(room, person)
    present = {card.id for card in cards if not card.absent}
    served = {village for card in cards if {card.id, card.stand_in} & present for village in card.villages}
    names = {card.id: card.name for card in cards}
    return pages.show(
        request,
        "mediators.html",
        cards=[card for card in cards if not card.retired],
        retired=[(f"{_LIST}/{card.id}", card.name) for card in cards if card.retired],
        names=names,
        present=present,
        saved=names.get(saved or ""),
        unserved=[name for code, name in villages(room.settings).items() if code not in served],
    )


@router.get("/new-mediator")
async def new_mediator(request: Request, room: InRoom, person: Acting) -> Response:
    """The form on which an officer is put on the roster."""
    return await _form(request, room, person, None, Sent())


@router.post("/new-mediator")
async def enrol(request: Request, room: InRoom, person: Acting) -> Response:
    """Puts an officer on the roster."""
    shown = back_to(_LIST, await typed_id(request), partial(_form, request, room, person, None))
    return await pages.act(
        request, NewOfficerForm, lambda form: enrolment.enrol_new(room, person, form.id, form.meant()), shown
    )


@router.get("/mediators/{officer_id}")
async def mediator(request: Request, officer_id: RosterId, room: InRoom, person: Acting) -> Response:
    """The form on which an entry is changed; it begins with what stands."""
    return await _form(request, room, person, officer_id, Sent())


@router.post("/mediators/{officer_id}")
async def change(request: Request, officer_id: RosterId, room: InRoom, person: Acting, seen: Seen) -> Response:
    """Changes the entry; whoever had retired is back."""
    shown = back_to(_LIST, officer_id, partial(_form, request, room, person, officer_id))
    return await pages.act(
        request, OfficerForm, lambda form: enrolment.change(room, person, officer_id, form.meant(), seen), shown
    )


@router.post("/mediators/{officer_id}/retirement")
async def retire(request: Request, officer_id: RosterId, room: InRoom, person: Acting) -> Response:
    """Gives the officer nothing any more."""
    shown = back_to(_LIST, officer_id, partial(_form, request, room, person, officer_id))
    return await pages.act(request, Nothing, lambda _: enrolment.retire(room, person, officer_id), shown)


async def _form(request: Request, room: Room, person: Person, officer_id: str | None, sent: Sent) -> Response:
    """What was typed and refused; otherwise what stands."""
    card = await enrolment.found(room, person, officer_id) if officer_id else None
    others = [one for one in await enrolment.listed(room, person) if one.id != officer_id]
    stands = {**card.model_dump(exclude_none=True), "absent": card.absent and not card.retired} if card else {}
    there = sent.typed if sent.errors or sent.typed else stands
    # What an officer serves beyond the jurisdiction's file would be lost by saving, if it could not be ticked.
    served = card.villages if card else ()
    return pages.show(
        request,
        "mediator.html",
        sent.status,
        sent=sent,
        at=f"{_LIST}/{officer_id}" if officer_id else "/mediation/new-mediator",
        card=card,
        version=number_of(card) if card else None,
        done=await enrolment.history(room, person, officer_id) if officer_id else [],
        there={**there, "units": "\n".join(there.get("units", ()))},
        all_villages=list({**dict(zip(served, served, strict=True)), **villages(room.settings)}.items()),
        names={one.id: one.name for one in others},
        stand_ins=[(one.id, one.name) for one in others if not one.retired],
        **WORDS,
    )
