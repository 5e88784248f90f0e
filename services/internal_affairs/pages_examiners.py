"""The roster of examiners on a page, for the heads who keep it."""

from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field

from services.internal_affairs import enrolment, examiners, queries
from services.internal_affairs.deciding import Body
from services.internal_affairs.enrolment import RosterEntry
from services.internal_affairs.pages import pages
from services.internal_affairs.wordings import OFFICES
from shared.contracts.envelope import Person
from shared.forms import BY_LINE, LEFT_OPEN, Nothing
from shared.gate import Acting
from shared.http import InRoom
from shared.pages import Sent
from shared.room import Room
from shared.text import Line, Slug

router = pages.router()

_LIST = "/internal_affairs/examiners"
_COUNTED = 500
Saved = Annotated[bool | None, LEFT_OPEN, Query()]


class ExaminerForm(Body):
    """The units besides the head's office, which goes without saying."""

    units: Annotated[tuple[Line, ...], BY_LINE, Field(max_length=16)] = ()


class NewExaminerForm(ExaminerForm):
    id: Slug


@router.get("/examiners")
async def roster(request: Request, room: InRoom, person: Acting, saved: Saved = None) -> Response:
    """Who may examine at the head's desk, and a form for one more."""
    return await _list(request, room, person, saved=bool(saved))


@router.post("/examiners")
async def enrol(request: Request, room: InRoom, person: Acting) -> Response:
    """Puts an examiner on the roster."""

    async def do(form: NewExaminerForm) -> None:
        await enrolment.enrol_new(room, person, form.id, _entry(room, person, form))

    async def shown(sent: Sent) -> Response:
        return _saved() if sent.done else await _list(request, room, person, sent)

    return await pages.act(request, NewExaminerForm, do, shown)


@router.get("/examiners/{examiner}")
async def one(request: Request, examiner: Slug, room: InRoom, person: Acting) -> Response:
    """An examiner's units as a form, filled in with what stands."""
    return await _one(request, room, person, examiner)


@router.post("/examiners/{examiner}")
async def change(request: Request, examiner: Slug, room: InRoom, person: Acting) -> Response:
    """Changes an examiner's units."""

    async def do(form: ExaminerForm) -> None:
        await enrolment.found(room, person, examiner)
        await enrolment.enrol(room, person, examiner, _entry(room, person, form))

    async def shown(sent: Sent) -> Response:
        return _saved() if sent.done else await _one(request, room, person, examiner, sent)

    return await pages.act(request, ExaminerForm, do, shown)


@router.post("/examiners/{examiner}/retirement")
async def retire(request: Request, examiner: Slug, room: InRoom, person: Acting) -> Response:
    """Takes an examiner from the roster."""

    async def shown(sent: Sent) -> Response:
        return _saved() if sent.done else await _one(request, room, person, examiner, sent)

    return await pages.act(request, Nothing, lambda _: enrolment.retire(room, person, examiner), shown)


async def _list(request: Request, room: Room, person: Person, sent: Sent = Sent(), *, saved: bool = False) -> Response:
    return pages.show(
        request,
        "examiners.html",
        sent.status,
        sent=sent,
        saved=saved,
        found=await examiners.of(room.mongo, person),
        opened=await _opened(room, person),
        own_office=room.settings.polres,
        offices=OFFICES,
        there=_lines(sent.typed),
    )


async def _one(request: Request, room: Room, person: Person, examiner: str, sent: Sent = Sent()) -> Response:
    found = await enrolment.found(room, person, examiner)
    stands = {"units": [unit for unit in found.units if unit not in _offices(room, person)]}
    return pages.show(
        request,
        "examiner.html",
        sent.status,
        sent=sent,
        examiner=examiner,
        opened=(await _opened(room, person))[examiner],
        there=_lines(sent.typed if sent.errors or sent.typed else stands),
    )


async def _opened(room: Room, person: Person) -> Counter[str]:
    """How many complaints that the head may know of each examiner has."""
    found = [document.case for document in await queries.worklist(room, person, None, _COUNTED)]
    return Counter(case.examiner.id for case in found if case and case.examiner)


def _offices(room: Room, person: Person) -> tuple[str, ...]:
    return tuple(sorted(person.units & {room.settings.polres, *OFFICES}))


def _entry(room: Room, person: Person, form: ExaminerForm) -> RosterEntry:
    return RosterEntry(units=tuple(dict.fromkeys((*_offices(room, person), *form.units))))


def _lines(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {**typed, "units": "\n".join(typed.get("units", ()))}


def _saved() -> Response:
    return RedirectResponse(f"{_LIST}?saved=true", HTTPStatus.SEE_OTHER)
