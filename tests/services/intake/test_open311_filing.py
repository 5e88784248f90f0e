"""GeoReport v2 against its published specification: the services, and filing a request."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from services.classification.taxonomy import parse_taxonomy
from services.intake.open311_services import BY_CODE, PUBLIC
from shared.contracts.intake import ComplaintSubmitted
from tests.services.intake import geo_report as spec
from tests.services.intake.conftest import OPEN311_KEYS
from tests.services.intake.open311_client import ROOT, VILLAGE, both_forms, content, get, post
from tests.support.room import Running

TAXONOMY = Path(__file__).parents[3] / "services" / "classification" / "taxonomy.csv"
SENSITIVE = {
    "homicide", "sexual_violence", "domestic_violence", "child_abuse", "trafficking", "police_misconduct",
    "kidnapping", "hate_or_hoax", "corruption", "vulnerable_person",
}  # fmt: skip


# --- services ---------------------------------------------------------------------------------------------------------


@both_forms
async def test_the_services_are_as_the_specification_has_them(intake: Running, form: str) -> None:
    services = content(await get(intake, f"services.{form}"), form, "services")
    assert [service["service_code"] for service in services] == list(BY_CODE)
    assert all(spec.keeps_to(spec.SERVICE, service) for service in services)


@both_forms
async def test_a_service_definition_is_as_the_specification_has_it(intake: Running, form: str) -> None:
    definition = content(await get(intake, f"services/noise.{form}"), form, "service_definition")
    assert tuple(definition) == spec.DEFINITION
    (attribute,) = definition["attributes"]
    assert tuple(attribute) == spec.ATTRIBUTE
    assert spec.keeps_to(spec.ATTRIBUTE, attribute)


def test_every_service_is_a_category_of_the_taxonomy_and_none_is_sensitive() -> None:
    taxonomy = parse_taxonomy(TAXONOMY.read_text(encoding="utf-8"))
    assert set(BY_CODE) <= {category.code for category in taxonomy}
    assert SENSITIVE.isdisjoint(BY_CODE)
    assert all(taxonomy[code].criminal in ("no", "minor", "mixed") for code in PUBLIC)
    assert all(taxonomy[code].urgency != "P1" for code in BY_CODE)


# --- filing a request -------------------------------------------------------------------------------------------------


@both_forms
async def test_a_request_becomes_a_complaint_and_its_answer_holds_the_code(intake: Running, form: str) -> None:
    response = await post(intake, form, **{"attribute[WHEN]": "2026-01-03T21:30:00+07:00", "email": "s@example.test"})
    assert response.status_code == 201, response.text
    (request,) = content(response, form, "service_requests")
    assert tuple(request) == spec.POSTED
    event = await intake.says(ComplaintSubmitted, request["service_request_id"])
    report = event.data.report
    assert (report.channel, report.channel_name, report.village) == ("open311", "kota-app", VILLAGE)
    assert (event.data.category_hint, report.identity_level) == ("noise", "claimed")
    assert report.occurred_at == datetime(2026, 1, 3, 14, 30, tzinfo=UTC)
    opened = intake.vault.open("narrative", event.subject, report.sealed.narrative)
    assert opened["place_text"] == "depan balai Canary"
    contact = intake.vault.open("contact", event.subject, report.sealed.contact)
    assert contact == {"phone": "081234509876", "email": "s@example.test"}
    code = request["service_notice"].rsplit(" ", 1)[-1]
    withdrawn = await intake.http.post("/tracking/withdrawal", json={"code": code})
    assert withdrawn.json()["complaint"] == event.subject


@pytest.mark.parametrize(
    "place", [{"lat": "-6.6", "long": "107.4"}, {"address_string": "depan balai"}, {"address_id": VILLAGE}]
)
async def test_any_one_kind_of_location_is_enough(intake: Running, place: Any) -> None:
    empty = {"address_id": "", "address_string": "", "lat": "", "long": ""}
    assert (await post(intake, **(empty | place))).status_code == 201


@both_forms
@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": "wrong"}, 403, "api_key"),
        ({"api_key": "\u00e9"}, 403, "api_key"),
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "homicide"}, 404, "service_code"),
        ({"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id"),
        ({"address_id": None, "address_string": None}, 400, "lat"),
        ({"address_id": None, "address_string": None, "lat": "1"}, 400, "lat"),
        ({"lat": "x", "long": "1"}, 400, "lat"),
        ({"lat": "nan", "long": "1"}, 400, "lat"),
        ({"lat": "91", "long": "1"}, 400, "lat"),
        ({"lat": "1"}, 400, "location"),
        ({"address_id": "Canary"}, 400, "address_id"),
        ({"address_string": "x" * 201}, 400, "address_string"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"description": "\x00"}, 400, "description"),
        ({"phone": "Canary"}, 400, "phone"),
        ({"email": "Canary"}, 400, "email"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url"),
        ({"attribute[WHEN]": "yesterday"}, 400, "WHEN"),
        ({"attribute[WHEN]": "2126-01-01T00:00:00Z"}, 400, ""),
        ({"attribute[OTHER]": "1"}, 400, "attribute"),
    ],
)
async def test_a_bad_request_gets_the_errors_of_the_specification_and_stores_nothing(
    intake: Running, form: str, changes: Any, status: int, says: str
) -> None:
    store = intake.room.store().collection
    before = await store.count_documents({})
    response = await post(intake, form, **changes)
    assert response.status_code == status, response.text
    errors = content(response, form, "errors")
    assert all(tuple(error) == spec.ERROR and str(error["code"]) == str(status) for error in errors)
    assert says in errors[0]["description"]
    assert "Canary" not in response.text
    assert await store.count_documents({}) == before


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b"\xff=1"),
        ("application/x-www-form-urlencoded", b"a=%FF"),
        ("application/x-www-form-urlencoded", b"api_key=1&api_key=2"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(100))),
    ],
)
async def test_a_body_that_is_no_form_is_refused(intake: Running, content_type: str, body: bytes) -> None:
    headers = {"Content-Type": content_type}
    response = await intake.http.post(f"{ROOT}/requests.json", content=body, headers=headers)
    assert response.status_code == 400
    assert tuple(response.json()[0]) == spec.ERROR


async def test_a_request_that_is_repeated_with_its_key_is_filed_once_and_each_client_has_keys_of_its_own(
    intake: Running,
) -> None:
    key = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/x-www-form-urlencoded"}
    fields = {"service_code": "noise", "address_id": VILLAGE, "description": "Musik keras tiap malam."}

    async def send(client: str) -> str:
        body = urlencode(fields | {"api_key": OPEN311_KEYS[client]})
        answer = await intake.http.post(f"{ROOT}/requests.json", content=body, headers=key)
        id_: str = answer.json()[0]["service_request_id"]
        return id_

    first = await send("kota-app")
    assert await send("kota-app") == first
    assert await send("other-app") != first
