"""GeoReport v2 against its published specification: the public list, which leaks nothing."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake import open311_query
from services.intake.open311 import GeoReportError
from shared.contracts.investigation import InvestigationConcluded
from tests.services.intake import geo_report as spec
from tests.services.intake.open311_client import VILLAGE, both_forms, classify, content, filed, get, listed
from tests.services.intake.test_domain import NOW
from tests.services.intake.test_service import submit
from tests.support.room import Running, until

# --- the public list --------------------------------------------------------------------------------------------------


@both_forms
async def test_a_listed_request_has_the_fields_of_the_specification_and_nothing_of_its_reporter(
    intake: Running, form: str
) -> None:
    id_ = await filed(intake, lat="-6.6", long="107.4")
    await classify(intake, id_)
    for response in (
        await get(intake, f"requests/{id_}.{form}"),
        await get(intake, f"requests.{form}", service_request_id=id_),
    ):
        (request,) = content(response, form, "service_requests")
        assert spec.keeps_to(spec.REQUEST, request)
        assert (request["address_id"], request["status"]) == (VILLAGE, "open")
        leaks = ("description", "address", "lat", "long", "zipcode", "media_url", "service_notice", "status_notes")
        assert not any(request[name] for name in leaks)
        assert "Canary" not in response.text
        assert "LP/" not in response.text
    (token,) = content(await get(intake, f"tokens/{id_}.{form}"), form, "service_requests")
    assert token == dict.fromkeys(spec.TOKEN, id_)


async def test_only_what_is_harmless_by_filing_and_by_classification_is_listed(intake: Running) -> None:
    unread = await filed(intake)
    harmless = await filed(intake)
    await classify(intake, harmless)
    found_worse = await filed(intake)
    await classify(intake, found_worse, "domestic_violence")
    crime = await filed(intake, service_code="theft")
    await classify(intake, crime, "noise")
    moved = await filed(intake)
    await classify(intake, moved)
    await classify(intake, moved, "assault", 5, reason="officer_decision")
    elsewhere = (await submit(intake))["id"]
    found = await listed(intake)
    assert harmless in found
    assert {unread, found_worse, crime, moved, elsewhere}.isdisjoint(found)
    for id_ in (unread, crime, found_worse):
        (request,) = (await get(intake, f"requests/{id_}.json")).json()
        assert (request["status"], request["address_id"]) == ("open", None)
    assert (await get(intake, f"requests/{elsewhere}.json")).status_code == 404


async def test_a_request_is_closed_when_it_is_brought_to_its_end_and_open_again_when_it_is_reopened(
    intake: Running,
) -> None:
    id_ = await filed(intake)
    await classify(intake, id_)
    await intake.hear(InvestigationConcluded(outcome="not_a_crime", reason="no_criminal_event"), id_, sequence=4)

    async def closed() -> bool:
        return id_ in await listed(intake, status="closed")

    await until(closed, "it is closed")
    assert id_ not in await listed(intake, status="open")
    await classify(intake, id_, "noise", 6, reason="reopened")
    assert id_ in await listed(intake, status="open")


async def test_the_filters_of_the_specification_narrow_the_list(intake: Running) -> None:
    noise, parking = await filed(intake), await filed(intake, service_code="parking_traffic")
    await classify(intake, noise)
    await classify(intake, parking, "parking_traffic")
    assert noise in await listed(intake, service_code="noise")
    assert parking not in await listed(intake, service_code="noise")
    assert {noise, parking} <= set(await listed(intake, service_code="noise,parking_traffic", status="open,closed"))
    assert {noise, parking} <= set(await listed(intake, service_code="", status="", start_date="", end_date=""))
    assert set(await listed(intake, service_request_id=f"{noise},{parking}", status="closed")) == {noise, parking}
    now = datetime.now(UTC)
    soon, before = ((now + timedelta(hours=hours)).isoformat(timespec="seconds") for hours in (1, -1))
    assert noise in await listed(intake, start_date=before, end_date=soon)
    assert noise not in await listed(intake, end_date=before)
    assert noise in await listed(intake, jurisdiction_id="polres-sukamaju")


@both_forms
@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("services.{}", {"jurisdiction_id": "elsewhere.example"}, 404),
        ("services/homicide.{}", {}, 404),
        ("requests.{}", {"jurisdiction_id": "elsewhere.example"}, 404),
        ("requests.{}", {"service_code": "homicide"}, 404),
        ("requests.{}", {"status": "lost"}, 400),
        ("requests.{}", {"start_date": "yesterday"}, 400),
        ("requests.{}", {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, 400),
        ("requests.{}", {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400),
        ("requests.{}", {"service_request_id": ",".join(str(n) for n in range(60))}, 400),
        ("requests/unknown.{}", {}, 404),
        ("requests/" + "x" * 65 + ".{}", {}, 400),
        ("tokens/unknown.{}", {}, 404),
    ],
)
async def test_what_is_asked_wrongly_gets_the_errors_of_the_specification(
    intake: Running, form: str, path: str, query: Any, status: int
) -> None:
    response = await get(intake, path.format(form), **query)
    assert response.status_code == status, response.text
    errors = content(response, form, "errors")
    assert all(tuple(error) == spec.ERROR for error in errors)
    assert [str(error["code"]) for error in errors] == [str(status)]


async def test_a_form_that_is_neither_json_nor_xml_is_not_found(intake: Running) -> None:
    response = await get(intake, "services.yaml")
    assert response.status_code == 404
    assert response.headers["content-type"] == spec.CONTENT_TYPES["xml"]


def test_the_dates_default_to_the_most_recent_ninety_days() -> None:
    def dates(start: str | None = None, end: str | None = None) -> tuple[datetime, datetime]:
        asked = open311_query.Asked(start=start, end=end)
        found = open311_query.requests_asked_for(asked, "polres", NOW).matching["case.report.received_at"]
        return found["$gte"], found["$lte"]

    span = timedelta(days=90)
    assert dates() == (NOW - span, NOW)
    old = datetime(2026, 1, 1, tzinfo=UTC)
    assert dates(start="2026-01-01T07:00:00 07:00") == (old, old + span)
    assert dates(end="2026-01-01T00:00:00Z") == (old - span, old)
    with pytest.raises(GeoReportError):
        dates(start="2026-01-01T00:00:00Z", end="2026-04-02T00:00:00Z")


async def test_the_list_is_found_by_its_index(intake: Running) -> None:
    query = open311_query.requests_asked_for(open311_query.Asked(), "polres-sukamaju", datetime.now(UTC))
    plan = await intake.room.store().collection.find(query.matching).sort("case.report.received_at", -1).explain()
    stages = json.dumps(plan["queryPlanner"]["winningPlan"], default=str)
    assert "public_list" in stages
    assert '"SORT"' not in stages
