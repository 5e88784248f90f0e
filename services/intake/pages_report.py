"""The page on which anybody reports. It works as one long form, and step by step with its script."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pymongo.errors import PyMongoError
from starlette.datastructures import FormData

from services.intake import form_files, uploads
from services.intake.access import AtDesk
from services.intake.desk import Desk
from services.intake.hand_over import hand_over
from services.intake.pages import pages
from services.intake.quotas import REPORTS, UPLOADS
from services.intake.report_wordings import FIELDS, KINDS, SCRIPT, UNSAVED, WHO
from services.intake.settings import IntakeSettings
from services.intake.submission import Door, receipt_of, take_in
from services.intake.web_report import WebReport
from shared import browsers, forms, telemetry
from shared.contracts.complaint import Attachment
from shared.contracts.refusals import Refusal, TooMany
from shared.forms import KEY, Filled
from shared.http import Ask, is_key
from shared.languages import language_of
from shared.names import categories, villages
from shared.quotas import Caller, Calling
from shared.store import WriteFailed

DOOR = Door("web", "public")
RECEIPT = "/intake/report/receipt"
_HEADERS = {"Permissions-Policy": browsers.permissions("geolocation")}
_FIELDS, _FILES = 60, 60  # parts of one form; how many files a report may have is said where they are counted


@dataclass(frozen=True, slots=True)
class Written:
    """The form as it is shown again: what was typed, what is wrong with it, and why it was not taken."""

    key: str
    typed: Mapping[str, Any] = field(default_factory=dict, repr=False)
    errors: Mapping[str, str] = field(default_factory=dict)
    refused: str | None = None
    status: int = 200


def router(settings: IntakeSettings) -> APIRouter:
    """The routes. The form without script brings as much as the report and all its uploads may together."""
    routes = pages.router()

    @routes.get("/report")
    async def form(request: Request, desk: AtDesk) -> Response:
        """The empty form."""
        return await _form(request, desk, Written(forms.fresh_key()))

    @routes.post("/report", max_body_size=settings.attachments_limit * settings.attachment_bytes + settings.body_limit)
    async def send(request: Request, desk: AtDesk, caller: Calling) -> Response:
        """Takes a report in. Sent again with its key, it leads to the same receipt."""
        try:
            await caller.passes(REPORTS)
            counted = await _weighed(request, caller, desk.settings)
        except TooMany as refusal:
            if _beyond_words(request, desk.settings) > 0:
                raise  # files are not even read of whoever asks too much
            key, typed = _key(await _sent(request, desk.settings)), (await _read(request)).typed
            return await _form(request, desk, _refused(request, key, typed, refusal))
        return await _take(request, desk, caller, await _sent(request, desk.settings), counted)

    @routes.post("/report/files", max_body_size=settings.attachment_bytes)
    async def upload(request: Request, desk: AtDesk, caller: Calling) -> Response:
        """Takes one file in as the body, for the form's script, and gives its line of the form."""
        await caller.passes(UPLOADS)
        attachment = await uploads.receive(desk.room, desk.settings, request.stream(), desk.turns)
        return pages.show(request, "report/file.html", HTTPStatus.CREATED, file=attachment, kinds=KINDS)

    return routes


async def _weighed(request: Request, caller: Caller, settings: IntakeSettings) -> int:
    """Counts a large form as the uploads that it could have been, before it is read. Returns how many."""
    beyond = _beyond_words(request, settings)
    files = min(settings.attachments_limit, max(0, math.ceil(beyond / settings.attachment_bytes)))
    for _ in range(files):
        await caller.passes(UPLOADS)
    return files


def _beyond_words(request: Request, settings: IntakeSettings) -> int:
    """How many bytes a form has more than its words may have; one that does not say counts as the largest."""
    declared = request.headers.get("content-length", "")
    largest = settings.attachments_limit * settings.attachment_bytes
    return int(declared) - settings.body_limit if declared.isdecimal() else largest


async def _sent(request: Request, settings: IntakeSettings) -> FormData:
    return await request.form(max_files=_FILES, max_fields=_FIELDS, max_part_size=settings.body_limit)


def _key(sent: FormData) -> str:
    key = sent.get(KEY)
    return key if isinstance(key, str) and is_key(key) else forms.fresh_key()


async def _take(request: Request, desk: Desk, caller: Caller, sent: FormData, counted: int) -> Response:
    key = _key(sent)
    filled = await _read(request)
    if filled.value and await receipt_of(desk, key, DOOR):
        return _given(request, key, again=True)
    files, wrong = await _received(request, desk, caller, sent, counted)
    typed, errors = dict(filled.typed), dict(filled.errors)
    if files:
        typed["attachments"] = [*typed.get("attachments", []), *files]
        filled = await _read(request, typed)
    if wrong:
        errors["attachments"] = " ".join(wrong)
    if errors or filled.value is None:
        return await _form(request, desk, Written(key, typed, errors, status=422))
    return await _submit(request, desk, key, typed, filled.value)


async def _submit(request: Request, desk: Desk, key: str, typed: Mapping[str, Any], report: WebReport) -> Response:
    """Hands the report in. Whatever is in the way of it, the form keeps what was typed."""
    ask = Ask(request, Response(), desk.room, key)
    try:
        await take_in(desk, ask, key, report.report(desk.settings.zone, language_of(request)), DOOR)
    except Refusal as refusal:
        if refusal.slug == "idempotency_key_reused":  # by the same form, a moment ago
            return _given(request, key, again=True)
        return await _form(request, desk, _refused(request, key, typed, refusal))
    except (PyMongoError, WriteFailed) as error:
        telemetry.log.error("database_failed", error=type(error).__name__)
        text = pages.words(request)(UNSAVED)
        return await _form(request, desk, Written(key, typed, {}, text, HTTPStatus.SERVICE_UNAVAILABLE))
    return _given(request, key)


def _refused(request: Request, key: str, typed: Mapping[str, Any], refusal: Refusal) -> Written:
    """The form as it was sent, and why it was not taken."""
    text = pages.refused(request, refusal)
    errors = {refusal.field: text} if refusal.field in WebReport.model_fields else {}
    return Written(key, typed, errors, None if errors else text, refusal.status)


async def _read(request: Request, typed: Mapping[str, Any] | None = None) -> Filled[WebReport]:
    _ = pages.words(request)
    filled = await forms.read(request, WebReport, _) if typed is None else forms.judge(typed, WebReport, _)
    errors = {name: _(FIELDS[name]) if name in FIELDS else text for name, text in filled.errors.items()}
    return Filled(filled.value, filled.typed, errors)


async def _received(
    request: Request, desk: Desk, caller: Caller, sent: FormData, counted: int
) -> tuple[list[str], list[str]]:
    """Takes in the files that came with the form: their ids, and what is wrong with the others."""
    ids, wrong = [], []
    for number, file in enumerate(form_files.of(sent), 1):
        try:
            if number > counted:
                await caller.passes(UPLOADS)
            ids.append((await form_files.receive(desk, file)).id)
        except Refusal as refusal:
            wrong.append(f"{file.filename}: {pages.refused(request, refusal)}")
    return ids, wrong


async def _form(request: Request, desk: Desk, written: Written) -> Response:
    named = [id_ for id_ in written.typed.get("attachments", []) if isinstance(id_, str)]
    kept: dict[str, Attachment] = await uploads.find(desk.room, named[: desk.settings.attachments_limit])
    return pages.show(
        request,
        "report.html",
        written.status,
        _HEADERS,
        written=written,
        kept=list(kept.values()),
        categories=categories(desk.settings, language_of(request)),
        villages=sorted(villages(desk.settings).items(), key=lambda village: village[1]),
        limit=desk.settings.attachments_limit,
        bytes_each=desk.settings.attachment_bytes,
        wrong=FIELDS,
        kinds=KINDS,
        script=SCRIPT,
        who=WHO,
    )


def _given(request: Request, key: str, *, again: bool = False) -> Response:
    answer = RedirectResponse(RECEIPT, HTTPStatus.SEE_OTHER)
    hand_over(request, answer, key, again=again)
    return answer
