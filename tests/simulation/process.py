"""One process of a trial service: the shell as it is, on the fakes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import copy_context
from copy import copy
from dataclasses import replace
from functools import cache, partial
from typing import Any

from aio_pika.abc import AbstractIncomingMessage
from pymongo import UpdateOne

from shared.bus import Bus
from shared.chains import MOVED
from shared.clock import every, relay, wake
from shared.handlers import dispatch
from shared.operation import Operation, Outcome
from shared.retries import Receive, Retries
from shared.store import Change, Outgoing, Store
from shared.unit import Unit
from tests.simulation.broker import Broker, Connection, Link
from tests.simulation.database import Collection, Rows
from tests.simulation.trial import Trial
from tests.simulation.world import World, inside


class Lost(Exception):
    """The client never got an answer; what it asked for may have happened."""


@cache
def _store_of(trial: Trial) -> Store[Any]:
    # The codec is dear to make and has no state.
    return Store({trial.name: None, MOVED: None}, trial.name, trial.case)  # type: ignore[arg-type]


class Process:
    """Lives until it dies or is stopped. What is left of a dead one cannot reach broker or database."""

    def __init__(
        self, world: World, trial: Trial, name: str, rows: Rows, broker: Broker, poll: float, ended: Callable[[], None]
    ) -> None:
        self.name = name
        self.alive = True
        self.world = world
        self.tasks: list[asyncio.Task[Any]] = []
        self._asked: list[asyncio.Future[Outcome]] = []
        self._broker = broker
        self._ended = ended
        self.started = self.stopping = False
        self._clocks: list[asyncio.Task[None]] = []
        self._context = copy_context()
        self._context.run(inside.set, self)
        self.spawn(self._context.run(self._made, trial, rows, poll))

    def _made(self, trial: Trial, rows: Rows, poll: float) -> Awaitable[None]:
        """The shell on the fakes; what is given starts it."""
        world = self.world
        world.note(self.name, "starts")
        store = copy(_store_of(trial))
        store.collection = Collection(world, self, rows)
        bus = Bus("", trial.name, self._connect)
        publish = _trusting(bus) if world.without == "confirms" else bus.publish
        self.unit: Unit[Any] = Unit(trial.name, store, publish, world.now)
        if world.without == "audit":
            store._update = partial(_forgetting, store._update)  # type: ignore[method-assign]
        if world.without == "seen":
            self.unit._repeated = lambda *_: False  # type: ignore[method-assign]
        receive = dispatch(self.unit, trial.hears)
        if world.without == "ack after commit":
            receive = _acknowledging_first(receive)
        retries = Retries(trial.name, bus.send, receive)
        self._link = Link(self, self.spawn, retries.deal_with, trial.queues, world.random.choice((1, 3, 8)))
        self._link.up = not world.broker_away
        steps: dict[str, Callable[[], Awaitable[Any]]] = {}
        if world.without != "relay":
            steps["relay"] = lambda: relay(self.unit, publish, world.now())
        if on_due := trial.on_due:
            steps["wake"] = lambda: wake(self.unit, on_due, world.now())
        return self._begin(bus, steps, poll)

    async def _begin(self, bus: Bus, steps: Mapping[str, Callable[[], Awaitable[Any]]], poll: float) -> None:
        await bus.start()
        self.unit.start()
        self._clocks = [asyncio.create_task(every(poll, step, name)) for name, step in steps.items()]
        self._broker.connect(self._link)
        self.started = True

    async def _connect(self, url: str, **how: Any) -> Connection:
        return Connection(self._broker, self._link)

    def spawn(self, coroutine: Awaitable[None]) -> None:
        """Runs something as a task of this process."""
        task = self._context.run(asyncio.ensure_future, coroutine)
        task.add_done_callback(self._look_at)

    async def ask(self, operation: Operation) -> Outcome:
        """What a client gets over the network. Raises Lost where the process dies before it has answered."""
        if not self.alive:
            raise Lost
        answer: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._asked.append(answer)
        self.spawn(self._answer(operation, answer))
        return await answer

    async def _answer(self, operation: Operation, answer: asyncio.Future[Outcome]) -> None:
        result: Outcome | Exception
        try:
            result = await self.unit.submit(operation)
        except Exception as error:
            result = error
        await self.world.gate(self, "answer", "before")
        if self.world.chance(self.world.failing):
            result = Lost()
        if answer.done():
            return
        if isinstance(result, Exception):
            answer.set_exception(result)
        else:
            answer.set_result(result)

    def die(self) -> None:
        """Ends at once, wherever its tasks stand."""
        self.alive = False
        self._broker.drop(self._link, for_good=True)
        for answer in self._asked:
            if not answer.done():
                answer.set_exception(Lost())
        for task in self.tasks:
            task.cancel()
        self._ended()

    async def stop(self) -> None:
        """Ends as a service does that is told to: takes no more, finishes what it has, lets go."""
        self.stopping, self._link.reading = True, False
        for clock in self._clocks:
            clock.cancel()
        while self._link.unacked and self._link.up and self.alive:  # noqa: ASYNC110 - time costs nothing here
            await asyncio.sleep(0.05)
        await self.unit.drain()
        if self.alive:
            self.world.note(self.name, "has stopped")
            self.die()

    def blink(self) -> None:
        if self.alive and self._link.up:
            self._broker.blink(self._link)

    def workers_live(self) -> bool:
        return not any(lane._worker is None or lane._worker.done() for lane in self.unit._lanes.values())

    def _look_at(self, task: "asyncio.Future[Any]") -> None:
        if not task.cancelled() and (error := task.exception()):
            self.world.fault(f"{self.name} let an error through: {error!r}")


def _forgetting(write: Callable[[Change[Any]], UpdateOne], change: Change[Any]) -> UpdateOne:
    """As if the audit were written for a group and not for each message."""
    return write(replace(change, trail=change.trail[-1:]))


def _acknowledging_first(receive: Receive) -> Receive:
    async def acknowledge_first(message: AbstractIncomingMessage) -> None:
        await message.ack()
        await receive(message)

    return acknowledge_first


def _trusting(bus: Bus) -> Any:
    async def publish(events: Sequence[Outgoing]) -> list[None]:
        await bus.publish(events)
        return [None for _ in events]

    return publish
