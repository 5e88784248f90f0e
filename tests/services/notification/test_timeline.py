"""The public timeline: every move, every order, every repeat."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification import entries as reading
from services.notification import timeline
from services.notification.timeline import ENTRIES_KEPT, LEADS_TO, MOVES, Entry, Status
from shared.contracts import catalogue
from shared.contracts.envelope import Envelope
from tests.services.notification import samples
from tests.services.notification.samples import NOON, said


def entry(key: str, minute: float = 0, sequence: int = 1) -> Entry:
    by = NOON if key in ("clarification", "rejected") else None
    details = ("x",) if key == "linked" else ()
    return Entry(f"{key}-{minute}", NOON + timedelta(minutes=minute), sequence, key, details, by)


def line_up(*keys: str) -> tuple[Entry, ...]:
    return tuple(entry(key, minute) for minute, key in enumerate(keys))


def reaching(status: Status) -> tuple[str, ...]:
    """Keys that lead to the status, one after the other, with every move allowed."""
    return {
        "received": ("received",),
        "clarification": ("received", "clarification"),
        "verified": ("received", "verified"),
        "classified": ("received", "verified", "classified"),
        "in_progress": ("received", "classified", "assigned"),
        "rejected": ("received", "rejected"),
        "linked": ("received", "linked"),
        "concluded": ("received", "assigned", "concluded"),
        "reopened": ("received", "assigned", "concluded", "reopened"),
        "withdrawn": ("received", "withdrawn"),
    }[status]


def key_to(status: Status) -> str:
    return next(key for key, reached in LEADS_TO.items() if reached == status)


def test_the_table_knows_every_status_and_only_those() -> None:
    assert set(MOVES) == set(get_args(Status))
    assert set().union(*MOVES.values()) <= set(MOVES)
    assert set(LEADS_TO.values()) - {None} == set(MOVES)
    assert set(timeline.JOINED) <= set(LEADS_TO)


@pytest.mark.parametrize("target", get_args(Status))
@pytest.mark.parametrize("start", get_args(Status))
def test_a_status_moves_where_the_table_lets_it_and_stays_otherwise(start: Status, target: Status) -> None:
    before = line_up(*reaching(start))
    assert timeline.status(before) == start
    after = timeline.inserted(before, entry(key_to(target), 60))
    assert timeline.status(after) == (target if target in MOVES[start] else start)


@pytest.mark.parametrize("event", samples.ONE_OF_EACH, ids=lambda event: str(event.wire))
def test_every_event_has_its_lines(event: Any) -> None:
    lines = reading.entries(said(event))
    assert lines
    assert {line.key for line in lines} <= set(timeline.LEADS_TO)


def test_every_event_that_is_heard_can_be_read() -> None:
    heard = {catalogue.EVENTS[wire] for wire in catalogue.CONSUMERS["notification"]}
    assert set(reading.LINES) == heard
    assert not heard & set(catalogue.PRODUCERS["notification"])


def test_progress_without_letter_and_milestone_adds_nothing() -> None:
    assert reading.entries(said(samples.progressed(letter=None))) == ()


def test_a_letter_with_a_milestone_is_two_lines_and_the_words_belong_to_the_letter() -> None:
    milestone, letter = reading.entries(said(samples.progressed(letter="A3", milestone="inquiry_opened", notice="jwe")))
    assert (milestone.key, milestone.notice, milestone.by) == ("milestone", None, None)
    assert (letter.key, letter.notice, letter.by) == ("letter", "jwe", NOON + timedelta(days=30))


def test_a_milestone_alone_keeps_its_words() -> None:
    (milestone,) = reading.entries(said(samples.progressed(letter=None, milestone="file_sent", notice="jwe")))
    assert milestone.notice == "jwe"


def test_a_late_entry_takes_its_place_and_moves_nothing_back() -> None:
    lines = line_up("received", "classified", "assigned")
    late = entry("verified", 0.5)
    after = timeline.inserted(lines, late)
    assert [line.key for line in after] == ["received", "verified", "classified", "assigned"]
    assert timeline.status(after) == "in_progress"


def test_at_the_same_time_the_cause_comes_before_its_effect() -> None:
    after = timeline.inserted((entry("classified", 0, 3),), entry("received", 0, 1))
    assert [line.key for line in after] == ["received", "classified"]


def test_a_clock_a_day_behind_does_not_take_the_status_back() -> None:
    lines = line_up("received", "classified")
    after = timeline.inserted(lines, entry("assigned", -24 * 60))
    assert timeline.status(after) == "in_progress"


def test_a_question_waits_till_it_is_answered() -> None:
    asked = line_up("received", "clarification")
    assert timeline.question(asked) == asked[1]
    assert timeline.due_next(asked) == ("answer", NOON)
    answered = timeline.inserted(asked, entry("supplemented", 5))
    assert timeline.question(answered) is None
    assert timeline.status(answered) == "received"
    again = timeline.inserted(answered, entry("clarification", 6))
    assert timeline.question(again) == again[-1]


@pytest.mark.parametrize("end", ["verified", "rejected", "linked", "concluded", "withdrawn"])
def test_a_question_ends_with_a_decision(end: str) -> None:
    assert timeline.question(line_up("received", "clarification", end)) is None


def test_a_question_is_shown_although_a_patrol_is_under_way() -> None:
    lines = line_up("received", "forwarded", "classified", "patrol_dispatched", "clarification")
    assert timeline.status(lines) == "in_progress"
    assert timeline.question(lines) == lines[-1]
    assert timeline.due_next(lines)[0] == "answer"


def test_the_next_letter_is_due_when_the_latest_one_said() -> None:
    first, second = NOON + timedelta(days=3), NOON + timedelta(days=17)
    lines = (
        *line_up("received"),
        Entry("a", NOON + timedelta(hours=1), 2, "assigned", (), first),
        Entry("l", NOON + timedelta(days=3), 3, "letter", ("A3",), second),
    )
    assert timeline.due_next(lines) == ("letter", second)
    assert timeline.due_next(lines[:2]) == ("letter", first)


def test_what_is_next_is_known_for_every_status() -> None:
    expected = {
        "received": "verification",
        "clarification": "answer",
        "verified": "classification",
        "classified": "assignment",
        "in_progress": "letter",
        "rejected": "appeal",
        "linked": "earlier",
        "concluded": "nothing",
        "reopened": "assignment",
        "withdrawn": "nothing",
    }
    assert {status: timeline.due_next(line_up(*reaching(status)))[0] for status in get_args(Status)} == expected


def test_a_complaint_that_is_opened_again_is_on_its_own_again() -> None:
    assert timeline.earlier_complaint(line_up("received", "linked")) == "x"
    assert timeline.earlier_complaint(line_up("received", "linked", "reopened")) is None


def test_a_full_timeline_lets_go_of_the_reporters_additions_before_the_polices_steps() -> None:
    lines = line_up("received", "verified", "classified", "assigned")
    for minute in range(ENTRIES_KEPT + 50):
        lines = timeline.inserted(lines, entry("supplemented", 100 + minute))
    assert len(lines) == ENTRIES_KEPT
    assert [line.key for line in lines[:4]] == ["received", "verified", "classified", "assigned"]
    assert timeline.status(lines) == "in_progress"


def test_a_full_timeline_keeps_its_first_line_and_the_latest() -> None:
    lines = line_up("received")
    for minute in range(ENTRIES_KEPT + 50):
        lines = timeline.inserted(lines, entry("milestone", 1 + minute))
    assert len(lines) == ENTRIES_KEPT
    assert lines[0].key == "received"
    assert lines[-1].event == f"milestone-{ENTRIES_KEPT + 50}"


def test_a_report_is_received_once_however_often_it_is_said() -> None:
    again = samples.told(said(samples.submitted(), 5), said(samples.submitted(), 1), said(samples.submitted(), 9))
    assert [(line.key, line.time) for line in again.timeline] == [("received", NOON + timedelta(minutes=1))]


EVENTS = st.lists(st.sampled_from(samples.ONE_OF_EACH), min_size=1, max_size=12)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Envelope[Any]], list[Envelope[Any]]]:
    """Events in their order, and the same shuffled with repeats; both begin with one that brings the report."""
    first = said(samples.submitted(), 0)
    rest = [said(event, draw(st.integers(0, 5))) for event in draw(EVENTS)]
    repeats = draw(st.lists(st.sampled_from([first, *rest]), max_size=8))
    shuffled = draw(st.permutations([*rest, *repeats]))
    return [first, *rest], [first, *shuffled]


@settings(max_examples=300, deadline=None)
@given(stories())
def test_any_order_and_any_repeat_lead_to_the_same_timeline(
    story: tuple[list[Envelope[Any]], list[Envelope[Any]]],
) -> None:
    straight, shuffled = (samples.told(*events) for events in story)
    assert straight.timeline == shuffled.timeline
    assert timeline.status(straight.timeline) == timeline.status(shuffled.timeline)
    assert straight.linked_to == shuffled.linked_to
    assert straight.urgency == shuffled.urgency
    for case in (straight, shuffled):
        ids = [message.id for message in case.messages]
        assert len(ids) == len(set(ids))
    again = samples.told(*story[1], *story[0], case=shuffled)
    assert again == shuffled
