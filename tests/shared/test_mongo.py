"""The driver seam: what differs between the drivers behaves alike, and writes last."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import pytest_asyncio
from gridfs.errors import FileExists, NoFile
from pymongo.errors import ConnectionFailure, PyMongoError, ServerSelectionTimeoutError

from shared.mongo import Mongo
from shared.settings import Settings
from tests.shared.proxy import far_database
from tests.support.servers import Servers


@pytest_asyncio.fixture(loop_scope="module")
async def mongo(fresh: Settings) -> AsyncIterator[Mongo]:
    it = Mongo(fresh.mongo_url.get_secret_value(), f"{fresh.mongo_prefix}files", fresh.mongo_driver, "tests")
    yield it
    await it.close()


async def whole(mongo: Mongo, file_id: str) -> bytes:
    return b"".join([chunk async for chunk in mongo.files("evidence").get(file_id)])


@pytest.mark.parametrize("size", [0, 1, 255 * 1024, 255 * 1024 + 1, 3_000_000])
async def test_a_file_comes_back_as_it_was_put(mongo: Mongo, size: int) -> None:
    content = bytes(n % 251 for n in range(251)) * (size // 251 + 1)
    await mongo.files("evidence").put("photo", content[:size])
    assert await whole(mongo, "photo") == content[:size]


async def test_a_file_put_twice_is_stored_once(mongo: Mongo) -> None:
    files = mongo.files("evidence")
    await files.put("photo", b"first")
    with pytest.raises(FileExists):
        await files.put("photo", b"second")
    results = await asyncio.gather(*(files.put("race", b"x" * 300_000) for _ in range(5)), return_exceptions=True)
    assert sum(result is None for result in results) == 1
    assert all(isinstance(result, FileExists) for result in results if result)
    assert await whole(mongo, "photo") == b"first"
    assert await whole(mongo, "race") == b"x" * 300_000
    assert await mongo["evidence.files"].count_documents({}) == 2


async def test_a_file_that_is_not_there_is_an_error_and_not_an_empty_one(mongo: Mongo) -> None:
    with pytest.raises(NoFile):
        await whole(mongo, "none")
    await mongo.files("evidence").put("photo", b"x")
    with pytest.raises(NoFile):
        [chunk async for chunk in mongo.files("another").get("photo")]


async def test_a_deleted_file_is_gone_with_all_its_chunks(mongo: Mongo) -> None:
    files = mongo.files("evidence")
    await files.put("photo", b"x" * 600_000)
    await files.delete("photo")
    with pytest.raises(NoFile):
        await whole(mongo, "photo")
    assert await mongo["evidence.chunks"].count_documents({}) == 0
    with pytest.raises(NoFile):
        await files.delete("photo")


async def test_what_an_upload_that_broke_off_has_left_is_no_file_and_can_be_removed(mongo: Mongo) -> None:
    files = mongo.files("evidence")
    await files.put("photo", b"x" * 600_000)
    await mongo["evidence.files"].delete_one({"_id": "photo"})
    with pytest.raises(NoFile):
        await whole(mongo, "photo")
    with pytest.raises(FileExists):
        await files.put("photo", b"again")
    with pytest.raises(NoFile):
        await files.delete("photo")
    await files.put("photo", b"again")
    assert await whole(mongo, "photo") == b"again"


async def test_a_pipeline_gives_all_its_rows(mongo: Mongo) -> None:
    await mongo["cases"].insert_many([{"_id": n, "even": n % 2 == 0} for n in range(500)])
    count: list[dict[str, Any]] = [{"$group": {"_id": "$even", "count": {"$sum": 1}}}, {"$sort": {"_id": 1}}]
    assert await mongo.aggregate("cases", count) == [{"_id": False, "count": 250}, {"_id": True, "count": 250}]
    assert len(await mongo.aggregate("cases", [])) == 500
    assert await mongo.aggregate("nothing", count) == []
    with pytest.raises(PyMongoError):
        await mongo.aggregate("cases", [{"$nonsense": 1}])


async def test_times_come_back_with_their_zone_to_the_millisecond(mongo: Mongo) -> None:
    jakarta = datetime(2026, 3, 1, 7, 0, 0, 123_456, timezone(timedelta(hours=7)))
    await mongo["cases"].insert_one({"_id": 1, "at": jakarta})
    row = await mongo["cases"].find_one({"_id": 1})
    assert row["at"] == datetime(2026, 3, 1, 0, 0, 0, 123_000, UTC)
    assert row["at"].tzinfo is not None


async def test_writes_wait_for_the_journal_of_a_majority(mongo: Mongo) -> None:
    concern = mongo["cases"].write_concern
    assert (concern.document, concern.acknowledged) == ({"w": "majority", "j": True}, True)
    assert mongo.database.write_concern == concern


async def test_a_database_that_is_away_is_told_within_its_time(fresh: Settings) -> None:
    async with far_database(fresh) as (far, cable):
        it = Mongo(far.mongo_url.get_secret_value(), "unused", far.mongo_driver, "tests")
        await it.ping()
        await cable.cut()
        for expected in (ConnectionFailure, ServerSelectionTimeoutError):
            started = asyncio.get_running_loop().time()
            with pytest.raises(expected):
                await it.ping()
            assert asyncio.get_running_loop().time() - started < 8
        await cable.mend()
        await it.ping()
        await it.close()


async def test_closing_does_not_hold_up_the_loop(fresh: Settings, real_servers: Servers) -> None:
    async with far_database(fresh) as (far, _):
        it = Mongo(far.mongo_url.get_secret_value(), "unused", far.mongo_driver, "tests")
        await it.ping()
        started = asyncio.get_running_loop().time()
        # The link is served by this very loop, so a close that blocks it could not be answered.
        await it.close()
        assert asyncio.get_running_loop().time() - started < 5
