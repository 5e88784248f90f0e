"""Pages that bring themselves up to date: server-sent events that say when there is something new to fetch."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from hashlib import sha256
from typing import Any

from fastapi import Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from shared.store import Document

LOOK_SECONDS = 2.0
_LIVES_SECONDS = 45.0  # then the browser asks anew, so that a right that was taken away is gone within a minute
_PING_SECONDS = 15


def changes(request: Request, look: Callable[[], Awaitable[object]]) -> EventSourceResponse:
    """Says `changed` whenever what `look` sees is not what this browser was told of last. A page that opens the stream
    has just been shown, so what is seen first is no news, unless the browser names what it knew before."""

    async def watch() -> AsyncIterator[ServerSentEvent]:
        loop = asyncio.get_running_loop()
        until, known = loop.time() + _LIVES_SECONDS, request.headers.get("Last-Event-ID")
        if known is None:
            known = _mark(await look())
            yield ServerSentEvent(event="known", id=known, data=known)
        while loop.time() < until:
            seen = _mark(await look())
            if seen != known:
                known = seen
                yield ServerSentEvent(event="changed", id=seen, data=seen)
            await asyncio.sleep(LOOK_SECONDS)

    return EventSourceResponse(watch(), ping=_PING_SECONDS)


def list_changes(request: Request, find: Callable[[], Awaitable[Iterable[Document[Any]]]]) -> EventSourceResponse:
    """The same of a list: whenever other documents are found, in another order, or one of them has changed."""

    async def look() -> object:
        return [(document.id, document.version) for document in await find()]

    return changes(request, look)


def _mark(seen: object) -> str:
    return sha256(repr(seen).encode()).hexdigest()[:16]
