"""Puts referral together. Run it with `uvicorn --factory services.referral.main:app`."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from fastapi import FastAPI

from services.referral import agency_api, api, consumers, courier, pages, queries, registry
from services.referral.case import Case
from services.referral.knowledge import Knowledge
from services.referral.replies import Desk
from services.referral.settings import ReferralSettings, load_procedure
from shared.handlers import On
from shared.policy import rules_of
from shared.retries import Receive
from shared.room import Room
from shared.service import Cases, Service, create_app


def _wall_clock() -> datetime:
    return datetime.now(UTC)


def app(settings: ReferralSettings | None = None, clock: Callable[[], datetime] = _wall_clock) -> FastAPI:
    """The service as an ASGI application."""
    settings = settings or ReferralSettings()
    procedure = load_procedure(settings.referral_procedure)

    async def open_desk(room: Room) -> None:
        await registry.prepare(room.mongo)
        await room.mongo["readings"].create_index([("complaint", 1), ("at", 1)])
        application.state.desk = Desk(room, Knowledge(room), procedure)

    def desk() -> Desk:
        opened: Desk = application.state.desk
        return opened

    def handlers(room: Room) -> Sequence[On]:
        return consumers.handlers(procedure, desk().knowledge)

    def receive(room: Room, events: Receive) -> Receive:
        return consumers.receive(desk(), events)

    application = create_app(
        Service(
            name="referral",
            settings=settings,
            cases={"cases": Cases(Case, queries.INDEXES)},
            handlers=handlers,
            receive=receive,
            routers=(api.router, agency_api.router, pages.router),
            rules=rules_of("referral"),
            prepare=open_desk,
            steps={
                "wake cases": lambda room: consumers.wake_cases(procedure, desk().knowledge, room),
                "tell agencies": lambda room: courier.deliver(desk().knowledge, room),
            },
            clock=clock,
        )
    )
    return application
