"""Pages for people: a service's templates in two languages, and errors that are pages too.

Every page works without a script unless it says so. With HTMX, a form or a panel is answered by a fragment of the page.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from pydantic import BaseModel
from pymongo.errors import PyMongoError
from starlette.exceptions import HTTPException

from shared import browsers, telemetry
from shared.access import HEADER
from shared.assets import asset
from shared.contracts.complaint import Language
from shared.contracts.refusals import Refusal
from shared.forms import fresh_key, read
from shared.gate import note_refused
from shared.languages import ASKED, LANGUAGES, language_of, marked, translations
from shared.menu import entries
from shared.moments import day, when
from shared.names import category_name, village_name
from shared.people import NotSignedIn
from shared.problems import of_http
from shared.settings import WebSettings
from shared.store import Taken, WriteFailed
from shared.tracking_cookie import ENTRY, Forgotten
from shared.wordings import CODES, REFUSALS

_TEMPLATES = Path(__file__).with_name("templates")
_SERVICES = Path(__file__).parent.parent / "services"
_A_YEAR = 365 * 24 * 3600  # seconds
# What a page may load from itself is said once for all; a form's address may be our own to whoever we serve.
_HEADERS = {"Referrer-Policy": "same-origin", "Vary": "Cookie, HX-Request"}

M = TypeVar("M", bound=BaseModel)
# Nothing came of these, but their sender can mend it, or wait.
_KEEPS_THE_FORM = (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED, 422, HTTPStatus.TOO_MANY_REQUESTS)
_NOWHERE = (HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED)
_NO_PAGE = marked("Halaman itu tidak ada.")
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def is_fragment(request: Request) -> bool:
    """Whether HTMX asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a form: what was typed and what is wrong with it, or why it was refused, or that it is done.
    `form` names it where a page has several."""

    typed: Mapping[str, Any] = field(default_factory=dict, repr=False)
    errors: Mapping[str, str] = field(default_factory=dict)
    refused: str | None = None
    status: int = 200
    done: bool = False
    form: str = ""

    def of(self, form: str) -> "Sent":
        """The same for the form that was sent, and nothing for every other."""
        return self if form == self.form else Sent()


def too_large(request: Request) -> Response:
    """Said instead of reading a form to its end."""
    pages = Pages("shell")
    _ = pages.words(request)
    text = _("Kiriman ini terlalu besar. Kembali, lalu kirim berkas yang lebih sedikit atau lebih kecil.")
    return pages.error(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)


class _Translated(Environment):
    """With the method that jinja2's extension for translations gives it."""

    install_gettext_translations: Callable[..., None]


class Pages:
    """A service's pages. Its templates stand in `templates/`, its English words in `en.po`."""

    def __init__(self, service: str, refusals: Mapping[str, str] = MappingProxyType({})) -> None:
        """`refusals`: what people read where the service refuses something, by the refusal's slug."""
        self.service = service
        self._refusals = {**REFUSALS, **refusals}
        folders = [_SERVICES / service / "templates", _TEMPLATES]
        self._environments = {language: self._environment(language, folders) for language in LANGUAGES}

    def _environment(self, language: Language, folders: list[Path]) -> Environment:
        environment = _Translated(
            loader=FileSystemLoader(folders),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.policies["ext.i18n.trimmed"] = True
        environment.install_gettext_translations(translations(language, self.service), newstyle=True)
        environment.globals |= {"asset": asset, **CODES}
        return environment

    def router(self) -> APIRouter:
        """Where the pages are registered: under the service's name, beside its routes for programs."""
        return APIRouter(prefix=f"/{self.service}", route_class=self.route_class, include_in_schema=False)

    @property
    def route_class(self) -> type[APIRoute]:
        """A route whose errors are pages of this service."""
        pages = self

        class PageRoute(APIRoute):
            def get_route_handler(self) -> Handler:
                return _answering(pages, super().get_route_handler())

        return PageRoute

    def words(self, request: Request) -> Callable[[str], str]:
        """What translates an Indonesian text of ours for this browser."""
        return translations(language_of(request), self.service).gettext

    def show(
        self,
        request: Request,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        fragment: str | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """A page, or a fragment of one, from its template. `fragment`: what HTMX gets by the same address, as a list
        that is brought up to date by the address that says what is on it."""
        settings: WebSettings = request.app.settings
        language = language_of(request)
        environment = self._environments[language]
        told = {**_HEADERS, "Content-Security-Policy": _policy(settings), **(headers or {})}
        translated = self.words(request)
        context = {
            "language": language,
            "office": settings.office,
            "person": (person := getattr(request.state, "person", None)),
            "key": fresh_key,
            "tiles": settings.map_tiles,
            "labelled": lambda labels: [(code, translated(text)) for code, text in labels.items()],
            "sent": Sent(),
            "menu": entries(person) if person else (),
            "path": request.url.path,
            "here": f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path,
            "switch": str(request.url.include_query_params(**{ASKED: "id" if language == "en" else "en"})),
            "when": lambda moment: when(moment, language, settings.zone),
            "category": lambda code: category_name(settings, code, language),
            "village": lambda code: village_name(settings, code),
            "day": lambda moment: day(moment, language, settings.zone),
            **values,
        }
        parts = urlsplit(context["switch"])
        context["switch"] = f"{parts.path}?{parts.query}"
        name = fragment if fragment and is_fragment(request) else template
        answer = HTMLResponse(environment.get_template(name).render(context), status, told)
        if request.query_params.get(ASKED) in LANGUAGES:
            answer.set_cookie(ASKED, language, max_age=_A_YEAR, path="/", samesite="lax", httponly=True)
        return answer

    async def act(
        self,
        request: Request,
        model: type[M],
        do: Callable[[M], Awaitable[object]],
        shown: Callable[[Sent], Awaitable[Response]],
    ) -> Response:
        """Reads a form into its model, has it done, and shows again where it was sent from, with what became of it.
        What was typed is not lost by a refusal."""
        words = self.words(request)
        form = await read(request, model, words)
        if form.value is None:
            return await shown(Sent(form.typed, form.errors, status=422))
        try:
            await do(form.value)
        except Refusal as refusal:
            if refusal.status not in _KEEPS_THE_FORM:
                raise
            text = self.refused(request, refusal)
            errors = {refusal.field: text} if refusal.field in model.model_fields else {}
            return await shown(Sent(form.typed, errors, None if errors else text, refusal.status))
        return await shown(Sent(done=True))

    def refused(self, request: Request, refusal: Refusal) -> str:
        """What was refused, in the language of this browser."""
        _ = self.words(request)
        words = self._refusals.get(refusal.slug)
        return _(words) if words else f"{_('Ini tidak dapat dilakukan.')} {refusal.detail}"

    def error(self, request: Request, status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
        """A page that says what went wrong; within a page, the words alone, and where they belong."""
        if not is_fragment(request):
            return self.show(request, "error.html", status, headers, text=text)
        if request.method == "GET" and status == HTTPStatus.NOT_FOUND:
            return HTMLResponse("", status, _HEADERS)  # what is not there takes no place
        place = {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"} if _is_typed(request) else {}
        return self.show(request, "notice.html", status, {**place, **(headers or {})}, text=text)


def instead_of_nothing(app: FastAPI, pages: Pages, below: str) -> None:
    """Answers by a page where an address below this path leads nowhere."""

    async def answer(request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", HTTPStatus.NOT_FOUND)
        if status not in _NOWHERE or not request.url.path.startswith(below):
            return await of_http(request, error)
        return pages.error(request, status, pages.words(request)(_NO_PAGE))

    app.add_exception_handler(HTTPException, answer)


def _is_typed(request: Request) -> bool:
    """Whether somebody on a page typed what was sent: a form, or why they read."""
    return request.method != "GET" or (is_fragment(request) and HEADER in request.headers)


def sign_in_first(request: Request) -> str:
    """Where somebody signs in who is to come back to this page."""
    place = urlsplit(request.headers.get("HX-Current-URL") or str(request.url))
    back = f"{place.path}?{place.query}" if place.query else place.path
    return f"/sign-in?to={quote(back, safe='/')}"


def _answering(pages: Pages, handler: Handler) -> Handler:
    """A handler whose errors are pages."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except NotSignedIn:
            return _not_signed_in(pages, request)
        except Refusal as refusal:
            if isinstance(refusal, Forgotten) and request.method == "GET" and not is_fragment(request):
                return RedirectResponse(ENTRY, HTTPStatus.SEE_OTHER)
            note_refused(request, refusal)
            return pages.error(request, refusal.status, pages.refused(request, refusal))
        except Exception as error:
            return _failed(pages, request, error)

    return answer


def _failed(pages: Pages, request: Request, error: Exception) -> Response:
    _ = pages.words(request)
    match error:
        case RequestValidationError():
            # What is wrong with a form's fields stands beside them (`shared.forms`); what fails here is an address.
            status, text = 422, _("Permintaan ini tidak dapat dibaca.")
        case HTTPException():
            status, text = error.status_code, _("Permintaan ini tidak dapat dilayani.")
        case Taken():
            status, text = HTTPStatus.CONFLICT, _("Ini sudah ada.")
        case PyMongoError() | WriteFailed():
            telemetry.log.error("database_failed", error=type(error).__name__)
            status = HTTPStatus.SERVICE_UNAVAILABLE
            text = _("Belum tersimpan karena gangguan pada sistem kami. Coba kirim lagi sebentar lagi.")
        case _unknown:
            telemetry.log.error("request_failed", method=request.method, exc_info=error)
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            text = _("Terjadi kesalahan pada sistem kami, dan sudah tercatat.")
    return pages.error(request, status, text)


def _not_signed_in(pages: Pages, request: Request) -> Response:
    """Reading leads to where one signs in; what was typed stays where it is."""
    if not _is_typed(request):
        place = sign_in_first(request)
        if is_fragment(request):
            return HTMLResponse("", HTTPStatus.UNAUTHORIZED, {"HX-Redirect": place})
        if "text/event-stream" in request.headers.get("Accept", ""):
            # A stream that is opened anew by itself must not begin a sign-in, in place of one that a person is at.
            return HTMLResponse("", HTTPStatus.UNAUTHORIZED, _HEADERS)
        return RedirectResponse(place, HTTPStatus.SEE_OTHER)
    _ = pages.words(request)
    text = _("Sesi Anda berakhir. Masuk lagi di tab baru, lalu kirim sekali lagi; yang Anda ketik tetap ada.")
    return pages.error(request, HTTPStatus.UNAUTHORIZED, text)


def _policy(settings: WebSettings) -> str:
    """Our style draws its signs from `data:` images, and maps show the office's tile server, where it has one."""
    tiles = urlsplit(settings.map_tiles or "")
    return browsers.policy(img_src=f"data: {tiles.scheme}://{tiles.netloc}" if tiles.netloc else "data:")
