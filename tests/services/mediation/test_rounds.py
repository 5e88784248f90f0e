"""How a matter comes to us, leaves, and comes back."""

from typing import Any

import pytest

from services.mediation import failing, meetings
from services.mediation.sessions import Held
from shared.contracts.refusals import Absent, Conflict
from tests.services.mediation.cases import (
    APPOINTED,
    COMPLAINT,
    EARLIER,
    LEAD,
    act,
    agreed_to_meet,
    at,
    classification,
    classified,
    hear,
    heard,
    linked,
    mediation_at,
    reclassified,
    rejected,
    wires,
    withdrawn,
)

AWAY: Any = {"tracks": ("investigation",)}


def test_what_is_not_ours_leaves_nothing_behind() -> None:
    assert hear(None, classified(**AWAY)) == (None, ())


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (reclassified(9, **AWAY), "elsewhere"),
        (withdrawn(9), "withdrawn"),
        (rejected(9), "rejected"),
        (linked(COMPLAINT, EARLIER, 9), "joined"),
    ],
)
def test_a_matter_that_leaves_while_a_session_is_to_come_is_let_go_of(message: Any, status: str) -> None:
    case, events = hear(mediation_at("scheduled", provisional=True), message, at(1))
    assert (case.status, case.mediator, case.due, case.reminders, events) == (status, None, None, (), ())
    session = case.round.sessions[0]
    assert (session.state, session.cancelled_for) == ("cancelled", "let_go")
    assert case.assignments[-1].until == at(1)
    with pytest.raises(Conflict, match="not open"):
        act(meetings.hold, case, Held(1), "mediation", actor=LEAD)
    with pytest.raises(Absent):
        act(meetings.hold, case, Held(1), "mediation")


def test_what_comes_back_begins_anew_and_keeps_what_was() -> None:
    case = hear(mediation_at("scheduled"), reclassified(9, **AWAY)).case
    case, events = hear(case, reclassified(11, previous=classification(**AWAY)))
    assert (case.status, case.round.position, case.round.sessions) == ("open", "preparing", ())
    assert [len(past.sessions) for past in case.past_rounds] == [1]
    assert wires(events) == ["mediation.assigned.v1"]
    # The second session of the complaint, though the first of the round.
    event = act(meetings.schedule, agreed_to_meet(case), APPOINTED, "mediation").events[0]
    assert event.session == 2


def test_from_mediation_to_guidance_is_another_round() -> None:
    case, events = hear(mediation_at("scheduled"), reclassified(9, tracks=("guidance",)))
    assert (case.status, case.round.kind, case.round.position) == ("open", "guidance", "planning")
    assert events[0].kind == "guidance"


def test_a_new_urgency_changes_nothing_of_the_work() -> None:
    before = mediation_at("scheduled")
    case, events = hear(before, reclassified(9, urgency="P2"))
    assert (case.round, case.mediator, events) == (before.round, before.mediator, ())


def test_a_failed_matter_opens_again_when_it_is_given_back_and_not_for_a_change_that_crossed() -> None:
    failed = act(failing.fail, mediation_at("met"), failing.Failing("no_agreement", "investigation")).case
    assert hear(failed, reclassified(4, urgency="P2")).case.status == "failed"
    case, events = hear(failed, reclassified(9, "mediation_failed"))
    assert (case.status, wires(events), len(case.past_rounds)) == ("open", ["mediation.assigned.v1"], 1)


def test_a_settled_matter_that_is_reopened_begins_anew() -> None:
    case = hear(mediation_at("settled"), reclassified(9, "reopened")).case
    assert (case.status, case.round.position, case.past_rounds[0].position) == ("open", "preparing", "settled")


def test_a_rejection_that_was_appealed_against_does_not_hold() -> None:
    assert heard(rejected(3), classified(5)).status == "open"
    assert heard(classified(3, provisional=True), rejected(3)).status == "rejected"
