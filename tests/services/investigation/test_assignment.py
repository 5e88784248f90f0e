"""Who gets a case on real servers: an even share, by speciality, and nobody who should not."""

import pytest

from shared.contracts.investigation import (
    InvestigationAssigned,
    InvestigationEscalated,
)
from tests.services.investigation.conftest import (
    POLRES,
    classified,
    complaint_id,
)
from tests.services.investigation.handling import Case, opened
from tests.support.room import Running

pytestmark = [pytest.mark.usefixtures("roster")]


async def test_a_case_that_nobody_can_lead_waits_on_the_heads_worklist_till_somebody_is_put_on_the_roster(
    investigation: Running,
) -> None:
    case = Case(investigation, complaint_id())
    await investigation.hear(classified(investigation, case.id, units=("Satbinmas",)), case.id)
    escalated = await investigation.says(InvestigationEscalated, case.id)
    assert (escalated.data.reason, escalated.data.level) == ("no_detective", 1)
    head = investigation.token("unit_head", person="head-satbinmas", units=(POLRES, "Satbinmas"))
    waiting = await investigation.http.get("/worklists/unit?unassigned=true", headers=head)
    assert [(row["complaint"], row["waiting_for_detective"]) for row in waiting.json()] == [(case.id, True)]
    late = await investigation.http.get("/worklists/overdue", headers=head)
    assert [row["complaint"] for row in late.json()] == [case.id]
    entry = {"name": "Wayan Budiarta", "phone": "0264-000109", "units": ["Satbinmas"]}
    administrator = investigation.token("administrator", units=(POLRES,))
    assert (
        await investigation.http.put("/officers/wayan-budiarta", json=entry, headers=administrator)
    ).status_code == 200
    given = await case.put("detective", {"detective": "wayan-budiarta", "reason": "other"}, head)
    assert (given.status_code, given.json()["detective"]) == (200, "wayan-budiarta")
    assert (await investigation.http.get("/worklists/unit?unassigned=true", headers=head)).json() == []


async def test_a_head_reassigns_within_the_unit_and_refusals_name_the_field(investigation: Running) -> None:
    case = await opened(investigation)
    given = await case.put("detective", {"detective": "citra-anggun", "reason": "workload"}, case.head)
    assert (given.status_code, given.json()["detective"]) == (200, "citra-anggun")
    event = await investigation.says(InvestigationAssigned, case.id, 2)
    assert (event.data.previous, event.data.detective) == ("dimas-sudirja", "citra-anggun")
    assert investigation.vault.open("notice", case.id, event.data.sealed.notice)["investigator"] == "Citra Anggun"
    assert (await case.get(person=case.detective)).status_code == 404
    for detective, slug in (("gita-paramita", "other_unit"), ("nobody", "unknown"), ("head-pidum", "unknown")):
        refused = await case.put("detective", {"detective": detective, "reason": "other"}, case.head)
        assert (refused.status_code, refused.json()["type"]) == (422, f"urn:aduan:problem:{slug}")
        assert refused.json()["errors"][0]["field"] == "detective"


async def test_work_is_shared_evenly_over_a_burst_and_follows_speciality(investigation: Running) -> None:
    held = investigation.room.store().collection
    before = {
        name: await held.count_documents({"case.detective.id": name}) for name in ("arif-nugraha", "lestari-wibawa")
    }
    complaints = [complaint_id() for _ in range(40)]
    for complaint in complaints:
        event = classified(investigation, complaint, category="forgery", units=("Jatanras",))
        await investigation.hear(event, complaint)
    got = [(await investigation.says(InvestigationAssigned, complaint)).data.detective for complaint in complaints]
    after = {name: count + got.count(name) for name, count in before.items()}
    assert sum(after.values()) == sum(before.values()) + 40
    assert abs(after["arif-nugraha"] - after["lestari-wibawa"]) <= max(
        1, abs(before["arif-nugraha"] - before["lestari-wibawa"])
    )
    special = complaint_id()
    await investigation.hear(classified(investigation, special, category="robbery", units=("Jatanras",)), special)
    assert (await investigation.says(InvestigationAssigned, special)).data.detective == "arif-nugraha"


async def test_an_officer_on_leave_or_with_a_declared_conflict_gets_nothing_new(investigation: Running) -> None:
    administrator = investigation.token("administrator", units=(POLRES,))
    entry = {"name": "Hesti Rahayu", "phone": "0264-000105", "units": ["PPA"]}
    for change in ({"on_leave": True}, {"conflicts": ["child_abuse"]}):
        await investigation.http.put("/officers/hesti-rahayu", json={**entry, **change}, headers=administrator)
        complaint = complaint_id()
        await investigation.hear(
            classified(investigation, complaint, category="child_abuse", units=("PPA",)), complaint
        )
        assert (await investigation.says(InvestigationEscalated, complaint)).data.reason == "no_detective"
