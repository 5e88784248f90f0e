"""Every query of the desk uses an index."""

from typing import Any

from shared.clock import BATCH
from tests.services.internal_affairs.cases import POLRES
from tests.services.internal_affairs.conftest import Headers, tell
from tests.support.room import Running


def stages(plan: Any) -> set[str]:
    if isinstance(plan, list):
        return {stage for part in plan for stage in stages(part)}
    if not isinstance(plan, dict):
        return set()
    own = {plan["stage"]} if isinstance(plan.get("stage"), str) else set()
    return own | {stage for part in plan.values() for stage in stages(part)}


async def test_no_query_reads_a_whole_collection(internal_affairs: Running, head: Headers) -> None:
    await tell(internal_affairs)
    database = internal_affairs.room.mongo.database
    await database.command({"profile": 2})
    try:
        for path in ("/worklist", "/worklist?overdue=true", "/examiners"):
            assert (await internal_affairs.http.get(path, headers=head)).status_code == 200
        await internal_affairs.room.unit().store.find(
            {"case.due": {"$lte": internal_affairs.room.clock()}}, sort=[("case.due", 1)], limit=BATCH
        )
    finally:
        await database.command({"profile": 0})
    queries = (
        await database["system.profile"].find({"op": "query", "command.find": {"$ne": "system.profile"}}).to_list(None)
    )
    named = {query["command"]["find"] for query in queries}
    assert named == {"cases", "examiners"}
    for query in queries:
        assert "COLLSCAN" not in stages(query["execStats"]), query["command"]["filter"]


async def test_what_never_became_ours_is_forgotten_by_the_database(internal_affairs: Running) -> None:
    indexes = await internal_affairs.room.store().collection.index_information()
    assert indexes["forget"]["expireAfterSeconds"] == 0
    complaint = await tell(internal_affairs)
    row = await internal_affairs.room.store().collection.find_one({"_id": complaint})
    assert row["case"]["forget_at"] is None
    assert row["polres"] == POLRES
