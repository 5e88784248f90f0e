"""Groups: messages that arrive within a moment of each other, taken through commit and publishing together."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from shared import telemetry
from shared.contracts.envelope import Command
from shared.contracts.refusals import Unavailable
from shared.operation import Operation, Outcome, Waiting

GROUP = 100  # messages committed together at most
SMALL = 10  # and at least, if there are so many
TURN = 0.05  # seconds that a group may take; the other lane shares the loop with it, and would wait longer
WAIT = 0.002  # seconds that the first of a group waits for others
CALM = 0.4  # seconds without anything in the lane ahead until it counts as at rest: its journey goes on elsewhere
WAY = 1.0  # seconds that a group gives way to that lane at most, so that no flood there stops this one
LOOK = 0.01  # seconds between two looks at it
PUBLISHING = 8  # groups whose events may be under way to the broker while the next group is decided

Step = Callable[[list[Waiting]], Awaitable[None]]


class Groups:
    """Collects messages into groups, and keeps one group at a time between reading and writing.

    A group does not begin while anything is under way in the lane `ahead`, or was a moment ago: the next steps are
    taken by other processes, which share the machine with this one.
    """

    def __init__(self, name: str, commit: Step, publish: Step, ahead: "Groups | None" = None) -> None:
        self._name = name
        self._commit = commit
        self._publish = publish
        self._ahead = ahead
        self._under_way = 0
        self._rested = -CALM
        self._waiting: deque[Waiting] = deque()
        self._arrived = asyncio.Event()
        self._slots = asyncio.Semaphore(PUBLISHING)
        self._publishing: set[asyncio.Task[None]] = set()
        self._worker: asyncio.Task[None] | None = None
        self._closing = False
        self._most = GROUP

    async def submit(self, operation: Operation) -> Outcome:
        if self._closing:
            raise Unavailable("stopping", "The service is stopping; ask again.")
        loop = asyncio.get_running_loop()
        # The group is decided in a task of its own, which no longer knows the span that waits.
        waiting = Waiting(operation, loop.create_future(), loop.time(), traceparent=telemetry.current_traceparent())
        self._waiting.append(waiting)
        self._arrived.set()
        self._under_way += 1
        try:
            return await waiting.future
        finally:
            self._under_way -= 1
            self._rested = loop.time()

    def start(self) -> None:
        self._worker = asyncio.create_task(self._work())

    async def drain(self) -> None:
        self._closing = True
        self._arrived.set()
        if self._worker:
            await self._worker
        while self._publishing:
            await asyncio.wait(self._publishing)

    async def _work(self) -> None:
        while not (self._closing and not self._waiting):
            if not self._waiting:
                self._arrived.clear()
                if not self._closing:
                    await self._arrived.wait()
                continue
            if len(self._waiting) < self._most:
                await asyncio.sleep(WAIT)
            await self._give_way()
            group = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            await self._slots.acquire()
            began = asyncio.get_running_loop().time()
            try:
                await self._commit(group)
            except Exception as error:
                for waiting in group:
                    waiting.result = waiting.result or error
            self._fit(len(group), asyncio.get_running_loop().time() - began)
            telemetry.observe_group(self._name, len(group), group[0].arrived)
            task = asyncio.create_task(self._finish(group))
            self._publishing.add(task)
            task.add_done_callback(self._publishing.discard)

    async def _give_way(self) -> None:
        for _ in range(round(WAY / LOOK)):
            if not (self._ahead and self._ahead._stirs(asyncio.get_running_loop().time())):
                return
            await asyncio.sleep(LOOK)

    def _stirs(self, now: float) -> bool:
        return self._under_way > 0 or now < self._rested + CALM

    def _fit(self, size: int, seconds: float) -> None:
        """Makes the next groups as large as fits into a turn, going by how long this one took."""
        if size == self._most or seconds > TURN:
            self._most = min(GROUP, max(SMALL, round(size * TURN / max(seconds, TURN / GROUP))))

    async def _finish(self, group: list[Waiting]) -> None:
        # A person's answer is true as soon as the write is durable; a message is acknowledged only when its events are
        # out, so that a crash in between brings it back and they are published then.
        for waiting in group:
            if isinstance(waiting.operation.message, Command):
                waiting.settle()
        try:
            await self._publish([w for w in group if isinstance(w.result, Outcome)])
        except Exception as error:
            telemetry.log.warning("publish_failed", store=self._name, error=type(error).__name__)
        finally:
            self._slots.release()
            for waiting in group:
                waiting.settle()
