"""Puts mediation together. Run it with `uvicorn --factory services.mediation.main:app`."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from pydantic import TypeAdapter

from services.mediation import (
    api,
    api_parties,
    api_rosters,
    api_sessions,
    consumers,
    pages,
    pages_contents,
    pages_mediators,
    pages_papers,
    pages_parties,
    pages_sessions,
    pages_worklist,
    queries,
    rosters,
)
from services.mediation.case import Case
from services.mediation.procedure import Procedure
from services.mediation.settings import MediationSettings
from services.mediation.settle import woken
from shared import erasure
from shared.policy import rules_of
from shared.room import Room
from shared.service import Cases, Service, create_app

_PROGRAMS = (api.router, api_parties.router, api_sessions.router, api_rosters.router)
_PEOPLE = (
    pages_worklist.router,
    pages.router,
    pages_contents.router,
    pages_parties.router,
    pages_sessions.router,
    pages_papers.router,
    pages_mediators.router,
)


def load_procedure(path: Path) -> Procedure:
    """Reads a procedure file. Raises pydantic's ValidationError, which names the entry that is wrong."""
    return TypeAdapter(Procedure).validate_python(tomllib.loads(path.read_text("utf-8")))


def _wall_clock() -> datetime:
    return datetime.now(UTC)


def app(settings: MediationSettings | None = None, clock: Callable[[], datetime] = _wall_clock) -> FastAPI:
    """The service as an ASGI application."""
    settings = settings or MediationSettings()
    procedure = load_procedure(settings.mediation_procedure)
    service = Service(
        name="mediation",
        settings=settings,
        cases={"cases": Cases(Case, queries.INDEXES, on_due=woken(procedure))},
        handlers=partial(consumers.handlers, procedure),
        routers=(*_PROGRAMS, *_PEOPLE),
        rules=rules_of("mediation"),
        prepare=_prepare,
        erase=erasure.unlink,
        clock=clock,
    )
    application = create_app(service)
    application.state.procedure = procedure
    return application


async def _prepare(room: Room) -> None:
    await rosters.prepare(room.mongo)
