"""Key rotation: afterwards the newest key alone opens everything, whatever happened meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import aio_pika
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from shared import rotation
from shared.chains import MOVED, READS
from shared.contracts.catalogue import CONSUMERS
from shared.files import PART, SealedFiles
from shared.mongo import Mongo
from shared.sealing import SEALED, Unsealable, Vault, header_of
from shared.settings import Settings
from tests.shared.lanes import lanes
from tests.support.room import key

PARTS = ("narrative", "identity", PART)
FIRST = {f"{part}.1": SecretStr(key(f"{part} first")) for part in PARTS}
SECOND = {f"{part}.2": SecretStr(key(f"{part} second")) for part in PARTS}
BEFORE, DURING, AFTER = Vault(FIRST), Vault({**FIRST, **SECOND}), Vault(SECOND)


@pytest_asyncio.fixture(loop_scope="module")
async def mongo(fresh: Settings) -> AsyncIterator[Mongo]:
    it = Mongo(fresh.mongo_url.get_secret_value(), f"{fresh.mongo_prefix}rotation", fresh.mongo_driver, "tests")
    yield it
    await it.close()


def story(number: int) -> dict[str, str]:
    return {"text": f"Canary story {number}"}


def case(number: int) -> dict[str, Any]:
    sealed = BEFORE.seal("narrative", f"c{number}", story(number))
    return {
        "_id": f"c{number}", "version": 3, "seen": ["a"], "outbox": [],
        "case": {"plain": "words", "linked": [{"report": {"narrative": sealed}}, {"report": None}], "identity": None},
    }  # fmt: skip


async def test_whatever_rests_under_an_older_key_is_sealed_anew_wherever_it_stands(mongo: Mongo) -> None:
    count = 2 * rotation.PAGE + 7
    await mongo["cases"].insert_many([case(number) for number in range(count)])
    await mongo["uploads"].insert_one({"_id": "u", "note": BEFORE.seal("identity", "u", {"name": "Canary"})})
    await SealedFiles(mongo.files("evidence"), BEFORE).put("photo", b"content")
    done = await rotation.rotate(mongo, DURING)
    assert (done.renewed, done.raced, done.unopened) == (count + 2, 0, 0)
    assert set(await rotation.needed(mongo)) == {f"{part}.2" for part in PARTS}
    rows = await mongo["cases"].find({}).to_list(None)
    for row in rows:
        sealed = row["case"]["linked"][0]["report"].pop("narrative")
        number = int(row["_id"][1:])
        assert AFTER.open("narrative", row["_id"], sealed) == story(number)
        expected = case(number)
        del expected["case"]["linked"][0]["report"]["narrative"]
        assert row == expected, "nothing else has changed, the version included"
    assert [chunk async for chunk in SealedFiles(mongo.files("evidence"), AFTER).get("photo")] == [b"content"]
    assert (await rotation.rotate(mongo, DURING)).renewed == 0, "a second time there is nothing to do"


async def test_what_the_audit_keeps_stays_as_its_hashes_cover_it(mongo: Mongo) -> None:
    entry = {"chain": "reads/c1", "n": 1, "reason": BEFORE.seal("identity", "c1", {"text": "Canary"})}
    for name in (READS, MOVED):
        await mongo[name].insert_one({"_id": name, **entry})
    assert await rotation.rotate(mongo, DURING) == rotation.Rotated()
    for name in (READS, MOVED):
        assert await mongo[name].find_one({}) == {"_id": name, **entry}
    assert not await rotation.needed(mongo)


async def test_a_text_that_is_changed_in_the_same_moment_is_not_lost(mongo: Mongo) -> None:
    await mongo["cases"].insert_many([case(number) for number in range(50)])

    async def rewrite() -> None:
        # A service that has read before the rotation, and writes its own copy after it.
        for number in range(50):
            await mongo["cases"].update_one({"_id": f"c{number}"}, {"$set": {"case": case(number)["case"]}})

    await asyncio.gather(rotation.rotate(mongo, DURING), rewrite())
    await rotation.rotate(mongo, DURING)
    assert set(await rotation.needed(mongo)) == {"narrative.2"}
    row = await mongo["cases"].find_one({"_id": "c7"})
    assert AFTER.open("narrative", "c7", row["case"]["linked"][0]["report"]["narrative"]) == story(7)


async def test_what_a_race_leaves_behind_is_found_by_the_next_pass(
    mongo: Mongo, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mongo["cases"].insert_one(case(1))
    rows, newer = rotation._rows, BEFORE.seal("narrative", "c1", story(2))
    raced: list[Any] = []

    async def rows_read_too_early(mongo: Mongo) -> AsyncIterator[tuple[Any, dict[str, Any]]]:
        async for collection, row in rows(mongo):
            if not raced:
                raced.append(row)
                await collection.update_one({"_id": "c1"}, {"$set": {"case.linked.0.report.narrative": newer}})
            yield collection, row

    monkeypatch.setattr(rotation, "_rows", rows_read_too_early)
    done = await rotation.rotate(mongo, DURING)
    assert (done.renewed, done.raced) == (1, 1)
    row = await mongo["cases"].find_one({"_id": "c1"})
    assert AFTER.open("narrative", "c1", row["case"]["linked"][0]["report"]["narrative"]) == story(2)


async def test_a_text_that_no_key_here_opens_stays_as_it_is_and_is_counted(mongo: Mongo) -> None:
    foreign = Vault({"narrative.1": SecretStr(key("foreign"))}).seal("narrative", "c1", {})
    await mongo["cases"].insert_many([{"_id": "c1", "text": foreign}, case(2)])
    done = await rotation.rotate(mongo, DURING)
    assert (done.renewed, done.unopened) == (1, 1)
    assert (await mongo["cases"].find_one({"_id": "c1"}))["text"] == foreign
    assert (await rotation.needed(mongo))["narrative.1"] == 1, "so its key is not said to be free to go"


async def test_an_older_key_is_needed_by_what_waits_in_an_outbox_or_is_parked(mongo: Mongo, settings: Settings) -> None:
    sealed = BEFORE.seal("narrative", "c1", story(1))
    await mongo["cases"].insert_one({"_id": "c1", "outbox": [{"body": f'{{"data":{{"narrative":"{sealed}"}}}}'}]})
    assert await rotation.needed(mongo) == {"narrative.1": 1}
    url = settings.amqp_url.get_secret_value()
    body = f'{{"a":"{sealed}","b":"{sealed}"}}'
    async with lanes(settings) as broker:
        await broker.channel.default_exchange.publish(aio_pika.Message(body.encode()), "intake.parked")
        assert await rotation.needed_by_parked(url) == {"narrative.1": 2}
        assert await rotation.needed_by_parked(url) == {"narrative.1": 2}, "it is still parked"


def test_the_report_names_each_key_and_what_keeps_the_older_ones(capsys: pytest.CaptureFixture[str]) -> None:
    found = rotation.Needed()
    found.stored["narrative.1"] += 3
    assert rotation._report(DURING, found) == 3
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines.keys() == DURING.kids
    assert lines["narrative.1"].endswith("still needed")
    assert lines["identity.1"].endswith("may go")
    assert lines["identity.2"].endswith("seals")


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_sealed_texts_are_recognised_in_any_surroundings(before: str, content: str) -> None:
    sealed = BEFORE.seal("narrative", "c1", {"text": content})
    assert SEALED.fullmatch(sealed)
    assert [match.group() for match in SEALED.finditer(f'{before.replace("eyJ", "")}"{sealed}"')] == [sealed]
    assert header_of(sealed) == {"kid": "narrative.1", "sub": "c1"}


@given(st.text())
def test_any_other_text_is_told_from_a_sealed_one(text: str) -> None:
    with suppress(Unsealable):
        assert header_of(text).keys() == {"kid", "sub"}


async def test_the_command_goes_through_every_service_and_fails_while_an_older_key_is_needed(
    fresh: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rotation, "Settings", lambda: fresh.model_copy(update={"sealing_keys": {**FIRST, **SECOND}}))
    name = f"{fresh.mongo_prefix}verification"
    mongo = Mongo(fresh.mongo_url.get_secret_value(), name, fresh.mongo_driver, "tests")
    async with lanes(fresh):
        await mongo["verifications"].insert_one(case(1))
        assert await rotation._main("check") == 1
        assert await rotation._main("rotate") == 0
    await mongo.close()
    printed = capsys.readouterr().out
    assert "verification       1 sealed anew, 0 tried again, 0 unopened" in printed
    assert all(service in printed for service in CONSUMERS)
