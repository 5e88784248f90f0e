"""Records made anew from the audit stream are those that the service had."""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest_asyncio
from pydantic import TypeAdapter
from uuid6 import uuid7

from services.evaluation.domain import Record, month_of
from services.evaluation.rebuild import rebuild
from services.evaluation.settings import EvaluationSettings
from shared.contracts.envelope import Envelope
from shared.contracts.intake import CallLogged
from shared.mongo import Mongo
from tests.services.evaluation.samples import (
    MONTH,
    ZONE,
    investigated,
    mediated,
    reclassified,
    recorded,
    said,
)
from tests.services.evaluation.telling import Headers, answers, closed, got, stored, tell
from tests.support.processes import ROOT
from tests.support.room import Running, until

NOW = month_of(datetime.now(UTC), ZONE)
FIGURES = (f"/indicators?month={MONTH}", f"/indicators?month={NOW}", f"/surveys?month={NOW}")


@pytest_asyncio.fixture(loop_scope="module")
async def mongo(settings: EvaluationSettings) -> AsyncIterator[Mongo]:
    url, name = settings.mongo_url.get_secret_value(), f"{settings.mongo_prefix}evaluation"
    opened = Mongo(url, name, settings.mongo_driver, "rebuild test")
    yield opened
    await opened.close()


def histories(seed: int, count: int) -> dict[str, list[Envelope[Any]]]:
    """Complaints of several kinds, by their ids."""
    chance, found = random.Random(seed), {}
    for _ in range(count):
        subject = str(uuid7())
        whole = chance.choice((investigated, mediated))(subject)
        whole.append(said(reclassified("reopened"), 200, subject=subject))
        found[subject] = whole[: chance.randint(1, len(whole))]
    return found


async def cases(evaluation: Running, ids: Any) -> dict[str, Any]:
    return {id_: await stored(evaluation, id_) for id_ in ids}


async def test_the_rebuilt_records_are_the_live_ones(
    evaluation: Running, settings: EvaluationSettings, mongo: Mongo, evaluator: Headers
) -> None:
    told = histories(1, 12)
    messages = [message for history in told.values() for message in history]
    random.Random(2).shuffle(messages)
    await tell(evaluation, messages)
    call = said(CallLogged(kind="prank", operator="operator-1"), subject=str(uuid7()))
    await tell(evaluation, [call])
    reporter = await closed(evaluation)
    assert (await answers(evaluation, reporter.code)).status_code == 201
    ids = [*told, call.subject, reporter.complaint]
    before = await cases(evaluation, ids)
    await rebuild(settings, mongo)  # what earlier tests told stands in the stream, too
    figures = [await got(evaluation, path, evaluator) for path in FIGURES]
    assert before[next(iter(told))] == recorded(next(iter(told.values())))
    # Something went wrong with what is stored.
    await mongo["records"].update_one({"_id": next(iter(told))}, {"$set": {"case.facts": [], "case.months": []}})
    await mongo["records"].delete_one({"_id": call.subject})
    done = await rebuild(settings, mongo)
    assert done.read >= len(messages) + 1
    assert await cases(evaluation, ids) == before
    assert [await got(evaluation, path, evaluator) for path in FIGURES] == figures
    indexes = await mongo["records"].index_information()
    assert {"month_versions", "lookup"} <= indexes.keys()
    again = await answers(evaluation, reporter.code)
    assert again.json()["type"] == "urn:aduan:problem:already_answered", "what people said is kept"
    assert [name for name in await mongo.database.list_collection_names() if name.startswith("records_")] == []
    assert await got(evaluation, f"/complaints/{reporter.complaint}", evaluator)


async def test_what_the_stream_no_longer_tells_is_kept_and_joined_with_what_it_tells(
    evaluation: Running, settings: EvaluationSettings, mongo: Mongo
) -> None:
    forgotten, half = investigated(str(uuid7())), investigated(str(uuid7()))
    whole = {messages[0].subject: recorded(messages) for messages in (forgotten, half)}
    codec = TypeAdapter(Record)
    for id_, known in ((forgotten[0].subject, forgotten), (half[0].subject, half[:3])):
        state = codec.dump_python(recorded(known))
        document = {"version": 3, "sequence": 3, "polres": settings.polres, "case": state, "seen": [], "outbox": []}
        await mongo["records"].insert_one({"_id": id_, **document})
    await tell(evaluation, half[3:])
    done = await rebuild(settings, mongo)
    assert done.kept >= 2
    assert await cases(evaluation, whole) == whole
    assert (await rebuild(settings, mongo)).kept >= 2, "once more changes nothing"
    assert await cases(evaluation, whole) == whole


async def test_nothing_is_lost_that_is_told_while_the_records_are_rebuilt(
    evaluation: Running, settings: EvaluationSettings, mongo: Mongo
) -> None:
    told = histories(3, 40)
    messages = [message for history in told.values() for message in history]
    random.Random(4).shuffle(messages)
    expected = {id_: recorded(history) for id_, history in told.items()}
    telling = asyncio.create_task(tell(evaluation, messages))
    rounds = 0
    while not telling.done() or rounds < 2:
        await rebuild(settings, mongo)
        rounds += 1
    await telling

    async def all_there() -> bool:
        return await cases(evaluation, expected) == expected

    await until(all_there, "every record is whole")


async def test_one_command_rebuilds(evaluation: Running, real_servers: Any, settings: EvaluationSettings) -> None:
    messages = investigated(str(uuid7()))
    await tell(evaluation, messages)
    command = [sys.executable, "-m", "services.evaluation.rebuild"]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, env=os.environ.copy(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "events read" in done.stdout
    assert await stored(evaluation, messages[0].subject) == recorded(messages)
    wrong = await asyncio.to_thread(subprocess.run, [*command, "--now"], cwd=ROOT, capture_output=True, check=False)
    assert wrong.returncode != 0
