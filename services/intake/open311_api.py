"""Open311 GeoReport v2: what can be reported, reports of third parties' apps, and the public list.

The list is public, so nothing in it is the reporter's: no words, no exact place, no name. It holds requests that came
in here, were classified, and are harmless both by what they were filed as and by what they were found to be. Whoever
has the id of a request, which only its client was given, sees whether it is open also where it is not in the list.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from services.intake import open311_filing as filing
from services.intake.access import AtDesk
from services.intake.case import Complaint, Listing
from services.intake.desk import Desk
from services.intake.open311 import Form, GeoReportError, GeoReportRoute, answer
from services.intake.open311_query import Asked, requests_asked_for
from services.intake.open311_services import BY_CODE, SERVICES, Service
from services.intake.quotas import REPORTS
from services.intake.submission import Door, take_in
from shared.contracts.envelope import instant
from shared.http import Asking
from shared.store import Document

# Each route answers in the form that its path ends with, errors included.
_FORMS: dict[str, Any] = {"application/json": {"schema": {}}, "text/xml": {"schema": {"type": "string"}}}
router = APIRouter(
    prefix="/open311/v2",
    tags=["open311"],
    route_class=GeoReportRoute,
    responses={
        "4XX": {"content": _FORMS, "description": "A list of errors, as the specification has it"},
        "503": {"content": _FORMS, "description": "Not now; the same request may succeed later"},
    },
)
_FOUND: dict[int | str, dict[str, Any]] = {200: {"content": _FORMS}}
Jurisdiction = Annotated[str | None, Query(description="may be left out, since one jurisdiction is served")]
RequestId = Annotated[str, Path(max_length=64)]
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}},
    }
}


def _served(desk: Desk, jurisdiction: str | None) -> None:
    if jurisdiction and jurisdiction != desk.settings.polres:
        raise GeoReportError(404, "jurisdiction_id was not found.")


@router.get("/services.{form}", responses=_FOUND)
async def services(form: Form, desk: AtDesk, jurisdiction_id: Jurisdiction = None) -> Response:
    """What can be reported."""
    _served(desk, jurisdiction_id)
    return answer(form, "services", [_service(service) for service in SERVICES])


@router.get("/services/{service_code}.{form}", responses=_FOUND)
async def definition(service_code: str, form: Form, desk: AtDesk, jurisdiction_id: Jurisdiction = None) -> Response:
    """What else a service asks for."""
    _served(desk, jurisdiction_id)
    if service_code not in BY_CODE:
        raise GeoReportError(404, "service_code was not found.")
    when = {
        "variable": True,
        "code": "WHEN",
        "datatype": "datetime",
        "required": False,
        "datatype_description": "Tanggal dan jam dengan zona waktu, misalnya 2026-11-24T19:30:00+07:00",
        "order": 1,
        "description": "Kapan kejadiannya?",
        "values": [],
    }
    return answer(form, "service_definition", {"service_code": service_code, "attributes": [when]})


@router.post("/requests.{form}", status_code=201, responses={201: {"content": _FORMS}}, openapi_extra=_FORM)
async def file_request(form: Form, request: Request, ask: Asking, desk: AtDesk) -> Response:
    """Take in a report from a third party's app. Its tracking code stands in the notice, for the reporter."""
    fields = filing.form_of(request.headers.get("Content-Type", ""), await request.body())
    client = filing.client_of(fields, desk.settings.open311_keys)
    _served(desk, fields.get("jurisdiction_id"))
    await desk.quotas.pass_one(desk.room, REPORTS, f"open311:{client}", desk.quotas.factor)
    service = filing.service_of(fields)
    report = filing.report_of(fields, service)
    listing = Listing(service.code, instant(desk.room.clock()), shown=False)
    door = Door("open311", f"open311:{client}", channel_name=client, listing=listing)
    receipt = await take_in(desk, ask, ask.key, report, door)
    notice = f"Nomor {receipt.register_number}. Lacak di {desk.settings.site} dengan kode {receipt.tracking_code}"
    content = {"service_request_id": receipt.id, "service_notice": notice, "account_id": None}
    return answer(form, "service_requests", [content], 201)


@router.get("/tokens/{token}.{form}", responses=_FOUND)
async def request_of_token(
    token: RequestId, form: Form, desk: AtDesk, jurisdiction_id: Jurisdiction = None
) -> Response:
    """The id that a token stands for. Ids are given at once here, so an id is its own token."""
    _served(desk, jurisdiction_id)
    await _one(desk, token, "token")
    return answer(form, "service_requests", [{"service_request_id": token, "token": token}])


@router.get("/requests.{form}", responses=_FOUND)
async def requests(
    form: Form,
    desk: AtDesk,
    jurisdiction_id: Jurisdiction = None,
    service_request_id: Annotated[list[str], Query()] = [],  # noqa: B006  FastAPI copies it
    service_code: Annotated[list[str], Query()] = [],  # noqa: B006
    status: Annotated[list[str], Query()] = [],  # noqa: B006
    start_date: str | None = None,
    end_date: str | None = None,
) -> Response:
    """The public list, the newest first."""
    _served(desk, jurisdiction_id)
    asked = Asked(service_request_id, service_code, status, start_date, end_date)
    query = requests_asked_for(asked, desk.settings.polres, desk.room.clock())
    found = await desk.room.store().find(query.matching, sort=[("case.report.received_at", -1)], limit=query.limit)
    return answer(form, "service_requests", [_request(desk, document) for document in found])


@router.get("/requests/{id_}.{form}", responses=_FOUND)
async def request_by_id(id_: RequestId, form: Form, desk: AtDesk, jurisdiction_id: Jurisdiction = None) -> Response:
    """One request, for whoever has its id."""
    _served(desk, jurisdiction_id)
    return answer(form, "service_requests", [_request(desk, await _one(desk, id_, "service_request_id"))])


async def _one(desk: Desk, id_: str, name: str) -> Document[Complaint]:
    document: Document[Complaint] | None = await desk.room.store().find_one({"_id": id_})
    if document is None or document.case is None or document.case.listing is None:
        raise GeoReportError(404, f"{name} was not found.")
    return document


def _service(service: Service) -> dict[str, Any]:
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": service.description,
        "metadata": True,
        "type": "realtime",
        "keywords": ", ".join(service.keywords),
        "group": service.group,
    }


def _request(desk: Desk, document: Document[Complaint]) -> dict[str, Any]:
    case = document.case
    if case is None or case.listing is None:
        raise TypeError("only requests of Open311 are looked for")
    listing = case.listing
    return {
        "service_request_id": document.id,
        "status": listing.status,
        "status_notes": None,
        "service_name": BY_CODE[listing.service_code].name if listing.service_code in BY_CODE else None,
        "service_code": listing.service_code,
        "description": None,
        "agency_responsible": desk.settings.office,
        "service_notice": None,
        "requested_datetime": _w3(case.report.received_at),
        "updated_datetime": _w3(listing.updated_at),
        "expected_datetime": None,
        "address": None,
        "address_id": listing.village if listing.shown else None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _w3(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
