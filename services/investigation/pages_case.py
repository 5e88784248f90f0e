"""The panel of one case: for whoever leads it all of it, for whoever sends patrols or was sent the patrols' part."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request, Response

from services.investigation import (
    access,
    board,
    conclusion,
    contents,
    course,
    leading,
    letter_pdf,
    milestones,
    queries,
    rosters,
    sending,
    views,
)
from services.investigation.acting import InProcedure
from services.investigation.case import Case
from services.investigation.choice import Officer
from services.investigation.finder import Finder
from services.investigation.leading import ConcludedCase, JudgedDifficulty, NamedDetective, ReachedMilestone, SentLetter
from services.investigation.pages import WORDS, named, pages
from services.investigation.procedure import Procedure
from shared.access import needs_reason
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent, Stale
from shared.forms import FormAsking, Nothing, read
from shared.gate import Acting
from shared.http import Ask, ComplaintId, InRoom
from shared.pages import Sent
from shared.room import Room

router = pages.router()

Shown = Callable[[Sent], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Reopened:
    """For a form that was refused: why its sender had opened what it corrects, and what is there by now, where somebody
    else was faster."""

    reason: str = field(repr=False)
    identity: contents.Opened | None = field(default=None, repr=False)


class Tried:
    """The form of a panel that was sent, so that what became of it stands at that form and at no other."""

    def __init__(
        self, request: Request, person: Acting, ask: FormAsking, procedure: InProcedure, complaint_id: ComplaintId
    ):
        self.request = request
        self.person = person
        self.ask = ask
        self.procedure = procedure
        self.complaint = complaint_id

    @property
    def whose(self) -> tuple[Ask, Person, Procedure, str]:
        """What every command needs."""
        return self.ask, self.person, self.procedure, self.complaint

    async def act(self, form: str, model: Any, do: Callable[[Any], Awaitable[object]]) -> Response:
        """Has the form done and shows the panel again; `form` is its name in the panel."""

        async def again(sent: Sent) -> Response:
            return await _panel(self.request, self.ask.room, self.person, self.procedure, self.complaint, form, sent)

        return await pages.act(self.request, model, do, again)


Trying = Annotated[Tried, Depends()]


@router.get("/panels/{complaint_id}")
async def panel(
    request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting, procedure: InProcedure
) -> Response:
    """A case with what can be done in it by whoever asks."""
    return await _panel(request, room, person, procedure, complaint_id)


@router.get("/panels/{complaint_id}/contents")
async def read_contents(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting) -> Response:
    """The sealed words of a case, opened for a reason. That they were read is kept."""
    version, case = await queries.led(room, person, complaint_id)
    await rosters.record_reading(room.mongo, complaint_id, person.id, "contents", room.clock())
    return pages.show(
        request,
        "investigation/contents.html",
        opened=contents.open_all(room.vault, complaint_id, case),
        reason=needs_reason(),
        case=views.view(complaint_id, version, case, room.clock()),
        **WORDS,
    )


@router.post("/panels/{complaint_id}/milestones")
async def reach(trying: Trying) -> Response:
    """Records a milestone that was reached."""
    return await trying.act("milestone", ReachedMilestone, lambda body: leading.reach(*trying.whose, body))


@router.post("/panels/{complaint_id}/letters")
async def write(trying: Trying) -> Response:
    """Sends a progress letter (SP2HP)."""
    return await trying.act("letter", SentLetter, lambda body: leading.write(*trying.whose, body))


@router.post("/panels/{complaint_id}/letters/preview")
async def preview(request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting) -> Response:
    """The letter as it would go out, as a PDF. Nothing is kept of it."""
    _, case = await queries.led(room, person, complaint_id)
    words = pages.words(request)
    form = await read(request, SentLetter, words)
    if form.value is None:
        return pages.error(request, 422, " ".join(form.errors.values()))
    draft = await _draft(room, case, form.value)
    content = await asyncio.to_thread(letter_pdf.typeset, draft)
    headers = {"Content-Disposition": 'inline; filename="sp2hp.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


@router.post("/panels/{complaint_id}/difficulty")
async def grade(trying: Trying) -> Response:
    """Judges the difficulty, which sets the dates of the letters."""
    return await trying.act("difficulty", JudgedDifficulty, lambda body: leading.grade(*trying.whose, body))


@router.post("/panels/{complaint_id}/detective")
async def give(trying: Trying) -> Response:
    """Gives the case to a detective."""
    return await trying.act("detective", NamedDetective, lambda body: leading.give(*trying.whose, body))


@router.post("/panels/{complaint_id}/conclusion")
async def end(trying: Trying) -> Response:
    """Ends the case."""
    return await trying.act("conclusion", ConcludedCase, lambda body: leading.end(*trying.whose, body))


@router.post("/panels/{complaint_id}/stand-down")
async def stand_down(trying: Trying) -> Response:
    """Calls the patrol off, or ends the search for one."""
    return await trying.act("patrol", Nothing, lambda _: sending.stand_down(*trying.whose))


@router.post("/panels/{complaint_id}/send")
async def send(trying: Trying) -> Response:
    """Has a patrol looked for once more."""
    return await trying.act("patrol", Nothing, lambda _: sending.send(*trying.whose))


async def _panel(
    request: Request,
    room: Room,
    person: Person,
    procedure: Procedure,
    complaint: str,
    form: str = "",
    sent: Sent = Sent(),
) -> Response:
    version, case = await queries.seen(room, person, complaint)
    leads, dispatches = access.may_lead(case, person), access.may_dispatch(case, person)
    view = views.view(complaint, version, case, room.clock())
    candidates = await _candidates(room, person, procedure, complaint, case)
    return pages.show(
        request,
        "investigation/panel.html",
        sent.status,
        case=view,
        leads=leads,
        dispatches=dispatches,
        order=board.order(complaint, version, case, person),
        sent_again=case.dispatch is not None and case.dispatch.over and case.status in ("open", "attended"),
        happened=course.course(case) if leads else course.patrols(case),
        following=milestones.following(case.position) if _is_led(case) else [],
        fitting=milestones.fitting(case) if _is_led(case) else [],
        endings=conclusion.endings(case, person),
        procedure=procedure,
        candidates=candidates,
        named=await named(room, _people(case)),
        of=lambda name: sent if name == form else Sent(),
        reopened=await _reopened(room, person, complaint, case, form, sent),
        now=room.clock(),
        **WORDS,
    )


def identity_form(witness_id: str) -> str:
    """What the form is called that corrects who a witness is."""
    return f"identity-{witness_id}"


async def _reopened(room: Room, person: Person, complaint: str, case: Case, form: str, sent: Sent) -> Reopened | None:
    witness = next((each for each in case.witnesses if form == identity_form(each.id)), None)
    if witness is None or sent.done:
        return None
    if sent.status != Stale.status:
        return Reopened(needs_reason())
    await rosters.record_reading(room.mongo, complaint, person.id, "contents", room.clock())
    return Reopened(needs_reason(), contents.open_identity(room.vault, complaint, witness))


def _is_led(case: Case) -> bool:
    return case.status == "open" and case.plan is not None and case.detective is not None


async def _candidates(
    room: Room, person: Person, procedure: Procedure, complaint: str, case: Case
) -> list[tuple[Officer, int]]:
    gives = access.may_lead(case, person) and not person.roles.isdisjoint({"unit_head", "chief"})
    if not gives or case.status != "open" or case.plan is None:
        return []
    return await Finder(room, procedure).candidates(complaint, case, person)


def _people(case: Case) -> set[str]:
    """All whose names the panel shows."""
    happened = course.course(case)
    return {id_ for each in happened for id_ in (each.who, each.detail) if id_}


async def _draft(room: Room, case: Case, letter: SentLetter) -> letter_pdf.Draft:
    if case.report is None:
        raise Absent
    detective = case.detective.id if case.detective else ""
    card = (await rosters.officers(room.mongo).get(case.polres, [detective])).get(detective)
    zone = room.settings.zone
    return letter_pdf.Draft(
        office=room.settings.office,
        register_number=case.report.register_number,
        received=f"{case.report.received_at.astimezone(zone):%d-%m-%Y %H:%M}",
        written=f"{room.clock().astimezone(zone):%d-%m-%Y}",
        kind=WORDS["letter_words"][letter.letter],
        words=letter.words,
        investigator=card.name if card else "",
        phone=card.phone if card else "",
    )
