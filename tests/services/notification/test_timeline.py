"""The public timeline: every move, every order, every repeat."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from services.notification import entries as reading
from services.notification import timeline
from services.notification.statuses import LEADS_TO, MOVES, Status
from services.notification.timeline import ENTRIES_KEPT, Entry
from shared.contracts import catalogue
from shared.contracts.intake import ComplaintErased
from tests.services.notification import samples
from tests.services.notification.every_event import ONE_OF_EACH
from tests.services.notification.samples import NOON, said


def entry(key: str, minute: float = 0, sequence: int = 1, details: tuple[str, ...] = ()) -> Entry:
    by = NOON if key in ("clarification", "rejected") else None
    details = details or DETAILS.get(key, ())
    return Entry(f"{key}-{minute}", NOON + timedelta(minutes=minute), sequence, key, details, by)


# On which tracks it is stays unknown where a test does not say it.
DETAILS = {"linked": ("x",)}


def line_up(*keys: str) -> tuple[Entry, ...]:
    return tuple(entry(key, minute) for minute, key in enumerate(keys))


# Keys that lead to each status, one after the other, with every move allowed.
REACHING: dict[Status, tuple[str, ...]] = {
    "received": ("received",),
    "clarification": ("received", "clarification"),
    "verified": ("received", "verified"),
    "classified": ("received", "verified", "classified"),
    "in_progress": ("received", "assigned"),
    "referred": ("received", "referral_offered", "referral_accepted"),
    "with_internal_affairs": ("received", "conduct_registered"),
    "returned": ("received", "mediator_assigned", "mediation_failed"),
    "moved": ("received", "mediator_assigned", "mediation_failed", "reclassified"),
    "rejected": ("received", "rejected"),
    "appealed": ("received", "rejected", "appealed"),
    "linked": ("received", "linked"),
    "concluded": ("received", "assigned", "concluded"),
    "settled": ("received", "mediator_assigned", "session", "mediation_settled"),
    "guided": ("received", "mediator_assigned", "guidance_completed"),
    "completed": ("received", "referral_offered", "referral_accepted", "referral_completed"),
    "reopening": ("received", "assigned", "concluded", "reopen_requested"),
    "reopened": ("received", "assigned", "concluded", "reopened"),
    "withdrawn": ("received", "withdrawn"),
}


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
    before = line_up(*REACHING[start])
    assert timeline.status(before) == start
    after = timeline.inserted(before, entry(key_to(target), 60))
    # Where a complaint is not waiting for it, a move is one only between tracks that are known.
    allowed = target in MOVES[start] and (target != "moved" or start == "returned")
    assert timeline.status(after) == (target if allowed else start)


ON_TRACKS: list[tuple[tuple[tuple[str, ...], ...], Status]] = [
    # Between tracks it moves, whoever has it; on the same tracks it does not.
    ((("classified", "mediation"), ("reclassified", "investigation")), "moved"),
    ((("classified", "investigation"), ("assigned",), ("reclassified", "mediation")), "moved"),
    ((("classified", "investigation"), ("assigned",), ("reclassified", "investigation", "referral")), "in_progress"),
    ((("classified", "referral"), ("referral_accepted",), ("reclassified", "guidance")), "moved"),
    ((("classified", "mediation"), ("mediation_settled",), ("reclassified", "investigation")), "moved"),
    ((("classified", "internal_affairs"), ("conduct_registered",), ("reclassified", "investigation")), "moved"),
    # The same track anew, after it gave the complaint back.
    ((("classified", "mediation"), ("mediation_failed",), ("reclassified", "mediation")), "moved"),
    # What a track says after it lost the complaint moves nothing.
    ((("classified", "mediation"), ("reclassified", "investigation"), ("mediation_failed",)), "moved"),
    ((("classified", "mediation"), ("reclassified", "investigation"), ("assigned",), ("session",)), "in_progress"),
    (
        (("classified", "mediation"), ("reclassified", "investigation"), ("assigned",), ("mediation_settled",)),
        "in_progress",
    ),
    ((("classified", "referral"), ("reclassified", "mediation"), ("referral_completed",)), "moved"),
    ((("classified", "investigation"), ("reclassified", "referral"), ("concluded",)), "moved"),
    # On several tracks, the last of them ends it; a patrol ends without a word.
    ((("classified", "dispatch", "referral"), ("patrol_dispatched",), ("referral_accepted",)), "referred"),
    ((("classified", "dispatch", "referral"), ("referral_accepted",), ("referral_completed",)), "completed"),
    ((("classified", "investigation", "referral"), ("referral_accepted",), ("referral_completed",)), "referred"),
    ((("classified", "investigation", "referral"), ("referral_completed",), ("concluded",)), "concluded"),
    ((("classified", "investigation", "referral"), ("concluded",), ("referral_completed",)), "completed"),
    ((("classified", "dispatch"), ("patrol_dispatched",), ("concluded",)), "concluded"),
    # An agreement that is broken comes back; a complaint that is opened again begins anew.
    ((("classified", "mediation"), ("mediation_settled",), ("mediation_failed",)), "returned"),
    (
        (("classified", "mediation"), ("mediation_settled",), ("reopened", "mediation"), ("mediation_settled",)),
        "settled",
    ),
    (
        (("classified", "mediation"), ("mediation_settled",), ("reopened", "investigation"), ("mediation_failed",)),
        "reopened",
    ),
    # Rejected, objected to and checked again.
    ((("rejected",), ("appealed",), ("verified",), ("classified", "investigation"), ("assigned",)), "in_progress"),
    ((("rejected",), ("appealed",), ("rejected",)), "rejected"),
    ((("rejected",), ("appealed",), ("clarification",), ("supplemented",), ("verified",)), "verified"),
]


@pytest.mark.parametrize(("story", "expected"), ON_TRACKS)
def test_what_counts_depends_on_the_tracks_that_a_complaint_is_on(
    story: tuple[tuple[str, ...], ...], expected: Status
) -> None:
    lines = (entry(key, minute, details=tuple(tracks)) for minute, (key, *tracks) in enumerate(story))
    assert timeline.status((entry("received", -1), *lines)) == expected


@pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: str(event.wire))
def test_every_event_has_its_lines(event: Any) -> None:
    lines = reading.entries(said(event))
    assert lines
    assert {line.key for line in lines} <= set(LEADS_TO)


def test_every_event_that_is_heard_can_be_read() -> None:
    heard = {catalogue.EVENTS[wire] for wire in catalogue.CONSUMERS["notification"]}
    # After an erasure nobody is told anything.
    assert set(reading.LINES) == heard - {ComplaintErased}
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


@pytest.mark.parametrize("end", ["verified", "rejected", "linked", "concluded", "mediation_settled", "withdrawn"])
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


NEXT: dict[Status, str] = {
    "received": "verification",
    "clarification": "answer",
    "verified": "classification",
    "classified": "assignment",
    "in_progress": "letter",
    "referred": "agency",
    "with_internal_affairs": "sp3d",
    "returned": "classification",
    "moved": "assignment",
    "rejected": "appeal",
    "appealed": "objection",
    "linked": "earlier",
    "concluded": "nothing",
    "settled": "agreement",
    "guided": "nothing",
    "completed": "nothing",
    "reopening": "reopening",
    "reopened": "assignment",
    "withdrawn": "nothing",
}


@pytest.mark.parametrize("status", get_args(Status))
def test_what_is_next_is_known_for_every_status(status: Status) -> None:
    lines = [replace(line, by=NOON) for line in line_up(*REACHING[status])]
    assert timeline.due_next(tuple(lines))[0] == NEXT[status]


def test_after_the_last_decision_there_is_no_appeal_to_expect() -> None:
    assert timeline.due_next(line_up("received", "rejected", "appealed", "rejected_finally")) == ("nothing", None)


def test_after_a_session_that_was_called_off_another_is_arranged() -> None:
    assert (
        timeline.due_next(line_up("received", "mediator_assigned", "session", "session_cancelled"))[0] == "arrangement"
    )


def test_an_agreement_without_dates_leaves_nothing_to_expect() -> None:
    assert timeline.due_next(line_up("received", "mediation_settled")) == ("nothing", None)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([samples.classified("P3", "mediation"), samples.mediator()], ("arrangement", None)),
        ([samples.mediator(), samples.session()], ("session", NOON + timedelta(days=2))),
        ([samples.session(), samples.mediator(previous="bhabin-0")], ("session", NOON + timedelta(days=2))),
        ([samples.session(), samples.session(NOON + timedelta(days=5), NOON)], ("session", NOON + timedelta(days=5))),
        ([samples.settled()], ("agreement", NOON + timedelta(days=60))),
        ([samples.offered()], ("agency_answer", NOON + timedelta(days=1))),
        ([samples.offered(), samples.accepted(), samples.updated()], ("agency", NOON + timedelta(days=7))),
        ([samples.offered(), samples.declined()], ("classification", None)),
        ([samples.registered()], ("sp3d", NOON + timedelta(days=28))),
        ([samples.registered(), samples.conduct_letter()], ("result", NOON + timedelta(days=56))),
        ([samples.registered(), samples.conduct_returned()], ("classification", None)),
        (
            [
                samples.classified("P3", "mediation", "dispatch"),
                samples.session(),
                samples.reclassified("P3", "dispatch"),
            ],
            ("letter", None),
        ),
    ],
)
def test_the_next_step_is_the_one_that_was_promised_last(events: list[Any], expected: tuple[str, Any]) -> None:
    case = samples.told(said(samples.submitted()), *(said(event, n) for n, event in enumerate(events, 1)))
    assert timeline.due_next(case.timeline) == expected


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
