"""What stands in a matter's texts, as the forms have it in which they are written again."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from services.mediation.case import Agreement, Case
from services.mediation.contents import Contents, OpenedPoint
from services.mediation.moves import Move

# Which move writes a text again, by the last word of its form's path.
REWRITING: Mapping[str, Move] = {"minutes": "minute", "record": "record", "plan": "plan", "agreement": "draft"}

Fields = Mapping[str, str | date]


def move_of(form: str) -> Move | None:
    """The move of a form that can replace a text; None for every other form."""
    return REWRITING.get(form.rsplit("/", 1)[-1])


def standing(case: Case, words: Contents, zone: ZoneInfo) -> dict[str, Fields]:
    """The texts of the round at hand as the fields of their forms, by the form's path. What cannot be opened is left
    out: a form with a gap would be sent as if it were whole."""
    if case.round is None:
        return {}
    opened, path = words.rounds[-1], "visits/{}/record" if case.round.kind == "guidance" else "sessions/{}/minutes"
    found: dict[str, Fields] = {
        path.format(session.number): {"text": session.minutes["text"]} for session in opened.sessions if session.minutes
    }
    if opened.plan:
        found["plan"] = {"text": opened.plan["text"]}
    if case.round.agreement and all(point.text for point in opened.points):
        found["agreement"] = _points(case.round.agreement, opened.points, zone)
    return found


def _points(agreement: Agreement, opened: list[OpenedPoint], zone: ZoneInfo) -> Fields:
    fields: dict[str, str | date] = {}
    for point, words in zip(agreement.points, opened, strict=True):
        fields[f"text_{point.number}"] = words.text["text"] if words.text else ""
        fields[f"due_{point.number}"] = point.due.astimezone(zone).date()
    return fields
