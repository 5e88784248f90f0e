"""What each message means for a complaint under classification."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification import domain
from services.classification.domain import HISTORY_KEPT, MOVES, REVIEWED, Matter, Move, Proposal, Status
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import MediationRule, Track, Urgency
from shared.contracts.envelope import Decision, Event, Person
from shared.contracts.evaluation import ComplaintReopenRequested
from shared.contracts.mediation import MediationFailed
from shared.contracts.referral import ReferralDeclined
from shared.contracts.refusals import Absent, Conflict, Invalid, Refusal, TooEarly
from tests.services.classification.samples import (
    NOW,
    OFFICER,
    POLRES,
    PPA_OFFICER,
    classification,
    event,
    matter,
    report,
    ruling,
    verified,
)

LATER = NOW + timedelta(hours=1)
FAILED = event(MediationFailed(recommended="investigation"))
DECLINED = event(ReferralDeclined(reason="not_ours"))
REOPENED = event(ComplaintReopenRequested())


def in_status(status: Status) -> Matter:
    """A complaint on mediation and referral in this status, reached by messages alone."""
    proposed = classification(tracks=("mediation", "referral"))
    match status:
        case "waiting":
            case = matter(proposed, "low_confidence")
        case "checking":
            case = matter(proposed, "low_confidence", in_progress=True)
        case "classified":
            case = matter(proposed)
        case "returned":
            case = taken(domain.reopen(matter(proposed), REOPENED, NOW))
    assert case.status == status
    return case


def taken(decision: Decision[Matter]) -> Matter:
    assert decision.case is not None
    return decision.case


def only(decision: Decision[Matter], kind: type[Event]) -> Any:
    (said,) = decision.events
    assert type(said) is kind
    return said


# --- the table -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "move"), list(product(get_args(Status), get_args(Move))))
def test_every_move_ends_where_the_table_says_and_any_other_is_refused(status: Status, move: Move) -> None:
    case = in_status(status)
    after = MOVES.get((status, move))
    message = {"confirm": ruling(), "change": ruling(classification("trespass")), "return": FAILED}[move]
    decide: Any = domain.take_back_from_mediation if move == "return" else domain.rule
    if after is None:
        refusal = TooEarly if move == "return" else Conflict
        with pytest.raises(refusal):
            decide(case, message, LATER)
    else:
        assert taken(decide(case, message, LATER)).status == after


def test_the_table_names_every_status_and_move_and_what_is_refused_is_known() -> None:
    refused = set(product(get_args(Status), get_args(Move))) - set(MOVES)
    assert refused == {("waiting", "return"), ("classified", "confirm")}
    assert set(REVIEWED) == set(get_args(Status)) - {"classified"}


@pytest.mark.parametrize(
    ("decide", "message"),
    [
        (domain.take_back_from_mediation, FAILED),
        (domain.take_back_from_referral, DECLINED),
        (domain.reopen, REOPENED),
    ],
)
def test_what_comes_back_before_it_was_classified_is_too_early(decide: Any, message: Any) -> None:
    for case in (None, in_status("waiting")):
        with pytest.raises(TooEarly):
            decide(case, message, NOW)


def test_nobody_can_rule_on_what_does_not_exist() -> None:
    with pytest.raises(Absent):
        domain.rule(None, ruling(), NOW)


# --- a verified complaint --------------------------------------------------------------------------------------------


def test_what_the_rules_are_sure_of_is_classified_at_once() -> None:
    proposal = Proposal(classification())
    message = verified()
    decision = domain.classify(None, message, NOW, proposal)
    case, said = taken(decision), only(decision, ComplaintClassified)
    assert (case.status, case.in_force, case.lane, case.since) == ("classified", proposal.classification, "normal", NOW)
    assert (said.classification, said.report, said.provisional) == (case.in_force, message.data.report, False)
    assert said.classification.officer is None
    assert [(step.reason, step.officer) for step in case.history] == [("rules", None)]


def test_what_the_rules_are_unsure_of_waits_for_an_officer_and_nobody_hears_of_it() -> None:
    decision = domain.classify(None, verified(), NOW, Proposal(classification(), ("low_confidence",)))
    case = taken(decision)
    assert (case.status, case.in_force, case.history, decision.events) == ("waiting", None, (), ())


@pytest.mark.parametrize(("in_progress", "urgency"), [(True, "P3"), (False, "P1"), (True, "P1")])
def test_an_unsure_report_that_cannot_wait_is_classified_and_stands_in_the_review_queue_too(
    in_progress: bool, urgency: Urgency
) -> None:
    proposal = Proposal(classification(urgency=urgency), ("unrecognised",))
    decision = domain.classify(None, verified(report(in_progress=in_progress)), NOW, proposal)
    case, said = taken(decision), only(decision, ComplaintClassified)
    assert case.status in REVIEWED
    assert case.lane == "urgent"
    assert case.proposal.cautions == ("unrecognised",)
    assert said.classification == case.in_force == case.proposal.classification


@pytest.mark.parametrize(
    ("tracks", "partners", "sent"),
    [
        (("mediation",), (), ("mediation", "dispatch")),
        (("investigation",), (), ("investigation", "dispatch")),
        (("investigation", "dispatch"), (), ("investigation", "dispatch")),
        (("dispatch", "referral"), ("Damkar",), ("dispatch", "referral")),
        (("referral",), ("Dishub",), ("referral", "dispatch")),
        (("referral",), (), ("dispatch",)),
    ],
)
def test_a_guess_that_cannot_wait_sends_somebody_to_look_and_refers_to_nobody_who_is_not_named(
    tracks: tuple[Track, ...], partners: tuple[str, ...], sent: tuple[Track, ...]
) -> None:
    case = matter(classification(tracks=tracks, partners=partners), "unrecognised", in_progress=True)
    assert case.in_force is not None
    assert case.in_force.tracks == sent
    # To confirm keeps what is under way, patrol included.
    assert domain.rule(case, ruling(), LATER).events == ()


def test_no_patrol_is_sent_on_a_guess_to_a_complaint_about_the_police() -> None:
    guess = classification("police_misconduct", urgency="P1", tracks=("internal_affairs",), mediation="never")
    assert matter(guess, "low_confidence", in_progress=True).in_force == guess


def test_what_the_rules_are_sure_of_is_left_as_it_is_even_in_progress() -> None:
    case = matter(in_progress=True)
    assert case.in_force == classification()
    assert (case.status, case.lane) == ("classified", "urgent")


@pytest.mark.parametrize(
    ("urgency", "in_progress", "lane"),
    [("P1", False, "urgent"), ("P2", False, "normal"), ("P4", True, "urgent"), ("P1", True, "urgent")],
)
def test_p1_and_what_is_in_progress_takes_the_urgent_lane(urgency: Urgency, in_progress: bool, lane: str) -> None:
    assert matter(classification(urgency=urgency), in_progress=in_progress).lane == lane
    waiting = matter(classification(), "low_confidence", in_progress=in_progress)
    ruled = taken(domain.rule(waiting, ruling(classification("trespass", urgency=urgency)), LATER))
    assert ruled.lane == lane


def test_a_provisional_report_that_is_verified_keeps_what_was_decided_and_tells_nothing_new() -> None:
    first = verified(report(in_progress=True), provisional=True)
    case = taken(domain.classify(None, first, NOW, Proposal(classification())))
    assert case.provisional
    final = verified(report(in_progress=True, village="35.09.01.2003"))
    decision = domain.classify(case, final, LATER, Proposal(classification("theft")))
    after = taken(decision)
    assert decision.events == ()
    assert after == replace(case, provisional=False, report=final.data.report)


def test_the_final_report_counts_even_if_the_provisional_one_comes_after_it() -> None:
    final, provisional = verified(), verified(provisional=True)
    case = taken(domain.classify(None, final, NOW, Proposal(classification())))
    for late in (provisional, final):
        decision = domain.classify(case, late, LATER, Proposal(classification("theft")))
        assert decision.case is case
        assert decision.events == ()


@pytest.mark.parametrize("status", get_args(Status))
def test_a_report_that_is_verified_late_moves_nothing_in_any_status(status: Status) -> None:
    case = replace(in_status(status), provisional=True)
    decision = domain.classify(case, verified(case.report), LATER, case.proposal)
    assert decision == Decision(replace(case, provisional=False))


# --- officers --------------------------------------------------------------------------------------------------------


def test_confirming_what_waits_classifies_it_in_the_officers_name() -> None:
    case = in_status("waiting")
    decision = domain.rule(case, ruling(note="sealed-note"), LATER)
    after, said = taken(decision), only(decision, ComplaintClassified)
    assert (
        after.in_force == said.classification == case.proposal.classification.model_copy(update={"officer": OFFICER.id})
    )
    assert (after.status, after.since) == ("classified", LATER)
    (step,) = after.history
    assert (step.reason, step.officer, step.note, step.at) == ("officer_decision", OFFICER.id, "sealed-note", LATER)


def test_changing_what_waits_classifies_it_as_the_officer_says() -> None:
    chosen = classification("trespass", tracks=("investigation",), urgency="P2")
    decision = domain.rule(in_status("waiting"), ruling(chosen), LATER)
    said = only(decision, ComplaintClassified)
    assert said.classification == chosen.model_copy(update={"officer": OFFICER.id})


def test_changing_what_is_in_force_moves_the_complaint_and_names_both() -> None:
    case = in_status("checking")
    decision = domain.rule(case, ruling(classification("theft", mediation="never", tracks=("investigation",))), LATER)
    said = only(decision, ComplaintReclassified)
    assert (said.reason, said.previous) == ("officer_decision", case.in_force)
    assert said.classification == taken(decision).in_force
    assert said.classification.category == "theft"


def test_confirming_what_is_in_force_ends_the_review_and_tells_nobody() -> None:
    case = in_status("checking")
    decision = domain.rule(case, ruling(), LATER)
    after = taken(decision)
    assert decision.events == ()
    assert after.status == "classified"
    assert after.in_force is not None
    assert after.in_force.officer == OFFICER.id
    assert [step.reason for step in after.history] == ["rules", "officer_decision"]


def test_a_late_confirmation_does_not_undo_what_a_colleague_changed() -> None:
    changed = taken(domain.rule(in_status("waiting"), ruling(classification("trespass")), LATER))
    with pytest.raises(Conflict):
        domain.rule(changed, ruling(), LATER)


def test_choosing_what_is_in_force_already_tells_nobody() -> None:
    case = in_status("classified")
    same = classification(tracks=("mediation", "referral"), confidence=1)
    assert domain.rule(case, ruling(same), LATER).events == ()


@pytest.mark.parametrize(
    "other",
    [
        {"category": "trespass"},
        {"urgency": "P2"},
        {"tracks": ("referral", "mediation")},
        {"mediation": "never", "tracks": ("referral",)},
        {"units": ("Pidum",)},
        {"partners": ()},
    ],
)
def test_whatever_others_act_on_is_told_when_it_changes(other: dict[str, Any]) -> None:
    chosen = classification(**{"tracks": ("mediation", "referral"), **other})
    only(domain.rule(in_status("classified"), ruling(chosen), LATER), ComplaintReclassified)


def test_the_history_keeps_the_latest_decisions() -> None:
    case = in_status("classified")
    for n in range(HISTORY_KEPT + 5):
        urgency: Urgency = "P2" if n % 2 else "P3"
        case = taken(domain.rule(case, ruling(classification(urgency=urgency), note=f"note {n}"), LATER))
    assert len(case.history) == HISTORY_KEPT
    assert case.history[-1].note == f"note {HISTORY_KEPT + 4}"


def test_notes_do_not_show_where_a_case_is_printed() -> None:
    message = ruling(note="a canary sings")
    case = taken(domain.rule(in_status("waiting"), message, LATER))
    assert "canary" not in f"{case!r}{message!r}"


@pytest.mark.parametrize(
    ("person", "conflicts"),
    [
        (OFFICER, (OFFICER.id,)),
        (PPA_OFFICER, ("PPA",)),
        (OFFICER, (POLRES,)),
        (Person("officer-9", frozenset({"classifier", "chief"}), frozenset({"polres-lain"})), ()),
        (Person("officer-9", frozenset({"classifier"})), ()),
        (None, ()),
    ],
)
def test_a_complaint_is_absent_for_whom_it_is_about_and_for_other_offices(
    person: Person | None, conflicts: tuple[str, ...]
) -> None:
    case = matter(None, "low_confidence", conflicts=conflicts)
    for message in (ruling(officer=person), ruling(classification("trespass"), officer=person)):
        with pytest.raises(Absent) as refused:
            domain.rule(case, message, LATER)
        assert str(refused.value) == str(Absent())


# --- guard rails -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("track", ["mediation", "guidance"])
@pytest.mark.parametrize(
    ("mediation", "officer", "allowed"),
    [
        ("allowed", OFFICER, True),
        ("ppa_approval", OFFICER, False),
        ("ppa_approval", PPA_OFFICER, True),
        ("restorative_only", OFFICER, False),
        ("restorative_only", PPA_OFFICER, False),
        ("never", OFFICER, False),
        ("never", PPA_OFFICER, False),
    ],
)
def test_settling_keeps_to_the_rule_of_the_category(
    mediation: MediationRule, officer: Person, allowed: bool, track: Track
) -> None:
    chosen = classification("domestic_violence", mediation=mediation, tracks=("investigation", track))
    for case in map(in_status, get_args(Status)):
        if allowed:
            assert taken(domain.rule(case, ruling(chosen, officer=officer), LATER)).in_force is not None
        else:
            with pytest.raises(Invalid) as refused:
                domain.rule(case, ruling(chosen, officer=officer), LATER)
            assert refused.value.field == "tracks"


@pytest.mark.parametrize(
    ("category", "tracks"),
    [
        ("police_misconduct", ("investigation",)),
        ("police_misconduct", ("internal_affairs", "investigation")),
        ("police_misconduct", ("internal_affairs", "dispatch")),
        ("theft", ("internal_affairs",)),
        ("theft", ("investigation", "internal_affairs")),
        ("theft", ("investigation", "investigation")),
    ],
)
def test_complaints_about_the_police_and_no_others_go_to_internal_affairs_and_a_track_is_named_once(
    category: str, tracks: tuple[Track, ...]
) -> None:
    with pytest.raises(Invalid) as refused:
        domain.rule(in_status("waiting"), ruling(classification(category, tracks=tracks)), LATER)
    assert refused.value.field == "tracks"


def test_a_complaint_about_the_police_goes_to_internal_affairs() -> None:
    chosen = classification("police_misconduct", tracks=("internal_affairs",), mediation="never")
    only(domain.rule(in_status("waiting"), ruling(chosen), LATER), ComplaintClassified)


def test_confirming_is_held_to_the_guard_rails_too() -> None:
    approved = classification("domestic_violence", mediation="ppa_approval")
    case = taken(domain.rule(in_status("waiting"), ruling(approved, officer=PPA_OFFICER), NOW))
    reopened = taken(domain.reopen(case, REOPENED, LATER))
    with pytest.raises(Invalid) as refused:
        domain.rule(reopened, ruling(officer=OFFICER), LATER)
    assert refused.value.field == "tracks"
    only(domain.rule(reopened, ruling(officer=PPA_OFFICER), LATER), ComplaintReclassified)


def test_a_mediator_cannot_recommend_past_the_guard_rails() -> None:
    case = taken(domain.take_back_from_mediation(matter(), event(MediationFailed(recommended="internal_affairs")), NOW))
    with pytest.raises(Invalid):
        domain.rule(case, ruling(), LATER)


# --- what comes back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decide", "message", "tracks", "reason", "proposed"),
    [
        (domain.take_back_from_mediation, FAILED, ("mediation",), "mediation_failed", ("investigation",)),
        (domain.take_back_from_mediation, FAILED, ("guidance", "dispatch"), "mediation_failed", ("investigation",)),
        (domain.take_back_from_referral, DECLINED, ("referral",), "referral_declined", ("referral",)),
        (domain.reopen, REOPENED, ("investigation",), "reopened", ("investigation",)),
    ],
)
def test_what_comes_back_stays_in_force_until_an_officer_decides_and_then_is_told_with_its_reason(
    decide: Any, message: Any, tracks: tuple[Track, ...], reason: str, proposed: tuple[Track, ...]
) -> None:
    before = matter(classification(tracks=tracks))
    decision = decide(before, message, LATER)
    case = taken(decision)
    assert decision.events == ()
    assert (case.status, case.returned, case.in_force, case.since) == ("returned", reason, before.in_force, LATER)
    assert (case.proposal.classification.tracks, case.proposal.cautions) == (proposed, (reason,))
    assert case.proposal.grounds == before.proposal.grounds
    ruled = domain.rule(case, ruling(), LATER)
    said = only(ruled, ComplaintReclassified)
    assert (said.reason, said.previous, said.classification.tracks) == (reason, before.in_force, proposed)
    after = taken(ruled)
    assert (after.status, after.returned, after.history[-1].reason) == ("classified", None, reason)


def test_what_comes_back_is_told_even_if_the_officer_leaves_it_as_it_was() -> None:
    case = taken(domain.reopen(in_status("classified"), REOPENED, LATER))
    said = only(domain.rule(case, ruling(), LATER), ComplaintReclassified)
    assert said.classification.model_copy(update={"officer": None}) == said.previous


@pytest.mark.parametrize(
    ("decide", "message"), [(domain.take_back_from_mediation, FAILED), (domain.take_back_from_referral, DECLINED)]
)
def test_a_track_that_the_complaint_has_left_speaks_too_late(decide: Any, message: Any) -> None:
    case = matter(classification("theft", mediation="never", tracks=("investigation",)))
    decision = decide(case, message, LATER)
    assert decision.case is case
    assert decision.events == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((domain.take_back_from_mediation, FAILED), (domain.reopen, REOPENED)),
        ((domain.take_back_from_referral, DECLINED), (domain.reopen, REOPENED)),
        ((domain.take_back_from_mediation, FAILED), (domain.take_back_from_referral, DECLINED)),
    ],
)
def test_what_comes_back_twice_ends_alike_in_any_order(first: Any, second: Any) -> None:
    start, ends = in_status("classified"), []
    for steps in ((first, second), (second, first), (first, second, first, second)):
        case = start
        for decide, message in steps:
            case = taken(decide(case, message, LATER))
        ends.append(case)
    assert ends[0] == ends[1] == ends[2]
    assert ends[0].proposal.cautions != start.proposal.cautions


def test_that_a_complaint_is_reopened_outranks_every_other_reason_and_keeps_the_recommendation() -> None:
    case = taken(domain.take_back_from_mediation(in_status("classified"), FAILED, NOW))
    case = taken(domain.reopen(case, REOPENED, LATER))
    assert (case.returned, case.since) == ("reopened", NOW)
    assert case.proposal.cautions == ("reopened", "mediation_failed")
    said = only(domain.rule(case, ruling(), LATER), ComplaintReclassified)
    assert (said.reason, said.classification.tracks) == ("reopened", ("investigation",))


def test_asking_twice_to_reopen_changes_nothing() -> None:
    case = in_status("returned")
    assert domain.reopen(case, REOPENED, LATER).case is case


# --- anything in any order -------------------------------------------------------------------------------------------

CHOICES = [
    classification(),
    classification("trespass", urgency="P1"),
    classification("theft", tracks=("investigation",), mediation="restorative_only"),
    classification("theft", tracks=("mediation",), mediation="restorative_only"),
    classification("domestic_violence", mediation="ppa_approval"),
    classification("police_misconduct", tracks=("internal_affairs",), mediation="never"),
    classification("noise", tracks=("internal_affairs",)),
]
MESSAGES = st.one_of(
    st.tuples(st.just("verified"), st.booleans(), st.booleans()),
    st.tuples(st.just("rule"), st.sampled_from([None, *CHOICES]), st.sampled_from([OFFICER, PPA_OFFICER])),
    st.tuples(st.just("failed"), st.sampled_from(get_args(Track)), st.none()),
    st.tuples(st.just("declined"), st.none(), st.none()),
    st.tuples(st.just("reopened"), st.none(), st.none()),
)


def decide(case: Matter | None, message: tuple[Any, Any, Any], proposal: Proposal) -> Decision[Matter]:
    match message:
        case ("verified", provisional, in_progress):
            told = verified(report(in_progress=in_progress), provisional=provisional)
            return domain.classify(case, told, NOW, proposal)
        case ("rule", chosen, officer):
            return domain.rule(case, ruling(chosen, officer=officer), NOW)
        case ("failed", recommended, _):
            return domain.take_back_from_mediation(case, event(MediationFailed(recommended=recommended)), NOW)
        case ("declined", _, _):
            return domain.take_back_from_referral(case, DECLINED, NOW)
        case _:
            return domain.reopen(case, REOPENED, NOW)


@given(
    st.lists(MESSAGES, max_size=12),
    st.sampled_from([0, 1, 4, 5]),
    st.sampled_from([(), ("low_confidence",)]),
)
def test_no_order_of_messages_leads_anywhere_that_is_not_foreseen(
    messages: list[tuple[Any, Any, Any]], proposed: int, cautions: tuple[str, ...]
) -> None:
    case: Matter | None = None
    told: list[Event] = []
    for message in messages:
        try:
            decision = decide(case, message, Proposal(CHOICES[proposed], cautions))
        except Refusal:
            continue
        case = decision.case
        told.extend(decision.events)
    if case is None:
        assert told == []
        return
    assert (case.in_force is None) == (case.status == "waiting")
    assert (case.returned is not None) == (case.status == "returned")
    # The first that others hear is a classification, each later one starts where the one before it ended.
    assert [type(said) for said in told[:1]] == ([] if case.in_force is None else [ComplaintClassified])
    assert all(type(said) is ComplaintReclassified for said in told[1:])
    ruled = [said.classification for said in told if isinstance(said, (ComplaintClassified, ComplaintReclassified))]
    previous = [said.previous for said in told if isinstance(said, ComplaintReclassified)]
    for before, after in zip(previous, ruled, strict=False):
        assert (before.category, before.urgency, before.tracks) == (after.category, after.urgency, after.tracks)
    for said in ruled:
        assert said.mediation != "restorative_only" or "mediation" not in said.tracks
        assert (said.category == "police_misconduct") == ("internal_affairs" in said.tracks)
    if case.in_force is not None and case.in_force.urgency == "P1":
        assert case.lane == "urgent"
