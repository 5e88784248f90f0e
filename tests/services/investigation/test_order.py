"""Whatever the order in which events arrive, and however often, a case ends the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.services.investigation.cases import (
    COMPLAINT,
    EARLIER,
    NOW,
    at,
    classified,
    hear,
    linked,
    reclassified,
    rejected,
    report,
    supplemented,
    wake,
    withdrawn,
)

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
def histories(draw):
    """What the other services say of a complaint, in the order in which they say it."""
    messages = [classified(2, draw(st.booleans()), **draw(KINDS))]
    for sequence, kind in enumerate(draw(st.lists(KINDS, max_size=3)), start=3):
        reason = draw(st.sampled_from(["officer_decision", "mediation_failed", "reopened"]))
        conflicts = draw(st.sampled_from([(), ("somebody",)]))
        messages.append(reclassified(sequence * 2, reason, report(conflicts=conflicts), **kind))
    messages += [supplemented(f"supplement-{number}") for number in range(draw(st.integers(0, 2)))]
    messages += [linked(later) for later in LATER[: draw(st.integers(0, 2))]]
    messages += [withdrawn(3)] * draw(st.integers(0, 1))
    messages += [rejected(draw(st.integers(3, 9)))] * draw(st.integers(0, 1))
    messages += [linked(COMPLAINT, EARLIER)] * draw(st.integers(0, 1))
    return messages


def state(messages, step_seconds=0):
    """What of a case must not depend on the order: all but the times and the traces of what happened in between."""
    case, now = None, NOW
    for number, message in enumerate(messages):
        now = at(seconds=number * step_seconds)
        case = hear(case, message, now).case
        if case and case.due and case.due <= now:
            case = wake(case, now).case
    if case is None or not (case.taken_at or case.status == "open"):
        # Never ours: remembered or not, nobody sees it.
        return "not ours" if case is None or case.status in ("unclassified", "elsewhere") else case.status
    return settled(case)


def settled(case):
    open_ = case.status == "open"
    return {
        "status": case.status,
        "sequence": case.sequence,
        "report": case.report,
        "classification": case.classification,
        "supplements": case.supplements,
        "linked": case.linked,
        "joined": case.joined,
        "withdrawn": case.withdrawn,
        "rejected": case.rejected,
        "reopened": case.reopened,
        "conflicts": case.conflicts,
        "patrol": case.active_patrol,
        "searching": case.searching,
        "detective": case.detective and case.detective.id if open_ else None,
        "units": case.units if open_ else None,
        "has_timer": case.due is not None,
        "letters_due": case.plan is not None,
        "forget": case.forget_at is not None,
    }


def comparable(result):
    # A case that was ours for a while and one that never was differ only in their history.
    if isinstance(result, dict):
        if result["status"] == "elsewhere":
            return "not ours"
        return result if result["status"] == "open" else result["status"]
    return result


@settings(max_examples=400, deadline=None)
@given(histories(), st.randoms(use_true_random=False), st.integers(0, 3))
def test_any_order_and_any_repetition_of_events_leads_to_the_same_case(history, random, repeats):
    shuffled = [*history, *(random.choice(history) for _ in range(repeats))]
    random.shuffle(shuffled)
    expected, found = state(history), state(shuffled)
    assert comparable(found) == comparable(expected)


@settings(max_examples=200, deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_a_second_delivery_of_everything_changes_nothing(history, random):
    case = None
    for message in history:
        case = hear(case, message).case
    ours = case is not None and case.taken_at is not None
    for message in random.sample(history, len(history)):
        again = hear(case, message)
        assert again.events == ()
        assert again.case is case or not ours
        case = again.case
