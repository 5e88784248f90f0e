"""The complaint's decisions, without any server."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any, get_args

import pytest

from services.intake import calls, confirming, domain, outcomes
from services.intake.case import Complaint, Status
from services.intake.domain import Addition, Entry, Move, Submission
from services.intake.outcomes import Objection
from shared.contracts.complaint import Attachment, Report, Sealed
from shared.contracts.envelope import Command, Person
from shared.contracts.intake import CallLogged, ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.refusals import Absent, Conflict, Forbidden, Invalid

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
COMPLAINT = "0193f000-0000-7000-8000-000000000001"
FILE = Attachment(id="a" * 8 + "-0000-4000-8000-" + "0" * 12, media_type="image/png", size=3, sha256="0" * 64)
OFFICER = Person("officer-7", units=frozenset({"polres-sukamaju", "SPKT"}))


def command(data: Any, actor: Person | None = None, message_id: str = "m-1", lane: Any = "normal") -> Command[Any]:
    return Command(message_id, COMPLAINT, "polres-sukamaju", data, actor, lane)


def submission(**changes: Any) -> Submission:
    made = Submission(
        model="B",
        channel="web",
        channel_name=None,
        identity_level="claimed",
        language="id",
        occurred_at=NOW - timedelta(hours=3),
        in_progress=False,
        village="35.09.01.2003",
        conflicts=(),
        category_hint="theft",
        sealed=Sealed(narrative="jwe"),
        attachments=(),
        request="request",
        fingerprint="fingerprint",
        tracking_lookup="f" * 64,
    )
    return replace(made, **changes)


def complaint(**changes: Any) -> Complaint:
    decision = domain.submit(None, command(submission()), NOW, Entry("LP/B/000001", ()))
    assert decision.case
    return replace(decision.case, **changes)


def addition(**changes: Any) -> Addition:
    return replace(Addition(None, Sealed(narrative="jwe"), (), "fingerprint"), **changes)


def move(case: Complaint | None, name: Move) -> Complaint | None:
    if name == "submit":
        return domain.submit(case, command(submission()), NOW, Entry("LP/B/000001", ())).case
    if name == "supplement":
        return domain.supplement(case, command(addition()), NOW, ()).case
    if name == "appeal":
        rejected = replace(case, appeal_until=NOW) if case else None
        return outcomes.appeal(rejected, command(Objection(Sealed(narrative="jwe"), "fingerprint")), NOW).case
    if name == "confirm":
        return confirming.confirm(case, command("digest"), NOW).case
    return domain.withdraw(case, command(None), NOW).case


STATES: tuple[Status | None, ...] = (None, *get_args(Status))


@pytest.mark.parametrize(("status", "name"), list(product(STATES, get_args(Move))))
def test_a_move_leads_where_the_table_says_and_every_other_is_refused(status: Status | None, name: Move) -> None:
    case = complaint(status=status) if status else None
    expected = domain.MOVES.get((status, name))
    if expected is None:
        with pytest.raises(Absent if case is None else Conflict):
            move(case, name)
    else:
        moved = move(case, name)
        assert moved is not None
        assert moved.status == expected


def test_a_submission_becomes_a_complaint_and_says_so() -> None:
    asked = command(submission(attachments=(FILE.id,)), OFFICER, lane="urgent")
    decision = domain.submit(None, asked, NOW, Entry("LP/B/000001", (FILE,)))
    case = decision.case
    assert case is not None
    assert (case.status, case.lane, case.files) == ("received", "urgent", (FILE.id,))
    assert case.report == Report(
        register_number="LP/B/000001",
        model="B",
        channel="web",
        author="officer-7",
        identity_level="claimed",
        received_at=NOW,
        occurred_at=NOW - timedelta(hours=3),
        village="35.09.01.2003",
        attachments=(FILE,),
        sealed=Sealed(narrative="jwe"),
    )
    submitted = ComplaintSubmitted(report=case.report, category_hint="theft", tracking_lookup="f" * 64)
    assert decision.events == (submitted,)


def test_a_request_that_was_answered_before_makes_no_second_complaint() -> None:
    with pytest.raises(domain.Answered):
        domain.submit(None, command(submission()), NOW, Entry(None, (), answered=True))


def test_a_submission_with_a_file_that_is_not_there_names_the_field() -> None:
    with pytest.raises(Invalid) as refused:
        domain.submit(None, command(submission(attachments=(FILE.id,))), NOW, Entry(None, ()))
    assert (refused.value.slug, refused.value.field) == ("unknown_attachment", "attachments")


def test_a_submission_is_never_stored_without_a_register_number() -> None:
    with pytest.raises(TypeError):
        domain.submit(None, command(submission()), NOW, Entry(None, ()))


def test_a_supplement_is_kept_without_its_words_and_told_with_them() -> None:
    asked = command(addition(village="35.09.01.2004", attachments=(FILE.id,)))
    decision = domain.supplement(complaint(), asked, NOW, (FILE,))
    assert decision.case is not None
    (added,) = decision.case.supplements
    assert (added.attachments, added.received_at, decision.case.files) == ((FILE,), NOW, (FILE.id,))
    assert decision.case.attachments == (FILE,)
    expected = ComplaintSupplemented(
        supplement=added.id, village="35.09.01.2004", attachments=(FILE,), sealed=Sealed(narrative="jwe")
    )
    assert decision.events == (expected,)


def test_an_officer_whom_a_report_names_adds_nothing_to_it() -> None:
    case = complaint()
    about = replace(case, report=case.report.model_copy(update={"conflicts": (OFFICER.id,)}))
    with pytest.raises(Absent):
        domain.supplement(about, command(addition(), OFFICER), NOW, ())
    assert domain.supplement(case, command(addition(), OFFICER), NOW, ()).events


def test_the_same_supplement_again_changes_nothing() -> None:
    once = domain.supplement(complaint(), command(addition()), NOW, ()).case
    again = domain.supplement(once, command(addition()), NOW + timedelta(days=1), ())
    assert again.case is once
    assert again.events == ()


def test_supplements_are_bounded() -> None:
    case: Complaint | None = complaint()
    for number in range(domain.SUPPLEMENTS_KEPT):
        case = domain.supplement(case, command(addition(), message_id=f"m-{number}"), NOW, ()).case
    with pytest.raises(Conflict):
        domain.supplement(case, command(addition(), message_id="one too many"), NOW, ())


def test_a_supplement_cannot_name_a_file_that_the_report_has_already() -> None:
    with pytest.raises(Invalid):
        domain.supplement(complaint(files=(FILE.id,)), command(addition(attachments=(FILE.id,))), NOW, (FILE,))


def test_a_withdrawal_is_told_once() -> None:
    first = domain.withdraw(complaint(), command(None), NOW)
    assert first.case is not None
    assert (first.case.status, first.case.withdrawn_at) == ("withdrawn", NOW)
    assert first.events == (ComplaintWithdrawn(),)
    second = domain.withdraw(first.case, command(None, message_id="m-2"), NOW + timedelta(days=1))
    assert second.case is first.case
    assert second.events == ()


@pytest.mark.parametrize(
    ("person", "conflicts", "seen"),
    [
        (OFFICER, (), True),
        (OFFICER, ("officer-8",), True),
        (OFFICER, ("officer-7",), False),
        (OFFICER, ("SPKT",), False),
        (OFFICER, ("polres-sukamaju",), False),
        (Person("officer-7", units=frozenset({"polres-elsewhere"})), (), False),
        (Person("officer-7"), (), False),
    ],
)
def test_a_complaint_is_seen_in_its_polres_but_not_by_whom_it_is_about(
    person: Person, conflicts: tuple[str, ...], seen: bool
) -> None:
    case = complaint()
    about = replace(case, report=case.report.model_copy(update={"conflicts": conflicts}))
    assert about.visible_to(person) is seen


@pytest.mark.parametrize(
    ("number", "on", "expected"),
    [
        (123, date(2026, 11, 24), "LP/B/000123/XI/2026/SPKT/POLRES SUKAMAJU"),
        (1_234_567, date(2027, 1, 1), "LP/B/1234567/I/2027/SPKT/POLRES SUKAMAJU"),
    ],
)
def test_a_register_number_reads_as_at_the_counter(number: int, on: date, expected: str) -> None:
    assert domain.register_number("B", number, on, "POLRES SUKAMAJU") == expected


def test_a_time_may_be_as_far_ahead_as_clocks_are_apart() -> None:
    domain.refuse_future(None, NOW)
    domain.refuse_future(NOW + domain.CLOCKS_APART, NOW)
    with pytest.raises(Invalid) as refused:
        domain.refuse_future(NOW + domain.CLOCKS_APART + timedelta(seconds=1), NOW)
    assert refused.value.field == "when"


def test_a_call_is_logged_once_and_only_by_its_operator() -> None:
    decision = calls.log(None, command("prank", OFFICER), NOW)
    assert decision.case == calls.Call("polres-sukamaju", "normal", "prank", "officer-7", NOW)
    assert decision.events == (CallLogged(kind="prank", operator="officer-7"),)
    assert calls.log(decision.case, command("silent", OFFICER), NOW).case is decision.case
    with pytest.raises(Forbidden):
        calls.log(None, command("prank"), NOW)
