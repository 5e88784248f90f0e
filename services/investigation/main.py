"""Puts investigation together. Run it with `uvicorn --factory services.investigation.main:app`."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from fastapi import FastAPI
from pydantic import TypeAdapter
from pymongo import IndexModel

from services.investigation import (
    api,
    api_files,
    api_patrols,
    api_rosters,
    consumers,
    pages,
    pages_case,
    pages_files,
    pages_patrols,
    pages_rosters,
    rosters,
)
from services.investigation.case import Case
from services.investigation.procedure import Procedure
from services.investigation.settings import InvestigationSettings
from shared import erasure
from shared.policy import rules_of
from shared.room import Room
from shared.service import Cases, Service, create_app

INDEXES = (
    # Plain, although most cases have no timer: the database does not use a partial index for a comparison.
    IndexModel([("case.due", 1)], name="due"),
    # What makes two dispatches of one patrol impossible, and what tells which patrols are busy.
    IndexModel(
        [("case.active_patrol", 1), ("polres", 1)],
        name="active_patrol",
        unique=True,
        partialFilterExpression={"case.active_patrol": {"$gt": ""}},
    ),
    IndexModel(
        [("case.searching", 1), ("case.classification.urgency", 1), ("case.dispatch.wanted_at", 1)],
        name="searching",
        partialFilterExpression={"case.searching": True},
    ),
    IndexModel([("polres", 1), ("case.status", 1), ("case.detective.id", 1)], name="detective"),
    IndexModel([("polres", 1), ("case.status", 1), ("case.units", 1)], name="unit"),
    IndexModel([("polres", 1), ("case.dispatch.sorties.ended_at", 1)], name="sorties", sparse=True),
    IndexModel([("case.forget_at", 1)], name="forget", expireAfterSeconds=0),
    erasure.LINKED,
)


def load_procedure(path: Path) -> Procedure:
    """Reads a procedure file. Raises pydantic's ValidationError, which names the entry that is wrong."""
    return TypeAdapter(Procedure).validate_python(tomllib.loads(path.read_text("utf-8")))


def _wall_clock() -> datetime:
    return datetime.now(UTC)


def app(settings: InvestigationSettings | None = None, clock: Callable[[], datetime] = _wall_clock) -> FastAPI:
    """The service as an ASGI application."""
    settings = settings or InvestigationSettings()
    procedure = load_procedure(settings.investigation_procedure)
    service = Service(
        name="investigation",
        settings=settings,
        cases={"cases": Cases(Case, INDEXES)},
        handlers=partial(consumers.handlers, procedure),
        receive=consumers.receiving,
        routers=(
            api.router,
            api_files.router,
            api_patrols.router,
            api_rosters.router,
            pages.router,
            pages_case.router,
            pages_files.router,
            pages_patrols.router,
            pages_rosters.router,
        ),
        rules=rules_of("investigation"),
        prepare=_prepare,
        erase=erasure.unlink,
        steps={
            "wake cases": partial(consumers.wake_cases, procedure),
            "look for patrols": partial(consumers.look_for_patrols, procedure),
        },
        clock=clock,
    )
    application = create_app(service)
    application.state.procedure = procedure
    return application


async def _prepare(room: Room) -> None:
    await rosters.prepare(room.mongo)
