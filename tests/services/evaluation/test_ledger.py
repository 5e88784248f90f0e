"""What a process has added up is what is stored: after every change, for everybody who looks."""

import asyncio
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from uuid6 import uuid7

from services.evaluation import views
from services.evaluation.domain import month_of
from services.evaluation.entry import Entry
from services.evaluation.ledger import Ledger
from services.evaluation.queries import RECORDS
from shared.contracts.envelope import Person
from shared.contracts.internal_affairs import ConductConflictFound
from tests.services.evaluation.samples import (
    MONTH,
    POLRES,
    TARGETS,
    ZONE,
    concluded,
    investigated,
    mediated,
    reclassified,
    said,
    submitted,
)
from tests.services.evaluation.telling import Reporter, answers, closed, objects, tell
from tests.support.room import Running, until

NOW = month_of(datetime.now(UTC), ZONE)
CHIEF = Person("chief-1", frozenset(("chief",)), frozenset((POLRES,)))
NAMED = Person("chief-9", frozenset(("chief",)), frozenset((POLRES,)))
VILLAGE = "99.01.04.2001"


async def shown(ledger: Ledger, evaluation: Running, person: Person | None) -> Any:
    months = await ledger.months(evaluation.room, [MONTH, NOW], person)
    figures = [(views.indicators(month, TARGETS), views.surveys(month)) for month in months]
    return figures, await ledger.open_now(evaluation.room, person) if person else {}


async def as_if_new(evaluation: Running) -> None:
    """The service shows what a process would that has just begun."""
    kept: Ledger = evaluation.app.state.ledger
    for person in (None, CHIEF, NAMED):
        assert await shown(kept, evaluation, person) == await shown(Ledger(TARGETS, ZONE), evaluation, person)


async def test_what_is_added_up_is_what_is_stored_after_every_event(evaluation: Running) -> None:
    chance, messages = random.Random(7), []
    for conflicts in ((), (), ("chief-9",), ()):
        subject = str(uuid7())
        whole = mediated(subject) if chance.random() < 0.5 else investigated(subject, conflicts=conflicts)
        messages += [*whole, said(reclassified("reopened"), 200, subject=subject)]
    chance.shuffle(messages)
    while messages:
        await tell(evaluation, [messages.pop() for _ in range(min(len(messages), 3))])
        await as_if_new(evaluation)


async def test_what_reporters_say_is_added_and_comments_are_not_kept(evaluation: Running) -> None:
    first, second = await closed(evaluation), await closed(evaluation, village=VILLAGE)
    await answers(evaluation, first.code, *[4] * 9, comment="Cepat.")
    await as_if_new(evaluation)
    await objects(evaluation, first.code)
    await answers(evaluation, second.code)
    await as_if_new(evaluation)
    ledger: Ledger = evaluation.app.state.ledger
    assert "Cepat" not in repr(await ledger.month(evaluation.room, NOW, CHIEF))


async def test_whoever_is_named_afterwards_no_longer_sees_what_was_answered_in_another_month(
    evaluation: Running,
) -> None:
    village = "99.01.04.2002"
    reporter = await closed(evaluation, village=village)
    await answers(evaluation, reporter.code)
    ledger: Ledger = evaluation.app.state.ledger

    async def villages(person: Person | None) -> list[Any]:
        months = await ledger.months(evaluation.room, [MONTH, NOW], person)
        return [village in month.by["village"] for month in months]

    for person in (None, CHIEF, NAMED):
        assert await villages(person) == [True, True]
    await tell(evaluation, [said(ConductConflictFound(names=("chief-9",)), 900, subject=reporter.complaint)])
    assert await villages(NAMED) == [False, False]
    assert await villages(None) == [False, False]
    assert await villages(CHIEF) == [True, True]
    await as_if_new(evaluation)


async def test_that_one_is_closed_and_another_comes_is_noticed(evaluation: Running) -> None:
    first, second = Reporter().complaint, Reporter().complaint
    ledger: Ledger = evaluation.app.state.ledger

    async def open_ones() -> dict[str, Entry]:
        found = await ledger.open_now(evaluation.room, CHIEF)
        return {id_: entry for id_, entry in found.items() if id_ in (first, second)}

    *begun, end = investigated(first)
    await tell(evaluation, begun)
    assert list(await open_ones()) == [first]
    version = (await evaluation.room.store(RECORDS).load([first]))[first].version
    # The one that comes is heard of as often as the one that goes was before.
    comes = said(submitted(received=begun[1].time), 3, subject=second)
    more = [said(concluded("withdrawn"), 4 + n, subject=second) for n in range(version - 1)]
    await tell(evaluation, [comes, *more, end])

    async def all_heard() -> bool:
        found = await evaluation.room.store(RECORDS).load([first, second])
        return [found[id_].version for id_ in (first, second)] == [version + 1, version]

    await until(all_heard, "both are heard of")
    assert list(await open_ones()) == [second]


async def test_what_anybody_asks_for_takes_the_place_of_nothing_that_officers_look_at(
    evaluation: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed(evaluation)
    kept, database = Ledger(TARGETS, ZONE), evaluation.room.mongo.database
    monkeypatch.setattr("services.evaluation.ledger._MONTHS_KEPT", 1)
    await kept.month(evaluation.room, MONTH, CHIEF)
    for month in ("2024-01", "2024-02"):
        await kept.month(evaluation.room, month)
    await database["system.profile"].drop()
    await database.command({"profile": 2})
    try:
        await kept.month(evaluation.room, MONTH, CHIEF)
    finally:
        await database.command({"profile": 0})
    assert await database["system.profile"].count_documents({"command.aggregate": RECORDS})
    assert not await database["system.profile"].count_documents({"command.find": RECORDS}), "nothing is read anew"


async def test_of_what_nobody_wrote_not_one_document_is_read(evaluation: Running) -> None:
    await closed(evaluation)
    ledger, database = evaluation.app.state.ledger, evaluation.room.mongo.database
    await shown(ledger, evaluation, CHIEF)
    await database["system.profile"].drop()
    await database.command({"profile": 2})
    try:
        await shown(ledger, evaluation, CHIEF)
    finally:
        await database.command({"profile": 0})
    looks = await database["system.profile"].find({"command.aggregate": {"$in": [RECORDS, "feedback"]}}).to_list(None)
    assert len(looks) >= 7
    assert {look["docsExamined"] for look in looks if "_id" not in str(look["command"]["pipeline"][0])} == {0}


async def test_many_who_look_at_once_are_shown_the_same(evaluation: Running) -> None:
    await closed(evaluation)
    fresh = Ledger(TARGETS, ZONE)
    found = await asyncio.gather(*(shown(fresh, evaluation, CHIEF) for _ in range(5)))
    assert all(each == found[0] for each in found)


async def test_months_that_nobody_asks_for_are_let_go_and_come_back(
    evaluation: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed(evaluation)
    kept = Ledger(TARGETS, ZONE)
    before = await shown(kept, evaluation, CHIEF)
    monkeypatch.setattr("services.evaluation.ledger._MONTHS_KEPT", 1)
    await kept.month(evaluation.room, "2024-01", CHIEF)
    assert await shown(kept, evaluation, CHIEF) == before
