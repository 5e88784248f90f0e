"""A backlog: a service that was away finds thousands of messages, takes the urgent ones first, and bounded memory."""

import asyncio
import re
from pathlib import Path

from shared.contracts.envelope import LANES
from shared.topology import lane_queue
from tests.faults.load import Load, Receipt
from tests.faults.spine import STARTED, Spine
from tests.faults.storm import settle
from tests.support.processes import ServiceProcess
from tests.support.room import until

BACKLOG, AT_ONCE = 1000, 20
GROWTH_KB = 150_000  # what a service may need more than at rest, with all lanes full


async def test_a_backlog_drains_in_bounded_memory_and_what_is_urgent_overtakes_it(spine: Spine, load: Load) -> None:
    service = spine.services["verification"]
    at_rest = peak_kb(service)
    await service.kill()
    left = iter(range(BACKLOG))

    async def reporter() -> None:
        for _ in left:
            await load.ask()

    await asyncio.gather(*(reporter() for _ in range(AT_ONCE)))
    assert load.acknowledged == BACKLOG
    await load.command("urgent")
    await load.command()
    last = await until(lambda: receipt_of_command(load), "the channel has its receipts", 60)
    await until(lambda: waiting(spine, BACKLOG + 2), "all of it waits in the queues", 60)
    await service.start()
    await service.ready(STARTED)
    await until(
        lambda: spine.cases("verification").count_documents({"case.lane": "urgent"}),
        "the urgent report is verified",
        60,
    )
    assert await spine.cases("verification").find_one({"_id": last.id}) is None, "what is not urgent overtakes too"
    behind = BACKLOG + 2 - await spine.cases("verification").count_documents({})
    assert behind > BACKLOG / 2, f"{BACKLOG + 1 - behind} normal reports were before it"
    assert await settle(spine, load, 300) == []
    assert peak_kb(service) < at_rest + GROWTH_KB


async def receipt_of_command(load: Load) -> Receipt | None:
    """The receipt of the channel's last command, which was a normal one."""
    await load.read_replies()
    return load.receipts.get(f"command-{load.seed}-{load.commands}")


async def waiting(spine: Spine, count: int) -> bool:
    queues = await spine.queues()
    return sum(queues[lane_queue("verification", lane)] for lane in LANES) == count


def peak_kb(service: ServiceProcess) -> int:
    """The most memory that the process has had in its life."""
    assert service._process is not None
    status = Path(f"/proc/{service._process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found, status
    return int(found[1])
