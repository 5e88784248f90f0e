"""Finding earlier reports that may tell of the same incident, with one indexed query for any number of reports."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from pymongo import ASCENDING, DESCENDING, IndexModel

from services.verification.case import Trace
from services.verification.incident import COMPARED_WITHIN, Incident, Resemblance, most_alike
from services.verification.place import neighbourhood
from shared.contracts.envelope import instant
from shared.store import Store

# A flood of reports at one place must not slow all others down; the newest are compared then.
_MOST_READ = 2_000
_MOST_COMPARED = 100

INDEX = IndexModel(
    [("case.polres", ASCENDING), ("case.trace.places", ASCENDING), ("case.trace.at", ASCENDING)],
    name="traces",
    partialFilterExpression={"case.trace.at": {"$exists": True}},
)


@dataclass(frozen=True, slots=True)
class Traced:
    """The trace of a report, and who may not know of that report."""

    polres: str
    trace: Trace
    hidden_from: tuple[str, ...]


_TRACED = TypeAdapter(Traced)


def trace_of(incident: Incident) -> Trace | None:
    """What is kept of a report for comparing later ones with it; nothing where its place is not known."""
    places = _kept_under(incident)
    at = instant(incident.occurred_at or incident.reported_at)
    return Trace(places, at, instant(incident.reported_at + COMPARED_WITHIN), incident) if places else None


def _kept_under(incident: Incident) -> tuple[str, ...]:
    if incident.cell:
        return (incident.cell, *filter(None, [incident.village]))
    return (incident.village, _without_cell(incident.village)) if incident.village else ()


def _looked_for_under(incident: Incident) -> tuple[str, ...]:
    """The names of all places near enough: of two reports with exact places the cells count, otherwise the villages."""
    if incident.cell:
        return (*neighbourhood(incident.cell), *filter(None, [_without_cell(incident.village)]))
    return (incident.village,) if incident.village else ()


def _without_cell(village: str | None) -> str:
    return f"{village} without cell" if village else ""


def query(reports: Sequence[Traced]) -> dict[str, Any]:
    """What finds the traces that any of the reports may be compared with."""
    times = [report.trace.at for report in reports]
    return {
        "case.polres": {"$in": sorted({report.polres for report in reports})},
        "case.trace.places": {"$in": sorted({p for r in reports for p in _looked_for_under(r.trace.incident)})},
        "case.trace.at": {"$gte": min(times) - COMPARED_WITHIN, "$lte": max(times) + COMPARED_WITHIN},
    }


async def most_alike_of(store: Store[Any], reports: Sequence[Traced]) -> list[tuple[Resemblance, Traced] | None]:
    """For each report the earlier one that is most like it, also among the reports themselves, which are not stored
    yet. Two that different processes check in the same moment do not see each other, and neither is held for it: what
    waits for an officer all the same is compared again when it is opened."""
    if not reports:
        return []
    wanted = {"_id": 0, "case.polres": 1, "case.trace": 1, "case.hidden_from": 1}
    cursor = store.collection.find(query(reports), wanted).sort([("case.trace.at", DESCENDING)]).limit(_MOST_READ)
    rows = await cursor.to_list(_MOST_READ)
    # In a flood this takes a tenth of a second, which the urgent lane must not wait for.
    return await asyncio.to_thread(_compare, reports, rows)


def _compare(reports: Sequence[Traced], rows: Sequence[dict[str, Any]]) -> list[tuple[Resemblance, Traced] | None]:
    stored = [_TRACED.validate_python(row["case"]) for row in rows]
    by_place: dict[str, list[Traced]] = {}
    for traced in (*stored, *reports):
        for place in traced.trace.places:
            by_place.setdefault(place, []).append(traced)
    return [_best(report, _near(report, by_place)) for report in reports]


def _near(report: Traced, by_place: dict[str, list[Traced]]) -> Iterable[Traced]:
    found = {
        other.trace.incident.report_id: other
        for place in _looked_for_under(report.trace.incident)
        for other in by_place.get(place, ())
        if other.polres == report.polres and abs(other.trace.at - report.trace.at) <= COMPARED_WITHIN
    }
    return sorted(found.values(), key=lambda other: other.trace.at, reverse=True)[:_MOST_COMPARED]


def _best(report: Traced, candidates: Iterable[Traced]) -> tuple[Resemblance, Traced] | None:
    by_id = {candidate.trace.incident.report_id: candidate for candidate in candidates}
    found = most_alike(report.trace.incident, [candidate.trace.incident for candidate in by_id.values()])
    return (found, by_id[found.report_id]) if found else None
