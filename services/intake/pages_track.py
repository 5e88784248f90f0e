"""What the holder of a tracking code does with the report on pages: adds to it, takes it back, objects to its
rejection, proves how to be reached."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Literal

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from services.intake import form_files, holder, proving, ways
from services.intake.access import AtDesk
from services.intake.case import Complaint
from services.intake.confirming_api import OneTimeDigits
from services.intake.desk import Desk
from services.intake.form_files import FILES_TOGETHER
from services.intake.pages import pages
from services.intake.queries import complaint_of_code
from services.intake.quotas import UPLOADS
from services.intake.reports import Place, Strictly, Village
from services.intake.submission import refuse_too_many
from services.intake.track_wordings import DONE, MEDIA
from services.intake.ways import Ways
from shared.contracts.notification import Medium
from shared.contracts.refusals import Absent, Invalid, Refusal, Unavailable
from shared.forms import FormAsking, Nothing
from shared.names import villages
from shared.pages import Sent, is_fragment
from shared.quotas import Caller, Calling
from shared.text import Line, Paragraphs
from shared.tracking_cookie import HeldCode

router = pages.router()

PANEL = "/intake/track"
Done = Annotated[str, Query(max_length=20)]


async def _held_report(desk: AtDesk, caller: Calling, kept: HeldCode) -> str:
    """The report whose code this browser keeps. Raises Absent, or TooMany."""
    return await complaint_of_code(desk, caller, kept)


HeldReport = Annotated[str, Depends(_held_report)]


class AdditionForm(Strictly):
    """What is added. `files` come beside it and are read for themselves."""

    what: Paragraphs | None = None
    place: Line | None = None
    village: Village | None = None
    files: None = None

    @property
    def where(self) -> Place:
        return Place(text=self.place, village=self.village)


class AppealForm(Strictly):
    """Why the reporter objects."""

    grounds: Paragraphs


class MediumForm(Strictly):
    """Where a one-time code is to be sent."""

    medium: Medium


class DigitsForm(Strictly):
    """The one-time code as it was received."""

    one_time_code: OneTimeDigits


@router.get("/track")
async def panel(request: Request, desk: AtDesk, complaint: HeldReport, done: Done = "") -> Response:
    """What can be done with the report now: a panel of the page that shows it, or a page by itself."""
    case, open_now = await _now(desk, complaint)
    template = "intake/track_panel.html" if is_fragment(request) else "track.html"
    return pages.show(request, template, case=case, ways=open_now, done=DONE.get(done))


@router.get("/track/add")
async def add_form(request: Request, desk: AtDesk, complaint: HeldReport) -> Response:
    """Where words, a place and files are added."""
    return await _form(request, desk, complaint, "add")(Sent())


@router.post("/track/add", max_body_size=FILES_TOGETHER)
async def add(request: Request, desk: AtDesk, caller: Calling, ask: FormAsking, complaint: HeldReport) -> Response:
    """Adds them."""

    async def do(form: AdditionForm) -> None:
        files = await form_files.chosen(request)
        if not (form.what or form.place or form.village or files):
            raise Invalid("nothing_added", "Words, a place or a file.", "what")
        # A form that is sent twice brings its files twice, and asks for the same all the same.
        digests = [await form_files.digest(file) for file in files]
        asked = "|".join(["page", form.model_dump_json(exclude_defaults=True), *digests])
        if not await holder.has_added(ask, desk, complaint, asked):
            ids = await _taken_in(desk, caller, files)
            added = holder.addition(desk, complaint, form.what, form.where, ids, asked)
            await holder.add(ask, desk, complaint, added)

    return await pages.act(request, AdditionForm, do, _form(request, desk, complaint, "add"))


@router.get("/track/withdraw")
async def withdraw_form(request: Request, desk: AtDesk, complaint: HeldReport) -> Response:
    """Asks once more."""
    return await _form(request, desk, complaint, "withdraw")(Sent())


@router.post("/track/withdraw")
async def withdraw(request: Request, desk: AtDesk, ask: FormAsking, complaint: HeldReport) -> Response:
    """Takes the report back."""

    async def do(_: Nothing) -> None:
        await holder.withdraw(ask, complaint)

    return await pages.act(request, Nothing, do, _form(request, desk, complaint, "withdraw"))


@router.get("/track/appeal")
async def appeal_form(request: Request, desk: AtDesk, complaint: HeldReport) -> Response:
    """Where the reporter says why the rejection is wrong."""
    return await _form(request, desk, complaint, "appeal")(Sent())


@router.post("/track/appeal")
async def appeal(request: Request, desk: AtDesk, ask: FormAsking, complaint: HeldReport) -> Response:
    """Objects to the rejection."""

    async def do(form: AppealForm) -> None:
        await holder.appeal(ask, desk, complaint, form.grounds)

    return await pages.act(request, AppealForm, do, _form(request, desk, complaint, "appeal"))


@router.get("/track/contact")
async def contact_form(request: Request, desk: AtDesk, complaint: HeldReport) -> Response:
    """Where a phone or mailbox is proven with a code."""
    return await _form(request, desk, complaint, "contact")(Sent())


@router.post("/track/contact/code")
async def send_code(
    request: Request, desk: AtDesk, caller: Calling, ask: FormAsking, kept: HeldCode, complaint: HeldReport
) -> Response:
    """Sends a one-time code."""

    async def do(form: MediumForm) -> None:
        await proving.send_code(ask, desk, caller, kept, form.medium)

    return await pages.act(request, MediumForm, do, _form(request, desk, complaint, "contact", "/track/contact"))


@router.post("/track/contact")
async def confirm(request: Request, desk: AtDesk, ask: FormAsking, complaint: HeldReport) -> Response:
    """Takes the code that came."""

    async def do(form: DigitsForm) -> None:
        await proving.confirm(ask, desk, complaint, form.one_time_code)

    return await pages.act(request, DigitsForm, do, _form(request, desk, complaint, "contact"))


def _form(
    request: Request, desk: Desk, complaint: str, name: Literal["add", "withdraw", "appeal", "contact"], then: str = ""
) -> Callable[[Sent], Awaitable[Response]]:
    """Shows a form, with what became of it; once it is done, the way leads on."""

    async def show(sent: Sent) -> Response:
        if sent.done:
            return RedirectResponse(f"/intake{then}" if then else f"{PANEL}?done={name}", 303)
        case, now = await _now(desk, complaint)
        _refuse(now, name)
        return pages.show(
            request,
            f"track_{name}.html",
            sent.status,
            sent=sent,
            case=case,
            media={medium: MEDIA[medium] for medium in now.prove},
            code=case.one_time_code if case.one_time_code and case.one_time_code.open(desk.room.clock()) else None,
            limits=form_files.limits(desk.settings),
            villages=sorted(villages(desk.settings).items(), key=lambda entry: entry[1]),
        )

    return show


def _refuse(now: Ways, name: Literal["add", "withdraw", "appeal", "contact"]) -> None:
    """Raises what stands against it, before anybody fills in a form in vain."""
    refusal: Refusal | None = None
    match name:
        case "add":
            refusal = now.add
        case "withdraw":
            refusal = now.withdraw
        case "appeal":
            refusal = now.appeal
        case "contact" if not now.prove:
            refusal = Invalid("nothing_to_confirm", "There is nothing to confirm.")
    if refusal:
        raise refusal


async def _now(desk: Desk, complaint: str) -> tuple[Complaint, Ways]:
    case: Complaint | None = (await desk.room.store().load([complaint]))[complaint].case
    if case is None:
        raise Absent
    try:
        contacts = tuple(proving.contacts(desk, complaint, case))
    except Unavailable:
        contacts = ()  # costs the reporter this one way, and not the others
    return case, ways.ways(case, desk.room.clock(), contacts)


async def _taken_in(desk: Desk, caller: Caller, files: Sequence[UploadFile]) -> tuple[str, ...]:
    """The files of the form, judged and stored. Raises Invalid for their field."""
    try:
        refuse_too_many(desk, tuple(file.filename or "" for file in files))
        if any((file.size or 0) > desk.settings.attachment_bytes for file in files):
            raise Invalid("file_too_large", "The file is too large.")
        taken = []
        for file in files:
            await caller.passes(UPLOADS)
            taken.append((await form_files.receive(desk, file)).id)
    except (Invalid, Unavailable) as wrong:
        # Also where files cannot be checked at the moment the words must not be lost: they can be sent without.
        raise Invalid(wrong.slug, wrong.detail, "files") from None
    return tuple(taken)
