"""What a case becomes of what other services say of its complaint."""

from dataclasses import replace
from typing import Any

import pytest

from services.investigation.conclusion import Closing, conclude
from services.investigation.facts import linked
from services.investigation.known import Found, FoundDetective
from services.investigation.settle import needs
from shared.contracts.envelope import Person
from shared.contracts.investigation import InvestigationAssigned, InvestigationConcluded, InvestigationEscalated
from shared.contracts.refusals import Absent, Conflict
from tests.services.investigation.cases import (
    CHIEF,
    COMPLAINT,
    EARLIER,
    HEAD,
    NOBODY_THERE,
    NOW,
    POLRES,
    PROCEDURE,
    act,
    at,
    case_at,
    classified,
    command,
    hear,
    heard,
    reclassified,
    rejected,
    report,
    supplemented,
    wake,
    wires,
    withdrawn,
)
from tests.services.investigation.cases import linked as link

EKA = Found(True, None, True, FoundDetective("eka", "Tipidter", "sealed notice"))


@pytest.mark.parametrize("tracks", [("mediation",), ("referral",), ("guidance",), ("internal_affairs",)])
def test_a_complaint_on_other_tracks_leaves_nothing(tracks: Any) -> None:
    decision = hear(None, classified(tracks=tracks, mediation="allowed"))
    assert (decision.case, decision.events) == (None, ())


def test_a_classified_complaint_gets_a_detective_who_is_named_to_the_reporter() -> None:
    decision = hear(None, classified())
    assert decision.events == (
        InvestigationAssigned.model_validate(
            {"detective": "dewi", "unit": "Pidum", "letter_due": at(3), "sealed": {"notice": "sealed notice"}}
        ),
    )
    case = decision.case
    assert (case.status, case.detective.id, case.units, case.due) == ("open", "dewi", ("Pidum",), at(3))


def test_a_case_without_anybody_to_lead_it_is_told_and_looked_at_again() -> None:
    decision = hear(None, classified(units=("Pidum", "Jatanras")), found=NOBODY_THERE)
    assert decision.events == (InvestigationEscalated(reason="no_detective", level=1),)
    assert decision.case.units == ("Pidum", "Jatanras")
    assert decision.case.due == at(seconds=900)
    found = wake(decision.case, at(seconds=900))
    assert wires(found.events) == ["investigation.assigned.v1"]
    assert found.case.detective_search is None


def test_the_alarm_for_a_missing_detective_rises_and_its_gaps_are_bounded() -> None:
    case, last = heard(classified(), found=NOBODY_THERE), NOW
    levels: list[int] = []
    while len(levels) < 8:
        decision = wake(case, case.due, NOBODY_THERE)
        for event in decision.events:
            if isinstance(event, InvestigationEscalated) and event.reason == "no_detective":
                levels.append(event.level)
                assert (case.due - last).total_seconds() <= 14_400
                last = case.due
        case = decision.case
    assert levels == [2, 3, 4, 5, 6, 7, 8, 9]


def test_a_case_on_a_track_that_it_has_left_lets_go_and_keeps_its_history() -> None:
    case = case_at("inquiry", urgency="P1")
    decision = hear(case, reclassified(tracks=("mediation",), mediation="allowed"), at(1))
    left = decision.case
    assert decision.events == ()
    assert (left.status, left.detective, left.active_patrol, left.due, left.plan) == (
        "elsewhere",
        None,
        None,
        None,
        None,
    )
    assert [(turn.status, turn.at) for turn in left.turns] == [("open", NOW), ("elsewhere", at(1))]
    assert (left.assignments[0].detective, left.assignments[0].until) == ("dewi", at(1))
    assert left.past_dispatches[0].sorties[0].state == "stood_down"
    assert left.position == "inquiry"
    back = hear(left, reclassified(4), at(5))
    assert wires(back.events) == ["investigation.assigned.v1"]
    assert (back.case.status, back.case.plan.due) == ("open", at(8))


def test_a_complaint_that_comes_to_the_track_by_reclassification_is_taken() -> None:
    decision = hear(None, reclassified(reason="mediation_failed"))
    assert (decision.case.status, wires(decision.events)) == ("open", ["investigation.assigned.v1"])


def test_a_classification_that_was_overtaken_by_a_newer_one_changes_nothing() -> None:
    left = heard(reclassified(5, tracks=("mediation",), mediation="allowed"))
    assert left.status == "elsewhere"
    taken = heard(reclassified(5, category="theft"))
    for case in (left, taken):
        assert hear(case, classified(4, provisional=True)).case is case
        after = hear(case, classified(4))
        assert (replace(after.case, upheld=0), after.events) == (case, ()), "all that is kept is that it was verified"


def test_a_case_that_moves_to_another_unit_gets_a_detective_there() -> None:
    decision = hear(heard(classified()), reclassified(units=("Tipidter",), category="online_fraud"), at(1), EKA)
    (event,) = decision.events
    assert (event.detective, event.unit, event.previous) == ("eka", "Tipidter", "dewi")
    assert [(held.detective, held.until) for held in decision.case.assignments] == [("dewi", at(1)), ("eka", None)]


def test_a_case_whose_category_changes_within_the_unit_keeps_its_detective() -> None:
    decision = hear(heard(classified()), reclassified(category="theft"))
    assert decision.events == ()
    assert decision.case.detective.id == "dewi"


def test_a_detective_whom_a_later_report_names_loses_the_case() -> None:
    case = heard(classified())
    message = link(EARLIER, COMPLAINT, about=report(register_number="LP-2", conflicts=("dewi",)))
    assert needs(PROCEDURE, case, linked(case, message), NOW).detective
    decision = hear(case, message, at(1), EKA)
    assert decision.case.detective.id == "eka"
    assert decision.case.conflicts == ("dewi",)


def test_a_linked_report_is_added_once_and_nothing_is_said() -> None:
    case = heard(classified())
    decision = hear(case, link(EARLIER, COMPLAINT))
    assert decision.events == ()
    assert [(added.complaint, added.report.register_number) for added in decision.case.linked] == [(EARLIER, "LP-2")]
    assert hear(decision.case, link(EARLIER, COMPLAINT)).case is decision.case
    assert hear(case, link(COMPLAINT, COMPLAINT)).case is case


def test_a_complaint_that_is_led_on_in_an_earlier_one_has_its_patrol_finish_but_no_detective() -> None:
    decision = hear(heard(classified(urgency="P1")), link(COMPLAINT, EARLIER))
    assert (decision.case.status, decision.case.detective, decision.case.active_patrol) == ("open", None, "samapta-1")
    calm = hear(heard(classified()), link(COMPLAINT, EARLIER)).case
    assert (calm.status, calm.detective, calm.due) == ("elsewhere", None, None)


def test_a_supplement_is_kept_once() -> None:
    decision = hear(heard(classified()), supplemented())
    assert [(added.id, added.narrative) for added in decision.case.supplements] == [("supplement-1", "sealed addition")]
    assert decision.events == ()
    assert hear(decision.case, supplemented()).case is decision.case


@pytest.mark.parametrize("message", [supplemented(), withdrawn(), rejected(), link(EARLIER, COMPLAINT)])
def test_what_comes_before_the_classification_is_remembered_unseen_and_is_forgotten_in_the_end(
    message: Any,
) -> None:
    decision = hear(None, message)
    case = decision.case
    assert decision.events == ()
    assert (case.status, case.due, case.forget_at) == ("unclassified", None, at(90))
    with pytest.raises(Absent):
        act(conclude, case, command(Closing("transferred", "w"), CHIEF), NOW, None)
    taken = hear(case, classified()).case
    assert (taken.forget_at is None) is (taken.status == "open")


def test_a_complaint_offence_ends_when_it_is_withdrawn() -> None:
    decision = hear(heard(classified(category="defamation", urgency="P1")), withdrawn())
    assert decision.events == (InvestigationConcluded(outcome="withdrawn", reason="complaint_withdrawn"),)
    assert (decision.case.status, decision.case.due, decision.case.active_patrol) == ("withdrawn", None, None)


def test_what_others_settle_is_not_ended_by_us() -> None:
    decision = hear(heard(withdrawn()), classified(category="defamation", tracks=("mediation",), mediation="allowed"))
    assert (decision.case.status, decision.events) == ("elsewhere", ())


def test_a_complaint_offence_that_was_withdrawn_before_it_came_ends_as_it_comes() -> None:
    decision = hear(heard(withdrawn()), classified(category="defamation"))
    assert wires(decision.events) == ["investigation.concluded.v1"]


def test_an_ordinary_crime_goes_on_when_it_is_withdrawn_and_the_note_is_kept() -> None:
    decision = hear(heard(classified()), withdrawn())
    assert (decision.case.status, decision.events) == ("open", ())
    assert decision.case.withdrawn.at == NOW


def test_a_withdrawn_complaint_that_turns_out_to_be_an_ordinary_crime_goes_on() -> None:
    ended = heard(classified(category="defamation"), withdrawn())
    decision = hear(ended, reclassified(category="cyber_harassment"))
    assert decision.case.status == "open"


def test_a_rejected_report_is_stopped() -> None:
    decision = hear(heard(classified(provisional=True)), rejected())
    assert (decision.case.status, decision.case.due, decision.events) == ("rejected", None, ())


def test_a_reopened_complaint_begins_anew_and_keeps_how_it_ended() -> None:
    ended = act(
        conclude, case_at("investigation"), command(Closing("stopped", "w", "time_barred"), HEAD), at(1), "sealed"
    ).case
    assert hear(ended, reclassified(3)).case.status == "concluded"
    again = hear(ended, reclassified(9, reason="reopened"), at(20)).case
    assert (again.status, again.position, again.conclusion) == ("open", "waiting", None)
    assert [past.reason for past in again.past_conclusions] == ["time_barred"]
    assert again.plan.due == at(23)
    assert hear(again, reclassified(9, reason="reopened"), at(21)).case is again


def test_a_rejected_report_may_be_reopened() -> None:
    assert heard(classified(), rejected(3), reclassified(9, reason="reopened")).status == "open"


def test_a_timer_that_comes_late_or_twice_does_nothing() -> None:
    for case in (heard(classified()), heard(classified(urgency="P1")), heard(classified(), rejected())):
        assert wake(case, NOW).case is case


def test_a_sole_patrol_case_is_ended_by_whoever_answers_for_it() -> None:
    head = Person("head-spkt", frozenset({"unit_head"}), frozenset({POLRES, "SPKT"}))
    open_case = heard(classified(tracks=("dispatch",), urgency="P1", units=("SPKT",)))
    ending = command(Closing("not_a_crime", "w", "settled_on_the_scene"), head)
    with pytest.raises(Conflict):
        act(conclude, open_case, ending, NOW, None)
    cleared = replace(open_case, dispatch=replace(open_case.dispatch, over=True))
    decision = act(conclude, cleared, ending, NOW, None)
    assert (decision.case.status, decision.events[0].letter) == ("concluded", None)
    with pytest.raises(Conflict):
        act(conclude, cleared, command(Closing("stopped", "w", "time_barred"), head), NOW, None)


def test_whom_nobody_has_looked_for_is_looked_for_at_once_and_not_taken_for_missing() -> None:
    decision = hear(None, classified(), found=Found())
    assert (decision.events, decision.case.detective_search, decision.case.due) == ((), None, NOW)
    assert wires(wake(decision.case, NOW).events) == ["investigation.assigned.v1"]


def test_a_sole_patrol_case_that_nobody_ends_raises_the_alarm_after_fourteen_days() -> None:
    case = heard(classified(tracks=("dispatch",), urgency="P1"))
    case = replace(case, dispatch=replace(case.dispatch, over=True), active_patrol=None)
    decision = wake(case, at(14))
    assert decision.events == (InvestigationEscalated(reason="unanswered", level=1),)
    assert decision.case.due is None
