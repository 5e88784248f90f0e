"""What a reporter may say after the end, and how often."""

from typing import Any

import pytest

from services.evaluation.course import Closing
from services.evaluation.feedback import MAX_REOPENINGS, Answer, End, Feedback, Reopen, answer, reopen
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command
from shared.contracts.evaluation import ComplaintReopenRequested, FeedbackReceived
from shared.contracts.refusals import Conflict
from tests.services.evaluation.samples import MONTH, POLRES, START, SUBJECT, ZONE, scores


def ended(event: str = "e1", kind: str = "investigation.concluded", joined: bool = False) -> End:
    return End(Closing(event, START, kind), joined)


def command(data: Any) -> Command[Any]:
    return Command("m1", SUBJECT, POLRES, data)


SURVEY = command(Answer(scores(), ZONE, "sealed words"))
REOPEN = command(Reopen(ZONE, "sealed reason"))


def test_an_answer_is_kept_and_told() -> None:
    decision = answer(None, SURVEY, START, ended())
    assert decision.events == (FeedbackReceived(scores=scores(), commented=True),)
    assert decision.case
    (kept,) = decision.case.surveys
    assert (kept.closing, kept.month, kept.comment) == ("e1", MONTH, "sealed words")
    assert "sealed" not in repr(decision.case)


def test_the_survey_is_answered_once_for_each_closing() -> None:
    once = answer(None, SURVEY, START, ended()).case
    with pytest.raises(Conflict, match="already_answered"):
        answer(once, SURVEY, START, ended())
    again = answer(once, SURVEY, START, ended("e2")).case
    assert again
    assert len(again.surveys) == 2


@pytest.mark.parametrize("decide", [answer, reopen])
def test_without_a_closing_nothing_can_be_said(decide: Any) -> None:
    with pytest.raises(Conflict, match="not_closed"):
        decide(None, SURVEY, START, End())


def test_a_wish_to_open_again_is_told_with_its_reason_sealed() -> None:
    decision = reopen(None, REOPEN, START, ended())
    assert decision.events == (ComplaintReopenRequested(sealed=Sealed(narrative="sealed reason")),)
    assert decision.case
    assert decision.case.requests[0].month == MONTH


def test_a_closing_is_objected_to_once_and_a_complaint_a_limited_number_of_times() -> None:
    case: Feedback | None = None
    for number in range(MAX_REOPENINGS):
        case = reopen(case, REOPEN, START, ended(f"e{number}")).case
        with pytest.raises(Conflict, match="already_requested"):
            reopen(case, REOPEN, START, ended(f"e{number}"))
    with pytest.raises(Conflict, match="too_many_reopenings"):
        reopen(case, REOPEN, START, ended("another"))


def test_a_rejection_is_objected_to_elsewhere_but_may_be_judged_in_the_survey() -> None:
    with pytest.raises(Conflict, match="rejected"):
        reopen(None, REOPEN, START, ended(kind="complaint.rejected"))
    assert answer(None, SURVEY, START, ended(kind="complaint.rejected")).case


def test_the_reporter_of_a_linked_complaint_judges_the_common_end_but_cannot_open_it() -> None:
    assert answer(None, SURVEY, START, ended(joined=True)).case
    with pytest.raises(Conflict, match="joined"):
        reopen(None, REOPEN, START, ended(joined=True))
