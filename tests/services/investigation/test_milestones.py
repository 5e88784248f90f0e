"""The moves of an investigation: each that is allowed, each that is refused, the letters and the ways it can end."""

from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest

from services.investigation.case import Position
from services.investigation.conclusion import ENDINGS, Closing, Ending, conclude
from services.investigation.milestones import LETTERS, MOVES, Letter, Step, reach, write
from shared.contracts.envelope import Person
from shared.contracts.investigation import (
    InvestigationConcluded,
    InvestigationProgressed,
    Milestone,
    ProgressLetter,
)
from shared.contracts.refusals import Absent, Conflict, Forbidden, Invalid
from shared.told import Told
from tests.services.investigation.cases import (
    CHIEF,
    DEWI,
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
    heard,
    wires,
)

# Written out here once more, so that a change of the table does not go by unseen.
ALLOWED = {
    "waiting": {"inquiry_opened": "inquiry"},
    "inquiry": {"case_conference": "inquiry_reviewed"},
    "inquiry_reviewed": {"case_conference": "inquiry_reviewed", "investigation_opened": "investigation"},
    "investigation": {"case_conference": "investigation", "prosecutor_notified": "prosecutor_informed"},
    "prosecutor_informed": {"case_conference": "prosecutor_informed", "file_sent": "file_sent"},
    "file_sent": {"file_returned": "file_returned", "file_complete": "file_complete"},
    "file_returned": {"case_conference": "file_returned", "file_sent": "file_sent"},
    "file_complete": {},
}
ALL_MOVES = list(product(get_args(Position), get_args(Milestone)))
REASON = {
    "handed_to_prosecutor": None,
    "not_a_crime": "no_criminal_event",
    "stopped": "insufficient_evidence",
    "restorative_justice": "restorative_agreement",
    "transferred": "other_police_office",
}
CONFIRMED = ("penalty_within_limit", "first_offence", "victim_consents")


def closing(outcome: Any, **values: Any) -> Any:
    return Closing(outcome, "words", **{"reason": REASON[outcome], "confirmed": CONFIRMED, **values})


@pytest.mark.parametrize(("position", "milestone"), ALL_MOVES)
def test_every_milestone_leads_where_the_table_says_or_is_refused(position: Any, milestone: Any) -> None:
    case, asked = case_at(position), command(Step(milestone, note="sealed note", words="w"), DEWI)
    expected = ALLOWED[position].get(milestone)
    assert MOVES.get((position, milestone)) == expected
    if expected is None:
        with pytest.raises(Conflict):
            act(reach, case, asked, NOW, "sealed")
        return
    decision = act(reach, case, asked, NOW, "sealed")
    assert decision.case.position == expected
    entry = decision.case.milestones[-1]
    assert (entry.milestone, entry.officer, entry.note, entry.notice) == (milestone, "dewi", "sealed note", "sealed")
    (event,) = decision.events
    assert isinstance(event, InvestigationProgressed)
    assert (event.milestone, event.letter, event.sealed.notice) == (milestone, None, "sealed")
    assert event.letter_due == decision.case.plan.due


def test_the_prosecutor_must_be_notified_within_seven_days_of_the_opening() -> None:
    case = act(reach, case_at("inquiry_reviewed"), command(Step("investigation_opened"), DEWI), at(1), None).case
    assert case.prosecutor_notice_due == at(8)
    case = act(reach, case, command(Step("prosecutor_notified"), DEWI), at(2), None).case
    assert case.prosecutor_notice_due is None


@pytest.mark.parametrize(("position", "letter"), list(product(get_args(Position), get_args(ProgressLetter))))
def test_every_letter_fits_its_positions_alone(position: Any, letter: Any) -> None:
    case = case_at(position)
    if letter != "A1":
        case = act(write, case, command(Letter("A1", "w"), DEWI), NOW, "sealed").case
    asked = command(Letter(letter, "w"), DEWI)
    if position not in LETTERS.get(letter, ()):
        with pytest.raises(Conflict):
            act(write, case, asked, NOW, "sealed")
        return
    decision = act(write, case, asked, NOW, "sealed")
    assert [(event.letter, event.sealed.notice) for event in decision.events] == [(letter, "sealed")]
    assert decision.case.letters[-1].letter == letter


def test_the_first_letter_is_a1_and_is_written_once() -> None:
    with pytest.raises(Conflict):
        act(write, case_at("inquiry"), command(Letter("A4", "w"), DEWI), NOW, "sealed")
    case = act(write, case_at("inquiry"), command(Letter("A1", "w"), DEWI), NOW, "sealed").case
    with pytest.raises(Conflict):
        act(write, case, command(Letter("A1", "w"), DEWI), NOW, "sealed")


@pytest.mark.parametrize("letter", ["A2", "A5"])
def test_letters_that_tell_of_an_end_go_out_with_the_conclusion_alone(letter: Any) -> None:
    assert letter not in LETTERS


def test_nobody_works_on_a_case_that_has_no_detective() -> None:
    case = heard(classified(), found=NOBODY_THERE)
    with pytest.raises(Conflict) as refusal:
        act(reach, case, command(Step("inquiry_opened"), HEAD), NOW, None)
    assert refusal.value.slug == "no_detective"


@pytest.mark.parametrize("person", [DEWI, HEAD, CHIEF])
def test_the_detective_the_head_and_the_chief_may_work_on_a_case(person: Person) -> None:
    assert act(reach, case_at("waiting"), command(Step("inquiry_opened"), person), NOW, None).events


STRANGERS = [
    Person("eka", frozenset({"detective"}), frozenset({POLRES, "Pidum"})),
    Person("head-ppa", frozenset({"unit_head"}), frozenset({POLRES, "PPA"})),
    Person("dewi", frozenset({"detective"}), frozenset({"polres-elsewhere"})),
    Person("chief-elsewhere", frozenset({"chief"}), frozenset({"polres-elsewhere"})),
    Person("dewi", frozenset({"verifier"}), frozenset({POLRES})),
]


@pytest.mark.parametrize("person", STRANGERS)
def test_for_everybody_else_the_case_is_not_there(person: Person) -> None:
    with pytest.raises(Absent):
        act(reach, case_at("waiting"), command(Step("inquiry_opened"), person), NOW, None)


@pytest.mark.parametrize(("position", "outcome"), list(product(get_args(Position), get_args(Ending))))
def test_every_end_is_reached_from_its_positions_alone_and_is_final(position: Any, outcome: Any) -> None:
    case, asked = case_at(position), command(closing(outcome), HEAD)
    letter = ENDINGS[outcome].get(position)
    if letter is None:
        with pytest.raises(Conflict):
            act(conclude, case, asked, NOW, "sealed")
        return
    decision = act(conclude, case, asked, NOW, "sealed")
    (event,) = decision.events
    assert isinstance(event, InvestigationConcluded)
    assert (event.outcome, event.reason, event.letter, event.sealed.notice) == (
        outcome,
        REASON[outcome],
        letter,
        "sealed",
    )
    ended = decision.case
    assert (ended.status, ended.due, ended.plan) == ("concluded", None, None)
    with pytest.raises(Conflict):
        act(conclude, ended, asked, NOW, "sealed")
    with pytest.raises(Conflict):
        act(reach, ended, command(Step("inquiry_opened"), HEAD), NOW, None)


def test_the_ends_are_reached_from_these_positions() -> None:
    after_opening = {"investigation", "prosecutor_informed", "file_sent", "file_returned"}
    assert {outcome: set(positions) for outcome, positions in ENDINGS.items()} == {
        "handed_to_prosecutor": {"file_complete"},
        "not_a_crime": {"inquiry_reviewed"},
        "stopped": after_opening,
        "restorative_justice": {"inquiry", "inquiry_reviewed", *after_opening} - {"file_sent"},
        "transferred": set(get_args(Position)),
    }


@pytest.mark.parametrize("reason", PROCEDURE.reasons["stopped"])
def test_an_investigation_stops_for_each_reason_of_the_law(reason: Any) -> None:
    category = "defamation" if reason == "complaint_withdrawn" else "assault"
    asked = command(closing("stopped", reason=reason), DEWI)
    assert act(conclude, case_at("investigation", category=category), asked, NOW, "s").case.conclusion.reason == reason


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [("stopped", None), ("stopped", "bored"), ("handed_to_prosecutor", "bored"), ("stopped", "complaint_withdrawn")],
)
def test_an_end_without_its_reason_or_with_a_wrong_one_is_refused(outcome: Any, reason: Any) -> None:
    case = case_at(next(iter(ENDINGS[outcome])))
    with pytest.raises(Invalid) as refusal:
        act(conclude, case, command(closing(outcome, reason=reason), DEWI), NOW, "sealed")
    assert refusal.value.field == "reason"


HEAD_OF_PPA = Person("head-ppa", frozenset({"unit_head"}), frozenset({POLRES, "PPA"}))
APPROVER = Person("head-ppa", frozenset({"unit_head", "ppa_approver"}), frozenset({POLRES, "PPA"}))
DETECTIVE_OF_PPA = Person("dewi", frozenset({"detective"}), frozenset({POLRES, "PPA"}))


@pytest.mark.parametrize(
    ("rule", "person", "allowed"),
    [
        ("never", CHIEF, False),
        ("never", APPROVER, False),
        ("ppa_approval", CHIEF, False),
        ("ppa_approval", DETECTIVE_OF_PPA, False),
        ("ppa_approval", HEAD_OF_PPA, False),
        ("ppa_approval", APPROVER, True),
        ("restorative_only", CHIEF, True),
        ("allowed", DETECTIVE_OF_PPA, True),
    ],
)
def test_restorative_justice_follows_the_mediation_rule(rule: Any, person: Person, allowed: bool) -> None:
    case = replace(case_at("investigation", mediation=rule), units=("PPA",))
    asked = command(closing("restorative_justice"), person)
    if allowed:
        assert act(conclude, case, asked, NOW, "sealed").case.status == "concluded"
    else:
        with pytest.raises(Forbidden):
            act(conclude, case, asked, NOW, "sealed")


@pytest.mark.parametrize("missing", CONFIRMED)
def test_restorative_justice_needs_every_condition_confirmed(missing: Any) -> None:
    confirmed = tuple(condition for condition in CONFIRMED if condition != missing)
    asked = command(closing("restorative_justice", confirmed=confirmed), DEWI)
    with pytest.raises(Conflict) as refusal:
        act(conclude, case_at("inquiry"), asked, NOW, "sealed")
    assert missing in refusal.value.detail


def test_an_ordinary_crime_goes_on_though_its_reporter_withdrew() -> None:
    case = replace(case_at("investigation"), withdrawn=Told(NOW, 2))
    assert wires(act(reach, case, command(Step("case_conference"), DEWI), NOW, None).events) == [
        "investigation.progressed.v1"
    ]
