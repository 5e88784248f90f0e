"""The field tables of GeoReport v2 (wiki.open311.org/GeoReport_v2), written down as data, and a check against them."""

from collections.abc import Mapping
from typing import Any

SERVICE = ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
DEFINITION = ("service_code", "attributes")
ATTRIBUTE = (
    "variable", "code", "datatype", "required", "datatype_description", "order", "description", "values",
)  # fmt: skip
POSTED = ("service_request_id", "service_notice", "account_id")
TOKEN = ("service_request_id", "token")
REQUEST = (
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
    "address", "address_id", "zipcode", "lat", "long", "media_url",
)  # fmt: skip
ERROR = ("code", "description")

ALLOWED: Mapping[str, tuple[Any, ...]] = {
    "type": ("realtime", "batch", "blackbox"),
    "status": ("open", "closed"),
    "metadata": (True, False, "true", "false"),
    "variable": (True, False, "true", "false"),
    "required": (True, False, "true", "false"),
    "datatype": ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"),
}

# root element → the element of its items
XML_ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
}
CONTENT_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}


def keeps_to(fields: tuple[str, ...], item: Mapping[str, Any]) -> bool:
    """Whether an item has the fields of its table and only values that the table allows."""
    return tuple(item) == fields and all(item[name] in values for name, values in ALLOWED.items() if name in item)
