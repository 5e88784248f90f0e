"""What the holder of a tracking code sees: the report's timeline, which brings itself up to date, and how they are
told. The code stands in a form once and then in a cookie, never in an address."""

from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from services.notification import reporter
from services.notification.domain import Correspondence
from services.notification.pages import pages
from services.notification.preferences import Channel, Preferences, Quiet
from services.notification.public_timeline import CLOCK, Line, Tracked
from services.notification.track_wordings import CHANNELS, DONE, LANGUAGES, MARKS, UNKNOWN_CODE
from shared import live, tracking, tracking_cookie
from shared.contracts.complaint import Language
from shared.contracts.refusals import Absent, Invalid, TooMany
from shared.forms import FormAsking, read
from shared.http import InRoom
from shared.languages import language_of
from shared.pages import Sent
from shared.quotas import Calling
from shared.room import Room
from shared.tracking_cookie import ENTRY, HeldCode, KeptCode

router = pages.router()

# The lines of the timeline that say who has the report now.
_HANDLED_BY = frozenset(
    (
        *("patrol_dispatched", "assigned", "reassigned", "mediator_assigned", "mediator_changed"),
        *("referral_accepted", "conduct_registered"),
    )
)
_GIVEN_BACK = frozenset(("mediation_failed", "referral_declined", "conduct_returned", "reopened", "reclassified"))
Done = Annotated[str, Query(max_length=20)]


class CodeForm(BaseModel):
    """A tracking code, however it is typed."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(max_length=200)


class PreferencesForm(BaseModel):
    """How the reporter wants to be told; what is left empty is left to the Polres."""

    model_config = ConfigDict(extra="forbid")
    channel: Channel | None = None
    language: Language | None = None
    quiet_start: str | None = Field(default=None, pattern=CLOCK)
    quiet_until: str | None = Field(default=None, pattern=CLOCK)
    stopped: bool = False

    def preferences(self) -> Preferences:
        """Raises Invalid where one end of the quiet hours is missing."""
        if (self.quiet_start is None) != (self.quiet_until is None):
            raise Invalid("half_quiet", "Both ends of the quiet hours, or none.", "quiet_until")
        quiet = Quiet(self.quiet_start, self.quiet_until) if self.quiet_start and self.quiet_until else None
        return Preferences(self.channel, self.language, quiet, self.stopped)


@router.get("/track")
async def track(request: Request, room: InRoom, caller: Calling, kept: KeptCode, done: Done = "") -> Response:
    """The report that this browser keeps the code of; otherwise where the code is typed."""
    if not kept:
        return _entry(request, Sent(), done)
    try:
        complaint, case = await reporter.found(room, caller, kept)
    except Absent:
        answer = _entry(request, Sent(), done)
        tracking_cookie.forget(answer)
        return answer
    shown = await _seen(request, room, complaint, case)
    answer = pages.show(request, "track.html", done=DONE.get(done), **shown)
    tracking_cookie.keep(request, answer, kept)
    return answer


@router.post("/track")
async def enter(request: Request, room: InRoom, caller: Calling) -> Response:
    """Looks the code up and keeps it. Every code that leads nowhere is answered alike."""
    _ = pages.words(request)
    form = await read(request, CodeForm, _)
    if form.value is None:
        return _entry(request, Sent(form.typed, form.errors, status=422))
    code = form.value.code
    try:
        await reporter.found(room, caller, code)
    except (Absent, TooMany) as refusal:
        text = _(UNKNOWN_CODE) if isinstance(refusal, Absent) else pages.refused(request, refusal)
        return _entry(request, Sent(form.typed, {"code": text}, status=refusal.status))
    answer = RedirectResponse(ENTRY, 303)
    tracking_cookie.keep(request, answer, tracking.normalise(code) or code)
    return answer


@router.post("/track/finish")
async def finish() -> Response:
    """Lets the next person at this device find nothing."""
    answer = RedirectResponse(f"{ENTRY}?done=finished", 303)
    tracking_cookie.forget(answer)
    return answer


@router.get("/track/report")
async def report(request: Request, room: InRoom, caller: Calling, kept: HeldCode) -> Response:
    """The report alone, for a page that brings itself up to date. It tells the panels beside it to do the same."""
    complaint, case = await reporter.found(room, caller, kept)
    shown = await _seen(request, room, complaint, case)
    return pages.show(request, "notification/track_news.html", headers={"HX-Trigger": "tracked"}, **shown)


@router.get("/track/question")
async def question(request: Request, room: InRoom, caller: Calling, kept: HeldCode) -> Response:
    """What the reporter is asked, beside where it is answered; nothing where nothing is asked."""
    complaint, case = await reporter.found(room, caller, kept)
    seen = await reporter.report(room, complaint, case, language_of(request))
    if seen.question is None:
        raise Absent
    return pages.show(request, "notification/track_question.html", question=seen.question, answering=True)


@router.get("/track/live")
async def track_live(request: Request, room: InRoom, caller: Calling, kept: HeldCode) -> Response:
    """Tells when there is something new to read."""
    complaint, _ = await reporter.found(room, caller, kept)

    async def look() -> object:
        case: Correspondence | None = (await room.store().load([complaint]))[complaint].case
        joined = await reporter.earlier(room, case) if case else None
        return case and (case.timeline, case.linked_to, joined and joined.timeline)

    return live.changes(request, look)


@router.get("/track/preferences")
async def preferences(request: Request, room: InRoom, caller: Calling, kept: HeldCode) -> Response:
    """How the reporter is told, to be changed."""
    complaint, case = await reporter.found(room, caller, kept)
    return _preferences(request, room, complaint, case, Sent(_as_typed(case.preferences)))


@router.post("/track/preferences")
async def choose(request: Request, ask: FormAsking, caller: Calling, kept: HeldCode) -> Response:
    """How the reporter is told from now on."""
    complaint, case = await reporter.found(ask.room, caller, kept)

    async def do(form: PreferencesForm) -> None:
        await reporter.choose(ask, complaint, case, form.preferences())

    async def shown(sent: Sent) -> Response:
        if sent.done:
            return RedirectResponse(f"{ENTRY}?done=preferences", 303)
        return _preferences(request, ask.room, complaint, case, sent)

    return await pages.act(request, PreferencesForm, do, shown)


def _entry(request: Request, sent: Sent, done: str = "") -> Response:
    return pages.show(request, "track_entry.html", sent.status, sent=sent, done=DONE.get(done))


async def _seen(request: Request, room: Room, complaint: str, case: Correspondence) -> dict[str, Any]:
    seen = await reporter.report(room, complaint, case, language_of(request))
    return {"report": seen, "handler": _handler(seen), "mark": MARKS.get(seen.status, "")}


def _handler(seen: Tracked) -> Line | None:
    """The line that says who has the report, unless it was given back since."""
    told = (line for line in reversed(seen.timeline) if line.key in _HANDLED_BY | _GIVEN_BACK)
    line = next(told, None)
    return line if line and line.key in _HANDLED_BY else None


def _preferences(request: Request, room: Room, complaint: str, case: Correspondence, sent: Sent) -> Response:
    ways = {medium: CHANNELS[medium] for medium in reporter.reachable(room, complaint, case)}
    return pages.show(request, "track_preferences.html", sent.status, sent=sent, ways=ways, languages=LANGUAGES)


def _as_typed(chosen: Preferences) -> dict[str, Any]:
    """What was chosen, as its form has it."""
    typed = {"channel": chosen.channel, "language": chosen.language, "stopped": "yes" if chosen.stopped else None}
    if chosen.quiet:
        typed |= {"quiet_start": chosen.quiet.start, "quiet_until": chosen.quiet.until}
    return {name: value for name, value in typed.items() if value}
