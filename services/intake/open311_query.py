"""What a client of Open311 asks the public list for, as a query of the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError
from pymongo import ASCENDING, DESCENDING, IndexModel

from services.intake.case import Listing
from services.intake.open311 import GeoReportError
from services.intake.open311_services import BY_CODE
from services.intake.reports import Moment

SPAN = timedelta(days=90)
LIMIT, IDS_LIMIT = 1000, 50
STATUSES = get_args(Listing.__annotations__["status"])
INDEX = IndexModel(
    [("polres", ASCENDING), ("case.listing.shown", ASCENDING), ("case.report.received_at", DESCENDING)],
    name="public_list",
    partialFilterExpression={"case.listing.shown": True},
)
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they came."""

    ids: Sequence[str] = ()
    codes: Sequence[str] = ()
    statuses: Sequence[str] = ()
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class ListQuery:
    matching: dict[str, Any]
    limit: int = LIMIT


def requests_asked_for(asked: Asked, polres: str, now: datetime) -> ListQuery:
    """The query. Raises GeoReportError for filters that are not as the specification has them."""
    ids = _listed(asked.ids)
    if len(ids) > IDS_LIMIT:
        raise GeoReportError(400, f"service_request_id may name {IDS_LIMIT} requests at most.")
    if ids:
        # These override all other filters.
        return ListQuery({"_id": {"$in": ids}, "case.listing": {"$type": "object"}}, IDS_LIMIT)
    start, end = _range(_moment(asked.start, "start_date"), _moment(asked.end, "end_date"), now)
    matching: dict[str, Any] = {
        "polres": polres,
        "case.listing.shown": True,
        "case.report.received_at": {"$gte": start, "$lte": end},
    }
    codes, statuses = _listed(asked.codes), _listed(asked.statuses)
    if not set(codes) <= BY_CODE.keys():
        raise GeoReportError(404, "service_code was not found.")
    if not set(statuses) <= set(STATUSES):
        raise GeoReportError(400, f"status must be one of {', '.join(STATUSES)}.")
    if codes:
        matching["case.listing.service_code"] = {"$in": codes}
    if statuses:
        matching["case.listing.status"] = {"$in": statuses}
    return ListQuery(matching)


def _listed(values: Sequence[str]) -> list[str]:
    """Several are given comma-delimited, or by naming the argument more than once."""
    parts = (part.strip() for value in values for part in value.split(","))
    return list(dict.fromkeys(part for part in parts if part))


def _moment(value: str | None, name: str) -> datetime | None:
    if not value:
        return None
    try:
        # A plus sign that was not escaped in the address arrives as a space.
        return _MOMENT.validate_python(value.strip().replace(" ", "+"))
    except ValidationError:
        raise GeoReportError(400, f"{name} must be like 2010-01-01T00:00:00Z.") from None


def _range(start: datetime | None, end: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    if end is None:
        end = min(now, start + SPAN) if start else now
    start = start or end - SPAN
    if start > end:
        raise GeoReportError(400, "start_date must come before end_date.")
    if end - start > SPAN:
        raise GeoReportError(400, f"The dates may span {SPAN.days} days at most.")
    return start, end
