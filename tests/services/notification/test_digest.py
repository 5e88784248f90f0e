"""Several things within minutes are told as one; nothing twice, nothing stale, and nothing urgent late."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.delivery import Claim, Result, claim, report
from services.notification.domain import Correspondence, hear
from services.notification.message import Message
from services.notification.preferences import Preferences, Quiet
from shared.contracts.complaint import Urgency
from shared.contracts.envelope import Command, Envelope, Event
from shared.contracts.notification import NotificationSent
from tests.services.notification import samples
from tests.services.notification.samples import (
    EARLIER,
    FOLLOWER,
    ME,
    MORNING,
    NIGHT,
    NOON,
    OWN,
    POLICY,
    accepted,
    asked,
    assigned,
    classified,
    concluded,
    failed,
    progressed,
    reclassified,
    rejected,
    said,
    session,
    settled,
    submitted,
    supplemented,
    templates,
    verified,
    withdrawn,
)

WINDOW = timedelta(minutes=3)
PATIENT = replace(POLICY, digest=WINDOW)


def told(*events: Envelope[Any], case: Correspondence | None = None, audience: Any = (ME,)) -> Correspondence:
    """The case after the events, each heard when it was said."""
    for event in events:
        case = hear(PATIENT, case, event, event.time, audience).case
    assert case is not None
    return case


def sending(
    case: Correspondence, now: datetime, medium: Any = "sms", wishes: dict[str, Preferences] | None = None
) -> tuple[Correspondence, list[str]]:
    """The case after as many rounds of sending as there is something to send in, and by which templates it went out."""
    command = Command(f"c-{now}", OWN, "polres-sukamaju", Claim(f"c-{now}", medium))
    events: list[Event] = []
    while under_way := _claimed(case := claim(PATIENT, case, command, now, wishes or {}).case or case):
        for message in under_way:
            result = Command("r", OWN, "polres-sukamaju", Result(message.id, message.claim or "", "accepted"))
            decision = report(PATIENT, case, result, now)
            assert decision.case is not None
            case, events = decision.case, [*events, *decision.events]
    return case, [event.template for event in events if isinstance(event, NotificationSent)]


def _claimed(case: Correspondence) -> list[Message]:
    return [message for message in case.messages if message.status == "attempting"]


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def of(case: Correspondence, template: str) -> Message:
    return next(message for message in case.messages if message.template == template)


def received() -> Correspondence:
    """A complaint whose receipt went out."""
    case, went_out = sending(told(said(submitted())), NOON)
    assert went_out == ["received"]
    return case


def test_one_thing_is_told_as_itself_after_a_while() -> None:
    case = told(said(assigned(), 1), case=received())
    assert case.due == at(1) + WINDOW
    case, early = sending(case, at(3))
    assert early == []
    assert sending(case, at(4))[1] == ["assigned"]


def test_several_things_within_minutes_are_one_message_when_the_first_has_waited() -> None:
    case = told(said(assigned(), 1), said(progressed("A1"), 2), said(progressed("A3"), 3), case=received())
    assert {message.due for message in case.messages if message.due} == {at(4)}
    case, went_out = sending(case, at(4))
    assert went_out == ["digest"]
    assert [(m.template, m.status, m.reason) for m in case.messages[1:]] == [
        ("assigned", "dropped", "merged"),
        ("letter", "dropped", "merged"),
        ("digest", "sent", None),
    ]
    assert case.due is None


def test_what_comes_after_the_digest_is_told_anew() -> None:
    case, _ = sending(told(said(assigned(), 1), said(progressed("A1"), 2), case=received()), at(4))
    case = told(said(concluded(), 5), case=case)
    assert sending(case, at(8))[1] == ["concluded"]


@pytest.mark.parametrize("urgency", ["P1", "P2"])
def test_what_is_urgent_is_never_kept_waiting(urgency: Urgency) -> None:
    case = told(said(classified(urgency), 1), said(assigned(), 1), case=received())
    case, went_out = sending(case, at(1))
    assert went_out == ["assigned"]
    case = told(said(progressed("A1"), 2), case=case)
    assert sending(case, at(2))[1] == ["letter"]


def test_what_was_kept_waiting_goes_out_when_the_matter_turns_out_urgent() -> None:
    case = told(said(assigned(), 1), said(progressed("A1"), 1.5), said(reclassified("P1"), 2), case=received())
    assert sending(case, at(2))[1] == ["digest"]


@pytest.mark.parametrize(
    ("event", "template"), [(asked(), "clarification"), (session(), "appointment"), (rejected(), "rejected")]
)
def test_what_needs_an_answer_goes_out_at_once_and_by_itself(event: Any, template: str) -> None:
    case = told(said(event, 1), case=received())
    assert sending(case, at(1))[1] == [template]
    held = told(said(verified(), 0.5), said(accepted(), 0.7), said(event, 1), case=received())
    went_out = sending(held, at(1))[1]
    assert went_out == [template]


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([classified(), assigned(), reclassified("P3", "mediation")], ["moved"]),
        ([classified(), assigned(), reclassified("P4")], ["assigned"]),
        ([classified("P3", "mediation"), settled(), failed()], []),
        ([assigned(), concluded(), reclassified(reason="reopened")], ["reopened"]),
        ([assigned(), rejected()], ["rejected"]),
        ([assigned(), progressed("A1"), withdrawn()], []),
        ([asked(), supplemented()], []),
        ([session(), session(moved_from=NOON)], ["appointment"]),
        ([session(), settled()], ["concluded"]),
    ],
)
def test_a_reversal_drops_what_it_makes_untrue(events: list[Any], left: list[str]) -> None:
    case = told(*(said(event, minute / 10) for minute, event in enumerate(events, 1)), case=received())
    assert templates(case)[1:] == left


def test_a_reversal_that_comes_late_drops_nothing_newer() -> None:
    case = told(
        said(classified("P3", "mediation"), 0.1), said(reclassified(), 0.3), said(assigned(), 0.4), case=received()
    )
    late = told(said(failed(), 0.2), case=case)
    assert "assigned" in templates(late)


def test_each_reporter_has_a_digest_of_their_own() -> None:
    case = told(said(assigned(), 1), said(progressed("A1"), 2), case=received(), audience=(ME, FOLLOWER))
    case, by_sms = sending(case, at(4))
    case, by_mail = sending(case, at(4), "email")
    assert (by_sms, by_mail) == (["digest"], ["digest"])
    assert [m.recipient for m in case.messages if m.template == "digest"] == [OWN, EARLIER]


def test_what_waited_for_the_morning_is_one_message() -> None:
    night = [said(submitted(), 0, since=NIGHT), said(assigned(), 1, since=NIGHT), said(asked(), 2, since=NIGHT)]
    case = told(*night)
    assert case.due == MORNING
    assert sending(case, MORNING)[1] == ["digest", "clarification"]


def test_nothing_waits_for_others_into_the_night() -> None:
    evening = datetime(2026, 11, 24, 13, 59, tzinfo=UTC)  # 20.59 WIB
    case = told(said(submitted(), since=evening - timedelta(hours=1)), said(assigned(), since=evening))
    assert of(case, "assigned").due == evening
    calm = replace(ME, quiet=Quiet("21:30", "05:00"))
    case = told(said(submitted(), since=evening), said(assigned(), 1, since=evening), audience=(calm,))
    assert of(case, "assigned").due == evening + timedelta(minutes=1) + WINDOW


def test_without_a_window_each_thing_is_told_by_itself_even_when_it_waited_for_the_gateway() -> None:
    case = samples.told(said(submitted()), said(assigned(), 1), said(progressed("A1"), 2))
    assert sending(case, at(30))[1] == ["received", "assigned", "letter"]


def test_what_was_tried_already_is_not_merged() -> None:
    case = told(said(assigned(), 1), case=received())
    command = Command("c", OWN, "polres-sukamaju", Claim("c", "sms"))
    tried = claim(PATIENT, case, command, at(4), {}).case
    assert tried is not None
    busy = Command("r", OWN, "polres-sukamaju", Result(of(tried, "assigned").id, "c", "busy", "throttled"))
    waiting = report(PATIENT, tried, busy, at(4)).case
    assert waiting is not None
    waiting = told(said(progressed("A1"), 4), case=waiting)
    assert sending(waiting, at(8))[1] == ["assigned", "letter"]


STORY = [
    said(event, minute / 4)
    for minute, event in enumerate(
        (
            classified("P3", "mediation"),
            samples.mediator(),
            session(),
            failed(),
            reclassified(),
            assigned(),
            progressed("A1"),
            rejected(),
            samples.appealed(),
            verified(),
            concluded(),
            reclassified(reason="reopened"),
        ),
        start=1,
    )
]


@settings(max_examples=200, deadline=None)
@given(st.permutations(STORY), st.lists(st.integers(0, len(STORY)), max_size=6))
def test_in_any_order_and_with_any_pauses_each_message_goes_out_once_and_all_ends_well(
    order: list[Envelope[Any]], pauses: list[int]
) -> None:
    case, went_out, now = received(), Counter[str](), NOON
    for number, event in enumerate([*order, *order]):
        now += timedelta(seconds=20)
        case = hear(PATIENT, case, event, now, (ME, FOLLOWER)).case or case
        if number in pauses:
            now += WINDOW
            case = round_of(case, now, went_out)
    for _ in range(3):
        now += WINDOW
        case = round_of(case, now, went_out)
    assert case.due is None
    assert set(went_out.values()) <= {1}
    assert {message.status for message in case.messages} <= {"sent", "dropped"}
    assert len({message.id for message in case.messages}) == len(case.messages)
    assert [entry.event for entry in case.timeline[1:]] == [event.id for event in STORY]


def round_of(case: Correspondence, now: datetime, went_out: Counter[str]) -> Correspondence:
    before = {message.id for message in case.messages if message.status == "sent"}
    for medium in ("sms", "email"):
        case, _ = sending(case, now, medium)
    went_out.update(message.id for message in case.messages if message.status == "sent" and message.id not in before)
    return case
