"""One history: clients write notes while processes die, servers go away and messages come twice and out of order."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch
from uuid import UUID

from shared import telemetry
from shared.contracts.envelope import LANES, Command, Lane
from shared.contracts.refusals import Refusal, Unavailable
from shared.operation import Operation
from shared.retries import ORIGIN, REASON
from shared.store import Taken
from shared.topology import QUEUES_EXCHANGE
from tests.simulation.broker import Broker
from tests.simulation.checks import check
from tests.simulation.database import Rows
from tests.simulation.process import Process
from tests.simulation.trial import BOARD, BROKEN, COUNT, DESK, REFUSED, TRIALS, Note, Trial, bindings, write
from tests.simulation.world import STORM_SECONDS, Mechanism, Phase, World, inside

PATIENCE = 3000.0  # virtual seconds; what failed at every attempt is parked after 965
EXPECTED_REASONS = ("wrong_state", "ZeroDivisionError")
_BINDINGS = bindings()


@dataclass
class Slot:
    """A place where a process runs, and another one after it has died."""

    trial: Trial
    name: str
    process: Process | None = None
    lives: int = 0

    @property
    def serving(self) -> bool:
        return self.process is not None and self.process.started and self.process.alive and not self.process.stopping


@dataclass
class Ledger:
    """What the clients know, by complaint."""

    accepted: dict[str, set[str]] = field(default_factory=dict)
    uncertain: dict[str, set[str]] = field(default_factory=dict)  # the client gave up; it may have happened
    open: int = 0


@dataclass(frozen=True)
class Result:
    faults: tuple[str, ...]
    trace: tuple[str, ...]
    gates: int
    crashed_at: frozenset[tuple[str, Phase]]


class History:
    def __init__(self, world: World) -> None:
        self.world = world
        self.rows = {trial.name: Rows(guarded=world.without != "version guard") for trial in TRIALS}
        self.broker = Broker(world, _BINDINGS)
        self.ledger = Ledger()
        self.broken = not world.quiet and world.random.random() < 0.004
        # What fails at every attempt takes a quarter of an hour, in which looking every second would prove nothing.
        self._poll = 25.0 if self.broken else world.random.choice((1.0, 2.0, 3.0))
        self.slots = [
            Slot(trial, f"{trial.name}-{n}")
            for trial in TRIALS
            for n in range(2 if trial is COUNT else world.random.choice((1, 2)))
        ]
        self._over = False

    async def run(self) -> None:
        for slot in self.slots:
            self._start(slot)
        self._plan_weather()
        clients = [asyncio.create_task(client) for client in self._clients()]
        if await self._calmed_down():
            check(self)
        self._over = True
        for client in clients:
            client.cancel()
        for slot in self.slots:
            if slot.process and slot.process.alive:
                slot.process.die()
        for _ in range(5):
            await asyncio.sleep(0)

    def _start(self, slot: Slot) -> None:
        if self._over:
            return
        slot.lives += 1
        name = f"{slot.name}{'abcdefghijklmnopqrstuvwxyz'[slot.lives % 26 - 1]}"

        def ended() -> None:
            self.world.loop.call_later(self.world.random.random() * 2, self._start, slot)

        slot.process = Process(self.world, slot.trial, name, self.rows[slot.trial.name], self.broker, self._poll, ended)

    # --- the clients ---

    def _clients(self) -> Iterator[Any]:
        random = self.world.random
        texts = 0
        for _ in range(random.choice((1, 1, 2))):
            complaint = str(UUID(int=random.getrandbits(128)))
            lane: Lane = random.choice(LANES)
            for _ in range(random.choice((1, 1, 2))):
                texts += 1
                kind = random.random()
                prefix = "never" if kind < 0.05 else f"{REFUSED} " if kind < 0.12 else ""
                text = f"{BROKEN} " if self.broken and texts == 1 else prefix
                yield self._client(complaint, lane, f"{text}{texts}", twice=self.world.chance(self.world.duplicating))

    async def _client(self, complaint: str, lane: Lane, text: str, twice: bool) -> None:
        self.ledger.open += 1
        await asyncio.sleep(self.world.random.random() * 2)
        asking = [self._insist(complaint, lane, text) for _ in range(2 if twice else 1)]
        await asyncio.gather(*asking)
        self.ledger.open -= 1

    async def _insist(self, complaint: str, lane: Lane, text: str) -> None:
        """Asks under the same key until there is an answer, or gives up."""
        world, number = self.world, 1
        while True:
            serving = [slot.process for slot in self.slots if slot.trial is DESK and slot.serving]
            command = Command(f"http:{text}", complaint, "polres-sukamaju", Note(text, f"LP/{number}"), lane=lane)
            try:
                if not serving:
                    raise Unavailable("away", "Nobody answers.")
                process = world.random.choice(serving)
                assert process is not None
                outcome = await process.ask(Operation(command, write, complaint))
            except Taken:
                number += 1
            except Unavailable:
                await asyncio.sleep(world.random.random())
            except Refusal as refusal:
                world.note("client", f"is refused {text!r}", slug=refusal.slug)
                return
            except Exception as error:
                world.note("client", f"has no answer for {text!r}", error=type(error).__name__)
                if world.chance(0.2):
                    self.ledger.uncertain.setdefault(complaint, set()).add(text)
                    return
                await asyncio.sleep(world.random.random())
            else:
                world.note("client", f"is answered for {text!r}", version=outcome.version, repeated=outcome.repeated)
                self._record(complaint, text, outcome.case.notes)
                return

    def _record(self, complaint: str, text: str, told: tuple[str, ...]) -> None:
        self.ledger.accepted.setdefault(complaint, set()).add(text)
        row = self.rows[DESK.name].rows.get(complaint)
        if text not in told or row is None or text not in row["case"]["notes"]:
            self.world.fault(f"{text!r} was answered with success but is not stored")

    # --- the weather ---

    def _plan_weather(self) -> None:
        world, random = self.world, self.world.random
        if world.quiet:
            return
        for begin, end in ((self._database_goes, self._database_comes), (self._broker_goes, self._broker_comes)):
            if random.random() < 0.2:
                moment = random.random() * 3
                world.loop.call_later(moment, begin)
                world.loop.call_later(moment + 0.2 + random.random() * 2.5, end)
        if random.random() < 0.2:
            world.loop.call_later(random.random() * 4, self._blink)
        if random.random() < 0.2:
            world.loop.call_later(random.random() * 4, self._restart)

    def _database_goes(self) -> None:
        self.world.note("database", "goes away")
        self.world.database_away = True

    def _database_comes(self) -> None:
        self.world.note("database", "is back")
        self.world.database_away = False

    def _broker_goes(self) -> None:
        self.world.note("broker", "goes away")
        self.world.broker_away = True
        for link in self.broker.links:
            self.broker.drop(link, for_good=False)

    def _broker_comes(self) -> None:
        self.world.note("broker", "is back")
        self.world.broker_away = False
        for link in self.broker.links:
            self.broker.restore(link)

    def _blink(self) -> None:
        process = self.world.random.choice(self.slots).process
        if process is not None:
            process.blink()

    def _restart(self) -> None:
        process = self.world.random.choice(self.slots).process
        if process is not None and process.alive:
            self.world.note(process.name, "is told to stop")
            process.spawn(process.stop())

    # --- the calm after it ---

    async def _calmed_down(self) -> bool:
        await asyncio.sleep(3.0 if self.world.quiet else STORM_SECONDS)
        while unrest := self._unrest():
            if self.world.loop.now > PATIENCE:
                self.world.fault(f"never calmed down: {unrest}")
                return False
            self._replay()
            await asyncio.sleep(1.0)
        return True

    def _unrest(self) -> str | None:
        if self.ledger.open:
            return "clients wait"
        if not all(slot.serving for slot in self.slots):
            return "processes are down"
        if not self.broker.empty():
            return "messages wait"
        for name, rows in self.rows.items():
            for row in rows.rows.values():
                if row["outbox"]:
                    return f"events wait in an outbox of {name}"
                if row["case"].get("due"):
                    return "a timer has not gone off"
        return None

    def _replay(self) -> None:
        """Gives back, as an operator would, what was parked although nothing is wrong with it."""
        for queue in [f"{trial.name}.parked" for trial in (COUNT, BOARD)]:
            parked = self.broker.ready.get(queue, [])
            for stored in [s for s in parked if s.headers[REASON] not in EXPECTED_REASONS]:
                parked.remove(stored)
                self.world.note("operator", f"replays {stored.type}", id=stored.message_id[:8])
                origin = stored.headers[ORIGIN]
                self.broker.put(origin, replace(stored, exchange=QUEUES_EXCHANGE, routing_key=origin, headers={}))


class _Log:
    """What the shell logs, as lines of the trace."""

    def __init__(self, world: World) -> None:
        self._world = world

    def info(self, event: str, **detail: Any) -> None:
        if self._world.trace is not None:
            process = inside.get()
            self._world.note(process.name if process else "", f"logs {event}", **detail)

    warning = error = exception = info


@contextmanager
def _running(world: World) -> Iterator[None]:
    def in_process(loop: Any, coroutine: Any, **more: Any) -> asyncio.Task[Any]:
        task = asyncio.Task(coroutine, loop=loop, **more)
        if (process := inside.get()) is not None:
            process.tasks.append(task)
        return task

    world.loop.set_task_factory(in_process)
    try:
        with patch.object(telemetry, "log", _Log(world)):
            yield
    finally:
        world.loop.close()


def run(seed: int, without: Mechanism | None = None, crash_at: int | None = None, tracing: bool = False) -> Result:
    """Plays the history of a seed. `without` switches one of the shell's safeguards off; `crash_at` plays it without
    any fault but the death of a process at that await (0: none)."""
    world = World(seed, without, crash_at, tracing)
    with _running(world):
        world.loop.run_until_complete(History(world).run())
    return Result(tuple(world.faults), tuple(world.trace or ()), world.gates, frozenset(world.crashed_at))
