from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any, get_args

import pytest
from uuid6 import uuid7

from services.verification import decisions, domain
from services.verification.case import MOVES, Finding, Question, Status, Suggestion, Trace, Verification
from services.verification.decisions import Clarify, Link, Reject
from services.verification.domain import MAX_SUPPLEMENTS, Examination
from services.verification.incident import Fingerprint, Incident
from shared.contracts.complaint import Attachment, Report, Sealed
from shared.contracts.envelope import Command, Decision, Envelope, Event, Lane, Person
from shared.contracts.intake import ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.refusals import Absent, Conflict, Invalid, Refusal, TooEarly
from shared.contracts.verification import (
    ComplaintClarificationRequested,
    ComplaintLinked,
    ComplaintRejected,
    ComplaintVerified,
    Missing,
)

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
POLRES = "polres-sukamaju"
OFFICER = Person("officer-1", frozenset({"verifier"}), frozenset({POLRES, "SPKT"}))
COMPLAINT = "01936000-0000-7000-8000-000000000002"
EARLIER = "01936000-0000-7000-8000-000000000001"
FORTNIGHT = timedelta(days=14)

CHECKS = ("completeness", "identity", "place", "police_business", "reported_before")
ALL_WELL = tuple(Finding(check, "passed", "well") for check in CHECKS)
VAGUE = Finding("completeness", "failed", "incomplete", ("where", "when"), ("where", "when"))
NOWHERE = Finding("place", "warning", "place_unknown", ("nothing",), ("where",))
OUTSIDE = Finding("place", "failed", "outside_jurisdiction", ("point",))
NEAR_BORDER = Finding("place", "warning", "near_border", ("point",))
BAD_NIK = Finding("identity", "failed", "identity_implausible", ("nik_serial_zero",), ("nik",))
NO_BUSINESS = Finding("police_business", "failed", "not_police_business", ("pln",))
SIMILAR = Finding("reported_before", "warning", "similar_report", (EARLIER,))


def found(*findings: Finding, **more: Any) -> Examination:
    """An examination in which these findings differ from a report that is well in all."""
    by_check = {finding.check: finding for finding in (*ALL_WELL, *findings)}
    return Examination(tuple(by_check.values()), FORTNIGHT, **more)


def report(**more: Any) -> Report:
    facts: dict[str, Any] = {
        "register_number": "LP/B/1/XI/2026/SPKT",
        "channel": "web",
        "identity_level": "claimed",
        "received_at": NOW - timedelta(minutes=1),
        "sealed": Sealed(narrative="sealed-narrative", identity="sealed-identity"),
    }
    return Report(**(facts | more))


def heard(data: Event, lane: Lane = "normal") -> Envelope[Any]:
    return Envelope[Any](
        id=str(uuid7()), type=data.wire, source="intake", subject=COMPLAINT, time=NOW, sequence=1, polres=POLRES,
        lane=lane, data=data,
    )  # fmt: skip


def submission(known: Examination, *, lane: Lane = "normal", lookup: str | None = "a" * 64, **more: Any) -> Any:
    data = ComplaintSubmitted(report=report(**more), category_hint="traffic", tracking_lookup=lookup)
    return domain.submitted(None, heard(data, lane), NOW, known)


def supplement(name: str = "s-1", **more: Any) -> Envelope[Any]:
    return heard(ComplaintSupplemented(supplement=name, sealed=Sealed(narrative=f"sealed-{name}"), **more))


def commanded(data: Any = None, actor: Person | None = OFFICER) -> Command[Any]:
    return Command("http:1", COMPLAINT, POLRES, data, actor)


def trace(until: datetime = NOW + timedelta(hours=72)) -> Trace:
    incident = Incident(COMPLAINT, NOW, None, "1-1", None, Fingerprint("key", 0, b""))
    return Trace(("1-1",), NOW, until, incident)


def after(decision: Decision[Any]) -> Any:
    """The case after a decision."""
    return decision.case


def in_status(status: Status, **more: Any) -> Verification:
    """A case in that status; a verified one may be linked to."""
    case: Verification = submission(found(OUTSIDE, trace=trace())).case
    return replace(case, status=status, **more)


def target(status: Status = "verified", **more: Any) -> Verification:
    return in_status(status, report=report(received_at=NOW - timedelta(hours=1)), **more)


ACTIONS: dict[str, tuple[Status, Callable[[Verification], Any]]] = {
    "verify": ("verified", lambda case: decisions.verify(case, commanded(), NOW)),
    "reject": ("rejected", lambda case: decisions.reject(case, commanded(Reject("implausible", FORTNIGHT)), NOW)),
    "clarify": ("clarifying", lambda case: decisions.clarify(case, commanded(Clarify(("what",), FORTNIGHT)), NOW)),
    "link": ("linked", lambda case: decisions.link(case, commanded(Link(EARLIER)), NOW, target())),
}


# --- a report comes in ------------------------------------------------------------------------------------------------


def test_a_report_that_passes_every_check_is_verified_by_itself() -> None:
    decision = submission(found(village="99.01.01.1001"))
    assert decision.case.status == "verified"
    (event,) = decision.events
    assert event == ComplaintVerified(report=report(village="99.01.01.1001"), category_hint="traffic")


def test_a_report_about_the_whole_office_waits_for_none_of_its_officers() -> None:
    decision = submission(found(OUTSIDE), conflicts=(POLRES,))
    assert decision.case.status == "verified"
    (event,) = decision.events
    assert (event.provisional, event.warnings) == (False, (OUTSIDE.check,))


@pytest.mark.parametrize(
    "finding",
    [
        NEAR_BORDER,
        Finding("place", "warning", "village_ambiguous", ("words",), ("where",)),
        Finding("place", "warning", "place_contradictory", ("point",), ("where",)),
        Finding("identity", "warning", "nik_region_unknown"),
        Finding("identity", "warning", "identity_without_nik_or_phone"),
        Finding("police_business", "warning", "chosen_as_outside_authority"),
    ],
    ids=lambda finding: finding.reason,
)
def test_a_warning_does_not_hold_a_report_but_is_named(finding: Finding) -> None:
    decision = submission(found(finding))
    assert decision.case.status == "verified"
    assert decision.events[0].warnings == (finding.check,)


@pytest.mark.parametrize("finding", [OUTSIDE, BAD_NIK, NO_BUSINESS, NOWHERE, SIMILAR], ids=lambda f: f.reason)
def test_what_only_a_person_can_judge_waits_for_an_officer_in_silence(finding: Finding) -> None:
    decision = submission(found(finding))
    assert decision.case.status == "waiting"
    assert decision.case.held_by == (finding.check,)
    assert decision.events == ()


@pytest.mark.parametrize("others", [(), (NOWHERE,), (NEAR_BORDER,)], ids=lambda others: str(len(others)))
def test_a_report_that_is_only_vague_goes_back_to_its_reporter_at_once(others: tuple[Finding, ...]) -> None:
    decision = submission(found(VAGUE, *others))
    assert decision.case.status == "clarifying"
    assert decision.events == (ComplaintClarificationRequested(missing=("where", "when"), answer_by=NOW + FORTNIGHT),)
    assert decision.case.due == NOW + FORTNIGHT


@pytest.mark.parametrize("other", [OUTSIDE, BAD_NIK, NO_BUSINESS, SIMILAR], ids=lambda finding: finding.reason)
def test_a_vague_report_with_another_doubt_waits_for_an_officer(other: Finding) -> None:
    decision = submission(found(VAGUE, other))
    assert (decision.case.status, decision.events) == ("waiting", ())


def test_a_vague_report_whose_reporter_cannot_answer_waits_for_an_officer() -> None:
    decision = submission(found(VAGUE), lookup=None)
    assert (decision.case.status, decision.events) == ("waiting", ())


def test_what_to_ask_is_prefilled_in_the_order_of_importance() -> None:
    assert submission(found(VAGUE, BAD_NIK, NOWHERE)).case.missing == ("where", "when", "who")


# --- a crime in progress ----------------------------------------------------------------------------------------------


def test_a_crime_in_progress_that_passes_is_verified_once_and_for_good() -> None:
    decision = submission(found(), in_progress=True, lane="urgent")
    assert decision.case.status == "verified"
    assert [event.provisional for event in decision.events] == [False]


@pytest.mark.parametrize(
    "findings", [(OUTSIDE,), (VAGUE, NOWHERE), (SIMILAR,), (BAD_NIK, NO_BUSINESS)], ids=lambda fs: fs[0].reason
)
def test_a_crime_in_progress_is_passed_on_whatever_its_checks_say(findings: tuple[Finding, ...]) -> None:
    decision = submission(found(*findings), in_progress=True, lane="urgent")
    assert (decision.case.status, decision.case.passed_on) == ("waiting", True)
    (event,) = decision.events
    assert isinstance(event, ComplaintVerified)
    assert event.provisional
    assert set(event.warnings) == {finding.check for finding in findings}


def test_a_crime_in_progress_takes_the_urgent_lane_even_if_it_came_by_the_other() -> None:
    assert submission(found(OUTSIDE), in_progress=True, lane="normal").case.lane == "urgent"


@pytest.mark.parametrize("action", ACTIONS)
def test_what_was_passed_on_in_haste_is_judged_like_any_other(action: str) -> None:
    case = submission(found(OUTSIDE), in_progress=True).case
    status, act = ACTIONS[action]
    decision = act(case)
    assert decision.case.status == status
    assert len(decision.events) == 1
    assert getattr(decision.events[0], "provisional", False) is False


def test_an_answer_that_mends_what_was_passed_on_verifies_it_for_good() -> None:
    case = submission(found(VAGUE), in_progress=True).case
    decision: Any = domain.supplemented(case, supplement(), NOW, found())
    assert decision.case.status == "verified"
    assert [event.provisional for event in decision.events] == [False]


# --- every move, allowed and refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("action", ACTIONS)
def test_an_officer_moves_a_case_exactly_as_the_table_allows(status: Status, action: str) -> None:
    to, act = ACTIONS[action]
    case = in_status(status)
    if to in MOVES[status]:
        decision = act(case)
        assert decision.case.status == to
        assert len(decision.events) == 1
        assert decision.case.history[-1].officer == OFFICER.id
    else:
        with pytest.raises(Conflict) as refusal:
            act(case)
        assert refusal.value.slug == "wrong_state"


@pytest.mark.parametrize("status", get_args(Status))
def test_a_withdrawal_ends_what_has_not_ended_otherwise(status: Status) -> None:
    case = in_status(status)
    decision = domain.withdrawn(case, heard(ComplaintWithdrawn()), NOW)
    assert decision.events == ()
    if status in ("waiting", "clarifying", "verified", "rejected"):
        assert after(decision).status == "withdrawn"
    else:
        assert decision.case is case


def test_from_every_status_the_table_says_where_it_leads_and_an_end_leads_nowhere() -> None:
    assert set(MOVES) == set(get_args(Status))
    assert [status for status, to in MOVES.items() if not to] == ["linked", "withdrawn"]


# --- the reporter adds something --------------------------------------------------------------------------------------


def test_the_answer_resumes_a_report_and_passes_on_all_that_was_told() -> None:
    case = submission(found(VAGUE)).case
    photo = Attachment(id="a-1", media_type="image/jpeg", size=9, sha256="0" * 64)
    merged = Sealed(narrative="sealed-merged")
    known = found(sealed=merged, village="99.01.01.2001")
    decision = domain.supplemented(case, supplement(attachments=(photo,)), NOW, known)
    assert after(decision).status == "verified"
    (event,) = decision.events
    assert isinstance(event, ComplaintVerified)
    assert event.report == report(sealed=merged, village="99.01.01.2001", attachments=(photo,))
    assert after(decision).supplements[0].sealed.narrative == "sealed-s-1"


def test_an_answer_that_says_too_little_goes_to_an_officer_and_is_not_asked_for_again() -> None:
    case = submission(found(VAGUE)).case
    decision = domain.supplemented(case, supplement(), NOW, found(VAGUE))
    assert (after(decision).status, decision.events) == ("waiting", ())


def test_what_comes_while_an_officer_looks_may_settle_it_and_otherwise_leaves_it_there() -> None:
    case = in_status("waiting")
    assert after(domain.supplemented(case, supplement(), NOW, found())).status == "verified"
    still = after(domain.supplemented(case, supplement(), NOW, found(SIMILAR)))
    assert (still.status, still.held_by) == ("waiting", ("reported_before",))


@pytest.mark.parametrize(("notice", "status"), [("sealed-words", "waiting"), (None, "verified")])
def test_an_answer_to_an_officers_own_words_is_judged_by_an_officer(notice: str | None, status: Status) -> None:
    asked = decisions.clarify(in_status("waiting"), commanded(Clarify(("who",), FORTNIGHT, notice)), NOW)
    assert after(domain.supplemented(asked.case, supplement(), NOW, found())).status == status


@pytest.mark.parametrize("status", ["verified", "linked", "withdrawn"])
def test_a_supplement_after_the_end_is_noted_and_moves_nothing(status: Status) -> None:
    case = in_status(status)
    decision = domain.supplemented(case, supplement(), NOW, None)
    step = after(decision).history[-1]
    assert (step.what, step.detail, step.status) == ("supplemented", "s-1", status)
    assert (decision.events, after(decision).status, after(decision).supplements) == ((), status, ())


@pytest.mark.parametrize("status", ["waiting", "clarifying", "verified", "rejected", "linked", "withdrawn"])
def test_the_same_supplement_under_another_message_id_does_nothing(status: Status) -> None:
    case = in_status(status, question=Question(("what",), NOW + FORTNIGHT))
    first = domain.supplemented(case, supplement(), NOW, found(OUTSIDE)).case
    again = domain.supplemented(first, supplement(), NOW, found(OUTSIDE))
    assert again.case is first
    assert again.events == ()


def test_supplements_are_bounded_by_parking_while_open_and_by_silence_after_the_end() -> None:
    case = in_status("waiting")
    for number in range(MAX_SUPPLEMENTS):
        case = after(domain.supplemented(case, supplement(f"s-{number}"), NOW, found(OUTSIDE)))
    with pytest.raises(Invalid) as refusal:
        domain.supplemented(case, supplement("one-more"), NOW, found(OUTSIDE))
    assert refusal.value.field == "supplement"
    ended = replace(case, status="rejected")
    assert domain.supplemented(ended, supplement("one-more"), NOW, None).case is ended


@pytest.mark.parametrize(
    ("data", "decide"),
    [
        (ComplaintSupplemented(supplement="s", sealed=Sealed()), lambda m: domain.supplemented(None, m, NOW, None)),
        (ComplaintWithdrawn(), lambda m: domain.withdrawn(None, m, NOW)),
    ],
    ids=["supplemented", "withdrawn"],
)
def test_what_overtakes_its_report_is_too_early(data: Event, decide: Callable[[Envelope[Any]], object]) -> None:
    with pytest.raises(TooEarly):
        decide(heard(data))


def test_a_report_that_is_submitted_again_changes_nothing_whatever_became_of_it() -> None:
    for status in get_args(Status):
        case = in_status(status)
        decision = domain.submitted(case, heard(ComplaintSubmitted(report=report())), NOW, None)
        assert decision.case is case
        assert decision.events == ()


def deliver(case: Verification | None, message: Envelope[Any]) -> Verification | None:
    if message.type == ComplaintSubmitted.wire:
        return domain.submitted(case, message, NOW, None if case else found(VAGUE)).case
    if message.type == ComplaintWithdrawn.wire:
        return domain.withdrawn(case, message, NOW).case
    return domain.supplemented(case, message, NOW, found(VAGUE)).case


def test_in_whatever_order_and_however_often_messages_come_the_end_is_the_same() -> None:
    submitted = heard(ComplaintSubmitted(report=report(), tracking_lookup="a" * 64))
    messages = [submitted, supplement(), heard(ComplaintWithdrawn()), submitted]
    for order in permutations(messages):
        case: Verification | None = None
        pending = list(order)
        while pending:
            message = pending.pop(0)
            try:
                case = deliver(case, message)
            except TooEarly:
                pending.append(message)
        assert case is not None
        assert case.status == "withdrawn"
        assert sorted(step.what for step in case.history) == ["submitted", "supplemented", "withdrawn"]


# --- officers ---------------------------------------------------------------------------------------------------------

STRANGERS = {
    "another polres": Person("officer-2", frozenset({"verifier"}), frozenset({"polres-lain"})),
    "named": Person("officer-x", frozenset({"verifier"}), frozenset({POLRES})),
    "of a unit that is named": Person("officer-3", frozenset({"verifier"}), frozenset({POLRES, "Satlantas"})),
    "nobody": None,
}


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("action", [*ACTIONS, "absent"])
def test_whoever_may_not_know_of_a_case_finds_none(who: str, action: str) -> None:
    case = None if action == "absent" else in_status("waiting", hidden_from=("officer-x", "Satlantas"))
    data = {"reject": Reject("implausible", FORTNIGHT), "clarify": Clarify(("what",), FORTNIGHT), "link": Link(EARLIER)}
    command = commanded(data.get(action), STRANGERS[who])
    decide = getattr(decisions, "verify" if action == "absent" else action)
    with pytest.raises(Absent):
        decide(case, command, NOW, *([target()] if action == "link" else []))


def test_a_report_is_hidden_from_those_who_may_not_know_of_the_report_that_it_resembles() -> None:
    known = found(SIMILAR, suggestion=Suggestion(EARLIER, 0.8, 0.7, "same_cell", 1.0), suggestion_hidden_from=("u-2",))
    case = submission(known, conflicts=("u-1",)).case
    assert case.hidden_from == ("u-1", "u-2")
    assert not case.visible_to(Person("u-2", units=frozenset({POLRES})))
    assert case.visible_to(OFFICER)


def test_an_officer_verifies_with_warnings_for_what_did_not_pass() -> None:
    decision = decisions.verify(in_status("waiting"), commanded(), NOW)
    (event,) = decision.events
    assert event == ComplaintVerified(
        report=report(), category_hint="traffic", warnings=("place",), officer=OFFICER.id, provisional=False
    )


def test_an_officer_rejects_with_a_reason_and_a_term_for_an_appeal() -> None:
    decision = decisions.reject(
        in_status("waiting"), commanded(Reject("outside_jurisdiction", FORTNIGHT, "sealed-words")), NOW
    )
    (event,) = decision.events
    assert event == ComplaintRejected(
        reason="outside_jurisdiction",
        appeal_until=NOW + FORTNIGHT,
        officer=OFFICER.id,
        sealed=Sealed(notice="sealed-words"),
    )


def test_an_officer_asks_and_the_words_stay_sealed() -> None:
    command = commanded(Clarify(("when", "other"), FORTNIGHT, "sealed-words"))
    decision = decisions.clarify(in_status("waiting"), command, NOW)
    (event,) = decision.events
    assert event == ComplaintClarificationRequested(
        missing=("when", "other"), answer_by=NOW + FORTNIGHT, sealed=Sealed(notice="sealed-words")
    )
    assert "sealed-words" not in repr(decision.case)


def test_to_ask_for_something_else_takes_words() -> None:
    with pytest.raises(Invalid) as refusal:
        decisions.clarify(in_status("waiting"), commanded(Clarify(("other",), FORTNIGHT)), NOW)
    assert refusal.value.field == "words"


def test_a_reporter_who_cannot_answer_is_not_asked() -> None:
    with pytest.raises(Conflict) as refusal:
        decisions.clarify(in_status("waiting", answerable=False), commanded(Clarify(("what",), FORTNIGHT)), NOW)
    assert refusal.value.slug == "cannot_answer"


# --- links ------------------------------------------------------------------------------------------------------------


def linked(known: Verification | None, to: str = EARLIER) -> Any:
    return decisions.link(in_status("waiting", village="99.01.01.2001"), commanded(Link(to)), NOW, known)


def test_a_link_carries_the_whole_report_to_the_earlier_one() -> None:
    decision = linked(target())
    assert decision.case.linked_to == EARLIER
    assert decision.events == (
        ComplaintLinked(linked_to=EARLIER, officer=OFFICER.id, report=report(village="99.01.01.2001")),
    )


@pytest.mark.parametrize(
    ("known", "to", "slug"),
    [
        (None, EARLIER, "no_such_complaint"),
        (target(hidden_from=(OFFICER.id,)), EARLIER, "no_such_complaint"),
        (target(hidden_from=("SPKT",)), EARLIER, "no_such_complaint"),
        (replace(target(), polres="polres-lain"), EARLIER, "no_such_complaint"),
        (target(), COMPLAINT, "same_complaint"),
        (in_status("verified", report=report(received_at=NOW)), EARLIER, "not_earlier"),
        (in_status("verified"), "01936000-0000-7000-8000-000000000003", "not_earlier"),
        *((target(status), EARLIER, "target_not_verified") for status in MOVES if status != "verified"),
    ],
)
def test_a_link_leads_only_to_an_earlier_verified_complaint_that_the_officer_may_see(
    known: Verification | None, to: str, slug: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        linked(known, to)
    assert refusal.value.slug == slug


def test_a_complaint_that_was_linked_to_can_never_be_linked_away() -> None:
    assert "verified" in MOVES["waiting"]
    assert "linked" not in MOVES["verified"]
    reachable: set[Status] = {"verified"}
    while not (new := {to for status in reachable for to in MOVES[status]}) <= reachable:
        reachable |= new
    assert reachable == {"verified", "withdrawn"}


# --- time -------------------------------------------------------------------------------------------------------------


def due(case: Verification, now: datetime) -> Any:
    return domain.tick(case, commanded(actor=None), now)


def test_a_question_without_an_answer_returns_to_the_officers_and_is_never_closed() -> None:
    case = submission(found(VAGUE)).case
    assert due(case, NOW + FORTNIGHT - timedelta(seconds=1)).case is case
    late = after(due(case, NOW + FORTNIGHT))
    assert (late.status, late.due, late.history[-1].what) == ("waiting", None, "unanswered")
    assert after(decisions.verify(late, commanded(), NOW)).status == "verified"


def test_the_trace_goes_when_it_is_too_old_to_compare_and_the_question_stays_due() -> None:
    case = submission(found(VAGUE, trace=trace())).case
    assert case.due == NOW + timedelta(hours=72)
    later = after(due(case, case.due))
    assert (later.trace, later.status, later.due) == (None, "clarifying", NOW + FORTNIGHT)
    again = after(domain.supplemented(later, supplement(), NOW + timedelta(hours=73), found(OUTSIDE, trace=trace())))
    assert (again.trace, again.due) == (None, None)


@pytest.mark.parametrize("status", ["rejected", "linked", "withdrawn"])
def test_an_end_that_nothing_is_compared_with_takes_its_trace_along(status: Status) -> None:
    case = in_status("waiting")
    assert case.trace
    acts = dict(ACTIONS.values())
    decision = acts[status](case) if status in acts else domain.withdrawn(case, heard(ComplaintWithdrawn()), NOW)
    assert (after(decision).trace, after(decision).due) == (None, None)


@pytest.mark.parametrize("status", ["waiting", "verified"])
def test_waking_a_case_always_moves_what_is_due_on(status: Status) -> None:
    case = in_status(status)
    moment = case.due
    assert moment
    woken = after(due(case, moment))
    assert woken.due != moment
    assert (woken.status, woken.trace) == (status, None)


def test_missing_is_only_what_the_contract_knows() -> None:
    asked = tuple(
        Finding("identity", "failed", "x", ask=(q,)) for q in ("what", "where", "when", "who", "nik", "phone")
    )
    case = replace(in_status("waiting"), findings=asked)
    assert set(case.missing) <= set(get_args(Missing))
    assert case.missing == ("what", "where", "when", "who")
