"""Hands a receipt over to the browser that sent the report, once: the next page takes it, and a reload finds nothing.

What is kept on the way is the form's key, which is nobody else's, and never the tracking code.
"""

from fastapi import Request, Response

from shared.http import is_key
from shared.settings import WebSettings

COOKIE = "aduan-receipt"
_PATH = "/intake/report"
_SECONDS = 10 * 60
_AGAIN = ":again"


def hand_over(request: Request, response: Response, key: str, *, again: bool) -> None:
    """Leaves the key for the page that shows the receipt. `again`: the report had been taken in before."""
    settings: WebSettings = request.app.state.room.settings
    secure = bool(settings.origins) and settings.origins[0].startswith("https:")
    value = f"{key}{_AGAIN if again else ''}"
    response.set_cookie(COOKIE, value, max_age=_SECONDS, path=_PATH, secure=secure, httponly=True, samesite="strict")


def handed_over(request: Request) -> tuple[str | None, bool]:
    """The key that was left, and whether the report had been taken in before."""
    value = request.cookies.get(COOKIE, "")
    key = value.removesuffix(_AGAIN)
    return (key if is_key(key) else None), value.endswith(_AGAIN)


def taken(response: Response) -> None:
    """Nothing is left for whoever comes next."""
    response.delete_cookie(COOKIE, path=_PATH)
