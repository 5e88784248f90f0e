"""Kills at random under load, then the ledger: `python -m tests.faults.storm --seconds 3600 --seed 1`.

Services die by SIGKILL and are started again at once; now and then the broker or the database does. It ends with one
line of figures, and with 1 where something was lost, doubled, left over or slow to come back.
"""

import argparse
import asyncio
import logging
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local.environments import as_user
from deploy.local.process import NotStarted
from shared import parked
from shared.contracts.catalogue import CONSUMERS
from tests.faults.ledger import Finding, check, gather, waiting
from tests.faults.load import Load
from tests.faults.spine import STARTED, Spine, in_thread, standing
from tests.support.room import key, until

PAUSE = (0.05, 0.8)  # seconds between two kills of services
UNREADY = 0.1  # of the services that are killed have not become ready again since the last time
SERVER_EVERY = 60.0  # seconds between two kills of a server, on average
DATABASE_SECONDS, BROKER_SECONDS = 15.0, 30.0  # from the kill till everything runs again
QUIET_SECONDS = 180.0


@dataclass
class Storm:
    """The seeded killer and what it has done."""

    spine: Spine
    load: Load
    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    recovered: dict[str, list[float]] = field(default_factory=lambda: {"database": [], "broker": []})
    late: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    async def blow(self, seconds: float) -> None:
        """Kills for so long. Each server dies at least once."""
        end = time.monotonic() + seconds
        servers = ["broker", "database"]
        self._chance.shuffle(servers)
        due = [time.monotonic() + seconds * share for share in (0.25, 0.6)]
        while time.monotonic() < end:
            await asyncio.sleep(self._chance.uniform(*PAUSE))
            if servers and time.monotonic() > due[-len(servers)]:
                await self.kill_server(servers.pop(0))
            elif self._chance.random() < sum(PAUSE) / 2 / SERVER_EVERY and seconds > SERVER_EVERY * 2:
                await self.kill_server(self._chance.choice(("broker", "database")))
            else:
                await self.kill_service()
        await self.revive()

    async def kill_service(self) -> None:
        await self.revive()
        name = self._chance.choice(list(self.spine.services))
        if self._chance.random() >= UNREADY:
            await self.spine.services[name].ready(STARTED)
        await self.spine.services[name].kill()
        self.kills[name] += 1
        await self.spine.services[name].start()

    async def revive(self) -> None:
        """Starts again what could not start while a server was away, as any supervisor does."""
        for service in self.spine.services.values():
            if not service.alive:
                await service.start()

    async def kill_server(self, name: str) -> None:
        """Kills a server while every service runs, and sees them run again without anybody's touching them."""
        await self.revive()
        await self.spine.ready()
        server = self.spine.local.rabbitmq if name == "broker" else self.spine.local.mongodb
        allowed = BROKER_SECONDS if name == "broker" else DATABASE_SECONDS
        began = time.monotonic()
        await in_thread(server.kill)
        self.kills[name] += 1
        await in_thread(server.start)
        # A service that ended meanwhile fails this: it must live through it.
        await self.spine.ready()
        await self._first_receipt()
        took = time.monotonic() - began
        self.recovered[name].append(took)
        if took > allowed:
            self.late.append(Finding("left", f"running again only {took:.1f} s after a kill of the {name}"))

    async def _first_receipt(self) -> None:
        given = self.load.acknowledged
        await until(lambda: self.load.acknowledged > given, "a report is taken in again", 60)


async def settle(spine: Spine, load: Load, seconds: float = QUIET_SECONDS) -> list[Finding]:
    """Waits till nothing is under way and gives what is wrong then; after the deadline, what is wrong all the same.

    What was parked on the way is given back once all else is quiet, with the operator's own command.
    """
    deadline = time.monotonic() + seconds
    findings = [Finding("left", "never quiet")]
    while time.monotonic() < deadline:
        queues = waiting(await spine.queues())
        if queues and all(name.endswith(".parked") for name in queues):
            await parked.replay(as_user(spine.local.amqp_url, "replay", key("replay")), list(CONSUMERS))
        if not queues and not await spine.unpublished():
            findings = check(await gather(spine, load))
            if not findings:
                return []
        await asyncio.sleep(2)
    return check(await gather(spine, load))


def figures(storm: Storm, load: Load, findings: list[Finding]) -> str:
    kinds = Counter(finding.kind for finding in findings)
    killed = ", ".join(f"{name} {count}" for name, count in sorted(storm.kills.items()))
    slowest = {name: max(times, default=0.0) for name, times in storm.recovered.items()}
    return (
        f"seed {storm.seed}: {storm.kills.total()} kills ({killed}), {load.acknowledged} acknowledged "
        f"and {load.officers.acknowledged} forms of officers, "
        f"{kinds['lost']} lost, {kinds['doubled']} doubled, {kinds['left']} left, {kinds['spilt']} spilt; "
        f"running again at the latest {slowest['database']:.1f} s after a database kill, "
        f"{slowest['broker']:.1f} s after a broker kill"
    )


async def weather(spine: Spine, load: Load, seconds: float, seed: int, rate: float) -> tuple[Storm, list[Finding]]:
    """A storm under load, and what is wrong once it is over and all is quiet."""
    storm, over = Storm(spine, load, seed), asyncio.Event()
    busy = [asyncio.create_task(load.run(over, rate)), asyncio.create_task(load.officers.run(over))]
    try:
        await storm.blow(seconds)
    finally:
        over.set()
        await asyncio.gather(*busy)
    return storm, [*await settle(spine, load), *storm.late]


async def _main(seconds: float, seed: int, rate: float) -> int:
    # That the broker is away is meant, and each attempt to reach it would say so.
    logging.getLogger("aio_pika").setLevel(logging.CRITICAL)
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _current().cancel)
    sys.stdout.write(f"seed {seed}\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="aduan-storm-", ignore_cleanup_errors=True) as folder:
        async with standing(Path(folder)) as spine:
            load = Load(spine, seed)
            storm, findings = await weather(spine, load, seconds, seed, rate)
            for finding in findings[:50]:
                sys.stdout.write(f"{finding.kind}: {finding.what}\n")
            sys.stdout.write(f"{figures(storm, load, findings)}\n")
            sys.stdout.flush()
    return 1 if findings else 0


def _current() -> "asyncio.Task[object]":
    task = asyncio.current_task()
    assert task is not None
    return task


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--seconds", type=float, default=60)
    given.add_argument("--seed", type=int, default=random.randrange(10**6))
    given.add_argument("--rate", type=float, default=4.0, help="reports in a second")
    asked = given.parse_args()
    try:
        sys.exit(asyncio.run(_main(asked.seconds, asked.seed, asked.rate)))
    except NotStarted as problem:
        sys.exit(str(problem))
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit("interrupted; everything that was started is stopped and its data is gone")


if __name__ == "__main__":
    main()
