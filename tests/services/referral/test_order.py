"""Whatever the order in which events arrive, and however often, a case ends the same."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.referral.cases import (
    answer,
    classified,
    found_out,
    hear,
    linked,
    reclassified,
    rejected,
    report,
    supplemented,
    withdrawn,
)
from tests.support.order import changes_nothing_when_heard_again, deliveries

KINDS = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["fire_or_disaster", "outside_authority"]),
        "urgency": st.sampled_from(["P1", "P3"]),
        "tracks": st.sampled_from([("referral",), ("dispatch", "referral"), ("mediation",), ("investigation",)]),
        "partners": st.sampled_from([("Damkar", "BPBD"), ("BPBD",), ("PLN",), ("Ombudsman",)]),
    }
)


@st.composite
def histories(draw: Any) -> Any:
    """What the other services say of a complaint, in the order in which they say it."""
    messages = [classified(2, **draw(KINDS))]
    for sequence, kind in enumerate(draw(st.lists(KINDS, max_size=3)), start=3):
        reason = draw(st.sampled_from(["officer_decision", "referral_declined", "reopened"]))
        conflicts = draw(st.sampled_from([(), ("somebody",)]))
        messages.append(reclassified(sequence * 2, reason, report(conflicts=conflicts), **kind))
    messages += [supplemented(f"supplement-{number}") for number in range(draw(st.integers(0, 2)))]
    messages += [withdrawn(3)] * draw(st.integers(0, 1))
    messages += [rejected(draw(st.integers(3, 9))) for _ in range(draw(st.integers(0, 2)))]
    messages += [linked()] * draw(st.integers(0, 1))
    messages += [found_out("found-later")] * draw(st.integers(0, 1))
    return messages


def state(messages: Any) -> Any:
    """What of a case must not depend on the order: all but the traces of what happened in between."""
    case = None
    for message in messages:
        case = hear(case, message).case
    if case is None or case.status in ("unclassified", "elsewhere"):
        # Whether it is remembered for others' sake or was ours for a while, it is not ours now.
        return "not ours", case and (case.due, case.agencies, case.holder)
    known = (case.sequence, case.report, case.classification, case.supplements, case.reopened, case.conflicts)
    holder = case.holder and (case.holder.agency, case.holder.state, case.holder.answer_by)
    return case.status, known, holder, case.agencies, case.due


@settings(max_examples=400, deadline=None)
@given(deliveries(histories()))
def test_any_order_and_any_repetition_of_events_leads_to_the_same_case(told: Any) -> None:
    history, delivered = told
    assert state(delivered) == state(history)


@settings(max_examples=200, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_a_second_delivery_of_everything_changes_nothing(history: Any, random: Any) -> None:
    changes_nothing_when_heard_again(hear, history, random)


@settings(max_examples=300, deadline=None)
@given(histories(), st.lists(st.sampled_from(["accept", "decline", "complete"]), max_size=4), st.data())
def test_a_complaint_has_one_owner_at_most_and_whoever_is_let_go_is_told(history: Any, verbs: Any, data: Any) -> None:
    case = None
    for message in data.draw(st.permutations(history)):
        case = hear(case, message).case
        if case and case.holder and verbs:
            case = _answered(case, verbs.pop())
        if case is None:
            continue
        assert sum(offer.held for offer in case.offers) <= 1
        assert (case.holder is None) == (case.status not in ("offered", "accepted"))
        for offer in case.offers:
            waits = [delivery.notice for delivery in case.deliveries if delivery.number == offer.number]
            # Nothing was sent in this history: who is let go must not be told afterwards that it was asked.
            assert offer.held or "offer" not in waits


def _answered(case: Any, verb: str) -> Any:
    if (case.holder.state, verb) not in (("open", "accept"), ("open", "decline"), ("accepted", "complete")):
        return case
    return answer(case, verb, reason="other", outcome="resolved").case
