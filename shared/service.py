"""A service: its cases, what it hears, its routes and its clocks, put together and run."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from pymongo import IndexModel

from shared import audit_api, audit_pages, docs, erasure, heads, telemetry, web
from shared.bus import Bus, Consumer
from shared.chains import READS, Chains
from shared.clock import every, relay, wake
from shared.gate import guard
from shared.handlers import On, dispatch
from shared.mongo import Mongo
from shared.operation import Decide
from shared.pages import Pages, instead_of_nothing
from shared.policy import Rules, shell_rules_of
from shared.retries import Receive
from shared.room import Room
from shared.sealing import Vault
from shared.settings import Settings, process_name
from shared.store import Store
from shared.unit import Unit

POLL_SECONDS = 1.0
AUDIT_SECONDS = 60.0  # between looks at what the audit has to be relieved of, and whether its heads are exported
Step = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Cases:
    """A collection of cases, its indexes, and the decision that a passing `due` leads to."""

    case: type
    indexes: Sequence[IndexModel] = ()
    on_due: Decide | None = None


@dataclass(frozen=True)
class Service:
    """What makes a service this one. The first entry of `cases` is what its events are about; `erase` destroys what is
    kept of a complaint elsewhere."""

    name: str
    settings: Settings
    cases: Mapping[str, Cases]
    handlers: Callable[[Room], Sequence[On]] = lambda room: ()
    receive: Callable[[Room, Receive], Receive] | None = None
    erase: erasure.Erasing | None = None
    routers: Sequence[APIRouter] = ()
    rules: Rules = field(default_factory=dict)
    prepare: Callable[[Room], Awaitable[None]] | None = None
    steps: Mapping[str, Callable[[Room], Awaitable[Any]]] = field(default_factory=dict)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def create_app(service: Service) -> FastAPI:
    """The service as an ASGI application.

    `prepare` runs once before anything is received, `steps` again and again while the service runs, `receive` may wrap
    how messages are received. A route that takes larger bodies than others says so by its own `max_body_size`. Raises
    Ungoverned where routes and `rules` do not agree.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            telemetry.configure(service.name, service.settings.log_level, service.settings.otlp_endpoint)
            stack.callback(telemetry.shut_down)
            app.state.callers = web.callers(service.settings, service.clock, stack)
            app.state.room, app.state.consumer = await _open(service, stack)
            telemetry.log.info("started")
            yield
            telemetry.log.info("stopping")
        telemetry.log.info("stopped")

    app = web.create(service.name, service.settings, lifespan)
    pages = Pages(service.name)
    instead_of_nothing(app, pages, f"/{service.name}/")
    docs.install(app, service.name)
    app.include_router(_health())
    app.include_router(audit_api.router)
    app.include_router(audit_pages.router(pages))
    for router in service.routers:
        app.include_router(router)
    guard(app, {**shell_rules_of(service.name), **service.rules})
    return app


async def _open(service: Service, stack: AsyncExitStack) -> tuple[Room, Consumer]:
    """Opens the parts in the order in which they need each other; they close in the reverse order, so that a stopping
    service first takes no more messages, then finishes what it has, and only then lets go of broker and database."""
    settings = service.settings
    url = settings.amqp_url.get_secret_value()
    database = f"{settings.mongo_prefix}{service.name}"
    mongo = Mongo(settings.mongo_url.get_secret_value(), database, settings.mongo_driver, process_name(service.name))
    stack.push_async_callback(mongo.close)
    bus = Bus(url, service.name)
    await bus.start()
    stack.push_async_callback(bus.stop)
    units = {}
    for name, cases in service.cases.items():
        store: Store[Any] = Store(mongo, name, cases.case, cases.indexes)
        await store.prepare()
        units[name] = Unit(service.name, store, bus.publish, service.clock)
    room = Room(service.name, settings, mongo, bus, Vault(settings.sealing_keys), service.clock, units)
    await Chains(mongo, READS).prepare()
    if service.prepare:
        await service.prepare(room)
    for unit in units.values():
        unit.start()
        stack.push_async_callback(unit.drain)
    receive = dispatch(room.unit(), erasure.handled(service.handlers(room)))
    if service.erase:
        receive = erasure.beside(room, service.erase, receive)
    consumer = Consumer(url, service.name, bus, service.receive(room, receive) if service.receive else receive)
    stack.push_async_callback(consumer.stop)
    await consumer.start()
    _start_clocks(service, room, stack)
    _calm_collector(stack)
    return room, consumer


def _calm_collector(stack: AsyncExitStack) -> None:
    """Lets Python look for garbage less often, and not among what stands until the service stops: the messages under
    way are many small objects, and a quarter of a message's time went into walking over them and over all the rest."""
    stack.callback(gc.set_threshold, *gc.get_threshold())
    gc.set_threshold(10_000, 20, 20)
    gc.freeze()
    stack.callback(gc.unfreeze)


def _start_clocks(service: Service, room: Room, stack: AsyncExitStack) -> None:
    steps: dict[str, Step] = {name: partial(step, room) for name, step in service.steps.items()}
    for name, cases in service.cases.items():
        steps |= _steps_of(room, name, cases.on_due)
    tasks = [asyncio.create_task(every(POLL_SECONDS, step, name), name=name) for name, step in steps.items()]
    look_after = every(AUDIT_SECONDS, lambda: _look_after_audit(room), "audit")
    tasks.append(asyncio.create_task(look_after, name="audit"))

    async def stop() -> None:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    stack.push_async_callback(stop)


def _steps_of(room: Room, name: str, on_due: Decide | None) -> dict[str, Step]:
    """What goes on by itself in a collection of cases."""
    unit = room.unit(name)
    steps: dict[str, Step] = {f"relay {name}": lambda: relay(unit, room.bus.publish, room.clock())}
    if on_due:
        steps[f"wake {name}"] = lambda: wake(unit, on_due, room.clock())
    return steps


async def _look_after_audit(room: Room) -> None:
    """Keeps documents short, and once an hour puts the heads where the database's writers cannot reach them."""
    for name in await heads.stores(room.mongo):
        while await Store(room.mongo, name, object).shorten():
            pass
    folder, key = room.settings.audit_folder, room.settings.audit_key
    if folder and key and await heads.export_hourly(room.mongo, room.name, folder, key, room.clock()):
        telemetry.log.info("heads_exported")


def _health() -> APIRouter:
    router = APIRouter(prefix="/health", tags=["health"])

    @router.get("/live")
    async def live() -> dict[str, str]:
        """Whether the process runs at all."""
        return {"status": "live"}

    @router.get("/ready", responses={503: {"description": "Something that the service needs is gone"}})
    async def ready(request: Request, response: Response) -> dict[str, bool]:
        """Whether broker, database and both lanes are there."""
        room: Room = request.app.state.room
        consumer: Consumer = request.app.state.consumer
        checks = {"broker": room.bus.healthy, "consumer": consumer.healthy(), "database": await _answers(room.mongo)}
        if not all(checks.values()):
            response.status_code = 503
        return checks

    return router


async def _answers(mongo: Mongo) -> bool:
    try:
        async with asyncio.timeout(2):
            await mongo.ping()
    except Exception as error:
        telemetry.log.warning("database_away", error=type(error).__name__)
        return False
    return True
