"""Who sees a case over HTTP, and what is refused."""

import json
from typing import Any

import pytest
from uuid6 import uuid7

from shared.contracts.investigation import (
    InvestigationAssigned,
    InvestigationProgressed,
)
from tests.services.investigation.conftest import (
    POLRES,
    classified,
    complaint_id,
    new_report,
)
from tests.services.investigation.handling import Case, opened
from tests.support.room import Running

pytestmark = [pytest.mark.usefixtures("roster")]


async def test_for_other_people_a_case_is_like_one_that_does_not_exist(investigation: Running) -> None:
    case, nobody = await opened(investigation), Case(investigation, complaint_id())
    absent = await nobody.get()
    assert absent.status_code == 404
    strangers = [
        investigation.token("detective", person="bagus-pranoto", units=(POLRES, "Pidum")),
        investigation.token("unit_head", person="head-ppa", units=(POLRES, "PPA")),
        investigation.token("detective", person="dimas-sudirja", units=("polres-elsewhere", "Pidum")),
        investigation.token("chief", person="chief-2", units=("polres-elsewhere",)),
    ]
    commands = [
        ("POST", "milestones", {"milestone": "inquiry_opened"}),
        ("POST", "letters", {"letter": "A1", "words": "x"}),
        ("PUT", "difficulty", {"difficulty": "easy"}),
        ("POST", "evidence", {"kind": "object", "description": "x", "taken_at": "2026-01-02T03:04:05Z"}),
        ("POST", f"evidence/{uuid7()}/custody", {"action": "stored"}),
        ("POST", "witnesses", {"name": "x"}),
        ("PUT", f"witnesses/{uuid7()}/identity", {"name": "x"}),
        ("PUT", f"witnesses/{uuid7()}/statement", {"at": "2026-01-02T03:04:05Z"}),
        ("POST", "conclusion", {"outcome": "transferred", "reason": "other_police_office", "words": "x"}),
    ]
    for stranger in strangers:
        seen = await case.get(person=stranger)
        assert (seen.status_code, seen.content) == (404, absent.content)
        assert (await case.get("/contents", stranger)).status_code == 404
        for method, path, body in commands:
            assert (await case.send(method, path, body, stranger)).content == absent.content
        for path in ("mine", "unit", "overdue"):
            rows = await investigation.http.get(f"/worklists/{path}?limit=200", headers=stranger)
            assert rows.status_code == 403 or case.id not in [row["complaint"] for row in rows.json()]
    anonymous = await investigation.http.get(f"/cases/{case.id}")
    assert anonymous.status_code == 401


async def test_a_report_about_an_officer_is_hidden_from_officer_and_unit_above_every_role(
    investigation: Running,
) -> None:
    case = Case(investigation, complaint_id())
    about = new_report(investigation, case.id, conflicts=("chief-1", "Pidum"))
    await investigation.hear(classified(investigation, case.id, about, units=("Pidum", "Jatanras")), case.id)
    assigned = await investigation.says(InvestigationAssigned, case.id)
    assert assigned.data.unit == "Jatanras"
    everything = ("chief", "unit_head", "detective", "administrator")
    for person, units in (("chief-1", (POLRES,)), ("somebody", (POLRES, "Pidum", "Jatanras"))):
        named = investigation.token(*everything, person=person, units=units)
        assert (await case.get(person=named)).status_code == 404
        for path in ("mine", "unit", "overdue"):
            rows = await investigation.http.get(f"/worklists/{path}?limit=200", headers=named)
            assert case.id not in [row["complaint"] for row in rows.json()]
    assert (await case.get(person=investigation.token("chief", person="chief-2", units=(POLRES,)))).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("milestones", {"milestone": {"$ne": None}}),
        ("milestones", {"milestone": "inquiry_opened", "status": "concluded"}),
        ("milestones", {"milestone": "inquiry_opened", "note": "a\u0000b"}),
        ("milestones", {"milestone": "inquiry_opened", "note": "   "}),
        ("letters", {"letter": "A5", "words": "x"}),
        ("letters", {"letter": "A1", "words": "x" * 10_001}),
        ("evidence", {"kind": "object", "description": "x", "taken_at": "2026-01-02T03:04:05"}),
        ("evidence", {"kind": "object", "description": "x", "taken_at": "9999-12-31T23:59:59Z"}),
        ("evidence", {"kind": "object", "description": "x", "taken_at": "2026-01-02T03:04:05Z", "sha256": "A" * 64}),
        ("conclusion", {"outcome": "withdrawn", "words": "x"}),
        ("conclusion", {"outcome": "stopped", "words": "x", "reason": "$where"}),
        ("witnesses", {"name": "x" * 201}),
    ],
)
async def test_what_is_wrong_is_refused_and_changes_nothing(investigation: Running, path: str, body: Any) -> None:
    case = await opened(investigation)
    before = (await case.get()).headers["ETag"]
    answer = await case.post(path, body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await case.get()).headers["ETag"] == before


async def test_hidden_marks_are_taken_out_of_words_for_the_reporter(investigation: Running) -> None:
    case = await opened(investigation)
    await case.post("letters", {"letter": "A1", "words": "aman\u202e\u200b.exe <script>"})
    event = await investigation.says(InvestigationProgressed, case.id)
    assert investigation.vault.open("notice", case.id, event.data.sealed.notice)["text"] == "aman.exe <script>"


async def test_every_worklist_is_read_by_an_index(investigation: Running) -> None:
    """So that a Polres with a hundred thousand ended cases waits no longer than one with ten."""
    collection = investigation.room.store().collection
    queries = [
        {"case.due": {"$lte": investigation.room.clock()}},
        {"case.searching": True},
        {"polres": {"$in": [POLRES]}, "case.active_patrol": {"$gt": ""}},
        {"polres": {"$in": [POLRES]}, "case.active_patrol": {"$in": ["samapta-1"]}},
        {"polres": {"$in": [POLRES]}, "case.status": "open", "case.detective.id": "dimas-sudirja"},
        {"polres": {"$in": [POLRES]}, "case.status": "open", "case.units": {"$in": ["Pidum"]}},
        {"polres": {"$in": [POLRES]}, "case.dispatch.sorties.ended_at": {"$gte": investigation.room.clock()}},
    ]
    for query in queries:
        plan = await collection.find(query).explain()
        assert "COLLSCAN" not in json.dumps(plan["queryPlanner"]["winningPlan"], default=str), query
