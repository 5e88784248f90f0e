"""The tracking code of whoever follows a report on pages: half an hour in a cookie that no script reads.

An address would be written down on every machine on the way, and a form would have to ask for the code again and again.
"""

from typing import Annotated

from fastapi import Depends, Request, Response

from shared.contracts.refusals import Absent
from shared.settings import WebSettings

COOKIE = "aduan-code"
ENTRY = "/notification/track"  # where a code is typed, and the report is shown
_SECONDS = 30 * 60


def keep(request: Request, response: Response, code: str) -> None:
    """Keeps a code that was typed, from now on for half an hour."""
    settings: WebSettings = request.app.settings
    secure = bool(settings.origins) and settings.origins[0].startswith("https:")
    response.set_cookie(COOKIE, code, max_age=_SECONDS, path="/", secure=secure, httponly=True, samesite="strict")


def forget(response: Response) -> None:
    """Lets the next person at this device find nothing."""
    response.delete_cookie(COOKIE, path="/")


def _code(request: Request) -> str:
    return request.cookies.get(COOKIE, "")


# The code that this browser keeps; empty where it keeps none, which no complaint has.
KeptCode = Annotated[str, Depends(_code)]


class Forgotten(Absent):
    """This browser keeps no tracking code, or does not any more."""

    def __init__(self) -> None:
        super().__init__("code_forgotten", "Type the tracking code first.")


def _held(code: KeptCode) -> str:
    if not code:
        raise Forgotten
    return code


# The code that this browser keeps, where nothing can be done without one. Raises Forgotten.
HeldCode = Annotated[str, Depends(_held)]
