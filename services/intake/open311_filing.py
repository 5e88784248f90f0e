"""A posted service request read as a report."""

import hmac
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from pydantic import SecretStr, ValidationError

from services.intake.open311 import GeoReportError
from services.intake.open311_services import BY_CODE, Service
from services.intake.reports import ReportBody

FIELDS_LIMIT, DESCRIPTION_LIMIT, URL_LIMIT = 60, 4000, 500
WHEN = "attribute[WHEN]"
# Our fields in the words of the specification.
_NAMES = {
    "what": "description",
    "where.text": "address_string",
    "where.village": "address_id",
    "where.lat": "lat",
    "where.lon": "long",
    "when": WHEN,
    "reporter.name": "first_name, last_name",
    "reporter.email": "email",
    "reporter.phone": "phone",
}


def form_of(content_type: str, body: bytes) -> dict[str, str]:
    """The fields of a form; one that is empty counts as absent. Raises GeoReportError."""
    if content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise GeoReportError(400, "The body must be application/x-www-form-urlencoded.")
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=FIELDS_LIMIT
        )
    except ValueError:
        raise GeoReportError(400, "The body is no form in UTF-8, or has too many fields.") from None
    fields = {name: value for name, value in pairs if value.strip()}
    if len({name for name, _ in pairs}) < len(pairs):
        raise GeoReportError(400, "A field is given more than once.")
    return fields


def client_of(fields: Mapping[str, str], keys: Mapping[str, SecretStr]) -> str:
    """The client that an api_key belongs to. Raises GeoReportError with 403."""
    given = fields.get("api_key", "").encode()
    found = [name for name, key in keys.items() if hmac.compare_digest(key.get_secret_value().encode(), given)]
    if not given or not found:
        raise GeoReportError(403, "The api_key is missing or invalid.")
    return found[0]


def service_of(fields: Mapping[str, str]) -> Service:
    """The service that a request is for. Raises GeoReportError."""
    if "service_code" not in fields:
        raise GeoReportError(400, "service_code was not provided.")
    service = BY_CODE.get(fields["service_code"])
    if service is None:
        raise GeoReportError(404, "service_code was not found.")
    return service


def report_of(fields: Mapping[str, str], service: Service) -> ReportBody:
    """The report. Raises GeoReportError that names each field which is not as it must be."""
    unknown = [name for name in fields if name.startswith("attribute[") and name != WHEN]
    if unknown:
        raise GeoReportError(400, "attribute: the service definition has no such code.")
    if not ({"lat", "long"} <= fields.keys() or "address_string" in fields or "address_id" in fields):
        raise GeoReportError(400, "lat and long, address_string or address_id must be provided.")
    if len(fields.get("description", "")) > DESCRIPTION_LIMIT:
        raise GeoReportError(400, f"description may have {DESCRIPTION_LIMIT} characters at most.")
    try:
        return ReportBody.model_validate(
            {
                "what": _told(fields, service),
                "where": {
                    "text": fields.get("address_string"),
                    "village": fields.get("address_id"),
                    "lat": _number(fields, "lat"),
                    "lon": _number(fields, "long"),
                },
                "when": fields.get(WHEN),
                "category_hint": service.code,
                "reporter": {
                    "name": " ".join(fields[name] for name in ("first_name", "last_name") if name in fields) or None,
                    "email": fields.get("email"),
                    "phone": fields.get("phone"),
                },
            }
        )
    except ValidationError as error:
        places = dict.fromkeys(".".join(str(part) for part in e["loc"]) for e in error.errors(include_input=False))
        raise GeoReportError(400, *(f"{_NAMES.get(place, 'location')} is not valid." for place in places)) from None


def _told(fields: Mapping[str, str], service: Service) -> str:
    """The description. What a media_url leads to is never fetched; an officer may judge whether to."""
    told = fields.get("description", service.name)
    url = fields.get("media_url", "")
    if not url:
        return told
    if len(url) > URL_LIMIT or not re.fullmatch(r"https?://\S+", url):
        raise GeoReportError(400, "media_url is not valid.")
    return f"{told}\n\nTautan dari pelapor (belum diperiksa): {url}"


def _number(fields: Mapping[str, str], name: str) -> Any:
    try:
        return float(fields[name]) if name in fields else None
    except ValueError:
        raise GeoReportError(400, f"{name} is not a number.") from None
