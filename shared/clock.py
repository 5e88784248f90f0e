"""What happens by itself as time goes by: publishing what a crash left behind, and waking cases that are due."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from shared import telemetry
from shared.contracts.envelope import Command, Decision
from shared.operation import Decide, Gather, Operation, name_of
from shared.unit import Publish, Unit, flush

GRACE = timedelta(seconds=2)  # the process that committed an event gets this long to publish it itself
BATCH = 200


async def relay(unit: Unit[Any], publish: Publish, now: datetime) -> int:
    """Publishes events that were committed a while ago and are still not out. Returns how many got out."""
    left = await unit.store.unpublished(now - GRACE, BATCH)
    entries = [(case_id, entry) for case_id, outbox in left for entry in outbox]
    oldest = min((entry.at for _, entry in entries), default=now)
    telemetry.OUTBOX_AGE.labels(unit.store.name).set((now - oldest).total_seconds())
    if not entries:
        return 0
    failed = await flush(unit.store, publish, entries)
    telemetry.log.info("relayed", store=unit.store.name, found=len(entries), failed=failed)
    return len(entries) - failed


async def wake(unit: Unit[Any], decide: Decide, now: datetime, gather: Gather | None = None) -> int:
    """Lets the decision act on every case whose `due` has passed. Several processes may do it; one effect remains."""
    documents = await unit.store.find({"case.due": {"$lte": now}}, sort=[("case.due", 1)], limit=BATCH)
    results = await asyncio.gather(
        *(unit.submit(_tick(document.id, document.case, decide, gather)) for document in documents),
        return_exceptions=True,
    )
    for document, result in zip(documents, results, strict=True):
        if isinstance(result, BaseException):
            telemetry.log.warning("wake_failed", complaint=document.id, error=type(result).__name__)
    return sum(not isinstance(result, BaseException) for result in results)


def _tick(case_id: str, case: Any, decide: Decide, gather: Gather | None) -> Operation:
    # The id holds the due time, so that a case is woken once for it however many processes look.
    due, command = case.due, Command(f"due:{case.due.isoformat()}", case_id, case.polres, None, lane=case.lane)

    def decide_if_due(case: Any, message: Any, now: datetime, *known: Any) -> Decision[Any]:
        # Another message may have moved the time on since it was read.
        return decide(case, message, now, *known) if case.due == due else Decision(case)

    decide_if_due.__name__ = name_of(decide)
    return Operation(command, decide_if_due, case_id, gather)


async def every(seconds: float, step: Callable[[], Awaitable[Any]], name: str) -> None:
    """Takes the step again and again until it is cancelled; one that fails is logged and tried again."""
    while True:
        try:
            await step()
        except Exception as error:
            telemetry.log.warning("step_failed", step=name, error=type(error).__name__)
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            # A step may swallow its cancellation, as pymongo's own client does now and then; it is not asked twice.
            return
        await asyncio.sleep(seconds)
