"""Every route as every role, within reach of a case and out of it, as the policy table has it."""

import pytest_asyncio

from shared.contracts.envelope import Person
from shared.contracts.mediation import MediationAssigned
from tests.services.mediation.conftest import VILLAGE, classified, complaint_id, new_report
from tests.services.mediation.handling import opened
from tests.support.room import Running
from tests.support.walk import ABOUT, ABSENT, POLRES, Scene, gates, lists, masses, pages, reaches

_PANEL = "POST /mediation/panels/{complaint_id}"
_APPOINTED = {"at": "2099-01-02T09:00", "place": "words"}
FORMS = {
    f"{_PANEL}/mediator": {"mediator": "wayan-sudarma"},
    f"{_PANEL}/approval": {"approved": "true"},
    f"{_PANEL}/conditions": {"condition": "first_offence"},
    f"{_PANEL}/failure": {"reason": "not_suitable", "recommended": "investigation"},
    f"{_PANEL}/parties": {"side": "complainant", "name": "words"},
    f"{_PANEL}/parties/{{party}}/consent": {"consent": "agreed"},
    f"{_PANEL}/agreement": {"text_1": "words", "due_1": "2099-01-02"},
    f"{_PANEL}/agreement/signatures": {"party": ABSENT},
    f"{_PANEL}/agreement/points/{{number}}/compliance": {"kept": "true"},
    f"{_PANEL}/sessions": _APPOINTED,
    f"{_PANEL}/sessions/{{number}}/time": _APPOINTED,
    f"{_PANEL}/sessions/{{number}}/cancellation": {"reason": "other"},
    f"{_PANEL}/sessions/{{number}}/minutes": {"text": "words"},
    f"{_PANEL}/plan": {"text": "words"},
    f"{_PANEL}/visits": _APPOINTED,
    f"{_PANEL}/visits/{{number}}/time": _APPOINTED,
    f"{_PANEL}/visits/{{number}}/cancellation": {"reason": "other"},
    f"{_PANEL}/visits/{{number}}/record": {"text": "words"},
    f"{_PANEL}/completion": {"words": "words"},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(mediation: Running) -> Scene:
    """A matter that may be settled only with the word of the PPA unit, and one that asks for guidance."""
    complaint = complaint_id()
    report = new_report(mediation, complaint, conflicts=ABOUT)
    told = classified(mediation, complaint, report, category="domestic_violence", mediation="ppa_approval")
    await mediation.hear(told, complaint)
    mediator = (await mediation.says(MediationAssigned, complaint)).data.mediator
    guided = complaint_id()
    report = new_report(mediation, guided, conflicts=ABOUT)
    await mediation.hear(classified(mediation, guided, report, tracks=("guidance",)), guided)
    guide = (await mediation.says(MediationAssigned, guided)).data.mediator
    ids = {"bhabinkamtibmas": mediator, "guidance_officer": guide}
    insiders = {
        role: Person(ids.get(role, f"{role}-1"), frozenset({role}), frozenset({POLRES}))
        for role in ("bhabinkamtibmas", "guidance_officer", "mediation_lead", "ppa_approver", "administrator")
    }
    return Scene(
        mediation,
        complaint,
        insiders,
        ids={"party": ABSENT, "number": "1", "officer_id": "budi-hermawan"},
        complaints={"guidance_officer": guided},
        forms=FORMS,
    )


async def test_no_role_passes_a_gate_that_the_table_closes_to_it(scene: Scene) -> None:
    await gates(scene)


async def test_somebody_elses_case_is_absent_to_the_byte(scene: Scene) -> None:
    await reaches(scene)


async def test_no_list_shows_a_case_to_whom_it_is_not_given(scene: Scene) -> None:
    await lists(scene)


async def test_a_field_that_nobody_asked_for_is_refused(scene: Scene) -> None:
    await masses(scene)


async def test_pages_keep_to_the_same_table(scene: Scene) -> None:
    await pages(scene)


async def test_an_officer_knows_the_matters_of_their_villages_and_opens_only_their_own(mediation: Running) -> None:
    case = await opened(mediation, VILLAGE)
    await case.done("PUT", "mediator", {"mediator": "yuli-astari"}, case.lead)
    of_village = mediation.token("bhabinkamtibmas", person="wayan-sudarma", units=(POLRES,))
    assert (await case.get(person=of_village)).status_code == 200
    mine, villages = [
        [row["complaint"] for row in (await mediation.http.get(f"/worklists/{name}", headers=of_village)).json()]
        for name in ("mine", "villages")
    ]
    assert case.id not in mine
    assert case.id in villages
    assert (await case.get("/contents", of_village)).status_code == 404
    given_back = {"reason": "no_agreement", "recommended": "guidance"}
    assert (await case.post("failure", given_back, of_village)).status_code == 404
    has_it = mediation.token("bhabinkamtibmas", person="yuli-astari", units=(POLRES,))
    assert (await case.get("/contents", has_it)).status_code == 200
    of_other_village = mediation.token("bhabinkamtibmas", person="budi-hermawan", units=(POLRES,))
    assert (await case.get(person=of_other_village)).status_code == 404


async def test_a_guidance_officer_guides_and_does_not_mediate(mediation: Running) -> None:
    case = await opened(mediation, VILLAGE)
    guide = mediation.token("guidance_officer", person="wayan-sudarma", units=(POLRES,))
    assert (await case.get(person=guide)).status_code == 404
    guided = await opened(mediation, VILLAGE, tracks=("guidance",))
    assert (await guided.put("plan", {"text": "words"}, guide)).status_code == 200
    assert (await guided.get("/contents", guide)).status_code == 200
