"""Whatever the order in which events arrive, and however often, a case ends the same."""

from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.investigation.cases import (
    COMPLAINT,
    EARLIER,
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
        "category": st.sampled_from(["assault", "defamation", "theft"]),
        "urgency": st.sampled_from(["P1", "P2", "P3"]),
        "tracks": st.sampled_from(
            [("investigation",), ("investigation", "dispatch"), ("dispatch", "referral"), ("mediation",), ("referral",)]
        ),
        "units": st.sampled_from([("Pidum",), ("Pidum", "Jatanras"), ("Tipidter",)]),
    }
)
LATER = [f"01900000-0000-7000-8000-0000000001{number:02}" for number in range(3)]


@st.composite
def histories(draw: Any) -> Any:
    """What the other services say of a complaint, in the order in which they say it."""
    messages = [classified(2, draw(st.booleans()), **draw(KINDS))]
    for sequence, kind in enumerate(draw(st.lists(KINDS, max_size=3)), start=3):
        reason = draw(st.sampled_from(["officer_decision", "mediation_failed", "reopened"]))
        conflicts = draw(st.sampled_from([(), ("somebody",)]))
        messages.append(reclassified(sequence * 2, reason, report(conflicts=conflicts), **kind))
    messages += [supplemented(f"supplement-{number}") for number in range(draw(st.integers(0, 2)))]
    messages += [linked(later) for later in LATER[: draw(st.integers(0, 2))]]
    messages += [withdrawn(3)] * draw(st.integers(0, 1))
    messages += [rejected(draw(st.integers(3, 9))) for _ in range(draw(st.integers(0, 2)))]
    messages += [linked(COMPLAINT, EARLIER)] * draw(st.integers(0, 1))
    messages += [found_out("found-later")] * draw(st.integers(0, 1))
    return messages


def state(messages: Any) -> Any:
    """What of a case must not depend on the order: all but the times and the traces of what happened in between."""
    case = None
    for message in messages:
        case = hear(case, message).case
    if case is None or case.status in ("unclassified", "elsewhere"):
        # Whether it is remembered for others' sake or was ours for a while, it is not ours now.
        return "not ours", case and case.due
    known = (
        case.sequence,
        case.report,
        case.classification,
        case.supplements,
        case.linked,
        case.joined,
        case.withdrawn,
        case.rejected,
        case.reopened,
        case.conflicts,
    )
    if case.status != "open":
        return case.status, known, case.active_patrol, case.due
    under_way = (case.active_patrol, case.searching, case.detective, case.units, case.due, case.plan, case.forget_at)
    return case.status, known, under_way


@settings(max_examples=400, deadline=None)
@given(deliveries(histories()))
def test_any_order_and_any_repetition_of_events_leads_to_the_same_case(told: Any) -> None:
    history, delivered = told
    assert state(delivered) == state(history)


@settings(max_examples=200, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_a_second_delivery_of_everything_changes_nothing(history: Any, random: Any) -> None:
    changes_nothing_when_heard_again(hear, history, random)


def test_a_rejection_that_did_not_stand_on_appeal_holds_nothing_up_whenever_it_is_heard() -> None:
    for messages in permutations([supplemented("supplement-0"), rejected(3), classified(6, False)]):
        assert state(messages)[0] == "open"


def test_a_rejection_of_what_was_passed_on_unchecked_ends_it_until_it_is_opened_again() -> None:
    for messages in permutations([classified(3, True), rejected(4), supplemented("supplement-0")]):
        assert state(messages)[0] == "rejected"
        assert state([*messages, reclassified(7, "reopened")])[0] == "open"
