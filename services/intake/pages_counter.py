"""The counter (SPKT): a report taken down by keyboard while somebody speaks, and what came in nearby."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.intake import doors, form_files, lately, spoken
from services.intake.access import AtDesk, OfThisOffice
from services.intake.counter_wordings import FILES, LANGUAGES, MODELS, NIK_PROBLEMS
from services.intake.desk import Desk
from services.intake.neighbours import outlines
from services.intake.pages import pages
from services.intake.spoken import CounterForm
from shared.contracts.complaint import Channel
from shared.contracts.intake import Receipt
from shared.forms import FormAsking
from shared.gate import Acting, Reach
from shared.http import Ask
from shared.names import villages
from shared.nik import NikError, parse_nik
from shared.pages import Sent, is_fragment

router = pages.router()

_SHOWN = 8  # of those nearby: more than that nobody reads while somebody speaks
_WORDS: dict[str, Any] = {"models": MODELS, "languages": LANGUAGES, "files": FILES}
Typed = Annotated[str, Query(alias="village", max_length=200)]


@router.get("/counter")
async def counter(request: Request, desk: AtDesk, officer: OfThisOffice) -> Response:
    """One screen, in the order in which people speak."""
    return show(request, desk, "counter", Sent())


@router.post("/counter")
async def take_down(request: Request, desk: AtDesk, officer: OfThisOffice, ask: FormAsking) -> Response:
    """Takes the report in and shows its number and, this once, its tracking code."""
    taken: list[Receipt] = []

    async def do(form: CounterForm) -> None:
        when = await said_moment(desk, form, doors.counter_scope(officer), ask)
        report = spoken.from_counter(form, when, villages(desk.settings))
        taken.append(await doors.from_counter(desk, ask, officer, report))

    return await pages.act(request, CounterForm, do, shown_again(request, desk, "counter", taken))


@router.post("/counter/nik")
async def check_nik(request: Request, desk: AtDesk, person: Acting) -> Response:
    """What a NIK says of whoever holds it, while they still stand there. It is sent as a form, since an address would
    be kept in logs."""
    typed = str((await request.form()).get("nik", "")).strip()
    if not typed:
        return pages.show(request, "intake/nik.html", nik=None, problem=None)
    try:
        nik = parse_nik(typed, desk.room.clock().astimezone(desk.settings.zone).date())
    except NikError as error:
        return pages.show(request, "intake/nik.html", nik=None, problem=NIK_PROBLEMS[error.problem])
    return pages.show(request, "intake/nik.html", nik=nik, problem=None)


@router.get("/nearby")
async def nearby(request: Request, desk: AtDesk, person: Acting, reach: Reach, typed: Typed = "") -> Response:
    """The open reports of the last day in the village that is being typed, and in those around it."""
    meant = _around(desk, spoken.villages_meant(typed, villages(desk.settings)))
    found = await lately.near(desk.room, person, reach, meant, lately.DAY) if meant else []
    return pages.show(request, "intake/nearby.html", found=found[:_SHOWN], asked=bool(meant))


@router.get("/summary")
async def summary(request: Request, desk: AtDesk, person: Acting) -> Response:
    """What was taken down today, and by whom of it, for the desk."""
    since = _midnight(desk)
    kinds: dict[str, Channel] = {"counter_officer": "counter", "call_operator": "emergency_call"}
    today = {}
    for role, channel in kinds.items():
        if role in person.roles:
            found = await lately.taken(desk.room, person, channel, since)
            mine = sum(each.case is not None and each.case.report.author == person.id for each in found)
            today[channel] = (len(found), mine)
    calls = await lately.calls_of(desk.room, person) if "call_operator" in person.roles else []
    return pages.show(request, "intake/summary.html", today=today, calls=len(calls))


def _around(desk: Desk, meant: Sequence[str]) -> Sequence[str]:
    """These villages; where it is one, with those that border on it, since incidents keep to no border."""
    return meant if len(meant) != 1 else outlines(desk.settings.jurisdiction_file).near(meant[0])


async def said_moment(desk: Desk, form: spoken.CallForm, scope: str, ask: Ask) -> datetime | None:
    """When it happened. What is sent again is not another report because "just now" is later by now."""
    before = await desk.answer_of(desk.codes.request(scope, ask.key))
    if before and before.case and before.case.report.occurred_at:
        now = before.case.report.occurred_at
    else:
        now = desk.room.clock().replace(second=0, microsecond=0)
    return spoken.moment_of(form, now, desk.settings.zone)


def shown_again(
    request: Request, desk: Desk, screen: str, taken: list[Receipt], **more: Any
) -> Callable[[Sent], Awaitable[Response]]:
    """Shows the receipt of what was taken in, or the form with what is wrong with it."""

    async def again(sent: Sent) -> Response:
        if not taken:
            return show(request, desk, screen, sent, **more)
        template = f"intake/{screen}_taken.html" if is_fragment(request) else f"{screen}.html"
        return pages.show(request, template, receipt=taken[0], **_known(desk), **more)

    return again


def show(request: Request, desk: Desk, screen: str, sent: Sent, **more: Any) -> Response:
    """A screen with an empty form, or with one that was refused; the form alone where a script asked."""
    alone = is_fragment(request) and request.method != "GET"
    template = f"intake/{screen}_form.html" if alone else f"{screen}.html"
    return pages.show(request, template, sent.status, sent=sent, receipt=None, **_known(desk), **more)


def _known(desk: Desk) -> dict[str, Any]:
    return {
        **_WORDS,
        "villages": list(villages(desk.settings).values()),
        "limits": form_files.limits(desk.settings),
    }


def _midnight(desk: Desk) -> datetime:
    here = desk.room.clock().astimezone(desk.settings.zone)
    return here.replace(hour=0, minute=0, second=0, microsecond=0)
