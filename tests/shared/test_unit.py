"""The unit: grouped, repeated, refused and raced messages, on a real database and a real broker."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from pymongo.errors import OperationFailure

from shared.contracts.envelope import Decision
from shared.contracts.refusals import Conflict, Stale, Unavailable
from shared.operation import Decide, Gather, Message, Outcome
from shared.settings import Settings
from shared.store import Taken, Unreadable
from tests.shared.tally import Spy, Tally, asking, command, event, fail, new_id, note, process, refuse
from tests.support.room import until


def storing(value: Any) -> Decide:
    """A decision that puts any value into the case."""

    def decide(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
        return Decision(replace(case or Tally(message.polres), extra=value))

    return decide


def note_aside(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
    return replace(note(case, message, now), aside=True)


def numbered(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
    return Decision(replace(case or Tally(message.polres), number=str(message.data)))


def ill_typed(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
    notes: Any = 5
    return Decision(replace(case or Tally(message.polres), notes=notes))


def note_what_is_known(case: Tally | None, message: Message, now: datetime, known: Any) -> Decision[Tally]:
    text = f"{message.data}:{known}"
    return Decision(replace(case or Tally(message.polres), notes=(*(case.notes if case else ()), text)))


async def length(asked: Sequence[tuple[Any, Tally | None]]) -> list[int]:
    return [len(case.notes) if case else 0 for _, case in asked]


def gate() -> tuple[Gather, asyncio.Event, asyncio.Event]:
    """A gather step that says when it is reached and waits to be let through."""
    reached, opened = asyncio.Event(), asyncio.Event()

    async def step(asked: Sequence[tuple[Any, Any]]) -> list[None]:
        reached.set()
        await opened.wait()
        return [None for _ in asked]

    return step, reached, opened


async def test_many_messages_for_one_case_are_one_write_and_take_effect_in_order(settings: Settings) -> None:
    # The profiler cuts short what is larger than 50 KB.
    case_id, texts = new_id(), tuple(f"note {n}" for n in range(40))
    async with process(settings, started=False) as it:
        await it.mongo.database.command({"profile": 2})
        outcomes = await it.together(*(asking(command(text, case_id)) for text in texts))
        written = {"op": "update", "command.q._id": case_id, "command.u.$set": {"$exists": True}}
        assert await it.mongo["system.profile"].count_documents(written) == 1
        await it.mongo.database.command({"profile": 0})
        assert (await it.case(case_id)).case.notes == texts
    assert [outcome.case.notes for outcome in outcomes if isinstance(outcome, Outcome)] == [
        texts[: n + 1] for n in range(40)
    ]


async def test_a_duplicate_in_the_group_later_or_from_another_process_takes_effect_once(
    settings: Settings, spy: Spy
) -> None:
    case_id, message = new_id(), event("once", new_id())
    message = message.model_copy(update={"subject": case_id})
    async with process(settings, started=False) as one, process(settings) as other:
        first, twin = await one.together(asking(message), asking(message))
        later = await one.unit.submit(asking(message))
        elsewhere = await other.unit.submit(asking(message))
        assert [o.repeated for o in (first, twin, later, elsewhere) if isinstance(o, Outcome)] == [
            False, True, True, True,
        ]  # fmt: skip
        assert (await one.case(case_id)).case.notes == ("once",)
        await until(lambda: spy.of(case_id), "the event")
    assert len({envelope.id for envelope in spy.of(case_id)}) == 1


@pytest.mark.parametrize(
    ("decide", "expected"),
    [
        pytest.param(refuse, Conflict, id="refusal"),
        pytest.param(fail, ZeroDivisionError, id="mistake"),
        pytest.param(storing(2**70), OverflowError, id="integer too large"),
        pytest.param(storing({1: 2}), Exception, id="key that is no text"),
        pytest.param(storing(object()), Exception, id="object"),
        pytest.param(storing("\ud800"), UnicodeEncodeError, id="lone surrogate"),
        pytest.param(storing("x" * 17 * 2**20), OperationFailure, id="larger than the database takes"),
        pytest.param(ill_typed, Exception, id="could never be read again"),
    ],
)
async def test_a_message_that_cannot_be_processed_fails_alone(
    settings: Settings, decide: Decide, expected: type[Exception]
) -> None:
    shared, bad, good = new_id(), new_id(), new_id()
    async with process(settings, started=False) as it:
        results = await it.together(
            asking(command("before", shared)),
            asking(command("bad", shared), decide),
            asking(command("after", shared)),
            asking(command("bad", bad), decide),
            asking(command("good", good)),
        )
        failed = [isinstance(result, expected) and not isinstance(result, Outcome) for result in results]
        assert failed == [False, True, False, True, False]
        assert (await it.case(shared)).case.notes == ("before", "after")
        assert (await it.case(bad)).version == 0
        assert (await it.case(good)).case.notes == ("good",)


async def test_a_unique_value_that_is_taken_fails_its_own_message_alone(settings: Settings) -> None:
    first, second, number = new_id(), new_id(), new_id()
    async with process(settings, started=False) as it:
        results = await it.together(
            asking(command(number, first), numbered),
            asking(command("before", second)),
            asking(command(number, second), numbered),
            asking(command("after", second)),
        )
        assert [type(result) for result in results] == [Outcome, Outcome, Taken, Outcome]
        assert (await it.case(second)).case.notes == ("before", "after")


async def test_a_race_on_a_case_with_a_unique_value_is_no_collision(settings: Settings) -> None:
    case_id, (step, reached, opened) = new_id(), gate()
    async with process(settings) as one, process(settings) as other:
        await one.unit.submit(asking(command(case_id, case_id), numbered))

        def decide(case: Tally, message: Message, now: datetime, known: None) -> Decision[Tally]:
            return note(case, message, now)

        held = asyncio.create_task(one.unit.submit(asking(command("slow", case_id), decide, step)))
        await reached.wait()
        await other.unit.submit(asking(command("quick", case_id)))
        opened.set()
        assert (await held).case.notes == ("quick", "slow")


async def test_a_gather_step_that_cannot_bear_one_message_serves_the_others(settings: Settings) -> None:
    async def step(asked: Sequence[tuple[Any, Any]]) -> list[int]:
        return [1 // (message.data != "bad") for message, _ in asked]

    cases = [new_id() for _ in range(3)]
    async with process(settings, started=False) as it:
        results = await it.together(
            *(
                asking(command(text, id_), note_what_is_known, step)
                for text, id_ in zip(("a", "bad", "c"), cases, strict=True)
            )
        )
    assert [type(result) for result in results] == [Outcome, ZeroDivisionError, Outcome]


async def test_a_case_that_cannot_be_read_fails_its_own_messages_alone(settings: Settings) -> None:
    broken, good = new_id(), new_id()
    async with process(settings, started=False) as it:
        row = {"_id": broken, "version": 1, "sequence": 1, "polres": "x", "case": {"polres": 5}}
        await it.unit.store.collection.insert_one({**row, "seen": [], "outbox": []})
        results = await it.together(asking(command("a", broken)), asking(command("b", good)))
        assert [type(result) for result in results] == [Unreadable, Outcome]
        assert "5" not in str(results[0]).replace(broken, "")
        found = await it.unit.store.find({"_id": {"$in": [broken, good]}})
        assert [document.id for document in found] == [good]
        await it.unit.store.collection.delete_one({"_id": broken})


async def test_two_processes_that_race_on_one_case_lose_nothing(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings) as one, process(settings) as other:
        submitted = [
            it.unit.submit(asking(command(f"{n}", case_id, lane="urgent" if n % 3 else "normal")))
            for n in range(120)
            for it in (one, other)
        ]
        outcomes = await asyncio.gather(*submitted)
        document = await one.case(case_id)
    assert len(document.case.notes) == document.version == 240
    assert sorted(outcome.version for outcome in outcomes) == list(range(1, 241)), "each saw a version of its own"


async def test_of_two_who_saw_the_same_version_one_is_told_that_it_is_stale(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings) as one, process(settings) as other, process(settings, started=False) as third:
        seen = (await one.unit.submit(asking(command("first", case_id)))).version
        apart = await asyncio.gather(
            *(it.unit.submit(asking(command("apart", case_id), expected=seen)) for it in (one, other)),
            return_exceptions=True,
        )
        together = await third.together(*(asking(command("together", case_id), expected=seen + 1) for _ in range(2)))
        assert (await one.case(case_id)).case.notes == ("first", "apart", "together")
    for results in (apart, together):
        assert sorted(type(result).__name__ for result in results) == ["Outcome", "Stale"]


async def test_what_was_only_noted_makes_nobodys_version_old(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings) as it:
        seen = (await it.unit.submit(asking(command("first", case_id)))).version
        noted = [await it.unit.submit(asking(command(text, case_id), note_aside)) for text in ("read", "sent")]
        assert [outcome.version for outcome in noted] == [seen + 1, seen + 2]
        done = await it.unit.submit(asking(command("second", case_id), expected=seen))
        assert done.case.notes == ("first", "read", "sent", "second")
        for version in (seen, seen + 2, done.version + 1):
            with pytest.raises(Stale):
                await it.unit.submit(asking(command("late", case_id), expected=version))
    async with process(settings, started=False) as it:
        group = [
            asking(command("read", case_id), note_aside),
            asking(command("third", case_id), expected=done.version),
            asking(command("fourth", case_id), expected=done.version),
        ]
        _, third, fourth = await it.together(*group)
    assert isinstance(third, Outcome), "the same within a group"
    assert isinstance(fourth, Stale)


async def test_what_joined_the_same_write_is_a_change_that_the_one_before_it_has_not_seen(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings, started=False) as it:
        mine, _ = await it.together(asking(command("mine", case_id)), asking(command("another's", case_id)))
        assert isinstance(mine, Outcome)
        with pytest.raises(Stale):
            await it.unit.submit(asking(command("unaware", case_id), expected=mine.version))


async def test_what_a_lost_race_would_have_told_is_never_told(settings: Settings, spy: Spy) -> None:
    case_id, (step, reached, opened) = new_id(), gate()

    def first_only(case: Tally | None, message: Message, now: datetime, known: None = None) -> Decision[Tally]:
        return note(case, message, now) if case is None else Decision(case)

    async with process(settings) as slow, process(settings) as quick:
        held = asyncio.create_task(slow.unit.submit(asking(event("slow", case_id), first_only, step)))
        await reached.wait()
        await quick.unit.submit(asking(command("quick", case_id), first_only))
        opened.set()
        assert (await held).case.notes == ("quick",)
        await slow.unit.submit(asking(event("last", case_id)))
    await until(lambda: len(spy.of(case_id)) >= 2, "the two events")
    assert sorted(envelope.data.patrol for envelope in spy.of(case_id)) == ["last", "quick"]


async def test_a_message_that_is_decided_again_tells_its_events_under_the_same_ids(
    settings: Settings, spy: Spy
) -> None:
    case_id = new_id()
    message = event("again", case_id)

    def twice(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
        decision = note(case, message, now)
        return Decision(decision.case, decision.events * 2)

    for _ in range(2):
        async with process(settings) as it:
            await it.unit.submit(asking(message, twice))
            await it.unit.store.collection.delete_one({"_id": case_id})
    await until(lambda: len(spy.of(case_id)) == 4, "four publications")
    heard = Counter(envelope.id for envelope in spy.of(case_id))
    assert list(heard.values()) == [2, 2]


async def test_a_gather_step_sees_the_case_as_the_earlier_message_of_its_group_left_it(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings, started=False) as it:
        results = await it.together(
            *(asking(command(f"n{n}", case_id), note_what_is_known, length) for n in range(30)),
            asking(command("plain", case_id)),
        )
        assert {type(result) for result in results} == {Outcome}
        assert (await it.case(case_id)).case.notes == (*(f"n{n}:{n}" for n in range(30)), "plain")


async def test_a_gather_step_is_asked_once_for_many_cases_and_never_for_a_repeated_message(settings: Settings) -> None:
    asked_for: list[int] = []

    async def step(asked: Sequence[tuple[Any, Any]]) -> list[int]:
        asked_for.append(len(asked))
        return [0 for _ in asked]

    operations = [asking(command("x", new_id()), note_what_is_known, step) for _ in range(50)]
    async with process(settings, started=False) as it:
        await it.together(*operations)
        await it.unit.submit(operations[0])
    assert asked_for == [50]


async def test_an_urgent_message_does_not_wait_for_a_normal_one(settings: Settings) -> None:
    step, reached, opened = gate()
    async with process(settings) as it:
        slow = asyncio.create_task(it.unit.submit(asking(command("slow", new_id()), note_what_is_known, step)))
        await reached.wait()
        await it.unit.submit(asking(command("urgent", new_id(), lane="urgent")))
        assert not slow.done()
        opened.set()
        await slow


async def test_draining_finishes_what_was_submitted_and_takes_no_more(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings) as it:
        submitted = [asyncio.create_task(it.unit.submit(asking(event(f"{n}", case_id)))) for n in range(250)]
        await asyncio.sleep(0)
        await it.unit.drain()
        assert all(task.done() and task.exception() is None for task in submitted)
        row = await it.row(case_id)
        assert (len(row["case"]["notes"]), row["outbox"]) == (250, [])
        with pytest.raises(Unavailable):
            await it.unit.submit(asking(command("late", case_id)))
