"""The table of moves, and what a verified complaint leads to."""

from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.classification import domain
from services.classification.case import MOVES, REVIEWED, Matter, Move, Proposal, Status
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Track, Urgency
from shared.contracts.envelope import Decision, Event
from shared.contracts.mediation import MediationFailed
from shared.contracts.refusals import Absent, Conflict, Refusal, TooEarly
from tests.services.classification.samples import (
    DECLINED,
    FAILED,
    LATER,
    NOW,
    OFFICER,
    PPA_OFFICER,
    REJECTED,
    REOPENED,
    classification,
    event,
    in_status,
    matter,
    only,
    report,
    ruling,
    taken,
    verified,
)

# --- the table -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "move"), list(product(get_args(Status), get_args(Move))))
def test_every_move_ends_where_the_table_says_and_any_other_is_refused(status: Status, move: Move) -> None:
    case = in_status(status)
    after = MOVES.get((status, move))
    message = {"confirm": ruling(), "change": ruling(classification("trespass")), "return": FAILED, "end": REJECTED}[
        move
    ]
    decide: Any = {"return": domain.take_back_from_mediation, "end": domain.end}.get(move, domain.rule)
    if after is None and move == "end":
        assert decide(case, message, LATER) == Decision(case), "what is decided stays as it was decided"
    elif after is None:
        refusal = TooEarly if move == "return" else Conflict
        with pytest.raises(refusal):
            decide(case, message, LATER)
    else:
        assert taken(decide(case, message, LATER)).status == after


def test_the_table_names_every_status_and_move_and_what_is_refused_is_known() -> None:
    refused = set(product(get_args(Status), get_args(Move))) - set(MOVES)
    assert refused == {
        ("waiting", "return"),
        ("classified", "confirm"),
        ("classified", "end"),
        ("ended", "confirm"),
        ("ended", "change"),
        ("ended", "end"),
    }
    assert set(REVIEWED) == set(get_args(Status)) - {"classified", "ended"}


def test_the_end_of_a_complaint_that_was_never_passed_on_leaves_nothing_here() -> None:
    assert domain.end(None, REJECTED, NOW) == Decision(None)


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
