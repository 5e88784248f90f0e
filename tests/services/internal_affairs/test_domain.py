"""Every move of the table and none beside it; which desk has a case; which clock runs."""

from dataclasses import replace
from typing import Any

import pytest

from services.internal_affairs import desk, domain, facts
from services.internal_affairs.case import MOVES, OPEN, Case, Move, Position
from shared.contracts.envelope import Command, Decision, Person
from shared.contracts.internal_affairs import (
    ConductCaseConcluded,
    ConductCaseOverdue,
    ConductCaseRegistered,
    ConductCaseReturned,
    ConductConflictFound,
    ConductLetterSent,
)
from shared.contracts.refusals import Absent, Conflict, Forbidden, Invalid
from tests.services.internal_affairs.cases import (
    COMPLAINT,
    EARLIER,
    EXAMINER,
    HEAD,
    LATER,
    NOW,
    POLRES,
    POSITIONS,
    PROCEDURE,
    UNITS,
    classified,
    command,
    found,
    hear,
    in_position,
    linked,
    reclassified,
    rejected,
    taken,
    withdrawn,
)

POLDA = Person("head-polda", frozenset({"internal_affairs_head"}), frozenset({"polda"}))
MAKE: dict[Move, Any] = {
    "clarify": lambda case: desk.check(PROCEDURE, case, command(desk.Checked("clarify")), LATER),
    "complete": lambda case: desk.check(PROCEDURE, case, command(desk.Checked("complete")), LATER),
    "examine": lambda case: desk.examine(PROCEDURE, case, command("examiner-1"), LATER, UNITS),
    "archive": lambda case: desk.conclude(PROCEDURE, case, command(desk.Ending("archived", "sealed")), LATER),
    "conclude": lambda case: desk.conclude(PROCEDURE, case, command(desk.Ending("not_proven", "sealed")), LATER),
    "return": lambda case: desk.give_back(PROCEDURE, case, command("sealed"), LATER),
    "join": lambda case: desk.join(PROCEDURE, case, command(), LATER, EARLIER),
    "forward": lambda case: desk.forward(PROCEDURE, case, command("sealed"), LATER),
}


def wires(decision: Decision[Case]) -> list[str]:
    return [event.wire.split(".")[1] for event in decision.events]


@pytest.mark.parametrize("move", MAKE)
@pytest.mark.parametrize("position", POSITIONS)
def test_the_table_of_moves_is_what_the_desk_can_do(position: Position, move: Move) -> None:
    case = taken(hear(in_position(position), linked(COMPLAINT, EARLIER)))
    if position == "examination":
        case = found(case)
    if (position, move) in MOVES:
        assert taken(MAKE[move](case)).position == MOVES[position, move]
    else:
        with pytest.raises(Conflict):
            MAKE[move](case)


def test_a_complaint_about_the_police_is_registered_once_with_the_date_of_its_letter() -> None:
    decision = hear(None, classified())
    (said,) = decision.events
    assert isinstance(said, ConductCaseRegistered)
    # 20 working days after Tuesday, 24 November 2026; 24 (collective leave) and 25 December are none of them.
    assert said.letter_by.isoformat() == "2026-12-22T16:59:59+00:00"
    case = taken(decision)
    assert (case.status, case.letter_by, case.due) == ("received", said.letter_by, said.letter_by)
    again = hear(case, classified())
    assert again.case is case
    assert again.events == ()


def test_a_complaint_on_other_tracks_leaves_nothing() -> None:
    assert hear(None, classified(tracks=("mediation",))) == Decision(None)


def test_what_is_reclassified_away_is_let_go_and_comes_back_where_it_was() -> None:
    case = in_position("complete")
    away = taken(hear(case, reclassified(5, tracks=("mediation",))))
    assert (away.status, away.due) == ("elsewhere", None)
    with pytest.raises(Conflict):
        desk.check(PROCEDURE, away, command(desk.Checked("clarify")), LATER)
    back = hear(away, reclassified(7))
    assert (taken(back).status, taken(back).due, back.events) == ("complete", case.due, ())


@pytest.mark.parametrize("position", OPEN)
def test_a_withdrawal_ends_it_unless_its_examination_has_begun(position: Position) -> None:
    case = taken(hear(in_position(position), withdrawn()))
    assert case.status == ("examination" if position == "examination" else "withdrawn")
    assert case.withdrawn_at == NOW


@pytest.mark.parametrize("reason", ["reopened", "not_misconduct"])
def test_what_ended_here_begins_anew_when_it_is_sent_again(reason: str) -> None:
    ended = in_position("returned" if reason == "not_misconduct" else "concluded")
    decision = hear(ended, reclassified(9, reason), LATER)
    case = taken(decision)
    assert wires(decision) == ["registered"]
    assert (case.status, case.registered_at, case.result, case.result_by) == ("received", LATER, None, None)
    assert len(case.past_results) == (reason == "reopened")
    assert hear(case, reclassified(9, reason), LATER).case is case


def test_a_rejection_ends_it_and_a_classification_after_an_appeal_brings_it_back() -> None:
    case = taken(hear(in_position("received"), rejected(3)))
    assert (case.status, case.due) == ("rejected", None)
    assert taken(hear(case, classified(6))).status == "received"


def test_the_first_letter_starts_the_clock_of_the_result_and_later_ones_do_not_move_it() -> None:
    first = desk.write(PROCEDURE, in_position("received"), command("sealed", EXAMINER), LATER)
    (said,) = first.events
    assert isinstance(said, ConductLetterSent)
    assert (said.number, said.sealed.notice) == (1, "sealed")
    assert said.result_by == PROCEDURE.end_after(LATER, 40)
    case = taken(first)
    assert (case.due, case.status) == (said.result_by, "received")
    (second,) = desk.write(PROCEDURE, case, command("sealed"), said.result_by).events
    assert isinstance(second, ConductLetterSent)
    assert (second.number, second.result_by) == (2, said.result_by)


def test_an_alarm_is_raised_again_and_again_till_the_letter_and_then_till_the_result() -> None:
    case = in_position("received")
    for level in (1, 2, 3):
        assert case.due is not None
        decision = domain.tick(PROCEDURE, case, command(), case.due)
        assert decision.events == (ConductCaseOverdue(stage="letter", level=level),)
        assert taken(decision).due == PROCEDURE.end_after(case.due, 3)
        case = taken(decision)
    case = taken(desk.write(PROCEDURE, case, command("sealed"), LATER))
    assert case.due is not None
    late = domain.tick(PROCEDURE, case, command(), case.due)
    assert late.events == (ConductCaseOverdue(stage="result", level=1),)


def test_the_examiner_is_never_somebody_whom_the_complaint_is_about() -> None:
    case = in_position("complete")
    for name, units in (("aipda-contoh", UNITS), ("examiner-1", (*UNITS, "Satlantas"))):
        about = taken(hear(case, linked("01900000-0000-7000-8000-000000000009", conflicts=("Satlantas",))))
        with pytest.raises(Invalid, match="conflict_of_interest"):
            desk.examine(PROCEDURE, about, command(name), LATER, units)
    for stranger in (None, ("polres-lain",)):
        with pytest.raises(Invalid, match="unknown_examiner"):
            desk.examine(PROCEDURE, case, command("stranger"), LATER, stranger)


def test_only_the_examiner_puts_findings_on_file_and_without_one_there_is_no_result() -> None:
    case = in_position("examination")
    with pytest.raises(Conflict, match="no_finding"):
        desk.conclude(PROCEDURE, case, command(desk.Ending("proven", "sealed")), LATER)
    with pytest.raises(Forbidden):
        desk.find(PROCEDURE, case, command("sealed"), LATER)
    case = found(case)
    decision = desk.conclude(PROCEDURE, case, command(desk.Ending("proven", "sealed words")), LATER)
    (said,) = decision.events
    assert isinstance(said, ConductCaseConcluded)
    assert (said.outcome, said.sealed.notice, taken(decision).due) == ("proven", "sealed words", None)


def test_what_is_no_misconduct_goes_back() -> None:
    assert wires(MAKE["return"](in_position("complete"))) == ["returned"]
    assert ConductCaseReturned().model_dump() == {}


@pytest.mark.parametrize("named", ["head-propam", "Sipropam"])
def test_a_conflict_that_is_found_later_hides_the_case_at_once(named: str) -> None:
    case = taken(desk.name_conflicts(PROCEDURE, in_position("received"), command((named,)), LATER, "sealed"))
    assert named in case.conflicts
    assert not case.visible_to(HEAD)
    for act in (desk.read, lambda *args: desk.write(PROCEDURE, *args)):
        with pytest.raises(Absent):
            act(case, command("reason"), LATER)


def test_an_examiner_whom_it_turns_out_to_be_about_has_it_no_longer() -> None:
    case = taken(desk.name_conflicts(PROCEDURE, in_position("examination"), command(("examiner-1",)), LATER, None))
    assert (case.examiner, case.status) == (None, "examination")
    again = desk.examine(PROCEDURE, case, command("examiner-2"), LATER, UNITS)
    assert taken(again).examiner is not None


@pytest.mark.parametrize("named", [POLRES, "Sipropam"])
def test_a_complaint_about_the_whole_office_or_its_desk_goes_to_the_office_above(named: str) -> None:
    decision = hear(None, classified(conflicts=(named,)))
    case = taken(decision)
    assert wires(decision) == ["registered", "letter_sent"]
    assert (case.desk, case.status, case.letters[0].officer) == ("polda", "received", None)
    assert not case.visible_to(HEAD)
    assert case.visible_to(POLDA)
    done = desk.check(PROCEDURE, case, command(desk.Checked("complete"), POLDA), LATER)
    assert taken(done).status == "complete"
    if named == POLRES:
        with pytest.raises(Conflict, match="nobody_to_decide"):
            desk.give_back(PROCEDURE, case, command("sealed", POLDA), LATER)


def test_a_desk_that_a_complaint_is_forwarded_to_begins_anew_and_must_find_out_for_itself() -> None:
    case = found(in_position("examination"))
    decision = desk.forward(PROCEDURE, case, command("sealed"), LATER.replace(hour=9))
    case = taken(decision)
    assert (case.desk, case.status, case.examiner, wires(decision)) == ("polda", "received", None, ["letter_sent"])
    case = taken(desk.check(PROCEDURE, case, command(desk.Checked("complete"), POLDA), LATER))
    case = taken(desk.examine(PROCEDURE, case, command("examiner-9", POLDA), LATER, ("polda",)))
    with pytest.raises(Conflict, match="no_finding"):
        desk.conclude(PROCEDURE, case, command(desk.Ending("proven", "sealed"), POLDA), LATER)


def test_above_the_last_office_there_is_none_and_a_case_that_names_all_of_them_keeps_its_alarms() -> None:
    case = taken(hear(None, classified(conflicts=("polda",))))
    case = taken(desk.forward(PROCEDURE, case, command("sealed"), LATER))
    assert case.desk == "mabes"
    mabes = Person("head-mabes", frozenset(), frozenset({"mabes"}))
    with pytest.raises(Conflict, match="no_office_above"):
        desk.forward(PROCEDURE, case, command("sealed", mabes), LATER)


def test_a_case_that_names_every_office_above_goes_to_the_body_outside_the_police() -> None:
    outside = hear(None, classified(conflicts=(POLRES, "polda", "mabes")))
    assert (taken(outside).desk, wires(outside)) == ("kompolnas", ["registered", "letter_sent"])
    assert not taken(outside).unseen
    assert taken(outside).visible_to(Person("member-1", frozenset(), frozenset({"kompolnas"})))


@pytest.mark.parametrize("named", [POLRES, "Sipropam"])
def test_a_case_that_names_that_body_too_stays_unseen_and_says_so(named: str) -> None:
    nobody = taken(hear(None, classified(conflicts=(named, "polda", "mabes", "kompolnas"))))
    assert (nobody.desk, nobody.unseen, nobody.due is not None) == (POLRES, True, True)
    moved = domain.hearing(replace(PROCEDURE, outside="ombudsman"), facts.nothing_new)
    seen = moved(nobody, command(), LATER, "sealed words")
    assert (taken(seen).desk, taken(seen).unseen, wires(seen)) == ("ombudsman", False, ["letter_sent"])


def test_whom_it_is_about_beside_its_own_report_is_told_once_and_only_of_what_came_here() -> None:
    elsewhere = hear(None, linked("01900000-0000-7000-8000-000000000009", conflicts=("aipda-lain",)))
    assert wires(elsewhere) == []
    here = hear(taken(elsewhere), classified())
    assert wires(here) == ["registered", "conflict_found"]
    assert here.events[-1] == ConductConflictFound(names=("aipda-lain",))
    found_out = desk.name_conflicts(PROCEDURE, here.case, command(("aipda-contoh", "Satlantas")), LATER, "sealed")
    assert found_out.events == (ConductConflictFound(names=("Satlantas",)),)
    again = desk.name_conflicts(PROCEDURE, found_out.case, command(("Satlantas",)), LATER, "sealed")
    assert again.events == ()
    # Classification hands the names on with the report, which says nothing new.
    moved = hear(taken(found_out), reclassified(7, conflicts=("aipda-contoh", "aipda-lain", "Satlantas")))
    assert wires(moved) == []


def test_a_report_that_was_linked_is_about_them_too_even_if_it_never_came_here() -> None:
    later = taken(hear(None, linked(COMPLAINT, EARLIER)))
    told = desk.name_in_linked(PROCEDURE, later, command(("aipda-lain",), None), LATER)
    assert told.events == (ConductConflictFound(names=("aipda-lain",)),)
    assert taken(told).conflicts == ("aipda-lain",)
    assert desk.name_in_linked(PROCEDURE, told.case, command(("aipda-lain",), None), LATER).events == ()
    assert desk.name_in_linked(PROCEDURE, None, command(("aipda-lain",), None), LATER).case is None


def test_it_is_joined_only_where_verification_said_so_and_the_earlier_one_is_open_here() -> None:
    with pytest.raises(Conflict, match="not_joined"):
        desk.join(PROCEDURE, in_position("received"), command(), LATER, EARLIER)
    told = taken(hear(in_position("received"), linked(COMPLAINT, EARLIER)))
    with pytest.raises(Conflict, match="not_joined"):
        desk.join(PROCEDURE, told, command(), LATER, None)


def test_a_reading_is_kept_with_who_and_why() -> None:
    case = taken(desk.read(in_position("archived"), command("appeal_check", EXAMINER), LATER))
    assert [(r.officer, r.reason, r.at) for r in case.readings] == [("examiner-1", "appeal_check", LATER)]


@pytest.mark.parametrize(
    "actor", [None, Person("aipda-contoh", HEAD.roles, HEAD.units), Person("x", HEAD.roles, frozenset({"polres-lain"}))]
)
def test_for_whoever_it_is_about_and_for_other_offices_it_is_not_there(actor: Person | None) -> None:
    case = in_position("complete")
    acts: list[Any] = [
        lambda message: desk.read(case, message, LATER),
        lambda message: desk.name_conflicts(PROCEDURE, case, message, LATER, None),
        lambda message: desk.examine(PROCEDURE, case, message, LATER, UNITS),
        lambda message: desk.find(PROCEDURE, case, message, LATER),
        lambda message: desk.forward(PROCEDURE, case, message, LATER),
    ]
    asked: Command[Any] = command(("x",), actor)
    for act in acts:
        with pytest.raises(Absent):
            act(asked)
