"""Files rest sealed: they come back as they were, and nothing of them can be read without the key that is elsewhere."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from gridfs.errors import NoFile
from pydantic import SecretStr

from shared.files import PART, SealedFiles
from shared.mongo import Mongo
from shared.sealing import Unsealable, Vault
from shared.settings import Settings
from tests.support.room import key

ONE, OTHER = (Vault({f"{PART}.1": SecretStr(key(name))}) for name in ("one", "other"))


@pytest_asyncio.fixture(loop_scope="module")
async def mongo(fresh: Settings) -> AsyncIterator[Mongo]:
    it = Mongo(fresh.mongo_url.get_secret_value(), f"{fresh.mongo_prefix}files", fresh.mongo_driver, "tests")
    yield it
    await it.close()


async def whole(files: SealedFiles, file_id: str) -> bytes:
    return b"".join([chunk async for chunk in files.get(file_id)])


@pytest.mark.parametrize("size", [0, 1, 300_000, 3_000_000])
async def test_a_file_comes_back_as_it_was_put(mongo: Mongo, size: int) -> None:
    files, content = SealedFiles(mongo.files("evidence"), ONE), bytes(n % 251 for n in range(251)) * (size // 251 + 1)
    await files.put("photo", content[:size])
    assert await whole(files, "photo") == content[:size]


async def test_at_rest_nothing_of_it_can_be_read(mongo: Mongo) -> None:
    await SealedFiles(mongo.files("evidence"), ONE).put("photo", b"Canary evidence" * 1000)
    rows = [row for name in ("evidence.files", "evidence.chunks") for row in await mongo[name].find({}).to_list(None)]
    assert rows
    assert "Canary" not in repr(rows)
    with pytest.raises(Unsealable):
        await whole(SealedFiles(mongo.files("evidence"), OTHER), "photo")


async def test_a_file_that_was_changed_or_put_in_the_place_of_another_is_not_given_out(mongo: Mongo) -> None:
    files = SealedFiles(mongo.files("evidence"), ONE)
    for name in ("photo", "other"):
        await files.put(name, name.encode())
    chunk = await mongo["evidence.chunks"].find_one({"files_id": "other"})
    await mongo["evidence.chunks"].update_one({"files_id": "photo"}, {"$set": {"data": chunk["data"]}})
    with pytest.raises(Unsealable):
        await whole(files, "photo")


async def test_a_file_without_its_key_cannot_be_opened_and_one_that_is_deleted_is_gone_with_it(mongo: Mongo) -> None:
    files = SealedFiles(mongo.files("evidence"), ONE)
    await files.put("photo", b"x")
    await mongo["evidence.files"].update_one({"_id": "photo"}, {"$set": {"metadata": {}}})
    with pytest.raises(Unsealable):
        await whole(files, "photo")
    await files.delete("photo")
    with pytest.raises(NoFile):
        await whole(files, "photo")
    assert await mongo["evidence.files"].count_documents({}) == await mongo["evidence.chunks"].count_documents({}) == 0
