"""The roster of examiners on pages, for the heads who keep it."""

from collections import Counter
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from services.internal_affairs import enrolment, queries
from services.internal_affairs.deciding import Body
from services.internal_affairs.enrolment import RosterEntry
from services.internal_affairs.pages import pages
from services.internal_affairs.wordings import ENTRY_FIELDS, OFFICES
from shared.contracts.envelope import Person
from shared.forms import BY_LINE, Nothing
from shared.gate import Acting
from shared.http import InRoom
from shared.pages import Sent
from shared.room import Room
from shared.roster_pages import Saved, Seen, back_to, typed_id
from shared.rosters import number_of
from shared.text import Line, Slug

router = pages.router()

_LIST = "/internal_affairs/examiners"
_COUNTED = 500


class ExaminerForm(Body):
    """The units besides the head's office, which goes without saying."""

    units: Annotated[tuple[Line, ...], BY_LINE, Field(max_length=16)] = ()

    def meant(self, room: Room, person: Person) -> RosterEntry:
        """As it is put on the roster."""
        return RosterEntry(units=tuple(dict.fromkeys((*_offices(room, person), *self.units))))


class NewExaminerForm(ExaminerForm):
    id: Slug


@router.get("/examiners")
async def examiners(request: Request, room: InRoom, person: Acting, saved: Saved = None) -> Response:
    """Who may examine at the head's desk. `saved` is whose entry was just stored."""
    cards = await enrolment.listed(room, person)
    return pages.show(
        request,
        "examiners.html",
        cards=[card for card in cards if not card.retired],
        retired=[(f"{_LIST}/{card.id}", card.id) for card in cards if card.retired],
        saved=next((card.id for card in cards if card.id == saved), None),
        opened=await _opened(room, person),
        own_office=room.settings.polres,
        offices=OFFICES,
    )


@router.get("/new-examiner")
async def new_examiner(request: Request, room: InRoom, person: Acting) -> Response:
    """The form on which an examiner is put on the roster."""
    return await _form(request, room, person, None, Sent())


@router.post("/new-examiner")
async def enrol(request: Request, room: InRoom, person: Acting) -> Response:
    """Puts an examiner on the roster."""
    shown = back_to(_LIST, await typed_id(request), partial(_form, request, room, person, None))
    return await pages.act(
        request,
        NewExaminerForm,
        lambda form: enrolment.enrol_new(room, person, form.id, form.meant(room, person)),
        shown,
    )


@router.get("/examiners/{examiner}")
async def one(request: Request, examiner: Slug, room: InRoom, person: Acting) -> Response:
    """The form on which an examiner's units are changed; it begins with what stands."""
    return await _form(request, room, person, examiner, Sent())


@router.post("/examiners/{examiner}")
async def change(request: Request, examiner: Slug, room: InRoom, person: Acting, seen: Seen) -> Response:
    """Changes an examiner's units; whoever had retired is back."""
    shown = back_to(_LIST, examiner, partial(_form, request, room, person, examiner))
    return await pages.act(
        request,
        ExaminerForm,
        lambda form: enrolment.change(room, person, examiner, form.meant(room, person), seen),
        shown,
    )


@router.post("/examiners/{examiner}/retirement")
async def retire(request: Request, examiner: Slug, room: InRoom, person: Acting) -> Response:
    """Gives an examiner nothing any more."""
    shown = back_to(_LIST, examiner, partial(_form, request, room, person, examiner))
    return await pages.act(request, Nothing, lambda _: enrolment.retire(room, person, examiner), shown)


async def _form(request: Request, room: Room, person: Person, examiner: str | None, sent: Sent) -> Response:
    """What was typed and refused; otherwise what stands."""
    card = await enrolment.found(room, person, examiner) if examiner else None
    stands = {"units": [unit for unit in card.units if unit not in _offices(room, person)]} if card else {}
    # All units of somebody may have been taken out: what was typed is then nothing.
    there = stands if sent.status == HTTPStatus.OK else sent.typed
    return pages.show(
        request,
        "examiner.html",
        sent.status,
        sent=sent,
        at=f"{_LIST}/{examiner}" if examiner else "/internal_affairs/new-examiner",
        card=card,
        version=number_of(card) if card else None,
        done=await enrolment.history(room, examiner) if examiner else [],
        opened=(await _opened(room, person))[examiner or ""],
        there={**there, "units": "\n".join(there.get("units", ()))},
        own_office=room.settings.polres,
        offices=OFFICES,
        entry_fields=ENTRY_FIELDS,
    )


async def _opened(room: Room, person: Person) -> Counter[str]:
    """How many complaints that the head may know of each examiner has."""
    found = [document.case for document in await queries.worklist(room, person, None, _COUNTED)]
    return Counter(case.examiner.id for case in found if case and case.examiner)


def _offices(room: Room, person: Person) -> tuple[str, ...]:
    return tuple(sorted(person.units & {room.settings.polres, *OFFICES}))
