"""A case that was erased: a tombstone is left, and neither commands nor events find more."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.envelope import Envelope
from shared.contracts.intake import ComplaintErased
from shared.contracts.refusals import Absent
from shared.erasure import erase
from shared.operation import Outcome
from shared.settings import Settings
from tests.shared.tally import Spy, asking, command, event, new_id, note, process
from tests.support.room import until

AT = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)


def erasure(case_id: str, event_id: str | None = None) -> Envelope[Any]:
    data = ComplaintErased(reason="request", register_number="LP/B/000001", officer="chief-1")
    return event("", case_id, event_id).model_copy(update={"type": data.wire, "data": data, "time": AT})


async def test_the_whole_case_becomes_a_tombstone(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings) as it:
        await it.unit.submit(asking(command("Budi Santoso", case_id)))
        await it.unit.submit(asking(erasure(case_id), erase))
        row = await it.row(case_id)
        assert row["case"] == {
            "polres": "polres-sukamaju", "lane": "normal", "erased_at": AT, "reason": "request",
            "register_number": "LP/B/000001", "officer": "chief-1",
        }  # fmt: skip
        assert "Budi" not in repr(row["case"])
        kept = await it.case(case_id)
        assert (kept.case, kept.erased.register_number, kept.version) == (None, "LP/B/000001", 2)


async def test_whoever_asks_for_an_erased_case_is_told_that_there_is_none(settings: Settings) -> None:
    case_id, repeated = new_id(), f"test:{uuid4()}"
    async with process(settings) as it:
        await it.unit.submit(asking(command("before", case_id, repeated)))
        await it.unit.submit(asking(erasure(case_id), erase))
        for message in (command("after", case_id), command("before", case_id, repeated)):
            with pytest.raises(Absent):
                await it.unit.submit(asking(message))
        assert await it.unit.store.find({"_id": case_id}) == []
        assert await it.unit.store.find_one({"_id": case_id}) is None


async def test_events_that_come_later_change_nothing_and_are_done_with(settings: Settings, spy: Spy) -> None:
    case_id, known = new_id(), str(uuid4())
    gathered: list[Any] = []

    async def step(asked: Any) -> list[None]:
        gathered.extend(asked)
        return [None for _ in asked]

    def with_step(case: Any, message: Any, now: datetime, found: None) -> Any:
        return note(case, message, now)

    async with process(settings) as it:
        await it.unit.submit(asking(event("before", case_id, known)))
        await it.unit.submit(asking(erasure(case_id), erase))
        before = await it.row(case_id)
        for message in (event("after", case_id), event("before", case_id, known), erasure(case_id)):
            assert (await it.unit.submit(asking(message))).case is None
        assert (await it.unit.submit(asking(event("after", case_id), with_step, step))).case is None
        assert gathered == [], "nothing is looked up for it either"
        assert await it.row(case_id) == before
    assert len(spy.of(case_id)) <= 1


async def test_an_erasure_that_comes_first_keeps_the_case_from_beginning(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings) as it:
        await it.unit.submit(asking(erasure(case_id), erase))
        await it.unit.submit(asking(event("late", case_id)))
        assert (await it.case(case_id)).erased is not None


async def test_within_one_group_what_follows_the_erasure_finds_nothing(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings, started=False) as it:
        results = await it.together(
            asking(command("before", case_id)),
            asking(erasure(case_id), erase),
            asking(event("after", case_id)),
            asking(command("after", case_id)),
        )
        assert [type(result) for result in results] == [Outcome, Outcome, Outcome, Absent]
        assert (await it.case(case_id)).erased is not None


async def test_what_was_committed_before_the_erasure_is_still_told(settings: Settings, spy: Spy) -> None:
    case_id = new_id()
    async with process(settings, started=False) as it:
        await it.together(asking(command("before", case_id)), asking(erasure(case_id), erase))
        await until(lambda: spy.of(case_id), "the event")
        await until(lambda: _told(it, case_id), "it is no longer kept")


async def _told(it: Any, case_id: str) -> bool:
    return not (await it.row(case_id))["outbox"]


async def test_of_an_erasure_and_a_change_in_the_same_moment_the_erasure_lasts(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings) as one, process(settings) as other:
        await one.unit.submit(asking(command("first", case_id)))
        results = await asyncio.gather(
            one.unit.submit(asking(erasure(case_id), erase)),
            *(other.unit.submit(asking(command(f"note {n}", case_id))) for n in range(20)),
            return_exceptions=True,
        )
        assert all(isinstance(result, (Outcome, Absent)) for result in results)
        assert (await one.case(case_id)).erased is not None
        assert "note" not in repr((await one.row(case_id))["case"])
