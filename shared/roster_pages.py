"""What the pages of rosters have in common: what their forms saw, and where they lead."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from shared.forms import LEFT_OPEN
from shared.pages import Sent

Seen = Annotated[int, Form(alias="version", ge=0)]  # of the entry, by its sender
Saved = Annotated[str | None, LEFT_OPEN, Query()]  # whose entry was just stored

Shown = Callable[[Sent], Awaitable[Response]]


def back_to(listed: str, id_: str, again: Shown) -> Shown:
    """A form's answer: the list, which says whose entry was stored, or the form again with what came of it."""

    async def shown(sent: Sent) -> Response:
        if sent.done:
            return RedirectResponse(f"{listed}?saved={id_}", HTTPStatus.SEE_OTHER)
        return await again(sent)

    return shown


async def typed_id(request: Request) -> str:
    """The id in a form by which somebody is put on a roster."""
    return str((await request.form()).get("id", "")).strip()
