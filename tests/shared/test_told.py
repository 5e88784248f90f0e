"""What other services tell of a complaint: the same is kept whatever the order, and however often it comes."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations
from typing import Any, NamedTuple

import pytest

from shared.contracts.complaint import Report
from shared.contracts.envelope import Envelope, Event
from shared.contracts.intake import ComplaintWithdrawn
from shared.contracts.verification import ComplaintLinked
from shared.told import Told, each_once, earlier, first, newest

COMPLAINT = "01900000-0000-7000-8000-000000000001"
EARLIER = "01900000-0000-7000-8000-000000000002"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def message(sequence: int = 2, data: Event | None = None, at: datetime | None = None) -> Envelope[Any]:
    """Told at a time of its own, so that what is kept shows which message it is from."""
    data = data or ComplaintWithdrawn()
    return Envelope[Any](
        id=f"message-{sequence}",
        type=data.wire,
        source="test",
        subject=COMPLAINT,
        time=at or NOW + timedelta(minutes=sequence),
        sequence=sequence,
        polres="polres-sukamaju",
        lane="normal",
        data=data,
    )


@pytest.mark.parametrize("sequences", [*permutations([2, 5, 9]), (5, 2, 2, 9, 5, 9)])
def test_the_first_and_the_newest_saying_are_kept_in_any_order(sequences: tuple[int, ...]) -> None:
    kept_first = kept_newest = None
    for sequence in sequences:
        kept_first = first(kept_first, message(sequence))
        kept_newest = newest(kept_newest, message(sequence))
    assert kept_first == Told(NOW + timedelta(minutes=2), 2)
    assert kept_newest == Told(NOW + timedelta(minutes=9), 9)


@pytest.mark.parametrize("keep", [first, newest])
def test_of_two_with_one_sequence_the_one_that_is_known_stays(keep: Any) -> None:
    known = keep(None, message(3))
    assert keep(known, message(3, at=NOW)) is known


def test_the_newest_saying_brings_the_complaint_that_it_names() -> None:
    other = newest(None, message(3), COMPLAINT)
    assert newest(other, message(4), EARLIER) == Told(NOW + timedelta(minutes=4), 4, EARLIER)
    assert newest(other, message(2), EARLIER) is other
    assert newest(other, message(4)).complaint is None


@pytest.mark.parametrize("keep", [first, newest])
def test_the_time_that_is_kept_is_what_the_database_can_keep(keep: Any) -> None:
    at = NOW.replace(microsecond=123_456)
    assert keep(None, message(at=at)).at == NOW.replace(microsecond=123_000)


class Note(NamedTuple):
    id: str
    at: datetime
    text: str = ""


def test_what_adds_up_is_kept_each_once_in_the_order_of_time_and_then_of_its_key() -> None:
    west = NOW.astimezone(timezone(timedelta(hours=-5)))
    notes = [Note("c", NOW - timedelta(hours=1)), Note("b", west), Note("d", NOW)]
    for order in permutations([*notes, notes[1]]):
        kept: tuple[Note, ...] = ()
        for note in order:
            kept = each_once(kept, note, lambda one: one.id)
        assert [note.id for note in kept] == ["c", "b", "d"]


def test_what_is_known_by_its_key_is_not_replaced() -> None:
    known = (Note("a", NOW, "as it came first"),)
    assert each_once(known, Note("a", NOW + timedelta(hours=1), "again"), lambda note: note.id) is known


def test_the_case_of_the_earlier_complaint_is_told_of_a_later_report() -> None:
    report = Report(register_number="LP-2", channel="web", identity_level="claimed", received_at=NOW)
    link = ComplaintLinked(linked_to=EARLIER, officer="verifier-1", report=report)
    assert earlier(message(data=link)) == EARLIER
