"""Whether a matter may be settled between its parties at all."""

from typing import Any

import pytest

from services.mediation import agreement, guidance, meetings, opening, parties
from shared.contracts.mediation import (
    MediationFailed,
)
from shared.contracts.refusals import Absent, Conflict, Forbidden
from tests.services.mediation.cases import (
    APPOINTED,
    APPROVER,
    JOKO,
    LEAD,
    SARI,
    WAYAN,
    act,
    agreed_to_meet,
    classification,
    classified,
    hear,
    heard,
    mediation_at,
    reclassified,
    report,
    wires,
)

AWAY: Any = {"tracks": ("investigation",)}


@pytest.mark.parametrize("tracks", [("mediation",), ("guidance",)])
def test_what_is_never_settled_goes_back_at_once(tracks: Any) -> None:
    case, events = hear(None, classified(mediation="never", tracks=tracks))
    assert (case.status, case.mediator) == ("failed", None)
    assert events == (MediationFailed(recommended="investigation", reason="not_suitable"),)
    with pytest.raises(Conflict, match="failed"):
        act(meetings.schedule, case, APPOINTED, "mediation", actor=LEAD)


def test_what_turns_out_never_to_be_settled_goes_back_with_its_session_called_off() -> None:
    case, events = hear(mediation_at("scheduled"), reclassified(9, mediation="never"))
    assert (case.status, case.round.sessions[0].state) == ("failed", "cancelled")
    assert wires(events) == ["mediation.failed.v1"]
    assert hear(case, reclassified(11, previous=classification(mediation="never"))).case.status == "open"


def test_without_the_approval_of_the_ppa_unit_nobody_meets() -> None:
    case = agreed_to_meet(heard(classified(mediation="ppa_approval")))
    with pytest.raises(Forbidden, match="approval"):
        act(meetings.schedule, case, APPOINTED, "mediation")
    for person in (WAYAN, LEAD):
        with pytest.raises(Absent):
            act(opening.approve, case, opening.Word(True), actor=person)
    approved, events = act(opening.approve, case, opening.Word(True, "sealed note"), actor=APPROVER)
    assert (events, approved.round.approval.officer) == ((), "head-ppa")
    assert act(meetings.schedule, approved, APPOINTED, "mediation").case.round.position == "scheduled"


def test_the_ppa_units_no_gives_the_matter_back() -> None:
    case = heard(classified(mediation="ppa_approval"))
    case, events = act(opening.approve, case, opening.Word(False), actor=APPROVER)
    assert case.status == "failed"
    assert events == (MediationFailed(recommended="investigation", reason="not_suitable"),)


def test_a_visit_needs_the_approval_too() -> None:
    case = heard(classified(mediation="ppa_approval", tracks=("guidance",)))
    case = act(guidance.plan, case, "sealed plan").case
    with pytest.raises(Forbidden, match="approval"):
        act(meetings.schedule, case, APPOINTED, "guidance")


def test_the_approver_sees_nothing_that_is_not_theirs_to_approve() -> None:
    with pytest.raises(Absent):
        act(opening.approve, heard(classified()), opening.Word(True), actor=APPROVER)
    about = report(conflicts=("head-ppa",))
    with pytest.raises(Absent):
        act(
            opening.approve,
            heard(classified(mediation="ppa_approval", about=about)),
            opening.Word(True),
            actor=APPROVER,
        )


def test_restorative_justice_needs_each_condition_confirmed_by_an_act_of_its_own() -> None:
    case = agreed_to_meet(heard(classified(mediation="restorative_only")))
    for condition in ("penalty_within_limit", "first_offence", "victim_consents"):
        with pytest.raises(Forbidden, match=condition):
            act(meetings.schedule, case, APPOINTED, "mediation")
        case = act(opening.confirm, case, condition).case
        with pytest.raises(Conflict, match="already"):
            act(opening.confirm, case, condition)
    assert {one.officer for one in case.round.confirmations} == {"wayan"}
    assert act(meetings.schedule, case, APPOINTED, "mediation").case.round.position == "scheduled"


def test_nobody_meets_before_somebody_of_either_side_agreed() -> None:
    case = heard(classified())
    with pytest.raises(Conflict, match="complainant or as respondent"):
        act(meetings.schedule, case, APPOINTED, "mediation")
    case = act(parties.invite, case, parties.Invitation(SARI, "complainant", "sealed")).case
    case = act(parties.invite, case, parties.Invitation(JOKO, "respondent", "sealed")).case
    case = act(parties.answer, case, parties.Answered(SARI, "agreed")).case
    case = act(parties.answer, case, parties.Answered(JOKO, "refused")).case
    with pytest.raises(Conflict, match="as respondent"):
        act(meetings.schedule, case, APPOINTED, "mediation")


def test_a_rule_that_becomes_stricter_stops_what_is_under_way_until_it_is_met() -> None:
    case = hear(mediation_at("agreeing"), reclassified(9, mediation="ppa_approval")).case
    with pytest.raises(Forbidden, match="approval"):
        act(agreement.sign, case, SARI)
    case = act(opening.approve, case, opening.Word(True), actor=APPROVER).case
    assert act(agreement.sign, case, SARI).case.round.position == "agreeing"
