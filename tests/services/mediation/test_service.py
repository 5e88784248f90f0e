"""Mediation as a whole: events in, HTTP in, events out, on a real broker and a real database."""

from typing import Any

import pytest

from shared.contracts.complaint import Sealed
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.mediation import (
    GuidanceCompleted,
    MediationAssigned,
    MediationFailed,
    MediationScheduled,
    MediationSettled,
)
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from tests.services.mediation.conftest import (
    OF_ABSENT,
    OF_NOBODY,
    POLRES,
    STORY,
    classified,
    complaint_id,
    new_report,
    reclassified,
)
from tests.services.mediation.handling import Case, later, opened
from tests.support.clock import Clock
from tests.support.room import Running, until

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _listed(case: Case, path: str, person: dict[str, str]) -> list[dict[str, Any]]:
    answer = await case.service.http.get(f"/worklists/{path}", headers=person)
    assert answer.status_code == 200, answer.text
    return [row for row in answer.json() if row["complaint"] == case.id]


def _opened(service: Running, event: Any) -> dict[str, Any]:
    return service.vault.open("notice", event.subject, event.data.sealed.notice)


async def test_a_dispute_goes_from_its_villages_officer_to_an_agreement_that_is_kept(
    mediation: Running, clock: Clock
) -> None:
    case = await opened(mediation)
    assigned = await mediation.says(MediationAssigned, case.id)
    assert _opened(mediation, assigned) == {"mediator": "Wayan Sudarma", "phone": "0264-000201"}
    assert await _listed(case, "mine?limit=200", case.mediator)
    view = await case.settled(clock)
    assert (view["status"], view["position"]) == ("settled", "settled")
    scheduled = await mediation.says(MediationScheduled, case.id)
    assert _opened(mediation, scheduled) == {
        "place": "Canary hall",
        "contact": "Wayan Sudarma",
        "phone": "0264-000201",
    }
    settled = await mediation.says(MediationSettled, case.id)
    assert settled.data.points == 2
    assert list(_opened(mediation, settled).values()) == ["Canary point 1", "Canary point 2"]
    await case.done("PUT", "agreement/points/1/compliance", {"kept": True, "note": "Canary note"})
    view = await case.done("PUT", "agreement/points/2/compliance", {"kept": True})
    assert (view["status"], view["position"]) == ("closed", "kept")
    assert not await _listed(case, "mine?limit=200", case.mediator)


async def test_a_broken_point_gives_the_case_back(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation)
    await case.settled(clock)
    view = await case.done("PUT", "agreement/points/2/compliance", {"kept": False})
    assert view["status"] == "failed"
    failed = await mediation.says(MediationFailed, case.id)
    assert (failed.data.reason, failed.data.recommended) == ("agreement_broken", "investigation")


async def test_a_failed_mediation_is_given_back_and_leaves_once_it_is_reclassified(mediation: Running) -> None:
    case = await opened(mediation)
    parties = await case.parties()
    await case.done("PUT", f"parties/{parties[1]}/consent", {"consent": "refused"})
    await case.done("POST", "failure", {"reason": "consent_refused", "recommended": "investigation", "note": "Canary"})
    failed = await mediation.says(MediationFailed, case.id)
    assert failed.data.recommended == "investigation"
    moved = reclassified(mediation, case.id, "mediation_failed", tracks=("investigation",))
    await mediation.hear(moved, case.id, sequence=9)
    view = await case.shown(status="elsewhere", mediator=None)
    assert view["round"]["outcome"]["reason"] == "consent_refused"


async def test_a_guidance_is_planned_visited_recorded_and_completed(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation, category="noise", tracks=("guidance",))
    await case.done("PUT", "plan", {"text": "Canary plan"})
    await case.done("POST", "visits", {"at": later(clock, days=2), "place": "Canary house"})
    await case.done("PUT", "visits/1", {"at": later(clock, days=1), "place": "Canary house"})
    moved = await mediation.says(MediationScheduled, case.id, 2)
    assert (moved.data.kind, moved.data.session) == ("guidance", 1)
    assert moved.data.moved_from > moved.data.at
    assert (await case.post("visits/1/holding", {})).status_code == 409
    clock.forward(days=1, seconds=1)
    await case.done("POST", "visits/1/holding", {})
    await case.done("PUT", "visits/1/record", {"text": "Canary record"})
    view = await case.done("POST", "completion", {"words": "Canary advice"})
    assert (view["status"], view["position"]) == ("closed", "completed")
    completed = await mediation.says(GuidanceCompleted, case.id)
    assert (completed.data.visits, _opened(mediation, completed)) == (1, {"text": "Canary advice"})


async def test_the_ppa_unit_finds_what_waits_for_it_and_its_no_gives_the_case_back(mediation: Running) -> None:
    case = await opened(mediation, mediation="ppa_approval")
    approver = mediation.token("ppa_approver", person="head-ppa", units=(POLRES,))
    await case.parties()
    refused = await case.post("sessions", {"at": later(days=400), "place": "Balai desa"})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:aduan:problem:approval_needed")
    assert await _listed(case, "approvals", approver)
    assert (await case.get("", approver)).json()["missing"] == ["ppa_approval"]
    assert (await case.put("approval", {"approved": True})).status_code == 403
    view = await case.done("PUT", "approval", {"approved": False, "note": "Canary no"}, approver)
    assert view["status"] == "failed"
    assert not await _listed(case, "approvals", approver)
    assert (await mediation.says(MediationFailed, case.id)).data.reason == "not_suitable"


async def test_restorative_justice_is_open_once_its_conditions_are_confirmed(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation, mediation="restorative_only")
    await case.parties()
    body = {"at": later(clock, days=1), "place": "Balai desa"}
    for condition in (await case.get()).json()["missing"]:
        assert (await case.post("sessions", body)).status_code == 403
        await case.done("POST", "conditions", {"condition": condition})
    view = await case.done("POST", "sessions", body)
    assert (view["missing"], view["position"]) == ([], "scheduled")


async def test_what_is_never_settled_comes_back_without_anybody_having_it(mediation: Running) -> None:
    case = Case(mediation, complaint_id())
    await mediation.hear(classified(mediation, case.id, mediation="never"), case.id)
    failed = await mediation.says(MediationFailed, case.id)
    assert (failed.data.reason, failed.data.recommended) == ("not_suitable", "investigation")
    await case.shown(status="failed", mediator=None)
    assert mediation.of(MediationAssigned, case.id) == []


async def test_whoever_stands_in_has_what_comes_while_the_officer_is_absent_and_acts_on_what_was_there(
    mediation: Running,
) -> None:
    case = await opened(mediation, OF_ABSENT)
    assert mediation.of(MediationAssigned, case.id)[-1].data.mediator == "zainal-fikri"
    administrator = mediation.token("administrator", units=(POLRES,))
    entry = {"name": "Zainal Fikri", "phone": "0264-000203", "stand_in": "budi-hermawan"}
    budi = mediation.token("bhabinkamtibmas", person="budi-hermawan", units=(POLRES,))
    assert (await case.get("", budi)).status_code == 404
    assert (await case.post("parties", {"side": "respondent", "name": "Canary"}, budi)).status_code == 404
    await mediation.http.put("/officers/zainal-fikri", json={**entry, "absent": True}, headers=administrator)
    assert await _listed(case, "mine?limit=200", budi)
    assert (await case.get("", budi)).status_code == 200
    await case.done("POST", "parties", {"side": "respondent", "name": "Canary"}, budi)
    await mediation.http.put("/officers/zainal-fikri", json=entry, headers=administrator)
    assert (await case.get("", budi)).status_code == 404


async def test_a_village_without_an_officer_waits_on_the_leads_worklist_till_the_lead_names_one(
    mediation: Running,
) -> None:
    case = Case(mediation, complaint_id())
    report = new_report(mediation, case.id, village=OF_NOBODY)
    await mediation.hear(classified(mediation, case.id, report), case.id)
    await case.shown(status="open", mediator=None)
    assert await _listed(case, "polres?limit=200&which=unassigned", case.lead)
    unknown = await case.put("mediator", {"mediator": "nobody"}, case.lead)
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "mediator")
    view = await case.done("PUT", "mediator", {"mediator": "budi-hermawan"}, case.lead)
    assert view["assignments"][0]["officer"] == "lead-1"
    assigned = await mediation.says(MediationAssigned, case.id)
    assert _opened(mediation, assigned)["mediator"] == "Budi Hermawan"
    assert not await _listed(case, "polres?limit=200&which=unassigned", case.lead)
    assert await _listed(case, "polres?limit=200", case.lead)


async def test_an_officer_who_does_nothing_is_seen_to_be_late(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation)
    assert not await _listed(case, "late?limit=200", case.mediator)
    clock.forward(days=3, seconds=1)

    async def late() -> Any:
        return await _listed(case, "late?limit=200", case.lead)

    rows = await until(late, "the case is late")
    assert [reminder["kind"] for reminder in rows[0]["reminders"]] == ["nobody_acted"]
    assert await _listed(case, "late?limit=200", case.mediator)
    await case.parties()
    assert not await _listed(case, "late?limit=200", case.lead)


async def test_events_in_any_order_and_twice_leave_the_same_case(mediation: Running) -> None:
    case, other = Case(mediation, complaint_id()), complaint_id()
    sealed = Sealed(narrative=mediation.vault.seal("narrative", case.id, {"text": "Canary addition"}))
    supplement = ComplaintSupplemented(supplement="supplement-1", sealed=sealed)
    link = ComplaintLinked(linked_to=case.id, officer="verifier-1", report=new_report(mediation, other))
    moved = reclassified(mediation, case.id, tracks=("guidance",))
    for _ in range(2):
        await mediation.hear(supplement, case.id)
        await mediation.hear(link, other, sequence=3)
        await mediation.hear(moved, case.id, sequence=7)
    await mediation.hear(classified(mediation, case.id), case.id, sequence=3)
    view = await case.shown(kind="guidance", supplements=1, linked=1)
    assert view["mediator"] == "wayan-sudarma"
    contents = (await case.get("/contents")).json()
    assert [part["words"]["text"] for part in (*contents["supplements"], *contents["linked"])] == [
        "Canary addition",
        STORY,
    ]
    assert len(mediation.of(MediationAssigned, case.id)) == 1
    assert await mediation.parked() == 0


@pytest.mark.parametrize("status", ["withdrawn", "rejected", "joined"])
async def test_a_case_lets_go_of_its_session_whatever_ends_it(mediation: Running, clock: Clock, status: str) -> None:
    case = await opened(mediation)
    await case.parties()
    await case.done("POST", "sessions", {"at": later(clock, days=1), "place": "Balai desa"})
    events = {
        "withdrawn": ComplaintWithdrawn(),
        "rejected": ComplaintRejected(reason="false_report", appeal_until=clock(), officer="verifier-1"),
        "joined": ComplaintLinked(
            linked_to=complaint_id(), officer="verifier-1", report=new_report(mediation, case.id)
        ),
    }
    await mediation.hear(events[status], case.id, sequence=9)
    view = await case.shown(status=status, mediator=None)
    assert view["round"]["sessions"][0]["state"] == "cancelled"
    assert (await case.post("sessions/1/holding", {})).status_code == 404
    assert (await case.post("sessions/1/holding", {}, case.lead)).status_code == 409
