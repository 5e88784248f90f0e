"""What is told, to whom, and what is not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.notification import timeline
from services.notification.domain import MESSAGES_KEPT, Correspondence, hear, named, with_messages
from services.notification.message import Message
from shared.contracts.complaint import Sealed, Urgency
from shared.contracts.intake import ComplaintSubmitted
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.refusals import TooEarly
from tests.services.notification.samples import (
    EARLIER,
    FOLLOWER,
    ME,
    MORNING,
    NIGHT,
    NOON,
    OWN,
    POLICY,
    arrived,
    asked,
    assigned,
    classified,
    concluded,
    dispatched,
    linked,
    progressed,
    reclassified,
    rejected,
    report,
    said,
    submitted,
    supplemented,
    templates,
    told,
    verified,
    withdrawn,
)

NEEDS_A_REPORT = [
    supplemented(),
    withdrawn(),
    asked(),
    rejected(),
    dispatched(),
    arrived(),
    assigned(),
    progressed(),
    concluded(),
]


@pytest.mark.parametrize("event", NEEDS_A_REPORT, ids=lambda event: str(event.wire))
def test_what_brings_no_report_waits_for_one_that_does(event: Any) -> None:
    with pytest.raises(TooEarly):
        hear(POLICY, None, said(event), NOON, (ME,))


@pytest.mark.parametrize("event", [submitted(), verified(), classified(), reclassified(), linked()])
def test_whatever_brings_the_report_makes_the_case(event: Any) -> None:
    case = told(said(event))
    assert case.register_number == report().register_number
    assert case.polres == "polres-sukamaju"


def test_the_lookup_comes_with_the_submission_even_when_that_comes_late() -> None:
    late = ComplaintSubmitted(report=report(), tracking_lookup="ab" * 32)
    case = told(said(verified(), 1), said(late, 0))
    assert case.lookup == "ab" * 32
    assert told(said(classified(), 2), case=case).lookup == "ab" * 32


def test_the_contact_is_kept_as_it_was_sealed() -> None:
    sealed = ComplaintSubmitted(report=report(sealed=Sealed(contact="jwe")))
    assert told(said(sealed), said(verified(), 1)).contact == "jwe"
    assert told(said(verified(), 1), said(sealed)).contact == "jwe"


def test_who_was_once_named_stays_shut_out() -> None:
    case = told(said(submitted(conflicts=("officer-7",))), said(verified(), 1))
    assert case.conflicts == ("officer-7",)


def test_a_repeat_changes_nothing_at_all() -> None:
    event = said(submitted())
    case = told(event)
    decision = hear(POLICY, case, event, NOON + timedelta(days=30), (ME,))
    assert decision.case is case
    assert decision.events == ()


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([submitted()], ["received"]),
        ([submitted(), verified()], ["received"]),
        ([submitted(), verified(provisional=True), classified("P1"), verified()], ["received"]),
        ([submitted(), asked(), supplemented(), verified()], ["received", "clarification", "verified"]),
        ([submitted(), rejected()], ["received", "rejected"]),
        ([submitted(), verified(), classified(), assigned()], ["received", "assigned"]),
        ([submitted(), classified(), assigned(), assigned("detective-1")], ["received", "assigned"]),
        ([submitted(), classified("P1"), dispatched(1), dispatched(2), arrived()], ["received", "patrol_dispatched"]),
        ([submitted(), assigned(), progressed("A3"), progressed("A4")], ["received", "assigned", "letter", "letter"]),
        ([submitted(), assigned(), progressed(None, "file_sent")], ["received", "assigned"]),
        ([submitted(), assigned(), progressed("A1", "inquiry_opened")], ["received", "assigned", "letter"]),
        ([submitted(), assigned(), concluded()], ["received", "assigned", "concluded"]),
        ([submitted(), linked()], ["received", "linked"]),
        ([submitted(), linked(), classified(), assigned()], ["received", "linked"]),
        ([submitted(), withdrawn(), assigned(), concluded()], ["received"]),
        (
            [submitted(), concluded(), reclassified(reason="reopened"), assigned()],
            ["received", "concluded", "reopened", "assigned"],
        ),
    ],
)
def test_a_citizen_is_told_what_a_citizen_wants_to_know(events: list[Any], expected: list[str]) -> None:
    case = None
    for minute, event in enumerate(events):
        case = sent(told(said(event, minute), case=case))
    assert case is not None
    assert templates(case) == expected


def sent(case: Correspondence) -> Correspondence:
    """The case once everything that was queued has gone out."""
    return with_messages(case, (replace(m, status="sent", attempts=1, due=None) for m in case.messages))


def test_a_reporter_who_takes_the_report_back_hears_no_more_of_it() -> None:
    assert templates(told(said(submitted()), said(withdrawn(), 1), said(concluded(), 2))) == []


def test_each_message_is_queued_once_with_an_id_of_its_own() -> None:
    case = told(said(submitted()), said(assigned(), 1), said(progressed(), 2), said(progressed(), 3))
    assert len({message.id for message in case.messages}) == 4
    assert {message.status for message in case.messages} == {"queued"}
    assert case.due == NOON


def test_two_processes_give_a_message_the_same_id() -> None:
    event = said(submitted())
    assert told(event).messages == told(event).messages


def test_without_a_contact_there_is_only_the_timeline() -> None:
    case = told(said(submitted()), said(rejected(), 1), audience=())
    assert case.messages == ()
    assert case.due is None
    assert len(case.timeline) == 2


def test_a_late_event_is_put_in_its_place_and_sends_nothing_stale() -> None:
    case = told(said(submitted()), said(classified(), 2), said(assigned(), 3))
    before = case.messages
    for late in (said(asked(), 1), said(verified(), 1.5), said(dispatched(), 2.5)):
        case = told(late, case=case)
    assert case.messages == before
    assert [line.key for line in case.timeline] == [
        "received",
        "clarification",
        "verified",
        "classified",
        "patrol_dispatched",
        "assigned",
    ]
    assert timeline.status(case.timeline) == "in_progress"


def test_a_receipt_that_is_overtaken_by_silent_steps_is_still_sent() -> None:
    case = told(said(verified(), 1), said(classified(), 2), said(submitted(), 0))
    assert templates(case) == ["received"]


def test_a_receipt_that_is_overtaken_by_other_news_is_not() -> None:
    case = told(said(classified(), 2), said(assigned(), 3), said(submitted(), 0))
    assert templates(case) == ["assigned"]


def test_news_from_a_clock_a_day_behind_is_told() -> None:
    yesterday = -24 * 60
    case = told(
        said(submitted()),
        said(assigned(), yesterday, sequence=4),
        said(progressed("A3"), yesterday + 1, sequence=5),
    )
    assert templates(case) == ["received", "assigned", "letter"]


def test_an_old_letter_that_comes_after_a_newer_one_is_not_told() -> None:
    case = told(said(submitted()), said(assigned(), 1), said(progressed("A4"), 9), said(progressed("A3"), 5))
    assert templates(case) == ["received", "assigned", "letter"]


@pytest.mark.parametrize("event", [rejected(), dispatched(), assigned(), progressed(), concluded()])
def test_followers_are_told_what_happens_to_the_incident(event: Any) -> None:
    case = told(said(submitted()), said(event, 1), audience=(ME, FOLLOWER))
    assert len(templates(case, EARLIER)) == 1
    (message,) = (message for message in case.messages if message.recipient == EARLIER)
    assert (message.register_number, message.language, message.medium) == (
        FOLLOWER.register_number,
        FOLLOWER.language,
        FOLLOWER.medium,
    )


@pytest.mark.parametrize("event", [asked(), linked("019ab000-0000-7000-8000-000000000009")])
def test_followers_are_not_told_what_concerns_the_reporter_alone(event: Any) -> None:
    case = told(said(submitted()), said(event, 1), audience=(ME, FOLLOWER))
    assert templates(case, EARLIER) == []


def test_followers_are_told_although_the_earlier_reporter_withdrew() -> None:
    case = told(said(submitted()), said(withdrawn(), 1), said(assigned(), 2), audience=(ME, FOLLOWER))
    assert templates(case) == []
    assert templates(case, EARLIER) == ["assigned"]


def test_at_night_a_message_waits_for_the_morning() -> None:
    case = told(said(submitted(), since=NIGHT), now=NIGHT)
    assert [message.due for message in case.messages] == [MORNING]
    assert case.due == MORNING


@pytest.mark.parametrize(("urgency", "due"), [("P1", NIGHT), ("P2", NIGHT), ("P3", MORNING), ("P4", MORNING)])
def test_only_the_two_highest_urgencies_may_wake_somebody(urgency: Urgency, due: Any) -> None:
    case = told(said(classified(urgency), 0, since=NIGHT, lane="urgent"), said(assigned(), 1, since=NIGHT), now=NIGHT)
    assert [message.due for message in case.messages] == [due]


def test_until_the_urgency_is_known_the_urgent_lane_counts() -> None:
    assert told(said(submitted(), since=NIGHT, lane="urgent"), now=NIGHT).due == NIGHT


@pytest.mark.parametrize("event", [classified("P2"), reclassified("P1")])
def test_what_was_held_back_goes_out_when_the_matter_turns_out_urgent(event: Any) -> None:
    held = told(said(submitted(), since=NIGHT), now=NIGHT)
    later = NIGHT + timedelta(minutes=1)
    assert told(said(event, 1, since=NIGHT), case=held, now=later).due == later


def test_an_older_classification_that_comes_late_does_not_change_the_urgency() -> None:
    case = told(said(reclassified("P1"), 5), said(classified("P4"), 2))
    assert case.urgency == "P1"


def test_what_is_not_held_back_is_not_replaced() -> None:
    assert templates(told(said(submitted()), said(assigned(), 1))) == ["received", "assigned"]


def test_a_question_that_was_answered_is_no_longer_asked() -> None:
    case = told(said(submitted()), said(asked(), 1), said(supplemented(), 2))
    assert templates(case) == ["received"]


def test_what_was_attempted_is_never_taken_back() -> None:
    case = told(said(submitted()), said(asked(), 1))
    tried = with_messages(case, (replace(message, attempts=1) for message in case.messages))
    assert templates(told(said(supplemented(), 2), said(withdrawn(), 3), case=tried)) == ["received", "clarification"]


def test_only_settled_messages_make_room() -> None:
    case = told(said(submitted()))
    (queued,) = case.messages
    settled = [replace(queued, id=f"m-{n}", status="delivered", due=None) for n in range(MESSAGES_KEPT)]
    kept = with_messages(case, [queued, *settled]).messages
    assert len(kept) == MESSAGES_KEPT
    assert kept[0] == queued
    assert kept[1].id == "m-1"


def due_of(case: Correspondence, *messages: Message) -> Any:
    return with_messages(case, messages).due


def test_the_case_is_due_with_its_first_message() -> None:
    case = told(said(submitted()))
    (message,) = case.messages
    later = replace(message, id="later", due=NOON + timedelta(hours=1))
    done = replace(message, id="done", status="sent", due=None)
    assert due_of(case, later, message, done) == NOON
    assert due_of(case, done) is None


def test_the_subject_decides_whose_reporter_is_meant() -> None:
    stranger = replace(ME, complaint=EARLIER)
    case = told(said(submitted(), subject=OWN), audience=(stranger,))
    assert case.messages == ()


@pytest.mark.parametrize("event", [ConductConflictFound(names=("officer-7",)), linked(conflicts=("officer-7",))])
def test_whom_it_turns_out_to_be_about_is_kept_and_its_reporter_is_told_nothing(event: Any) -> None:
    before = told(said(submitted(conflicts=("officer-1",))))
    after = named(before, said(event), NOON).case
    assert after == replace(before, conflicts=("officer-1", "officer-7"))
    assert named(after, said(event), NOON).case is after
    with pytest.raises(TooEarly):
        named(None, said(event), NOON)
    assert named(None, said(linked()), NOON).case is None
