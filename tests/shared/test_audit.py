"""The audit of cases: one entry for each transition, and whatever is done to a chain afterwards is found."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from shared import audit
from shared.audit import Head
from shared.clock import wake
from shared.contracts.envelope import Command, Decision, Person
from shared.operation import Message
from shared.settings import Settings
from shared.store import TRAIL_KEPT, TRAIL_LONG
from tests.shared.tally import Process, Tally, asking, command, event, new_id, note, process, refuse

OFFICER = Person("officer-1", frozenset({"verifier"}))
NOW = datetime(2026, 11, 26, 4, 30, tzinfo=UTC)


def chain_of(entries: int, name: str = "tallies/1") -> tuple[list[dict[str, Any]], Head]:
    rows, head = [], audit.START
    for n in range(entries):
        row, head = audit.link(name, head, {"at": NOW, "who": "officer-1", "what": "note", "message": str(n)})
        rows.append(row)
    return rows, head


def forge(rows: list[dict[str, Any]], name: str = "tallies/1") -> tuple[list[dict[str, Any]], Head]:
    """The same entries linked anew, as somebody does who knows how."""
    forged, head = [], audit.START
    for row in rows:
        linked, head = audit.link(name, head, {k: v for k, v in row.items() if k not in ("n", "hash")})
        forged.append(linked)
    return forged, head


async def whole(it: Process, case_id: str) -> list[audit.Entry]:
    """The trail of a case, once it is known to be unbroken."""
    entries, head = await it.unit.store.trail(case_id)
    assert audit.fault(audit.chain_of_case("tallies", case_id), entries, head) is None
    return entries


TAMPERED: dict[str, Callable[[list[dict[str, Any]]], list[dict[str, Any]]]] = {
    "entry 3 is not as it was written": lambda rows: [*rows[:2], {**rows[2], "who": "officer-2"}, *rows[3:]],
    "entry 4 is not as it was written": lambda rows: [*rows[:3], {**rows[3], "more": 1}, *rows[4:]],
    "entry 2 is missing or out of order": lambda rows: [rows[0], *rows[2:]],
    "entry 1 is missing or out of order": lambda rows: rows[1:],
    "entry 3 is missing or out of order": lambda rows: [*rows[:2], rows[3], rows[2], *rows[4:]],
    "entry 5 is missing or out of order": lambda rows: [*rows[:4], rows[3], *rows[4:]],
    "it ends with entry 4, and its head is that of entry 5": lambda rows: rows[:-1],
    "entry 5 is no entry": lambda rows: [*rows[:4], {"who": "officer-2"}],
}


@pytest.mark.parametrize("fault", TAMPERED)
def test_what_was_changed_removed_inserted_reordered_or_cut_off_is_found_at_its_first_entry(fault: str) -> None:
    rows, head = chain_of(5)
    assert audit.fault("tallies/1", rows, head) is None
    assert audit.fault("tallies/1", TAMPERED[fault](rows), head) == fault


def test_a_chain_does_not_fit_another_case() -> None:
    rows, head = chain_of(3)
    assert audit.fault("tallies/2", rows, head) == "entry 1 is not as it was written"


def test_a_chain_that_was_written_anew_or_cut_short_with_its_head_is_found_against_what_was_exported() -> None:
    rows, head = chain_of(5)
    exported = [chain_of(2)[1], head]
    assert audit.fault("tallies/1", rows, head, exported) is None
    anew, other = forge([{**row, "who": "officer-2"} for row in rows])
    assert audit.fault("tallies/1", anew, other) is None
    assert audit.fault("tallies/1", anew, other, exported) == "entry 2 is another than was exported"
    short, shorter = chain_of(4)
    assert audit.fault("tallies/1", short, shorter) is None
    assert audit.fault("tallies/1", short, shorter, exported) == "it ends with entry 4, and entry 5 was exported"
    longer, longest = chain_of(7)
    assert audit.fault("tallies/1", longer, longest, exported) is None


async def test_an_entry_says_who_did_what_by_which_message_and_what_was_told_of_it(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings) as it:
        await it.unit.submit(asking(event("from a service", case_id, "event-1")))
        acting = Command("http:1", case_id, "polres-sukamaju", "by an officer", OFFICER)
        await it.unit.submit(asking(acting))
        await it.unit.submit(asking(Command("http:2", case_id, "polres-sukamaju", "by a reporter", by="reporter")))
        first, second, third = await whole(it, case_id)
    assert {**first, "at": None, "hash": ""} == {
        "n": 1, "at": None, "who": "referral", "what": "referral.declined.v1", "message": "event-1", "version": 1,
        "said": ["patrol.arrived.v1"], "hash": "",
    }  # fmt: skip
    assert (second["who"], second["what"], second["message"], second["version"]) == ("officer-1", "note", "http:1", 2)
    assert third["who"] == "reporter"


async def test_what_time_does_is_recorded_as_the_clock_s_with_the_decision_s_own_name(settings: Settings) -> None:
    case_id = new_id()

    def ring(case: Tally, message: Message, now: datetime) -> Decision[Tally]:
        return Decision(Tally(case.polres, notes=("rang",)))

    def begin(case: Tally | None, message: Message, now: datetime) -> Decision[Tally]:
        return Decision(Tally(message.polres, due=NOW))

    async with process(settings) as it:
        await it.unit.submit(asking(command("begin", case_id), begin))
        await wake(it.unit, ring, datetime.now(UTC))
        await wake(it.unit, ring, datetime.now(UTC))
        _, rung = await whole(it, case_id)
    assert (rung["who"], rung["what"], rung["said"]) == ("clock", "ring", [])


async def test_a_group_in_one_write_has_an_entry_for_each_message_and_none_for_repeats_and_refusals(
    settings: Settings,
) -> None:
    case_id = new_id()
    messages = [command(f"note {n}", case_id) for n in range(20)]

    def nothing(case: Tally, message: Message, now: datetime) -> Decision[Tally]:
        return Decision(case)

    async with process(settings, started=False) as it:
        await it.together(
            *map(asking, messages),
            *map(asking, messages[:5]),
            asking(command("refused", case_id), refuse),
            asking(command("nothing", case_id), nothing),
        )
        await it.unit.submit(asking(messages[3]))
        entries = await whole(it, case_id)
        assert [entry["message"] for entry in entries] == [message.id for message in messages]
        assert (await it.case(case_id)).version == len(entries)


async def test_processes_that_race_for_a_case_leave_one_whole_chain(settings: Settings) -> None:
    case_id = new_id()
    messages = [command(f"note {n}", case_id) for n in range(30)]
    async with process(settings) as one, process(settings) as other, process(settings) as third:
        units = (one.unit, other.unit, third.unit)
        # Each message comes to two of them, as after a redelivery.
        asked = [units[(n + k) % 3].submit(asking(message)) for n, message in enumerate(messages) for k in (0, 1)]
        await asyncio.gather(*asked)
        entries = await whole(one, case_id)
    assert sorted(entry["message"] for entry in entries) == sorted(message.id for message in messages)


async def test_a_case_is_read_without_its_trail(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings) as it:
        await it.unit.submit(asking(command("first", case_id)))
        await it.unit.store.collection.update_one({"_id": case_id}, {"$set": {"trail": "x" * 100_000}})
        await it.mongo.database.command({"profile": 2})
        await it.case(case_id)
        await it.unit.store.find({"_id": case_id})
        await it.unit.store.find_one({"_id": case_id})
        await it.mongo.database.command({"profile": 0})
        asked = {"op": "query", "ns": {"$regex": "tallies$"}}
        answers = await it.mongo["system.profile"].find(asked).to_list(9)
    assert len(answers) >= 3
    assert all(answer["responseLength"] < 100_000 for answer in answers)


async def test_what_makes_a_document_long_is_moved_away_and_the_chain_stays_whole(settings: Settings) -> None:
    case_id, count = new_id(), TRAIL_LONG + 30
    async with process(settings, started=False) as it:
        await it.together(*(asking(command(f"{n}", case_id)) for n in range(count)))
        before = await whole(it, case_id)
        assert sum(await asyncio.gather(it.unit.store.shorten(), it.unit.store.shorten())) >= 1
        assert await it.unit.store.shorten() == 0
        assert len((await it.row(case_id))["trail"]) == TRAIL_KEPT
        assert await whole(it, case_id) == before
        await it.unit.submit(asking(command("one more", case_id)))
        assert len(await whole(it, case_id)) == count + 1


async def test_a_move_that_broke_off_is_finished_by_the_next(settings: Settings) -> None:
    case_id, count = new_id(), TRAIL_LONG + 1
    async with process(settings, started=False) as it:
        await it.together(*(asking(command(f"{n}", case_id)) for n in range(count)))
        moved = (await it.row(case_id))["trail"][:70]
        chain = audit.chain_of_case("tallies", case_id)
        await it.mongo["audit_trails"].insert_many([{"chain": chain, **entry} for entry in moved])
        assert len(await whole(it, case_id)) == count
        assert await it.unit.store.shorten() == 1
        assert len(await whole(it, case_id)) == count


async def test_tampering_in_the_database_is_found_and_without_it_nothing_is(settings: Settings) -> None:
    case_id = new_id()
    async with process(settings, started=False) as it:
        await it.together(*(asking(command(f"{n}", case_id), note) for n in range(4)))
        assert len(await whole(it, case_id)) == 4
        await it.unit.store.collection.update_one({"_id": case_id}, {"$pull": {"trail": {"n": 4}}})
        entries, head = await it.unit.store.trail(case_id)
        fault = audit.fault(audit.chain_of_case("tallies", case_id), entries, head)
    assert fault == "it ends with entry 3, and its head is that of entry 4"
