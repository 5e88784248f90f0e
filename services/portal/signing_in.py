"""Signing in and out: the browser goes to the provider and comes back, and keeps the token in a cookie that no script
can read."""

import base64
import json
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.portal.pages import pages
from services.portal.provider import SIGNED_IN, NotGiven, Provider
from services.portal.settings import PortalSettings
from shared.http import Callers
from shared.people import NotSignedIn

router = APIRouter(route_class=pages.route_class, include_in_schema=False)

# What begins a sign-in has a cookie of its own, named by its state: several tabs may sign in at once.
_BEGUN, _IDENTITY = "aduan-begun-", "aduan-identity"
_BEGUN_SECONDS = 600
DESK = "/portal/desk"


@router.get("/sign-in")
async def sign_in(request: Request, to: str = DESK) -> Response:
    """Sends the browser to the provider, by a page: somebody whose session has ended may come here from a form."""
    _ = pages.words(request)
    begun = await _provider(request).begin()
    answer = pages.show(request, "onward.html", place=begun.address, text=_("Anda dibawa ke halaman masuk."))
    remembered = {"verifier": begun.verifier, "to": to if _ours(to) else DESK}
    _keep(request, answer, _BEGUN + begun.state, _packed(remembered), _BEGUN_SECONDS, SIGNED_IN)
    return answer


# The provider's code stands in the address by RFC 6749; it counts once, and only with what this browser was given.
# nosemgrep: secret-in-a-query
@router.get(SIGNED_IN)
async def signed_in(
    request: Request,
    code: Annotated[str, Query(max_length=4096)] = "",
    state: Annotated[str, Query(max_length=512)] = "",
) -> Response:
    """Takes the browser that comes back, if it is the one that went."""
    _ = pages.words(request)
    again = _("Masuk tidak berhasil. Silakan coba lagi.")
    begun = _unpacked(request.cookies.get(_BEGUN + state, ""))
    if not code or not begun:
        return pages.show(request, "sign_in_again.html", HTTPStatus.BAD_REQUEST, text=again)
    callers: Callers = request.app.state.callers
    try:
        tokens = await _provider(request).tokens(code, begun["verifier"])
        await callers.people.of(tokens.access)
    except (NotGiven, NotSignedIn):
        return pages.show(request, "sign_in_again.html", HTTPStatus.FORBIDDEN, text=again)
    answer = RedirectResponse(begun["to"] if _ours(begun["to"]) else DESK, HTTPStatus.SEE_OTHER)
    settings = _settings(request)
    _keep(request, answer, settings.session_cookie, tokens.access, tokens.seconds, "/")
    if tokens.identity:
        _keep(request, answer, _IDENTITY, tokens.identity, tokens.seconds, "/sign-out")
    answer.delete_cookie(_BEGUN + state, SIGNED_IN)
    return answer


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Ends the session here and, by the page that is shown, at the provider."""
    settings, provider = _settings(request), _provider(request)
    if token := request.cookies.get(settings.session_cookie):
        await provider.revoke(token)
    _ = pages.words(request)
    ending = await provider.ending(request.cookies.get(_IDENTITY, ""))
    answer = pages.show(request, "onward.html", place=ending or "/", text=_("Anda sudah keluar."))
    answer.delete_cookie(settings.session_cookie, "/", secure=_secure(settings), httponly=True, samesite="lax")
    answer.delete_cookie(_IDENTITY, "/sign-out")
    return answer


def _ours(place: str) -> bool:
    """Whether an address leads to a page of ours: browsers read `//` and `/\\` as another host's."""
    return place.startswith("/") and not place.startswith(("//", "/\\")) and place.isprintable()


def _keep(request: Request, answer: Response, name: str, value: str, seconds: int, path: str) -> None:
    secure = _secure(_settings(request))
    answer.set_cookie(name, value, max_age=seconds, path=path, secure=secure, httponly=True, samesite="lax")


def _secure(settings: PortalSettings) -> bool:
    return settings.origin.startswith("https:")


def _packed(told: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode()


def _unpacked(cookie: str) -> dict[str, str] | None:
    """What this browser was given when it went; none where it is not whole."""
    try:
        told: Any = json.loads(base64.urlsafe_b64decode(cookie))
    except ValueError:
        return None
    whole = isinstance(told, dict) and all(isinstance(told.get(name), str) for name in ("verifier", "to"))
    return told if whole else None


def _provider(request: Request) -> Provider:
    provider: Provider = request.app.state.provider
    return provider


def _settings(request: Request) -> PortalSettings:
    settings: PortalSettings = request.app.settings
    return settings
