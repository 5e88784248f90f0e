"""The roster of the villages' officers on a page, for the administrator who keeps it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field

from services.mediation import enrolment
from services.mediation.api_rosters import RosterId
from services.mediation.enrolment import OfficerCard, OfficerEntry
from services.mediation.pages_panel import pages
from shared.contracts.envelope import Person
from shared.forms import BY_LINE, LEFT_OPEN, Nothing
from shared.gate import Acting
from shared.http import InRoom
from shared.names import villages
from shared.pages import Sent
from shared.room import Room
from shared.text import Line, Slug

router = pages.router()

_LIST = "/mediation/mediators"
Saved = Annotated[str | None, LEFT_OPEN, Query()]


class OfficerForm(OfficerEntry):
    """An entry as it is typed: its units stand one below the other."""

    units: Annotated[tuple[Line, ...], BY_LINE, Field(max_length=20)] = ()


class NewOfficerForm(OfficerForm):
    id: Slug


@router.get("/mediators")
async def mediators(request: Request, room: InRoom, person: Acting, saved: Saved = None) -> Response:
    """Who serves which villages, and a form for one more. `saved` is whose entry was just stored."""
    return await _list(request, room, person, saved=saved)


@router.post("/mediators")
async def enrol(request: Request, room: InRoom, person: Acting) -> Response:
    """Puts an officer on the roster."""
    enrolled: list[OfficerCard] = []

    async def do(form: NewOfficerForm) -> None:
        enrolled.append(await enrolment.enrol_new(room, person, form.id, _entry(form)))

    async def shown(sent: Sent) -> Response:
        return _saved(enrolled[0].id) if enrolled else await _list(request, room, person, sent)

    return await pages.act(request, NewOfficerForm, do, shown)


@router.get("/mediators/{officer_id}")
async def mediator(request: Request, officer_id: RosterId, room: InRoom, person: Acting) -> Response:
    """An officer's entry as a form, filled in with what stands."""
    return await _one(request, room, person, officer_id)


@router.post("/mediators/{officer_id}")
async def change(request: Request, officer_id: RosterId, room: InRoom, person: Acting) -> Response:
    """Changes the entry; whoever had retired is back."""

    async def do(form: OfficerForm) -> None:
        await enrolment.found(room, person, officer_id)
        await enrolment.enrol(room, person, officer_id, _entry(form))

    async def shown(sent: Sent) -> Response:
        return _saved(officer_id) if sent.done else await _one(request, room, person, officer_id, sent)

    return await pages.act(request, OfficerForm, do, shown)


@router.post("/mediators/{officer_id}/retirement")
async def retire(request: Request, officer_id: RosterId, room: InRoom, person: Acting) -> Response:
    """Gives the officer nothing any more."""

    async def shown(sent: Sent) -> Response:
        return _saved(officer_id) if sent.done else await _one(request, room, person, officer_id, sent)

    return await pages.act(request, Nothing, lambda _: enrolment.retire(room, person, officer_id), shown)


async def _list(
    request: Request, room: Room, person: Person, sent: Sent = Sent(), saved: str | None = None
) -> Response:
    cards = await enrolment.listed(room, person)
    present = {card.id for card in cards if not card.absent}
    served = {village for card in cards if {card.id, card.stand_in} & present for village in card.villages}
    return pages.show(
        request,
        "mediators.html",
        sent.status,
        cards=[card for card in cards if not card.retired],
        retired=[card for card in cards if card.retired],
        present=present,
        saved=next((card.name for card in cards if card.id == saved), None),
        unserved=[name for code, name in villages(room.settings).items() if code not in served],
        **_choices(room, cards),
        **_filled(sent, {}),
    )


async def _one(request: Request, room: Room, person: Person, officer_id: str, sent: Sent = Sent()) -> Response:
    card = await enrolment.found(room, person, officer_id)
    others = [one for one in await enrolment.listed(room, person) if one.id != officer_id]
    stands = {**card.model_dump(exclude_none=True), "absent": "true" if card.absent and not card.retired else ""}
    choices = _choices(room, others, card.villages)
    return pages.show(request, "mediator.html", sent.status, card=card, **choices, **_filled(sent, stands))


def _choices(room: Room, others: list[OfficerCard], served: tuple[str, ...] = ()) -> dict[str, Any]:
    # What an officer serves beyond the jurisdiction's file would be lost by saving, if it could not be ticked.
    return {
        "all_villages": list({**dict(zip(served, served, strict=True)), **villages(room.settings)}.items()),
        "names": {card.id: card.name for card in others},
        "stand_ins": [(card.id, card.name) for card in others if not card.retired],
    }


def _filled(sent: Sent, stands: Mapping[str, Any]) -> dict[str, Any]:
    """What the form holds: what was typed, or else what stands."""
    there = sent.typed if sent.errors or sent.typed else stands
    return {"sent": sent, "there": {**there, "units": "\n".join(there.get("units", ()))}}


def _entry(form: OfficerForm) -> OfficerEntry:
    return OfficerEntry.model_validate(form.model_dump(exclude={"id"}))


def _saved(officer_id: str) -> Response:
    return RedirectResponse(f"{_LIST}?saved={officer_id}", HTTPStatus.SEE_OTHER)
