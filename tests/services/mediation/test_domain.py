"""What is decided about one matter: whose it is, whether it may be settled, how it ends, and who is reminded."""

from typing import Any

import pytest

from services.mediation import agreement, failing, guidance, meetings, opening, parties, reassignment
from services.mediation.assignment import Naming
from services.mediation.case import FoundMediator, Known
from services.mediation.sessions import Appointment, Held, Minutes, Moved
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Person
from shared.contracts.mediation import (
    GuidanceCompleted,
    MediationAssigned,
    MediationFailed,
    MediationScheduled,
    MediationSettled,
)
from shared.contracts.refusals import Absent, Conflict, Forbidden, Invalid
from tests.services.mediation.cases import (
    APPOINTED,
    APPROVER,
    COMPLAINT,
    DRAFT,
    EARLIER,
    JOKO,
    LEAD,
    NOBODY_THERE,
    OTHER,
    POLRES,
    SARI,
    VILLAGE,
    WAYAN,
    act,
    agreed_to_meet,
    at,
    classification,
    classified,
    guidance_at,
    hear,
    heard,
    linked,
    mediation_at,
    reclassified,
    rejected,
    report,
    wake,
    wires,
    withdrawn,
)

AWAY: Any = {"tracks": ("investigation",)}


def test_a_matter_goes_to_the_officer_of_its_village_who_is_named_to_the_reporter() -> None:
    case, events = hear(None, classified())
    assert (case.status, case.mediator.id, case.round.position) == ("open", "wayan", "preparing")
    notice = Sealed(notice="sealed notice")
    assert events == (MediationAssigned(kind="mediation", mediator="wayan", village=VILLAGE, sealed=notice),)


def test_where_the_village_has_no_officer_the_lead_names_one() -> None:
    case, events = hear(None, classified(), found=NOBODY_THERE)
    assert (case.status, case.mediator, events) == ("open", None, ())
    with pytest.raises(Conflict, match="lead names"):
        act(parties.invite, case, parties.Invitation(SARI, "complainant", "sealed"), actor=LEAD)
    found = FoundMediator("other", "sealed other")
    case, events = act(reassignment.reassign, case, Naming("other"), actor=LEAD, known=found)
    assert (case.mediator.id, case.mediator.village, case.assignments[-1].officer) == ("other", None, "lead")
    assert events == (MediationAssigned(kind="mediation", mediator="other", sealed=Sealed(notice="sealed other")),)


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


def test_no_session_lies_in_the_past_and_none_is_held_before_its_time() -> None:
    case = mediation_at("preparing")
    with pytest.raises(Invalid, match="passed") as refused:
        act(meetings.schedule, case, Appointment(at(0), "Balai desa", "sealed"), "mediation")
    assert refused.value.field == "at"
    case = mediation_at("scheduled")
    with pytest.raises(Invalid, match="passed"):
        act(meetings.move, case, Moved(1, Appointment(at(-1), "Balai desa", "sealed")), "mediation")
    with pytest.raises(Conflict, match="not come"):
        act(meetings.hold, case, Held(1), "mediation", now=at(1))


def test_the_reporter_is_told_when_a_session_is_set_and_when_it_is_moved() -> None:
    case, events = act(meetings.schedule, mediation_at("preparing"), APPOINTED, "mediation")
    place = Sealed(notice="sealed place")
    assert events == (MediationScheduled(kind="mediation", session=1, at=at(2), sealed=place),)
    _, events = act(meetings.move, case, Moved(1, Appointment(at(5), "Balai desa", "sealed")), "mediation")
    assert events == (MediationScheduled(kind="mediation", session=1, at=at(5), moved_from=at(2), sealed=place),)


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


@pytest.mark.parametrize(
    ("person", "known"),
    [
        (OTHER, Known()),
        (Person("wayan", frozenset({"detective"}), frozenset({POLRES})), Known()),
        (Person("wayan", frozenset({"bhabinkamtibmas"}), frozenset({"elsewhere"})), Known()),
        (Person("lead", frozenset({"mediation_lead"}), frozenset({"elsewhere"})), Known()),
        (APPROVER, Known()),
    ],
)
def test_for_anybody_else_the_case_is_not_there(person: Person, known: Known) -> None:
    with pytest.raises(Absent):
        act(
            parties.invite, heard(classified()), parties.Invitation(SARI, "complainant", "s"), actor=person, known=known
        )


def test_who_stands_in_for_an_absent_officer_may_act() -> None:
    invitation = parties.Invitation(SARI, "complainant", "sealed")
    assert act(parties.invite, heard(classified()), invitation, actor=OTHER, known=Known("other")).case


def test_an_officer_who_is_named_by_a_report_loses_the_case_and_does_not_see_it() -> None:
    before = heard(classified())
    about = report(register_number="LP-2", conflicts=("wayan",))
    case, events = hear(before, linked(about=about), found=NOBODY_THERE)
    assert (case.mediator, events) == (None, ())
    assert not case.visible_to(WAYAN)
    assert case.visible_to(LEAD)


def test_the_lead_gives_a_case_to_another_and_not_to_who_is_unfit_or_has_it() -> None:
    before = mediation_at("scheduled")
    case, events = act(
        reassignment.reassign, before, Naming("other"), actor=LEAD, known=FoundMediator("other", "sealed"), now=at(1)
    )
    assert (events[0].previous, case.round, case.assignments[0].until) == ("wayan", before.round, at(1))
    with pytest.raises(Conflict, match="already"):
        act(reassignment.reassign, case, Naming("other"), actor=LEAD, known=FoundMediator("other", "sealed"))
    with pytest.raises(Invalid, match="absent"):
        act(reassignment.reassign, case, Naming("other"), actor=LEAD, known="absent")
    with pytest.raises(Absent):
        act(reassignment.reassign, case, Naming("other"), actor=WAYAN, known=FoundMediator("other", "sealed"))


def test_an_officer_who_does_nothing_is_late_until_something_is_done() -> None:
    case = heard(classified())
    assert (case.due, case.reminders) == (at(3), ())
    case, events = wake(case, at(3))
    assert ([one.kind for one in case.reminders], case.due, events) == (["nobody_acted"], None, ())
    assert wake(case, at(4)).case is case
    invited = act(parties.invite, case, parties.Invitation(SARI, "complainant", "sealed"), now=at(4)).case
    assert invited.reminders == ()


def test_a_session_of_which_nothing_is_said_and_a_point_that_is_due_are_reminded_of() -> None:
    case = wake(mediation_at("scheduled"), at(3)).case
    assert [(one.kind, one.number) for one in case.reminders] == [("session_unrecorded", 1)]
    case = mediation_at("settled")
    assert case.due == at(10)
    case = wake(case, at(10)).case
    assert ([(one.kind, one.number) for one in case.reminders], case.due) == ([("point_due", 1)], at(20))
    case = act(agreement.judge, case, agreement.Judgement(1, True), now=at(11)).case
    assert case.reminders == ()
