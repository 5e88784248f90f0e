"""What reporters wrote beside the scores of the survey, opened."""

from collections.abc import Iterable

from pydantic import AwareDatetime, BaseModel

from services.evaluation.feedback import Survey
from services.evaluation.findings_view import opened
from shared.contracts.evaluation import SurveyScores
from shared.sealing import Vault


class Comment(BaseModel):
    """What a reporter wrote beside the scores."""

    complaint: str
    at: AwareDatetime
    scores: SurveyScores
    text: str | None


def comments(vault: Vault, written: Iterable[tuple[str, Survey]], limit: int) -> list[Comment]:
    """The newest first. Raises Unavailable where they cannot be opened here."""
    latest = sorted(written, key=lambda entry: (entry[1].at, entry[0]), reverse=True)
    return [
        Comment(complaint=id_, at=survey.at, scores=survey.scores, text=opened(vault, id_, survey.comment))
        for id_, survey in latest[:limit]
    ]
