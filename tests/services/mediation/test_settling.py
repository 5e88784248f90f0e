"""How the parties meet and agree, how a guidance is given, and how either ends."""

from typing import Any

import pytest

from services.mediation import agreement, failing, guidance, meetings, parties
from services.mediation.sessions import Appointment, Cancelled, Held, Minutes, Moved
from shared.contracts.complaint import Sealed
from shared.contracts.mediation import (
    GuidanceCompleted,
    MediationCancelled,
    MediationFailed,
    MediationScheduled,
    MediationSettled,
)
from shared.contracts.refusals import Conflict, Invalid
from tests.services.mediation.cases import (
    APPOINTED,
    COMPLAINT,
    DRAFT,
    JOKO,
    SARI,
    act,
    at,
    classified,
    guidance_at,
    heard,
    mediation_at,
)

AWAY: Any = {"tracks": ("investigation",)}


def test_no_session_lies_in_the_past_and_none_is_held_before_its_time() -> None:
    case = mediation_at("preparing")
    with pytest.raises(Invalid, match="passed") as refused:
        act(meetings.schedule, case, Appointment(at(0), "Balai desa", "sealed"), "mediation")
    assert refused.value.field == "at"
    with pytest.raises(Invalid, match="366 days off"):
        act(meetings.schedule, case, Appointment(at(367), "Balai desa", "sealed"), "mediation")
    case = mediation_at("scheduled")
    with pytest.raises(Invalid, match="passed"):
        act(meetings.move, case, Moved(1, Appointment(at(-1), "Balai desa", "sealed")), "mediation")
    with pytest.raises(Conflict, match="not come"):
        act(meetings.hold, case, Held(1), "mediation", now=at(1))


def test_the_reporter_is_told_when_a_session_is_set_moved_and_called_off() -> None:
    case, events = act(meetings.schedule, mediation_at("preparing"), APPOINTED, "mediation")
    place = Sealed(notice="sealed place")
    assert events == (MediationScheduled(kind="mediation", session=1, at=at(2), sealed=place),)
    _, events = act(meetings.move, case, Moved(1, Appointment(at(5), "Balai desa", "sealed")), "mediation")
    assert events == (MediationScheduled(kind="mediation", session=1, at=at(5), moved_from=at(2), sealed=place),)
    _, events = act(meetings.cancel, case, Cancelled(1, "party_asked"), "mediation")
    assert events == (MediationCancelled(kind="mediation", session=1, at=at(2)),)


def test_a_session_names_the_parties_who_did_not_come() -> None:
    case = act(meetings.hold, mediation_at("scheduled"), Held(1, (JOKO,)), "mediation", now=at(2)).case
    assert case.round.sessions[0].absent == (JOKO,)
    with pytest.raises(Invalid, match="no parties"):
        act(meetings.hold, mediation_at("scheduled"), Held(1, (COMPLAINT,)), "mediation", now=at(2))


def test_a_complaint_that_is_settled_the_other_way_refuses_visits() -> None:
    with pytest.raises(Conflict, match="by mediation, not by guidance"):
        act(meetings.schedule, mediation_at("preparing"), APPOINTED, "guidance")


def test_the_matter_is_settled_when_all_who_take_part_have_signed() -> None:
    case, events = act(agreement.sign, mediation_at("agreeing"), SARI, now=at(2))
    assert (case.status, events) == ("open", ())
    with pytest.raises(Conflict, match="signed already"):
        act(agreement.sign, case, SARI)
    case, events = act(agreement.sign, case, JOKO, now=at(2))
    assert (case.status, case.round.agreement.signed_at) == ("settled", at(2))
    assert events == (MediationSettled(points=2, kept_by=at(20), sealed=Sealed(notice="sealed agreement")),)


def test_a_new_draft_voids_the_signatures_and_who_refused_does_not_sign() -> None:
    case = act(agreement.sign, mediation_at("agreeing"), SARI).case
    assert act(agreement.draft, case, DRAFT).case.round.agreement.signatures == ()
    third = parties.Invitation("third", "respondent", "sealed")
    case = act(parties.invite, mediation_at("met"), third).case
    case = act(agreement.draft, case, DRAFT).case
    with pytest.raises(Conflict, match="does not take part"):
        act(agreement.sign, case, "third")


def test_a_point_cannot_be_due_in_the_past() -> None:
    with pytest.raises(Invalid) as refused:
        act(agreement.draft, mediation_at("met"), DRAFT, now=at(12))
    assert refused.value.field == "points.0.due"


def test_an_agreement_whose_points_are_all_kept_is_closed_and_one_that_is_broken_fails() -> None:
    case, events = act(agreement.judge, mediation_at("settled"), agreement.Judgement(1, True))
    assert (case.status, events) == ("settled", ())
    with pytest.raises(Conflict, match="kept already"):
        act(agreement.judge, case, agreement.Judgement(1, False))
    kept, events = act(agreement.judge, case, agreement.Judgement(2, True))
    assert (kept.status, kept.due, events) == ("closed", None, ())
    broken, events = act(agreement.judge, case, agreement.Judgement(2, False))
    assert (broken.status, broken.due) == ("failed", None)
    assert events == (MediationFailed(recommended="investigation", reason="agreement_broken"),)


def test_a_guidance_is_completed_once_its_visits_are_on_record() -> None:
    case = act(guidance.plan, heard(classified(tracks=("guidance",))), "sealed plan").case
    case = act(meetings.schedule, case, APPOINTED, "guidance").case
    case = act(meetings.hold, case, Held(1), "guidance", now=at(2)).case
    with pytest.raises(Conflict, match="no record"):
        act(guidance.complete, case, guidance.Advice("sealed advice"))
    case = act(meetings.write_down, case, Minutes(1, "sealed record"), "guidance").case
    case, events = act(guidance.complete, case, guidance.Advice("sealed advice"))
    assert case.status == "closed"
    assert events == (GuidanceCompleted(visits=1, sealed=Sealed(notice="sealed advice")),)


@pytest.mark.parametrize(
    ("reason", "recommended", "problem"),
    [
        ("no_agreement", "mediation", "another track"),
        ("guidance_refused", "investigation", "must be one of"),
        ("agreement_broken", "investigation", "must be one of"),
        ("consent_refused", "investigation", "on record"),
        ("party_absent", "investigation", "on record"),
    ],
)
def test_a_mediation_fails_for_a_reason_that_the_record_bears_out(reason: Any, recommended: Any, problem: str) -> None:
    with pytest.raises((Invalid, Conflict), match=problem):
        act(failing.fail, mediation_at("met"), failing.Failing(reason, recommended))


def test_a_guidance_that_is_refused_goes_back() -> None:
    case, events = act(failing.fail, guidance_at("scheduled"), failing.Failing("guidance_refused", "mediation"))
    assert (case.status, case.round.sessions[0].state) == ("failed", "cancelled")
    assert events == (MediationFailed(recommended="mediation", reason="guidance_refused"),)
