"""What reporters wrote beside the scores of the survey, opened."""

from pydantic import AwareDatetime, BaseModel

from services.evaluation.figures import Month
from services.evaluation.findings_view import opened
from shared.contracts.evaluation import SurveyScores
from shared.sealing import Vault


class Comment(BaseModel):
    """What a reporter wrote beside the scores."""

    complaint: str
    at: AwareDatetime
    scores: SurveyScores
    text: str | None


def comments(vault: Vault, month: Month, limit: int) -> list[Comment]:
    """Those of a month, the newest first. Raises Unavailable where they cannot be opened here."""
    written = [(id_, survey) for id_, survey in month.surveys if survey.comment]
    written.sort(key=lambda entry: (entry[1].at, entry[0]), reverse=True)
    return [
        Comment(complaint=id_, at=survey.at, scores=survey.scores, text=opened(vault, id_, survey.comment))
        for id_, survey in written[:limit]
    ]
