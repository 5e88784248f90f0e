"""Attempts, their results and receipts: every move of a message's status."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, get_args

import pytest

from services.notification.delivery import CLAIMED_AT_ONCE, Claim, Receipt, Result, claim, receive_receipt, report
from services.notification.domain import Correspondence, with_messages
from services.notification.message import CODE, MOVES, Message, MessageStatus
from shared.contracts.envelope import Command, Decision, Event
from shared.contracts.notification import NotificationFailed, NotificationSent
from shared.contracts.refusals import Absent
from tests.services.notification.samples import MORNING, NIGHT, NOON, OWN, POLICY, said, submitted, told

LATER = NOON + timedelta(minutes=5)


def queued() -> Correspondence:
    return told(said(submitted()))


def with_status(status: MessageStatus, **fields: Any) -> Correspondence:
    case = queued()
    live = status in ("queued", "attempting", "unknown")
    fields = {"due": NOON if live else None, "claim": "me" if status == "attempting" else None, **fields}
    return with_messages(case, (replace(message, status=status, **fields) for message in case.messages))


def only(case: Correspondence | None) -> Message:
    assert case is not None
    (message,) = case.messages
    return message


def ask(data: Any) -> Command[Any]:
    return Command("command-1", OWN, "polres-sukamaju", data)


def claimed(case: Correspondence, now: datetime = NOON, by: str = "me") -> Decision[Correspondence]:
    return claim(POLICY, case, ask(Claim(by, "sms")), now, {})


def reported(case: Correspondence, verdict: Any, now: datetime = NOON, **fields: Any) -> Decision[Correspondence]:
    return report(POLICY, case, ask(Result(only(case).id, "me", verdict, **fields)), now)


def receipted(case: Correspondence, status: Any, at: datetime = LATER, now: datetime = LATER) -> Decision[Any]:
    return receive_receipt(case, ask(Receipt(only(case).id, status, at)), now)


def wires(events: tuple[Event, ...]) -> list[str]:
    return [event.wire for event in events]


def test_the_table_of_moves_knows_every_status() -> None:
    assert set(MOVES) == set(get_args(MessageStatus))
    assert not MOVES["delivered"]
    assert not MOVES["failed"]


def test_a_due_message_is_claimed_by_one_alone() -> None:
    first = claimed(queued()).case
    assert first is not None
    message = only(first)
    assert (message.status, message.claim, message.attempts, message.uncertain) == ("attempting", "me", 1, False)
    assert message.due == NOON + POLICY.lease == first.due
    assert claimed(first, by="other").case == first


def test_what_is_not_due_is_not_claimed() -> None:
    case = with_status("queued", due=LATER)
    assert claimed(case).case == case


def test_what_goes_by_another_medium_is_not_claimed() -> None:
    case = queued()
    assert claim(POLICY, case, ask(Claim("me", "email")), NOON, {}).case == case


@pytest.mark.parametrize("status", ["sent", "delivered", "failed"])
def test_a_settled_message_is_never_claimed(status: MessageStatus) -> None:
    case = with_status(status)
    assert claimed(case, now=NOON + timedelta(days=9)).case == case


@pytest.mark.parametrize("status", ["attempting", "unknown"])
def test_a_lost_attempt_is_taken_over_as_uncertain(status: MessageStatus) -> None:
    message = only(claimed(with_status(status, attempts=1, claim="gone")).case)
    assert (message.status, message.claim, message.attempts, message.uncertain) == ("attempting", "me", 2, True)


def test_a_bounded_number_of_messages_is_claimed_at_once() -> None:
    case = queued()
    recipients = range(CLAIMED_AT_ONCE + 5)
    many = with_messages(case, (replace(only(case), id=f"m-{n}", recipient=f"r-{n}") for n in recipients))
    after = claimed(many).case
    assert after is not None
    assert sum(message.claim == "me" for message in after.messages) == CLAIMED_AT_ONCE
    assert after.due == NOON


def three_due(**first: Any) -> Correspondence:
    """Three messages to one reporter, which are due at once."""
    case = queued()
    message = only(case)
    return with_messages(case, [replace(message, **first), *(replace(message, id=id_) for id_ in ("second", "third"))])


def under_way(case: Correspondence | None, by: str) -> list[str]:
    assert case is not None
    return [message.id for message in case.messages if message.claim == by and message.status == "attempting"]


def test_what_is_due_for_one_reporter_at_once_goes_out_one_after_the_other_in_its_order() -> None:
    case, went_out = three_due(), []
    for number in range(3):
        case = claimed(case, by=f"round-{number}").case or case
        (message,) = under_way(case, f"round-{number}")
        waiting = claimed(case, by="somebody else").case
        assert waiting is case, "while it is under way, nobody claims the next, and nothing is written"
        command = ask(Result(message, f"round-{number}", "accepted"))
        case = report(POLICY, case, command, NOON).case or case
        went_out.append(message)
    assert went_out == [message.id for message in three_due().messages]
    assert case.due is None


def test_an_attempt_that_must_be_repeated_or_is_lost_holds_up_nobody_for_longer() -> None:
    case = claimed(three_due()).case
    assert case is not None
    (first,) = under_way(case, "me")
    busy = report(POLICY, case, ask(Result(first, "me", "busy")), NOON).case
    assert under_way(claimed(busy or case, by="next").case, "next") == ["second"]
    after_the_lease = NOON + POLICY.lease
    assert under_way(claimed(case, now=after_the_lease, by="next").case, "next") == [first], "it is looked after first"
    given_up = three_due(status="attempting", claim="gone", attempts=POLICY.attempts)
    assert under_way(claimed(given_up, by="next").case, "next") == ["second"]


def test_neither_another_reporter_nor_a_code_waits_for_what_is_under_way() -> None:
    case = three_due()
    second, third = case.messages[1:]
    changed = (replace(second, recipient="another"), replace(third, template=CODE))
    case = with_messages(case, (case.messages[0], *changed))
    assert under_way(claimed(case).case, "me") == [message.id for message in case.messages]
    code_first = with_messages(case, (case.messages[2], case.messages[0]))
    assert len(under_way(claimed(code_first).case, "me")) == 2


@pytest.mark.parametrize("status", ["queued", "attempting", "unknown"])
def test_in_quiet_hours_nothing_is_attempted_but_what_is_urgent(status: MessageStatus) -> None:
    case = with_status(status, due=NIGHT)
    after = only(claimed(case, now=NIGHT).case)
    assert (after.status, after.due) == (status, MORNING)
    assert only(claimed(replace(case, urgency="P2"), now=NIGHT).case).claim == "me"


def test_attempts_that_never_come_back_end() -> None:
    decision = claimed(with_status("attempting", attempts=POLICY.attempts, claim="gone"))
    message = only(decision.case)
    assert (message.status, message.reason, message.due) == ("failed", "unanswered", None)
    assert wires(decision.events) == ["notification.failed.v1"]


def test_an_accepted_message_is_sent_and_that_is_said() -> None:
    decision = reported(with_status("attempting", attempts=1), "accepted")
    message = only(decision.case)
    assert (message.status, message.due, message.settled_at) == ("sent", None, NOON)
    assert decision.events == (NotificationSent(message=message.id, medium="sms", template="received"),)


def test_a_refused_message_fails_and_that_is_said() -> None:
    decision = reported(with_status("attempting", attempts=1), "refused", reason="gateway_400")
    message = only(decision.case)
    assert (message.status, message.reason) == ("failed", "gateway_400")
    assert decision.events == (
        NotificationFailed(message=message.id, medium="sms", template="received", reason="gateway_400"),
    )


def test_a_busy_gateway_is_tried_again_after_a_growing_wait() -> None:
    for attempts, wait in enumerate(POLICY.waits, start=1):
        message = only(reported(with_status("attempting", attempts=attempts, uncertain=True), "busy").case)
        assert (message.status, message.due, message.uncertain) == ("queued", NOON + wait, False)


def test_the_time_that_the_gateway_asks_for_is_honoured() -> None:
    case = with_status("attempting", attempts=1)
    assert only(reported(case, "busy", wait=timedelta(hours=1)).case).due == NOON + timedelta(hours=1)
    assert only(reported(case, "busy", wait=timedelta(seconds=1)).case).due == NOON + POLICY.waits[0]


def test_an_unclear_attempt_is_unknown_till_it_is_asked_after() -> None:
    message = only(reported(with_status("attempting", attempts=1), "unclear").case)
    assert (message.status, message.due) == ("unknown", NOON + POLICY.waits[0])


@pytest.mark.parametrize("verdict", ["busy", "unclear"])
def test_the_last_attempt_is_the_last(verdict: Any) -> None:
    decision = reported(with_status("attempting", attempts=POLICY.attempts), verdict)
    assert only(decision.case).status == "failed"
    assert wires(decision.events) == ["notification.failed.v1"]


@pytest.mark.parametrize("verdict", ["accepted", "refused", "busy", "unclear"])
@pytest.mark.parametrize("status", ["queued", "unknown", "sent", "delivered", "failed"])
def test_a_result_that_comes_too_late_changes_nothing(status: MessageStatus, verdict: Any) -> None:
    case = with_status(status, attempts=1, claim="me")
    decision = reported(case, verdict)
    assert decision.case == case
    assert decision.events == ()


def test_a_result_of_an_attempt_that_was_taken_over_changes_nothing() -> None:
    case = with_status("attempting", attempts=2, claim="other")
    assert reported(case, "unclear").case == case


@pytest.mark.parametrize("receipt", ["delivered", "failed"])
@pytest.mark.parametrize("status", get_args(MessageStatus))
def test_a_receipt_moves_a_message_where_the_table_lets_it_and_never_back(status: MessageStatus, receipt: Any) -> None:
    case = with_status(status)
    decision = receipted(case, receipt)
    if receipt in MOVES[status]:
        message = only(decision.case)
        assert (message.status, message.due, message.settled_at) == (receipt, None, LATER)
    else:
        assert decision.case is case
        assert decision.events == ()


@pytest.mark.parametrize(
    ("status", "receipt", "expected"),
    [
        ("sent", "delivered", []),
        ("sent", "failed", ["notification.failed.v1"]),
        ("attempting", "delivered", ["notification.sent.v1"]),
        ("unknown", "delivered", ["notification.sent.v1"]),
        ("unknown", "failed", ["notification.failed.v1"]),
        ("delivered", "failed", []),
        ("failed", "delivered", []),
    ],
)
def test_sent_and_failed_are_each_said_once(status: MessageStatus, receipt: Any, expected: list[str]) -> None:
    assert wires(receipted(with_status(status), receipt).events) == expected


@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_a_receipts_time_cannot_lie_outside_the_messages_life(at: datetime) -> None:
    message = only(receipted(with_status("sent"), "delivered", at=at).case)
    assert message.settled_at in (NOON, LATER)


@pytest.mark.parametrize("case", [None, with_status("sent", medium="email")])
def test_a_receipt_for_what_is_no_sms_of_ours_is_refused(case: Correspondence | None) -> None:
    message = only(queued()).id
    with pytest.raises(Absent):
        receive_receipt(case, ask(Receipt(message, "delivered", LATER)), LATER)


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        ("20:59", "20:59"),
        ("21:00", "31:00"),
        ("23:59", "31:00"),
        ("00:00", "07:00"),
        ("06:59", "07:00"),
        ("07:00", "07:00"),
    ],
)
def test_quiet_hours_last_from_nine_to_seven(local: str, expected: str) -> None:
    def at(clock: str) -> datetime:
        hours, minutes = map(int, clock.split(":"))
        return datetime(2026, 11, 24, tzinfo=POLICY.zone).astimezone(UTC) + timedelta(hours=hours, minutes=minutes)

    assert POLICY.allowed(at(local), urgent=False) == at(expected)
    assert POLICY.allowed(at(local), urgent=True) == at(local)


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    siesta = replace(POLICY, quiet_from=time(12), quiet_until=time(14))
    assert siesta.allowed(NOON, urgent=False) == NOON + timedelta(hours=2)
    assert siesta.allowed(NIGHT, urgent=False) == NIGHT
    never = replace(POLICY, quiet_from=time(7), quiet_until=time(7))
    assert all(never.allowed(NOON + timedelta(hours=h), urgent=False) == NOON + timedelta(hours=h) for h in range(24))
