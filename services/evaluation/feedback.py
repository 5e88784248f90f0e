"""What a reporter says after the end: the answers of the survey, and the wish to open the complaint again."""

from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from services.evaluation.course import REJECTED, Closing
from services.evaluation.domain import month_of
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Command, Decision, Lane
from shared.contracts.evaluation import ComplaintReopenRequested, FeedbackReceived, SurveyScores
from shared.contracts.refusals import Conflict

MAX_REOPENINGS = 3


@dataclass(frozen=True, slots=True)
class Survey:
    """One answer. `closing` is the end that it is about; `comment` is sealed."""

    closing: str
    at: datetime
    month: str
    scores: SurveyScores
    comment: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One wish to open the complaint again, after this end."""

    closing: str
    at: datetime
    month: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """All that the reporter of one complaint said after its ends."""

    polres: str
    lane: Lane = "normal"
    surveys: tuple[Survey, ...] = ()
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """The closing that stands, if one does. `joined`: it is that of the earlier complaint that it was linked to."""

    closing: Closing | None = None
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The survey as the reporter answered it; `comment` is sealed."""

    scores: SurveyScores
    zone: tzinfo
    comment: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reopen:
    """Why the reporter is not content, sealed as narrative."""

    zone: tzinfo
    reason: str = field(repr=False)


def answer(case: Feedback | None, command: Command[Answer], now: datetime, end: End) -> Decision[Feedback]:
    """The survey is answered, once for each closing."""
    closing, case, said = to_answer(case, end), case or Feedback(command.polres), command.data
    survey = Survey(closing.event, now, month_of(now, said.zone), said.scores, said.comment)
    event = FeedbackReceived(scores=said.scores, commented=said.comment is not None)
    return Decision(replace(case, surveys=(*case.surveys, survey)), (event,))


def reopen(case: Feedback | None, command: Command[Reopen], now: datetime, end: End) -> Decision[Feedback]:
    """The reporter asks to open the complaint again; classification decides what comes of it."""
    closing, case = to_reopen(case, end), case or Feedback(command.polres)
    request = Request(closing.event, now, month_of(now, command.data.zone))
    event = ComplaintReopenRequested(sealed=Sealed(narrative=command.data.reason))
    return Decision(replace(case, requests=(*case.requests, request)), (event,))


def to_answer(case: Feedback | None, end: End) -> Closing:
    """The closing that the survey can be answered for. Raises Conflict with the reason why not."""
    closing = _closing(end)
    if case and any(survey.closing == closing.event for survey in case.surveys):
        raise Conflict("already_answered", "The survey was answered already. Thank you.")
    return closing


def to_reopen(case: Feedback | None, end: End) -> Closing:
    """The closing that can be asked to be undone. Raises Conflict with the reason why not."""
    closing, requests = _closing(end), case.requests if case else ()
    if end.joined:
        raise Conflict("joined", "The complaint is dealt with through an earlier one, and cannot be opened by itself.")
    if closing.kind == REJECTED:
        raise Conflict("rejected", "A rejection is objected to by an appeal.")
    if any(request.closing == closing.event for request in requests):
        raise Conflict("already_requested", "It was asked for already; an officer decides.")
    if len(requests) >= MAX_REOPENINGS:
        raise Conflict("too_many_reopenings", f"A complaint is opened again {MAX_REOPENINGS} times at most.")
    return closing


def forget(case: Feedback | None, command: Command[None], now: datetime) -> Decision[Feedback]:
    """The complaint was erased: of the answers, the scores alone stay."""
    return Decision(case and replace(case, surveys=tuple(replace(survey, comment=None) for survey in case.surveys)))


def _closing(end: End) -> Closing:
    if end.closing is None:
        raise Conflict("not_closed", "The complaint is not closed.")
    return end.closing
