"""Patrols: who is sent, silence, scarcity, and what crews and dispatchers may do."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise, product
from typing import Any, get_args

import pytest

from services.investigation.case import Case, SortieState
from services.investigation.known import Found
from services.investigation.patrols import SORTIES_KEPT, lately_silent
from services.investigation.settle import needs
from services.investigation.sorties import (
    MOVES,
    CrewMove,
    Report,
    acknowledge,
    arrive,
    clear,
    send,
    stand_down,
    wanted_again,
)
from shared.contracts.envelope import Decision, Person
from shared.contracts.investigation import InvestigationEscalated, PatrolArrived, PatrolDispatched
from shared.contracts.refusals import Absent, Conflict
from tests.services.investigation.cases import (
    CHIEF,
    CREW,
    DEWI,
    FOUND,
    HEAD,
    NOBODY_THERE,
    NOW,
    OPERATOR,
    POLRES,
    PROCEDURE,
    act,
    at,
    classified,
    command,
    hear,
    heard,
    reclassified,
    rejected,
    report,
    wake,
    wires,
    withdrawn,
)

P1: dict[str, Any] = {"urgency": "P1"}
SECOND = Found(True, "samapta-2", True, None)
OTHER_CREW = Person("samapta-2", frozenset({"patrol"}), frozenset({POLRES}))
COMMANDS: dict[str, Callable[..., Decision[Case]]] = {"acknowledge": acknowledge, "arrive": arrive, "clear": clear}


def sent(**values: Any) -> Any:
    return heard(classified(**{**P1, **values}))


def on_scene() -> Any:
    return act(arrive, sent(), command(None, CREW), at(seconds=90)).case


def escalations(events: Any) -> Any:
    return [(event.reason, event.level) for event in events if isinstance(event, InvestigationEscalated)]


@pytest.mark.parametrize(
    ("tracks", "urgency", "wanted"),
    [
        (("investigation",), "P1", True),
        (("investigation",), "P2", False),
        (("investigation", "dispatch"), "P3", True),
        (("dispatch", "referral"), "P3", True),
        (("guidance", "dispatch"), "P2", True),
        (("referral",), "P1", False),
        (("internal_affairs",), "P1", False),
    ],
)
def test_a_patrol_is_sent_at_p1_and_where_the_track_says_so(tracks: Any, urgency: Any, wanted: bool) -> None:
    decision = hear(None, classified(tracks=tracks, urgency=urgency))
    assert ("patrol.dispatched.v1" in wires(decision.events)) is wanted


def test_the_patrol_is_sent_before_the_detective_is_named() -> None:
    decision = hear(None, classified(**P1))
    assert wires(decision.events) == ["patrol.dispatched.v1", "investigation.assigned.v1"]
    dispatched = decision.events[0]
    assert dispatched == PatrolDispatched(patrol="samapta-1", attempt=1, acknowledge_by=at(seconds=60))
    assert decision.case.active_patrol == "samapta-1"
    assert decision.case.due == at(seconds=60)


def test_a_silent_patrol_is_replaced_and_the_silence_is_told() -> None:
    case = sent()
    assert wake(case, at(seconds=59)).case is case
    assert lately_silent(case, at(seconds=60), PROCEDURE.patrol) == {"samapta-1"}
    decision = wake(case, at(seconds=60), SECOND)
    assert escalations(decision.events) == [("patrol_unacknowledged", 1)]
    assert decision.events[1] == PatrolDispatched(patrol="samapta-2", attempt=2, acknowledge_by=at(seconds=120))
    assert [sortie.state for sortie in decision.case.dispatch.sorties] == ["unacknowledged", "sent"]
    third = wake(decision.case, at(seconds=120), NOBODY_THERE)
    assert escalations(third.events) == [("patrol_unacknowledged", 2), ("patrol_unavailable", 1)]


def test_a_silent_patrol_is_asked_again_after_a_while() -> None:
    case = wake(sent(), at(seconds=60), SECOND).case
    assert "samapta-1" in lately_silent(case, at(seconds=300), PROCEDURE.patrol)
    assert "samapta-1" not in lately_silent(case, at(seconds=361), PROCEDURE.patrol)


def test_while_no_patrol_is_free_the_search_goes_on_and_the_alarm_is_raised_ever_more_rarely_but_for_ever() -> None:
    decision = hear(None, classified(**P1), found=NOBODY_THERE)
    alarms, case = [0.0], decision.case
    assert escalations(decision.events)[0] == ("patrol_unavailable", 1)
    assert case.due == at(seconds=30)
    for _ in range(200):
        now = case.due
        decision = wake(case, now, NOBODY_THERE)
        assert 0 < (decision.case.due - now).total_seconds() <= 30
        if ("patrol_unavailable", len(alarms) + 1) in escalations(decision.events):
            alarms.append((now - NOW).total_seconds())
        case = decision.case
    gaps = [later - earlier for earlier, later in pairwise(alarms)]
    assert gaps[:4] == [60, 120, 240, 300]
    assert set(gaps[4:]) == {300}


def test_the_search_ends_with_the_first_free_patrol() -> None:
    waiting = heard(classified(**P1), found=NOBODY_THERE)
    assert (waiting.searching, waiting.active_patrol) == (True, None)
    decision = wake(waiting, at(seconds=30))
    assert "patrol.dispatched.v1" in wires(decision.events)
    assert (decision.case.searching, decision.case.active_patrol) == (False, "samapta-1")


def test_a_patrol_that_nobody_has_looked_for_is_looked_for_at_once() -> None:
    decision = hear(None, classified(**P1), found=Found())
    assert decision.case.due == NOW
    assert needs(PROCEDURE, decision.case, decision.case, NOW).patrol


@pytest.mark.parametrize(("state", "move"), list(product(get_args(SortieState), get_args(CrewMove))))
def test_every_move_of_a_crew_leads_where_the_table_says_or_is_refused(state: Any, move: Any) -> None:
    expected = {
        ("sent", "acknowledge"): "acknowledged",
        ("sent", "arrive"): "on_scene",
        ("acknowledged", "arrive"): "on_scene",
        ("on_scene", "clear"): "cleared",
    }.get((state, move))
    assert MOVES.get((state, move)) == expected
    case = sent()
    sortie = replace(case.dispatch.sorties[0], state=state)
    case = replace(case, dispatch=replace(case.dispatch, sorties=(sortie,)))
    asked = command(Report("settled") if move == "clear" else None, CREW)
    if expected is None:
        with pytest.raises(Conflict):
            act(COMMANDS[move], case, asked, NOW)
    else:
        assert act(COMMANDS[move], case, asked, NOW).case.dispatch.sorties[-1].state == expected


def test_an_acknowledged_sortie_is_not_given_to_another() -> None:
    case = act(acknowledge, sent(), command(None, CREW), at(seconds=59)).case
    assert wake(case, at(seconds=120), SECOND).case is case


def test_the_arrival_tells_the_seconds_since_the_first_dispatch() -> None:
    case = wake(sent(), at(seconds=60), SECOND).case
    decision = act(arrive, case, command(None, OTHER_CREW), at(seconds=300))
    assert decision.events == (PatrolArrived(patrol="samapta-2", seconds=300),)


def test_a_crew_that_cleared_is_free_and_is_not_sent_again() -> None:
    decision = act(clear, on_scene(), command(Report("settled", "sealed note"), CREW), at(seconds=600))
    case = decision.case
    assert (case.active_patrol, case.dispatch.over) == (None, True)
    assert case.dispatch.sorties[-1].note == "sealed note"
    assert wake(case, at(1)).case.dispatch == case.dispatch
    assert case.status == "open"


def test_a_crew_that_was_given_up_learns_that_it_is_no_longer_sent() -> None:
    case = wake(sent(), at(seconds=60), SECOND).case
    with pytest.raises(Conflict) as refusal:
        act(acknowledge, case, command(None, CREW), at(seconds=61))
    assert refusal.value.slug == "not_sent"


@pytest.mark.parametrize(
    "person",
    [
        OTHER_CREW,
        Person("samapta-1", frozenset({"detective"}), frozenset({POLRES})),
        Person("samapta-1", frozenset({"patrol"}), frozenset({"polres-elsewhere"})),
        DEWI,
        CHIEF,
    ],
)
def test_for_anybody_but_the_crew_the_dispatch_is_not_there(person: Person) -> None:
    with pytest.raises(Absent):
        act(acknowledge, sent(), command(None, person), NOW)


def test_a_crew_whose_unit_the_report_is_about_does_not_see_it() -> None:
    case = sent(about=report(conflicts=("Samapta",)))
    with pytest.raises(Absent):
        act(acknowledge, case, command(None, CREW), NOW)


@pytest.mark.parametrize("person", [HEAD, CHIEF, OPERATOR])
def test_a_dispatcher_calls_a_patrol_off_and_sends_one_again(person: Person) -> None:
    called_off = act(stand_down, sent(), command(None, person), at(seconds=10)).case
    assert (called_off.active_patrol, called_off.dispatch.sorties[-1].state) == (None, "stood_down")
    assert called_off.due == at(3)
    with pytest.raises(Conflict):
        act(stand_down, called_off, command(None, person), at(seconds=11))
    again = command(None, person)
    assert needs(PROCEDURE, called_off, wanted_again(called_off, again), NOW).patrol
    decision = act(send, called_off, again, at(seconds=20), SECOND)
    assert decision.events == (PatrolDispatched(patrol="samapta-2", attempt=2, acknowledge_by=at(seconds=80)),)


def test_a_dispatcher_ends_a_search_too() -> None:
    case = act(stand_down, heard(classified(**P1), found=NOBODY_THERE), command(None, CHIEF), NOW).case
    assert (case.searching, case.dispatch.over) == (False, True)


@pytest.mark.parametrize(
    "case",
    [heard(classified()), heard(classified(**P1)), heard(classified(**P1), rejected())],
    ids=["P3", "sent", "no"],
)
def test_a_patrol_is_not_sent_where_none_is_wanted_or_one_is_under_way(case: Any) -> None:
    with pytest.raises(Conflict):
        act(send, case, command(None, CHIEF), NOW, FOUND)


@pytest.mark.parametrize("person", [DEWI, CREW])
def test_only_dispatchers_call_patrols_off(person: Person) -> None:
    with pytest.raises(Absent):
        act(stand_down, sent(), command(None, person), NOW)


def test_a_rejected_report_stands_its_patrol_down_even_on_the_scene() -> None:
    for case in (sent(provisional=True), on_scene()):
        ended = hear(case, rejected()).case
        assert (ended.status, ended.active_patrol, ended.due) == ("rejected", None, None)
        assert ended.past_dispatches[-1].sorties[-1].state == "stood_down"


def test_a_case_that_is_no_longer_urgent_calls_its_patrol_off_unless_it_is_there_already() -> None:
    called_off = hear(sent(), reclassified(urgency="P3")).case
    assert (called_off.active_patrol, called_off.dispatch, called_off.status) == (None, None, "open")
    there = hear(on_scene(), reclassified(urgency="P3")).case
    assert there.active_patrol == "samapta-1"
    left = act(clear, there, command(Report("settled"), CREW), at(seconds=600)).case
    assert (left.active_patrol, left.dispatch) == (None, None)


def test_a_case_that_becomes_urgent_once_more_is_answered_once_more() -> None:
    case = act(clear, on_scene(), command(Report("settled"), CREW), at(seconds=600)).case
    case = hear(case, reclassified(3, urgency="P3")).case
    decision = hear(case, reclassified(4, urgency="P1"), at(1))
    assert wires(decision.events) == ["patrol.dispatched.v1"]
    assert len(decision.case.past_dispatches) == 1


def test_a_withdrawn_report_of_an_ordinary_crime_does_not_call_the_patrol_off() -> None:
    case = hear(sent(), withdrawn()).case
    assert (case.status, case.active_patrol) == ("open", "samapta-1")


def test_a_complaint_that_others_settle_is_done_here_once_the_patrol_has_left() -> None:
    case = heard(classified(urgency="P1", tracks=("dispatch", "referral"), category="fire_or_disaster"))
    case = act(arrive, case, command(None, CREW), at(seconds=60)).case
    case = act(clear, case, command(Report("handed_over"), CREW), at(seconds=600)).case
    assert (case.status, case.due) == ("attended", None)


def test_a_complaint_that_nobody_else_settles_stays_open_after_the_patrol_has_left() -> None:
    case = heard(classified(urgency="P1", tracks=("dispatch",), category="outside_authority"))
    case = act(arrive, case, command(None, CREW), at(seconds=60)).case
    case = act(clear, case, command(Report("nothing_found"), CREW), at(seconds=600)).case
    assert case.status == "open"


def test_sorties_that_go_on_for_ever_do_not_grow_the_case_for_ever() -> None:
    case = sent()
    for _ in range(SORTIES_KEPT + 20):
        case = wake(case, case.due).case
    assert len(case.dispatch.sorties) == SORTIES_KEPT
    assert case.dispatch.sorties[-1].attempt == SORTIES_KEPT + 21
