"""Whatever the order in which events arrive, and however often, a case ends the same."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.mediation import parties
from services.mediation.case import Case
from services.mediation.known import Found, FoundMediator
from shared.contracts.classification import Classification
from shared.contracts.refusals import Refusal
from tests.services.mediation.cases import (
    COMPLAINT,
    EARLIER,
    LEAD,
    act,
    classification,
    classified,
    found_out,
    hear,
    learnt_by,
    linked,
    mediation_at,
    reclassified,
    rejected,
    report,
    supplemented,
    withdrawn,
)
from tests.support.order import deliveries

KINDS = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["neighbour_dispute", "noise"]),
        "mediation": st.sampled_from(["allowed", "never", "ppa_approval"]),
        "tracks": st.sampled_from(
            [("mediation",), ("guidance",), ("mediation", "guidance"), ("investigation",), ("referral", "mediation")]
        ),
    }
)
LATER = [f"01900000-0000-7000-8000-0000000001{number:02}" for number in range(3)]


@st.composite
def histories(draw: Any) -> Any:
    """What the other services say of a complaint, in the order in which they say it."""
    first, provisional = draw(KINDS), draw(st.booleans())
    messages = [classified(4, provisional, **first)]
    previous: Classification = classification(**first)
    for sequence, kind in enumerate(draw(st.lists(KINDS, max_size=4)), start=3):
        reason = draw(st.sampled_from(["officer_decision", "mediation_failed", "reopened"]))
        about = report(
            conflicts=draw(st.sampled_from([(), ("somebody",), ("wayan",)])),
            village=draw(st.sampled_from(["99.01.01.1001", "99.01.01.2001"])),
        )
        messages.append(reclassified(sequence * 2, reason, about, previous, **kind))
        previous = classification(**kind)
    messages += [supplemented(f"supplement-{number}") for number in range(draw(st.integers(0, 2)))]
    messages += [linked(later) for later in LATER[: draw(st.integers(0, 2))]]
    messages += [withdrawn(3)] * draw(st.integers(0, 1))
    if provisional:
        messages += [rejected(draw(st.integers(3, 9))) for _ in range(draw(st.integers(0, 2)))]
    messages += [linked(COMPLAINT, EARLIER)] * draw(st.integers(0, 1))
    messages += [found_out("found-later")] * draw(st.integers(0, 1))
    return messages


def _hear(case: Case | None, message: Any) -> Any:
    """What comes of an event where the roster has one officer more than the complaint can be about."""
    learnt = learnt_by(message)(case, message)
    about_wayan = learnt is not None and "wayan" in learnt.conflicts
    return hear(
        case,
        message,
        found=Found(True, FoundMediator("other" if about_wayan else "wayan", ("Polsek",), "sealed notice")),
    )


def _next(case: Case | None, message: Any) -> Any:
    return _hear(case, message).case


def state(messages: Any, case: Case | None = None) -> Any:
    """What of a case must not depend on the order: all but the times and the traces of what happened in between."""
    for message in messages:
        case = _next(case, message)
    if case is None or case.status in ("unclassified", "elsewhere"):
        # Whether it is remembered for others' sake or was ours for a while, it is not ours now.
        return "not ours", case and (case.due, case.mediator)
    known = (
        case.sequence,
        case.given,
        case.report,
        case.classification,
        case.supplements,
        case.linked,
        case.joined,
        case.withdrawn,
        case.rejected,
        case.conflicts,
    )
    if case.status not in ("open", "failed"):
        return case.status, known, case.due, case.mediator
    mediator = case.mediator
    # Which of those who may have it does depend on who was free at the time; nobody loses it to another for that.
    held = case.status == "open" and mediator and (mediator.village, mediator.at, mediator.id not in case.conflicts)
    return case.status, known, case.due, held, case.round, case.forget_at, case.reminders


@settings(max_examples=400, deadline=None)
@given(deliveries(histories()))
def test_any_order_and_any_repetition_of_events_leads_to_the_same_case(told: Any) -> None:
    history, delivered = told
    assert state(delivered) == state(history)


@settings(max_examples=200, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_a_second_delivery_of_everything_changes_nothing(history: Any, random: Any) -> None:
    case: Case | None = None
    for message in history:
        case = _next(case, message)
    ours = case is not None and case.taken_at is not None
    for message in random.sample(history, len(history)):
        again = _hear(case, message)
        assert again.events == ()
        if ours and again.case is not case:
            # A first classification that was not ours was not kept, and is kept now that the case is there.
            assert replace(again.case, reinstated=0) == replace(case, reinstated=0)  # type: ignore[type-var]
        case = again.case


@settings(max_examples=200, deadline=None)
@given(histories(), st.randoms(use_true_random=False), st.integers(0, 12))
def test_whenever_an_officer_acted_nothing_is_left_to_come_once_the_case_is_gone(
    history: Any, random: Any, when: int
) -> None:
    """An act in between, in a history that ends away from us, leaves no officer, no session and no timer."""
    random.shuffle(history)
    case: Case | None = None
    for index, message in enumerate(history):
        case = _next(case, message)
        if index == when and case is not None:
            try:
                case = act(
                    parties.invite, case, parties.Invitation("party-1", "complainant", "sealed"), actor=LEAD
                ).case
            except Refusal:
                continue
    if case is not None and case.status in ("elsewhere", "joined", "withdrawn", "rejected"):
        assert (case.mediator, case.due, case.reminders) == (None, None, ())
        assert case.round is None or case.round.next_session is None


@settings(max_examples=300, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_what_comes_while_a_session_is_scheduled_leads_to_the_same_case_in_any_order(history: Any, random: Any) -> None:
    later = history[1:]
    shuffled = random.sample(later, len(later))
    assert state(shuffled, mediation_at("scheduled")) == state(later, mediation_at("scheduled"))
