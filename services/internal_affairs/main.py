"""Puts internal affairs together: `uvicorn --factory services.internal_affairs.main:app`."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI

from services.internal_affairs import api, consumers, domain, examiners, pages, pages_examiners, queries
from services.internal_affairs.case import Case
from services.internal_affairs.procedure_file import read_procedure
from services.internal_affairs.settings import InternalAffairsSettings
from services.internal_affairs.unseen import Watch
from shared import erasure
from shared.policy import rules_of
from shared.room import Room
from shared.service import Cases, Service, create_app


def app(
    settings: InternalAffairsSettings | None = None, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> FastAPI:
    """The service as an ASGI application."""
    settings = settings or InternalAffairsSettings()
    procedure = read_procedure(settings.internal_affairs_procedure)
    service = Service(
        name="internal_affairs",
        settings=settings,
        cases={"cases": Cases(Case, queries.INDEXES, on_due=partial(domain.tick, procedure))},
        handlers=partial(consumers.handlers, procedure),
        routers=[api.router, pages.router, pages_examiners.router],
        rules=rules_of("internal_affairs"),
        prepare=_prepare,
        erase=erasure.unlink,
        steps={"unseen": Watch(procedure).look},
        clock=clock,
    )
    application = create_app(service)
    application.state.procedure = procedure
    return application


async def _prepare(room: Room) -> None:
    await examiners.prepare(room.mongo)
