"""The dates of the progress letters, and the alarms when they pass."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.investigation.letters import next_date
from services.investigation.milestones import Letter, Step, grade, reach, write
from shared.contracts.investigation import InvestigationEscalated, Milestone
from tests.services.investigation.cases import (
    DEWI,
    HEAD,
    NOW,
    act,
    at,
    case_at,
    classified,
    command,
    heard,
    reclassified,
    report,
    wake,
)

GOLDEN = {
    ("inquiry", "easy"): [14],
    ("inquiry", "medium"): [14],
    ("inquiry", "hard"): [30],
    ("inquiry", "very_hard"): [30],
    ("investigation", "easy"): [10, 20, 30],
    ("investigation", "medium"): [15, 30, 45, 60],
    ("investigation", "hard"): [15, 30, 45, 60, 75, 90],
    ("investigation", "very_hard"): [20, 40, 60, 80, 100, 120],
}


def escalations(events: Any) -> Any:
    return [(event.reason, event.level) for event in events if isinstance(event, InvestigationEscalated)]


@pytest.mark.parametrize(("stage", "difficulty"), GOLDEN)
def test_letters_on_their_dates_are_due_on_the_days_that_the_rules_name(stage: Any, difficulty: Any) -> None:
    case = case_at("waiting")
    assert case.plan.due == at(3)
    case = act(write, case, command(Letter("A1", "words"), DEWI), at(1), "sealed").case
    case = act(grade, case, command(difficulty, DEWI), at(1)).case
    steps: list[Milestone] = ["inquiry_opened"]
    if stage == "investigation":
        steps += ["case_conference", "investigation_opened"]
    for step in steps:
        case = act(reach, case, command(Step(step), DEWI), at(2), None).case

    due = []
    for _ in GOLDEN[stage, difficulty]:
        due.append((case.plan.due - at(2)).days)
        case = act(write, case, command(Letter("A4", "words"), DEWI), case.plan.due, "sealed").case

    assert due == GOLDEN[stage, difficulty]


@pytest.mark.parametrize(
    ("days", "then"), [([14], [28, 42, 56]), ([10, 20, 30], [40, 50, 60]), ([20, 40, 60, 80, 100, 120], [140, 160])]
)
def test_a_case_that_outlasts_its_schedule_goes_on_with_the_last_interval(days: Any, then: Any) -> None:
    dates: list[int] = []
    moment = NOW
    while len(dates) < len(days) + len(then):
        moment = next_date(days, NOW, moment)
        dates.append((moment - NOW).days)
    assert dates[-len(then) :] == then


def test_the_first_letter_is_due_three_days_after_the_report_was_received() -> None:
    case = heard(classified(about=report(received_at=at(-1))))
    assert case.plan.due == at(2)


def test_a_report_that_reaches_us_late_gets_its_first_letter_three_days_after_it_came() -> None:
    case = heard(classified(about=report(received_at=at(-10))))
    assert case.plan.due == at(3)


def test_a_letter_on_progress_serves_the_coming_date_and_a_late_one_all_that_have_passed() -> None:
    case = case_at("inquiry_reviewed")
    case = act(write, case, command(Letter("A1", "w"), DEWI), at(1), "sealed").case
    case = act(reach, case, command(Step("investigation_opened"), DEWI), at(1), None).case
    early = act(write, case, command(Letter("A4", "w"), DEWI), at(13), "sealed").case
    assert early.plan.due == at(1 + 30)
    late = act(write, case, command(Letter("A4", "w"), DEWI), at(1 + 50), "sealed").case
    assert late.plan.due == at(1 + 60)


def test_the_announcement_of_the_investigation_does_not_serve_a_date_that_lies_ahead() -> None:
    case = case_at("inquiry_reviewed")
    case = act(write, case, command(Letter("A1", "w"), DEWI), at(1), "sealed").case
    case = act(reach, case, command(Step("investigation_opened"), DEWI), at(2), None).case
    case = act(write, case, command(Letter("A3", "w"), DEWI), at(2), "sealed").case
    assert case.plan.due == at(2 + 15)


def test_a_first_letter_that_is_overdue_stays_due_when_the_stage_changes() -> None:
    case = replace(case_at("inquiry_reviewed"))
    case = wake(case, at(4)).case
    case = act(reach, case, command(Step("investigation_opened"), DEWI), at(5), None).case
    assert case.plan.due == at(3)
    assert case.plan.alarm_at == at(5 + 15)


def test_a_harder_case_has_its_dates_moved_and_keeps_what_is_served() -> None:
    case = case_at("inquiry_reviewed")
    case = act(write, case, command(Letter("A1", "w"), DEWI), at(1), "sealed").case
    case = act(reach, case, command(Step("investigation_opened"), DEWI), at(2), None).case
    case = act(write, case, command(Letter("A4", "w"), DEWI), at(2 + 15), "sealed").case
    harder = act(grade, case, command("very_hard", HEAD), at(18)).case
    assert harder.plan.due == at(2 + 20)
    assert harder.difficulty == "very_hard"


def test_each_date_that_passes_in_silence_raises_one_alarm_of_the_next_level() -> None:
    case = case_at("waiting")
    said = []
    for day in (3, 14, 28):
        assert escalations(wake(case, at(day) - timedelta(milliseconds=1)).events) == []
        decision = wake(case, at(day))
        said += [found for found in escalations(decision.events) if found[0] == "letter_overdue"]
        case = decision.case
        assert wake(case, at(day)).case is case
    assert said == [("letter_overdue", 1), ("letter_overdue", 2), ("letter_overdue", 3)]
    assert case.plan.due == at(3)


def test_after_an_outage_the_dates_that_passed_make_one_alarm_of_their_number() -> None:
    decision = wake(case_at("waiting"), at(29))
    assert escalations(decision.events) == [("letter_overdue", 3), ("unanswered", 1)]
    assert decision.case.due == at(42)


def test_a_letter_takes_the_alarms_back_to_the_start() -> None:
    case = wake(case_at("waiting"), at(14)).case
    case = act(write, case, command(Letter("A1", "w"), DEWI), at(15), "sealed").case
    assert (case.plan.level, case.plan.due) == (0, at(28))
    assert escalations(wake(case, at(28)).events) == [("letter_overdue", 1)]


def test_a_report_that_nobody_answers_raises_the_alarm_once_after_fourteen_days() -> None:
    case = heard(classified(about=report(received_at=at(-10))))
    first = wake(case, at(4))
    assert ("unanswered", 1) in escalations(first.events)
    assert all(reason != "unanswered" for reason, _ in escalations(wake(first.case, at(30)).events))
    moved = heard(classified(), reclassified(4, tracks=("mediation",), mediation="allowed"))
    assert moved.unanswered_at is None
    assert first.case.unanswered_raised


@pytest.mark.parametrize("answer", ["letter", "milestone"])
def test_an_answer_in_time_stops_the_alarm_for_an_unanswered_report(answer: Any) -> None:
    case = case_at("waiting")
    if answer == "letter":
        case = act(write, case, command(Letter("A1", "w"), DEWI), at(1), "sealed").case
    else:
        case = act(reach, case, command(Step("inquiry_opened", words="w"), DEWI), at(1), "sealed").case
    assert case.unanswered_at is None
    assert all(reason != "unanswered" for reason, _ in escalations(wake(case, at(40)).events))


def test_a_milestone_without_words_for_the_reporter_is_no_answer() -> None:
    case = act(reach, case_at("waiting"), command(Step("inquiry_opened"), DEWI), at(1), None).case
    assert case.unanswered_at == at(14)
