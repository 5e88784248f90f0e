"""A full disk below the database: whoever is given a receipt has a report that is kept, and the others are told."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.servers import LocalServers
from tests.faults.load import Load
from tests.faults.spine import Spine, in_thread, standing
from tests.faults.storm import settle
from tests.support.room import until

SIZE = "700m"  # a mongod keeps 300 MB ready for its journal


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", folder], capture_output=True, text=True, check=False
    )
    assert mounted.returncode == 0, f"this test fills a small disk, which only root may mount: {mounted.stderr}"
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture(scope="module")
async def spine(tmp_path_factory: pytest.TempPathFactory, disk: Path) -> AsyncIterator[Spine]:
    folder = tmp_path_factory.mktemp("spine")
    (folder / "servers").mkdir()
    (folder / "servers" / "mongodb").symlink_to(disk)
    async with standing(folder, LocalServers(folder / "servers")) as started:
        yield started


async def test_a_full_disk_of_the_database_gives_no_receipt_for_what_is_not_kept(
    spine: Spine, load: Load, disk: Path
) -> None:
    await load.ask_many(10)
    assert await settle(spine, load) == []
    ballast = disk / "ballast"
    await in_thread(lambda: fill(ballast))
    over = asyncio.Event()
    loading = asyncio.create_task(load.run(over, rate=5))
    try:
        # What is written so far can no longer be brought from the journal to the data files.
        await in_thread(lambda: checkpoint(spine.local.mongodb.port))
        await until(lambda: load.setbacks["503"] >= 5, "reporters are told that there is no room", 120)
        given = load.acknowledged
        await asyncio.sleep(3)
        assert load.acknowledged == given, "a receipt although nothing can be kept"
    finally:
        ballast.unlink()
        await in_thread(spine.local.mongodb.kill)
        await in_thread(spine.local.mongodb.start)
        over.set()
        await loading
    await spine.ready()
    assert await settle(spine, load) == []


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(65536))
        except OSError:
            os.fsync(ballast.fileno())


def checkpoint(port: int) -> None:
    client: MongoClient[dict[str, object]] = MongoClient(
        "127.0.0.1", port, directConnection=True, socketTimeoutMS=20_000
    )
    try:
        client.admin.command("fsync")
    except PyMongoError:
        pass  # it ends over it, as it ought to
    finally:
        client.close()
