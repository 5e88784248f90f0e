"""What happens as time goes by: cases are woken once for what was due, whoever looks and whatever was restarted."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from structlog.typing import EventDict

from shared.clock import BATCH, every, wake
from shared.contracts.envelope import Decision
from shared.contracts.investigation import PatrolArrived
from shared.contracts.refusals import Conflict
from shared.operation import Message
from shared.service import Cases, Service, create_app
from shared.settings import Settings
from tests.shared.tally import DUE, SERVICE, Process, Spy, Tally, asking, command, new_id, note, process
from tests.support.room import running, until

NOON = datetime(2026, 3, 1, 12, 0, 0, 123_000, UTC)
HOUR = timedelta(hours=1)


def at(due: datetime | None) -> Any:
    """A decision that sets when the case is due."""

    def decide(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
        return Decision(replace(case or Tally(message.polres), due=due))

    return decide


def remind(case: Tally, message: Message, now: datetime) -> Decision[Tally]:
    """Writes down when it was woken, and wants to be woken again in an hour, three times in all."""
    notes = (*case.notes, now.isoformat())
    due = case.due + HOUR if case.due and len(notes) < 3 else None
    return Decision(replace(case, notes=notes, due=due), (PatrolArrived(patrol="due", seconds=len(notes)),))


async def due_case(it: Process, due: datetime | None) -> str:
    case_id = new_id()
    await it.unit.submit(asking(command("set", case_id), at(due)))
    return case_id


async def test_a_case_is_woken_once_for_each_time_it_is_due(fresh: Settings) -> None:
    async with process(fresh) as it:
        case_id, never = await due_case(it, NOON), await due_case(it, None)
        assert await wake(it.unit, remind, NOON - timedelta(milliseconds=1)) == 0
        assert await wake(it.unit, remind, NOON) == 1
        assert await wake(it.unit, remind, NOON) == 0
        assert await wake(it.unit, remind, NOON + 10 * HOUR) == 1
        assert await wake(it.unit, remind, NOON + 10 * HOUR) == 1
        assert await wake(it.unit, remind, NOON + 10 * HOUR) == 0
        case = (await it.case(case_id)).case
        assert (len(case.notes), case.due) == (3, None)
        assert (await it.case(never)).case.notes == ()


async def test_a_decision_that_leaves_a_case_due_is_not_taken_again_and_again(fresh: Settings) -> None:
    async with process(fresh) as it:
        case_id = await due_case(it, NOON)
        for _ in range(3):
            await wake(it.unit, note, NOON)
        assert (await it.case(case_id)).case.notes == ("None",)


async def test_two_processes_wake_a_case_once(fresh: Settings, spy: Spy) -> None:
    async with process(fresh) as one, process(fresh) as other:
        cases = [await due_case(one, NOON) for _ in range(40)]
        await asyncio.gather(*(wake(it.unit, remind, NOON) for it in (one, other, one, other)))
        for case_id in cases:
            assert len((await one.case(case_id)).case.notes) == 1
            await until(partial(spy.of, case_id), "its event")
        assert all(len({envelope.id for envelope in spy.of(case_id)}) == 1 for case_id in cases)


async def test_what_was_due_while_nothing_ran_is_done_after_the_restart(fresh: Settings) -> None:
    async with process(fresh) as before:
        case_id = await due_case(before, NOON)
    async with process(fresh) as after:
        assert await wake(after.unit, remind, NOON + 5 * HOUR) == 1
        assert (await after.case(case_id)).case.due == NOON + HOUR


async def test_a_case_whose_time_was_moved_meanwhile_is_left_alone(fresh: Settings) -> None:
    async with process(fresh, started=False) as it, process(fresh) as other:
        case_id = await due_case(other, NOON)
        waking = asyncio.create_task(wake(it.unit, remind, NOON))
        await until(lambda: it.unit._lanes["normal"]._waiting, "it was found to be due")
        await other.unit.submit(asking(command("postponed", case_id), at(NOON + HOUR)))
        it.unit.start()
        await waking
        case = (await other.case(case_id)).case
        assert (case.notes, case.due) == ((), NOON + HOUR)


async def test_a_case_that_cannot_be_woken_keeps_no_other_from_it(fresh: Settings, lines: list[EventDict]) -> None:
    def choosy(case: Tally, message: Message, now: datetime) -> Decision[Tally]:
        if case.number:
            raise Conflict("Budi", "not this one")
        return remind(case, message, now)

    async with process(fresh) as it:
        good, bad, broken = [await due_case(it, NOON) for _ in range(3)]
        await it.unit.store.collection.update_one({"_id": bad}, {"$set": {"case.number": "7"}})
        await it.unit.store.collection.update_one({"_id": broken}, {"$set": {"case.notes": "none"}})
        assert await wake(it.unit, choosy, NOON) == 1
        assert len((await it.case(good)).case.notes) == 1
        assert {(line["event"], line["complaint"]) for line in lines} == {("wake_failed", bad), ("unreadable", broken)}
        assert "Budi" not in str(lines)


async def test_a_timers_decision_may_ask_a_gather_step_and_keeps_its_lane(fresh: Settings) -> None:
    asked: list[str] = []

    async def step(messages: Sequence[tuple[Any, Tally]]) -> list[str]:
        asked.extend(message.lane for message, _ in messages)
        return ["known" for _ in messages]

    def decide(case: Tally, message: Message, now: datetime, known: str) -> Decision[Tally]:
        return Decision(replace(case, notes=(known,), due=None))

    async with process(fresh) as it:
        case_id = await due_case(it, NOON)
        await it.unit.store.collection.update_one({"_id": case_id}, {"$set": {"case.lane": "urgent"}})
        assert await wake(it.unit, decide, NOON, step) == 1
        assert (await it.case(case_id)).case.notes == ("known",)
    assert asked == ["urgent"]


async def test_more_than_a_batch_is_woken_step_by_step_the_longest_due_first(fresh: Settings) -> None:
    async with process(fresh) as it:
        rows = [
            {"_id": new_id(), "version": 1, "sequence": 1, "polres": "p", "seen": [], "outbox": []}
            | {"case": {"polres": "p", "due": NOON + timedelta(seconds=n)}}
            for n in range(BATCH + 5)
        ]
        await it.unit.store.collection.insert_many(reversed(rows))
        last = NOON + timedelta(seconds=BATCH + 5)
        assert await wake(it.unit, at(None), last) == BATCH
        left = await it.unit.store.find({"case.due": {"$ne": None}})
        assert {document.id for document in left} == {row["_id"] for row in rows[-5:]}
        assert await wake(it.unit, at(None), last) == 5


async def test_a_step_that_fails_is_logged_and_taken_again(lines: list[EventDict]) -> None:
    taken = 0

    async def step() -> None:
        nonlocal taken
        taken += 1
        if taken < 3:
            raise ValueError("Budi")

    task = asyncio.create_task(every(0.001, step, "tried"))
    await until(lambda: taken >= 4, "it went on")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [(line["event"], line["step"], line["error"]) for line in lines] == [
        ("step_failed", "tried", "ValueError")
    ] * 2


async def test_a_service_wakes_relays_and_takes_its_own_steps_by_itself(fresh: Settings, spy: Spy) -> None:
    steps: list[str] = []

    async def step(room: Any) -> None:
        steps.append(room.name)

    cases = {"tallies": Cases(Tally, (DUE,), on_due=remind)}
    service = Service(SERVICE, fresh, cases, steps={"own": step})
    async with running(create_app(service), fresh, SERVICE) as it:
        case_id = new_id()
        await it.room.unit().submit(asking(command("set", case_id), at(datetime.now(UTC) - 5 * HOUR)))
        await until(lambda: len(spy.of(case_id)) == 3, "it was woken three times")
        await until(lambda: len(steps) >= 2, "its own step is taken again and again")
    assert set(steps) == {SERVICE}
