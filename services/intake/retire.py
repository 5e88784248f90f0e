"""Erases complaints whose time of retention is over: `python -m services.intake.retire [--execute]`.

Without `--execute` it shows what would go. Each erasure is a command to intake as any other: it is refused where the
complaint has changed meanwhile or is under a legal hold, and other services hear of it by the event.
"""

import argparse
import asyncio
import sys
import tomllib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pymongo import ASCENDING

from services.intake import disposal
from services.intake.case import Complaint
from services.intake.course import End
from services.intake.disposal import Order
from services.intake.disposal_api import earlier_of
from services.intake.main import COMPLAINTS
from services.intake.retention import Retention, counted
from services.intake.settings import IntakeSettings
from shared import telemetry
from shared.bus import Bus
from shared.contracts.envelope import Command
from shared.contracts.refusals import Absent, Conflict
from shared.mongo import Mongo
from shared.operation import Operation
from shared.settings import process_name
from shared.store import Document, Store
from shared.unit import Unit

BATCH = 200


@dataclass(slots=True)
class Retired:
    """What came of it: whose time is over, those of them that are held, and how many went or were refused."""

    over: list[tuple[End, str | None]] = field(default_factory=list)
    held: int = 0
    erased: int = 0
    refused: int = 0


def read_retention(path: Path) -> Retention:
    """Reads the file of the times. Raises pydantic's ValidationError, which names the entry that is wrong."""
    return Retention.model_validate(tomllib.loads(path.read_text("utf-8")))


async def retire(unit: Unit[Complaint], retention: Retention, now: datetime, execute: bool) -> Retired:
    """Goes through all complaints that came in before the shortest time; interrupted, it just begins anew."""
    done = Retired()
    async for documents in _pages(unit.store, now - timedelta(days=365 * retention.shortest)):
        due = []
        for document in documents:
            case = document.case
            end = case.end if case and not case.erasing else None
            if case is None or end is None or retention.over_at(end, case.course.category) > now:
                continue
            if case.held:
                done.held += 1
                continue
            done.over.append((end, case.course.category))
            due.append(_order(unit, document.id, case, end))
        results = await asyncio.gather(*map(unit.submit, due), return_exceptions=True) if execute else ()
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, (Conflict, Absent)):
                raise result
            done.refused += isinstance(result, BaseException)
            done.erased += not isinstance(result, BaseException)
    return done


async def _pages(store: Store[Complaint], before: datetime) -> AsyncIterator[list[Document[Complaint]]]:
    # Ids begin with the time at which the complaint came in, so that no index beside theirs is needed.
    bound = f"{int(before.timestamp() * 1000):012x}"
    last, most = "", f"{bound[:8]}-{bound[8:]}"
    while True:
        query = {"_id": {"$gt": last, "$lt": most}}
        rows = await store.collection.find(query, {"_id": 1}).sort([("_id", ASCENDING)]).limit(BATCH).to_list(BATCH)
        if not rows:
            return
        last = rows[-1]["_id"]
        yield await store.find({"_id": {"$in": [row["_id"] for row in rows]}}, limit=BATCH)


def _order(unit: Unit[Complaint], complaint: str, case: Complaint, end: End) -> Operation:
    order = Order("retention", case.report.register_number, end)
    message = Command(f"retention:{end.at.isoformat()}", complaint, case.polres, order, lane=case.lane)
    return Operation(message, disposal.erase, complaint, earlier_of(unit.store))


async def main(execute: bool) -> None:
    settings = IntakeSettings()
    retention = read_retention(settings.retention_file)
    if execute and not retention.decided_by.strip():
        sys.exit(f"{settings.retention_file}: `decided_by` is empty, so nobody has decided on these times yet.")
    telemetry.configure("intake", settings.log_level, settings.otlp_endpoint)
    url, database = settings.mongo_url.get_secret_value(), f"{settings.mongo_prefix}intake"
    mongo = Mongo(url, database, settings.mongo_driver, process_name("intake retention"))
    bus = Bus(settings.amqp_url.get_secret_value(), "intake retention")
    store: Store[Complaint] = Store(mongo, "complaints", Complaint, COMPLAINTS.indexes)
    unit = Unit("intake", store, bus.publish, lambda: datetime.now(UTC))
    try:
        await bus.start()
        unit.start()
        done = await retire(unit, retention, datetime.now(UTC), execute)
        await unit.drain()
    finally:
        await bus.stop()
        await mongo.close()
    for line in counted(done.over):
        print(f"{line.category:28} {line.outcome:32} {line.count:8}")
    went = f"{done.erased} erased, {done.refused} refused" if execute else "nothing erased (--execute does)"
    print(f"{len(done.over)} over their time, {done.held} more under a legal hold; {went}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m services.intake.retire")
    parser.add_argument("--execute", action="store_true", help="erase them")
    asyncio.run(main(parser.parse_args().execute))
