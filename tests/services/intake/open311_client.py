"""Open311 as a client uses it: posts forms, reads both formats, and what others say of a request meanwhile."""

from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, fromstring

import httpx
import pytest

from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.intake import ComplaintSubmitted
from tests.services.intake import geo_report as spec
from tests.services.intake.conftest import OPEN311_KEYS
from tests.support.room import Running, until

ROOT = "/open311/v2"
VILLAGE = "99.01.02.2001"
both_forms = pytest.mark.parametrize("form", ["json", "xml"])


def plain(element: Element) -> Any:
    """XML as the JSON that the specification maps it to, all values as text."""
    if element.tag in spec.XML_ITEMS:
        assert {child.tag for child in element} <= {spec.XML_ITEMS[element.tag]}
        return [plain(child) for child in element]
    return {child.tag: plain(child) for child in element} if len(element) else element.text


def content(response: httpx.Response, form: str, root: str) -> Any:
    assert response.headers["content-type"] == spec.CONTENT_TYPES[form]
    if form == "json":
        return response.json()
    assert response.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    element = fromstring(response.content)  # noqa: S314  our own answer
    assert element.tag == root
    return plain(element)


async def get(intake: Running, path: str, **query: Any) -> httpx.Response:
    return await intake.http.get(f"{ROOT}/{path}", params=query)


async def post(intake: Running, form: str = "json", **changes: Any) -> httpx.Response:
    fields = {
        "api_key": OPEN311_KEYS["kota-app"],
        "service_code": "noise",
        "address_id": VILLAGE,
        "address_string": "depan balai Canary",
        "description": "Musik Canary keras setiap malam di dekat balai desa.",
        "first_name": "Sri",
        "last_name": "Canary",
        "phone": "081234509876",
    } | changes
    body = urlencode({name: value for name, value in fields.items() if value is not None})
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    return await intake.http.post(f"{ROOT}/requests.{form}", content=body, headers=headers)


async def filed(intake: Running, **changes: Any) -> str:
    response = await post(intake, **changes)
    assert response.status_code == 201, response.text
    id_: str = response.json()[0]["service_request_id"]
    return id_


async def classify(intake: Running, id_: str, category: str = "noise", sequence: int = 3, **more: Any) -> None:
    report = (await intake.says(ComplaintSubmitted, id_)).data.report
    kind = Classification(
        category=category, urgency="P3", tracks=("mediation",), mediation="allowed", units=("Bhabinkamtibmas",),
        confidence=1,
    )  # fmt: skip
    event = (
        ComplaintReclassified(report=report, classification=kind, previous=kind, **more)
        if more
        else ComplaintClassified(report=report, classification=kind)
    )
    await intake.hear(event, id_, sequence=sequence)

    async def heard() -> bool:
        case = (await intake.room.store().load([id_]))[id_].case
        return case is not None and case.listing is not None and case.listing.opened >= sequence

    await until(heard, f"{id_} is known to be {category}")


async def listed(intake: Running, **query: Any) -> list[str]:
    response = await get(intake, "requests.json", **query)
    assert response.status_code == 200, response.text
    return [item["service_request_id"] for item in response.json()]
