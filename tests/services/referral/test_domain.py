"""Offers, answers, clocks, and notices to agencies."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from services.referral import direction
from services.referral.answers import Resend, resend
from services.referral.case import MOVES, Case, OfferState, Verb
from services.referral.direction import Named
from services.referral.notices import Claim, Result, claim, report
from services.referral.offers import put
from shared.contracts.refusals import Absent, Conflict
from tests.services.referral.cases import (
    DAMKAR,
    FIRE,
    NOW,
    accepted,
    answer,
    at,
    classified,
    command,
    delivered,
    direct,
    hear,
    heard,
    linked,
    reclassified,
    rejected,
    supplemented,
    told,
    wake,
    wires,
    withdrawn,
)


def test_a_complaint_on_our_track_is_offered_to_the_first_agency_that_stands_for_its_partners() -> None:
    decision = hear(None, classified())
    (offered,) = decision.events
    assert (offered.agency, offered.attempt, offered.answer_by) == ("damkar", 1, at(minutes=5))
    assert (decision.case.status, told(decision.case)) == ("offered", [("damkar", "offer")])
    assert decision.case.due == at(minutes=2.5)


def test_a_complaint_on_other_tracks_leaves_nothing_behind() -> None:
    assert hear(None, classified(tracks=("investigation",))) == (None, ())


def test_where_no_agency_is_in_charge_classification_decides() -> None:
    decision = hear(None, classified(partners=("Basarnas",)))
    assert [(event.wire, event.reason) for event in decision.events] == [("referral.declined.v1", "no_agency")]
    assert (decision.case.status, decision.case.due) == ("declined", None)
    again = hear(decision.case, reclassified(4, "referral_declined", partners=("BPBD",)))
    assert (again.case.status, again.case.holder.agency) == ("offered", "bpbd")


def test_an_agency_goes_its_whole_way() -> None:
    case = heard(classified())
    taken = answer(case, "accept", reference="DK-31")
    (event,) = taken.events
    assert (event.agency, event.reference, event.complete_by) == ("damkar", "DK-31", at(days=1))
    on_the_way = answer(taken.case, "update", step="in_progress", words="sealed words")
    assert (on_the_way.events[0].step, on_the_way.events[0].sealed.notice) == ("in_progress", "sealed words")
    done = answer(on_the_way.case, "complete", outcome="resolved", words="sealed end")
    assert (done.events[0].outcome, done.events[0].sealed.notice) == ("resolved", "sealed end")
    assert (done.case.status, done.case.due, done.case.agencies) == ("completed", None, ())


def test_a_declined_offer_goes_to_the_next_and_the_last_decline_to_classification() -> None:
    first = answer(delivered(heard(classified())), "decline", reason="no_capacity")
    assert wires(first.events) == ["referral.offered.v1"]
    assert (first.case.holder.agency, first.events[0].attempt) == ("bpbd", 2)
    last = answer(first.case, "decline", reason="not_ours")
    assert [(event.wire, event.reason) for event in last.events] == [("referral.declined.v1", "not_ours")]
    assert (last.case.status, last.case.due) == ("declined", None)


@pytest.mark.parametrize("state", get_args(OfferState))
@pytest.mark.parametrize("verb", get_args(Verb))
def test_every_move_is_either_in_the_table_or_refused_and_changes_nothing(state: OfferState, verb: Verb) -> None:
    case: Case = heard(classified())
    holder = case.holder
    assert holder is not None
    case = put(case, replace(holder, state=state))
    said: dict[str, Any] = {"agency": holder.agency, "number": holder.number}
    details = {"update": {"step": "waiting"}, "complete": {"outcome": "resolved"}, "decline": {"reason": "other"}}
    said |= details.get(verb, {})
    if (state, verb) in MOVES:
        after = answer(case, verb, **said).case
        assert after.offers[0].state == MOVES[state, verb]
    else:
        with pytest.raises(Conflict):
            answer(case, verb, **said)


def test_an_answer_to_anothers_referral_reads_like_one_to_none() -> None:
    case = heard(classified())
    refusals = []
    others: tuple[dict[str, Any], ...] = ({"agency": "bpbd"}, {"number": "RJ-AAAA-AAAA-AAAA"})
    for said in others:
        with pytest.raises(Absent) as refused:
            answer(case, "accept", **said)
        refusals.append((refused.value.slug, refused.value.detail))
    assert refusals[0] == refusals[1]


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        (withdrawn(), "withdrawn"),
        (rejected(), "rejected"),
        (linked(), "linked"),
        (reclassified(tracks=("mediation",)), "elsewhere"),
    ],
)
@pytest.mark.parametrize("has_accepted", [False, True])
def test_the_agency_is_told_when_we_let_go_and_can_answer_no_more(ending: Any, status: str, has_accepted: bool) -> None:
    case = accepted() if has_accepted else delivered(heard(classified()))
    decision = hear(case, ending)
    assert (decision.case.status, decision.events, decision.case.due) == (status, (), None)
    assert told(decision.case) == [("damkar", "withdrawn")]
    with pytest.raises(Conflict, match="already_withdrawn"):
        answer(decision.case, "accept", agency="damkar", number=case.offers[0].number)


def test_an_agency_that_was_not_told_of_the_offer_yet_is_told_nothing() -> None:
    assert told(hear(heard(classified()), withdrawn()).case) == []


def test_an_agency_that_may_have_got_the_offer_is_told_after_it() -> None:
    case = claim(heard(classified()), command(Claim("one", "damkar")), NOW).case
    assert case is not None
    assert told(hear(case, withdrawn()).case) == [("damkar", "offer"), ("damkar", "withdrawn")]


def test_a_report_that_was_withdrawn_first_is_never_offered() -> None:
    case = heard(withdrawn(), classified())
    assert (case.status, case.offers, case.deliveries) == ("withdrawn", (), ())


def test_a_new_category_within_the_owners_reach_leaves_the_complaint_with_its_owner() -> None:
    decision = hear(accepted(), reclassified(partners=("BPBD", "Damkar")))
    assert (decision.case.holder.agency, decision.case.status, decision.events) == ("damkar", "accepted", ())
    moved = hear(accepted(), reclassified(partners=("PLN",)))
    assert moved.case.holder.agency == "pln"
    assert told(moved.case) == [("damkar", "withdrawn"), ("pln", "offer")]


def test_an_offer_that_nobody_answered_is_made_anew_when_its_words_have_changed() -> None:
    decision = hear(delivered(heard(classified(urgency="P2"))), reclassified(urgency="P1"))
    assert told(decision.case) == [("damkar", "withdrawn"), ("damkar", "offer")]
    assert decision.case.holder.answer_by == at(minutes=5)


def test_a_reopened_complaint_is_offered_anew() -> None:
    done = answer(accepted(), "complete", outcome="resolved").case
    assert hear(done, reclassified(4)).case.status == "completed"
    again = hear(done, reclassified(4, "reopened"))
    assert (again.case.status, again.case.completion, len(again.case.past_completions)) == ("offered", None, 1)


def test_a_silent_agency_is_reminded_and_then_passed_over_with_an_alarm() -> None:
    case = delivered(heard(classified()))
    reminded = wake(case, at(minutes=3))
    assert (told(reminded.case), reminded.events, reminded.case.due) == ([("damkar", "reminder")], (), at(minutes=5))
    passed = wake(delivered(reminded.case), at(minutes=5))
    assert wires(passed.events) == ["referral.overdue.v1", "referral.offered.v1"]
    assert (passed.events[0].stage, passed.events[0].level) == ("answer", 1)
    assert told(passed.case) == [("damkar", "withdrawn"), ("bpbd", "offer")]
    with pytest.raises(Conflict, match="already_lapsed"):
        answer(passed.case, "accept", agency="damkar", number=case.offers[0].number)


def test_an_agency_that_is_the_only_one_keeps_its_offer_however_long_it_is_away() -> None:
    case, levels, moment = delivered(heard(classified(partners=("BPBD",)))), [], NOW
    while case.due is not None:
        moment = case.due
        woken = wake(case, moment)
        levels += [event.level for event in woken.events]
        case = delivered(woken.case)
    assert (levels, case.status, case.holder.agency) == ([1, 2, 3, 4, 5], "offered", "bpbd")
    assert answer(case, "accept", at(days=8)).case.status == "accepted"


def test_an_owner_who_is_not_done_in_time_is_reminded_and_the_alarm_is_raised() -> None:
    case = accepted()
    assert told(wake(case, at(hours=12)).case) == [("damkar", "reminder")]
    late = wake(case, at(days=1))
    assert [(event.stage, event.level) for event in late.events] == [("completion", 1)]
    assert (late.case.holder.agency, late.case.due) == ("damkar", at(days=2))


def test_what_the_reporter_adds_goes_to_the_owner_and_to_those_who_help() -> None:
    case = delivered(direct(direction.add_collaborator, accepted(), Named("bpbd")).case)
    decision = hear(case, supplemented())
    assert told(decision.case) == [("damkar", "supplement"), ("bpbd", "supplement")]
    assert told(hear(decision.case, supplemented()).case) == told(decision.case)
    assert told(heard(supplemented(), classified())) == [("damkar", "offer")]


def test_an_offer_is_sent_again_once_for_however_many_requests() -> None:
    case = delivered(heard(classified()))
    number = case.holder.number
    once = resend(case, command(Resend("damkar", number)), NOW).case
    assert once is not None
    assert told(once) == [("damkar", "offer")]
    assert resend(once, command(Resend("damkar", None)), NOW).case is once
    with pytest.raises(Absent):
        resend(case, command(Resend("bpbd", number)), NOW)
    gone = hear(case, withdrawn()).case
    with pytest.raises(Conflict, match="not_yours"):
        resend(gone, command(Resend("damkar", number)), NOW)


def test_a_notice_that_failed_is_tried_later_each_time_and_never_overtaken() -> None:
    case: Any = heard(classified())
    waits, now = [], NOW
    for attempt in range(14):
        case = claim(case, command(Claim(f"try-{attempt}", "damkar")), now).case
        case = report(case, command(Result(case.deliveries[0].id, f"try-{attempt}", "agency_away")), now).case
        waits.append((case.deliveries[0].due - now).total_seconds())
        now = case.deliveries[0].due
    assert waits[:4] == [5, 10, 20, 40]
    assert waits[-1] == 3600
    gone = hear(case, withdrawn(), NOW).case
    assert told(gone) == [("damkar", "offer"), ("damkar", "withdrawn")]
    assert gone.deliveries[1].due == gone.deliveries[0].due
    assert claim(gone, command(Claim("early", "damkar")), NOW).case is gone


def test_a_broker_that_is_away_is_tried_again_soon_however_long_it_was_away() -> None:
    case: Any = heard(classified())
    for attempt in range(9):
        now = case.deliveries[0].due
        case = claim(case, command(Claim(f"try-{attempt}", "damkar")), now).case
        result = Result(case.deliveries[0].id, f"try-{attempt}", "broker_away", ours=True)
        case = report(case, command(result), now).case
    assert (case.deliveries[0].due - now).total_seconds() == 5


def test_of_two_who_would_deliver_one_does() -> None:
    case = claim(heard(classified()), command(Claim("one", "damkar")), NOW).case
    assert claim(case, command(Claim("two", "damkar")), NOW).case is case
    assert case is not None
    done = report(case, command(Result(case.deliveries[0].id, "one", None)), NOW).case
    assert done is not None
    assert done.deliveries == ()


def test_numbers_tell_nothing_and_differ() -> None:
    case = answer(heard(classified(partners=FIRE)), "decline", reason="other").case
    assert len(set(case.numbers)) == 2
    assert all(number.startswith("RJ-") for number in case.numbers)
    assert DAMKAR.slug not in "".join(case.numbers)
