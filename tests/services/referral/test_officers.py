"""Officers over HTTP: what they direct, what they read, and what is hidden from them."""

from shared.contracts.referral import (
    ReferralAccepted,
    ReferralDeclined,
    ReferralUpdated,
)
from tests.services.referral.conftest import (
    POLRES,
    STORY,
    classified,
    complaint_id,
    new_report,
)
from tests.services.referral.handling import asked, offered
from tests.services.referral.sides import AgencySide
from tests.support.room import Running


async def test_an_officer_directs_a_referral(
    referral: Running, damkar: AgencySide, bpbd: AgencySide, officer: dict[str, str]
) -> None:
    complaint, number = await offered(referral, damkar)
    path = f"/cases/{complaint}"
    assert (await referral.http.post(f"{path}/resend", json={}, headers=officer)).status_code == 200
    await damkar.hears("referral.offer.v1", number, 2)
    added = await referral.http.post(f"{path}/collaborators", json={"agency": "bpbd-test"}, headers=officer)
    (helper,) = added.json()["helpers"]
    data = await bpbd.hears("referral.collaboration.v1", helper["number"])
    assert data["owner"] == "Damkar-Test"
    removed = await referral.http.delete(f"{path}/collaborators/bpbd-test", headers=officer)
    assert removed.json()["helpers"] == []
    await bpbd.hears("referral.withdrawn.v1", helper["number"])
    chosen = await referral.http.post(f"{path}/offers", json={"agency": "bpbd-test"}, headers=officer)
    assert chosen.json()["agency"] == "bpbd-test"
    assert (await damkar.hears("referral.withdrawn.v1", number))["reason"] == "officer_decision"
    back = await referral.http.post(f"{path}/return", json={}, headers=officer)
    assert back.json()["status"] == "declined"
    assert (await referral.says(ReferralDeclined, complaint)).data.reason == "officer_decision"
    unknown = await referral.http.post(f"{path}/offers", json={"agency": "nobody"}, headers=officer)
    assert unknown.status_code == 409


async def test_sealed_words_are_read_on_record(referral: Running, damkar: AgencySide, officer: dict[str, str]) -> None:
    complaint, number = await offered(referral, damkar)
    await damkar.say("accept", number)
    await referral.says(ReferralAccepted, complaint)
    await damkar.say("update", number, step="waiting", words="Menunggu alat berat.", note="Jalan ditutup.")
    await referral.says(ReferralUpdated, complaint)
    contents = (await referral.http.get(f"/cases/{complaint}/contents", headers=officer)).json()
    assert contents["what"] == STORY
    assert [words["text"] for words in contents["words"]] == ["Menunggu alat berat.", "Jalan ditutup."]
    readings = await referral.room.mongo["readings"].find({"complaint": complaint}).to_list(10)
    assert [reading["person"] for reading in readings] == ["officer-1"]


async def test_worklists_and_the_registry_show_what_an_officer_may_see(
    referral: Running, damkar: AgencySide, officer: dict[str, str]
) -> None:
    complaint, _ = await offered(referral, damkar)
    for what, there in (("open", True), ("offered", True), ("accepted", False), ("overdue", False)):
        rows = (await referral.http.get(f"/worklist?what={what}&limit=200", headers=officer)).json()
        assert (complaint in [row["complaint"] for row in rows]) is there
    agencies = await referral.http.get("/agencies", headers=officer)
    assert [card["slug"] for card in agencies.json()][:2] == ["damkar-test", "bpbd-test"]
    assert "secret" not in agencies.text
    assert "whsec" not in agencies.text


async def test_who_may_not_know_of_a_case_finds_none(referral: Running, damkar: AgencySide) -> None:
    report = new_report(referral, complaint := complaint_id(), conflicts=("named-officer",))
    await referral.hear(classified(referral, complaint, report), complaint)
    await asked(referral, damkar, complaint)
    named = referral.token("referral_officer", person="named-officer", units=(POLRES,))
    elsewhere = referral.token("referral_officer", person="officer-9", units=("polres-lain",))
    for person in (named, elsewhere):
        missing = await referral.http.get(f"/cases/{complaint_id()}", headers=person)
        hidden = await referral.http.get(f"/cases/{complaint}", headers=person)
        assert (hidden.status_code, hidden.json()) == (missing.status_code, missing.json()) == (404, missing.json())
        body = {"agency": "bpbd-test"}
        stale = {**person, "If-Match": '"1"'}
        assert (await referral.http.post(f"/cases/{complaint}/offers", json=body, headers=stale)).status_code == 404
        rows = (await referral.http.get("/worklist?limit=200", headers=person)).json()
        assert complaint not in [row["complaint"] for row in rows]


async def test_the_chief_reads_and_others_do_neither(referral: Running, damkar: AgencySide) -> None:
    complaint, _ = await offered(referral, damkar)
    chief = referral.token("chief", person="chief-1", units=(POLRES,))
    detective = referral.token("detective", person="dewi", units=(POLRES,))
    assert (await referral.http.get(f"/cases/{complaint}", headers=chief)).status_code == 200
    assert (await referral.http.post(f"/cases/{complaint}/return", json={}, headers=chief)).status_code == 403
    assert (await referral.http.get(f"/cases/{complaint}", headers=detective)).status_code == 403
    assert (await referral.http.get(f"/cases/{complaint}")).status_code == 401
