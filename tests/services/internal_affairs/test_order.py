"""Whatever the order in which events arrive, and however often, a case ends the same."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.internal_affairs.case import OPEN
from tests.services.internal_affairs.cases import (
    COMPLAINT,
    EARLIER,
    POLRES,
    classified,
    hear,
    linked,
    reclassified,
    rejected,
    supplemented,
    withdrawn,
)
from tests.support.order import changes_nothing_when_heard_again, deliveries

TRACKS = st.sampled_from([("internal_affairs",), ("mediation",), ("investigation", "dispatch")])
CONFLICTS = st.sampled_from([(), ("aipda-contoh",), (POLRES,), ("Sipropam", "polda")])
REASONS = st.sampled_from(["officer_decision", "reopened", "not_misconduct", "mediation_failed"])
LATER_REPORTS = [f"01900000-0000-7000-8000-0000000001{number:02}" for number in range(3)]


@st.composite
def histories(draw: Any) -> Any:
    """What the other services say of a complaint, in the order in which they say it."""
    messages = [classified(2, draw(TRACKS), conflicts=draw(CONFLICTS))]
    for sequence in range(draw(st.integers(0, 3))):
        messages.append(reclassified(4 + sequence * 2, draw(REASONS), draw(TRACKS), conflicts=draw(CONFLICTS)))
    # A second classification comes days after the first, since there was a rejection and an appeal between them: one
    # to another track does not overtake it.
    messages += [classified(20)] * draw(st.integers(0, 1))
    messages += [supplemented(f"supplement-{number}") for number in range(draw(st.integers(0, 2)))]
    messages += [linked(later, conflicts=draw(CONFLICTS)) for later in LATER_REPORTS[: draw(st.integers(0, 2))]]
    messages += [withdrawn()] * draw(st.integers(0, 1))
    messages += [rejected(draw(st.integers(3, 21))) for _ in range(draw(st.integers(0, 2)))]
    messages += [linked(COMPLAINT, EARLIER)] * draw(st.integers(0, 1))
    return messages


def state(messages: Any) -> Any:
    """What of a case must not depend on the order: what is known, and what the desk has to do."""
    case = None
    for message in messages:
        case = hear(case, message).case
    if case is None or case.status in ("unknown", "elsewhere"):
        # Whether it is remembered for others' sake or was here for a while, it is not here now.
        return "not ours", case and case.due
    known = (
        case.sequence,
        case.report,
        case.tracks,
        case.begun,
        case.supplements,
        case.linked,
        case.joined,
        case.withdrawn_at,
        case.rejected,
        case.conflicts,
    )
    return case.status, known, case.position, case.registered_at if case.status in OPEN else None


@settings(max_examples=400, deadline=None)
@given(deliveries(histories()))
def test_any_order_and_any_repetition_of_events_leads_to_the_same_case(told: Any) -> None:
    history, delivered = told
    assert state(delivered) == state(history)


@settings(max_examples=200, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_a_second_delivery_of_everything_changes_nothing(history: Any, random: Any) -> None:
    changes_nothing_when_heard_again(hear, history, random)
