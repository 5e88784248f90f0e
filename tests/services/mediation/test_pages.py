"""Mediation's pages: worklist, panel, forms and papers, as a browser asks for them."""

import re
from typing import Any

import pytest

from services.mediation import wordings
from services.mediation.case import Position, Status
from tests.services.mediation.conftest import OF_NOBODY, POLRES, STORY, classified, complaint_id, new_report
from tests.services.mediation.handling import Case, opened
from tests.services.mediation.screen import MARKUP, Screen, agreed, lead, local, read
from tests.support.clock import Clock
from tests.support.panels import cases
from tests.support.room import Running, until


async def test_a_dispute_is_settled_on_pages_alone(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation)
    screen = Screen(case, case.mediator)
    shown = (await screen.look()).text
    assert "Jadwalkan pertemuan" in shown
    refused = await screen.send("sessions", at=local(clock, days=1), place="Balai desa")
    assert (refused.status_code, "Dari tiap pihak harus ada yang bersedia." in refused.text) == (409, True)
    assert 'value="Balai desa"' in refused.text, "what was typed stays"
    await agreed(screen, case)
    await screen.does("sessions", at=local(clock, days=1), place="Balai desa")
    session = (await case.get()).json()["round"]["sessions"][0]
    assert session["at"].startswith(local(clock, days=1, hours=-7)), "the office's clock is Jakarta's"
    early = await screen.send("sessions/1/holding")
    assert "Waktunya belum tiba" in early.text
    await screen.does("sessions/1/time", at=local(clock, days=2), place="Balai desa")
    clock.forward(days=2, minutes=1)
    assert "Tulis catatan hasil" in await screen.does("sessions/1/holding")
    await screen.does("sessions/1/minutes", text=f"Kedua pihak hadir.\n{MARKUP}")
    minutes = read(await screen.paper("sessions/1/minutes"))
    assert "NOTULEN PERTEMUAN MEDIASI" in minutes
    assert f"Pihak pelapor {MARKUP} (hadir)" in minutes
    due = local(clock, days=10)[:10]
    await screen.does("agreement", text_1="Pagar dimundurkan.", due_1=due, text_4=MARKUP, due_4=due)
    answer = await screen.paper("agreement")
    number = (await case.get()).json()["register_number"].replace("/", "-")
    assert answer.headers["content-disposition"] == f'attachment; filename="kesepakatan-{number}.pdf"'
    paper = read(answer)
    assert "SURAT KESEPAKATAN BERSAMA" in paper
    assert "Pagar dimundurkan." in paper
    assert MARKUP in paper
    for party in (await case.get()).json()["round"]["parties"]:
        text = await screen.does("agreement/signatures", party=party["id"])
    assert "Disepakati, sedang dipantau" in text
    await screen.does("agreement/points/1/compliance", kept="true")
    text = await screen.does("agreement/points/2/compliance", kept="true", note="Semua beres.")
    assert (await case.get()).json()["status"] == "closed"
    assert "Selesai" in text
    assert "Nilai butir ini" not in text


async def test_what_is_wrong_with_a_form_is_said_at_its_field_and_nothing_typed_is_lost(
    mediation: Running, clock: Clock
) -> None:
    case = await opened(mediation)
    screen = Screen(case, case.mediator)
    wrong = await screen.send("parties", side="complainant", phone="not a phone", address="Jalan Kenanga")
    assert wrong.status_code == 422
    assert 'id="mediation-parties-name-error">Wajib diisi.' in wrong.text
    assert 'id="mediation-parties-phone-error"' in wrong.text
    assert 'value="Jalan Kenanga"' in wrong.text
    await agreed(screen, case)
    past = await screen.send("sessions", at=local(clock, days=-1), place="Balai desa")
    assert (past.status_code, 'id="mediation-sessions-at-error">Waktu itu sudah lewat.' in past.text) == (422, True)
    await screen.does("sessions", at=local(clock, minutes=2), place="Balai desa")
    clock.forward(minutes=3)
    await screen.does("sessions/1/holding")
    empty = await screen.send("agreement")
    assert 'id="mediation-agreement-text-1-error">Tulis paling sedikit satu butir.' in empty.text
    undated = await screen.send("agreement", text_2="Pagar dimundurkan.")
    assert 'id="mediation-agreement-due-2-error">Tulis sampai kapan butir ini dipenuhi.' in undated.text
    assert "Pagar dimundurkan.</textarea>" in undated.text
    late = await screen.send("agreement", text_2="Pagar dimundurkan.", due_2=local(clock, days=-3)[:10])
    assert 'id="mediation-agreement-due-2-error">Waktu itu sudah lewat.' in late.text
    unfounded = await screen.send("failure", reason="consent_refused", recommended="investigation", note="Catatan")
    assert "Alasan itu tidak didukung catatan kasus ini." in unfounded.text
    assert ">Catatan</textarea>" in unfounded.text


async def test_somebody_who_saw_an_older_state_is_shown_who_changed_it(mediation: Running) -> None:
    case = await opened(mediation)
    mine, leads = Screen(case, case.mediator), Screen(case, lead(mediation))
    await mine.look()
    shown = mine.text
    await leads.does("parties", side="complainant", name="Sari")
    mine.text = shown
    stale = await mine.send("parties", side="respondent", name="Joko")
    assert stale.status_code == 412
    assert "sudah berubah sejak Anda membukanya" in stale.text
    assert "<details open><summary>Riwayat" in stale.text
    assert re.search(r"Pihak diundang · lead-1", stale.text)
    assert 'value="Joko"' in stale.text
    await mine.does("parties", side="respondent", name="Joko")


async def test_nothing_sealed_is_shown_without_a_reason(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation)
    await case.settled(clock)
    screen = Screen(case, case.mediator)
    text = (await screen.look()).text
    assert "Canary" not in text
    contents = f"/mediation/panels/{case.id}/contents"
    bare = {name: value for name, value in case.mediator.items() if name != "Access-Reason"}
    refused = await mediation.http.get(contents, headers=bare)
    assert (refused.status_code, "Canary" in refused.text) == (422, False)
    for name in ("agreement", "sessions/1/minutes"):
        unreasoned = await screen.paper(name, reason="")
        assert unreasoned.status_code == 422
        assert "Tulis dulu alasan Anda membaca data ini." in unreasoned.text
    read_ = await mediation.http.get(contents, headers=case.mediator)
    for word in (STORY, "Canary Sari", "Canary minutes", "Canary point 1", "Pihak pelapor 1"):
        assert word in read_.text
    assert "None" not in read_.text
    auditor = mediation.token("auditor", person="auditor-1", units=(POLRES,))
    await screen.paper("agreement", "to sign")
    trail = (await mediation.http.get(f"/audit/{case.id}", headers=auditor)).json()
    assert "to sign" in [entry["reason"] for entry in trail["reads"]]


async def test_the_lead_gives_a_matter_that_nobody_has_to_an_officer(mediation: Running) -> None:
    case = Case(mediation, complaint_id())
    await mediation.hear(classified(mediation, case.id, new_report(mediation, case.id, village=OF_NOBODY)), case.id)
    await case.shown(status="open")
    who = lead(mediation)

    async def listed(which: str) -> str:
        return (await mediation.http.get(f"/mediation/worklist?which={which}", headers=who)).text

    assert case.id in await listed("unassigned")
    screen = Screen(case, who)
    assert "Tunjuk petugas" in (await screen.look()).text
    refused = await screen.send("mediator", mediator="anisa-puspita")
    assert 'id="mediation-mediator-error">Petugas itu sedang tidak bertugas.' in refused.text
    text = await screen.does("mediator", mediator="budi-hermawan")
    assert "Budi Hermawan" in text
    assert case.id not in await listed("unassigned")
    assert case.id in await listed("all")


async def test_what_is_late_comes_first_and_is_counted(mediation: Running, clock: Clock) -> None:
    late = await opened(mediation)
    clock.forward(days=4)
    await late.shown(reminders=[{"kind": "nobody_acted", "since": (await _since(late)), "number": None}])
    fresh = await opened(mediation)
    who = late.mediator
    assert fresh.mediator == late.mediator, "of the same village"
    page = (await mediation.http.get("/mediation/worklist?which=&kind=mediation&late=", headers=who)).text
    assert page.index(late.id) < page.index(fresh.id)
    assert "Tindakan pertama petugas" in page
    only = (await mediation.http.get("/mediation/worklist?late=true", headers={**who, "HX-Request": "true"})).text
    assert late.id in only
    assert fresh.id not in only
    summary = await mediation.http.get("/mediation/summary", headers=who)
    assert re.search(r"\d+ terlambat", summary.text)
    assert cases(summary) == cases(await mediation.http.get("/mediation/worklist", headers=who))[:3]
    assert "Tindakan pertama petugas" in summary.text
    english = (await mediation.http.get("/mediation/worklist?language=en", headers=who)).text
    assert "Mediation and guidance" in english
    assert "The officer's first step" in english
    mediation.http.cookies.clear()  # the choice is remembered


async def _since(case: Case) -> Any:
    async def told() -> Any:
        reminders = (await case.get()).json()["reminders"]
        return reminders and reminders[0]["since"]

    return await until(told, "the officer is late")


async def test_the_ppa_unit_approves_and_only_then_a_session_is_set(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation, category="domestic_violence", mediation="ppa_approval")
    mine = Screen(case, case.mediator)
    text = (await mine.look()).text
    assert "Persetujuan Unit PPA" in text
    assert "Jadwalkan pertemuan" not in text
    assert "Setujui mediasi" not in text
    ppa = mediation.token("ppa_approver", person="ppa-1", units=(POLRES, "PPA"))
    assert case.id in (await mediation.http.get("/mediation/worklist", headers=ppa)).text
    approver = Screen(case, ppa)
    assert "Undang pihak" not in (await approver.look()).text
    await approver.does("approval", approved="true", note="Korban setuju.")
    assert case.id not in (await mediation.http.get("/mediation/worklist", headers=ppa)).text
    assert "Jadwalkan pertemuan" in (await mine.look()).text


async def test_conditions_are_confirmed_one_by_one(mediation: Running) -> None:
    case = await opened(mediation, mediation="restorative_only")
    screen = Screen(case, case.mediator)
    assert "Jadwalkan pertemuan" not in (await screen.look()).text
    for condition in wordings.CONDITIONS:
        text = await screen.does("conditions", condition=condition)
    assert "Jadwalkan pertemuan" in text


async def test_guidance_goes_from_plan_to_completion(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation, tracks=("guidance",))
    guide = mediation.token("guidance_officer", person=(await case.get()).json()["mediator"], units=(POLRES,))
    screen = Screen(case, guide)
    text = (await screen.look()).text
    assert "Undang pihak" not in text
    assert "Kembalikan: tidak berhasil" not in text
    await screen.does("plan", text="Menyepakati jam kerja.")
    await screen.does("visits", at=local(clock, minutes=2), place="Bengkel")
    clock.forward(minutes=3)
    await screen.does("visits/1/holding")
    unready = await screen.send("completion", words="Sudah dinasihati.")
    assert "Masih ada kunjungan yang belum dicatat hasilnya." in unready.text
    assert "Sudah dinasihati.</textarea>" in unready.text
    await screen.does("visits/1/record", text="Pemilik bersedia.")
    assert "LAPORAN KUNJUNGAN PEMBINAAN" in read(await screen.paper("visits/1/record"))
    assert "Pembinaan diselesaikan" in await screen.does("completion", words="Sudah dinasihati.")
    assert (await case.get()).json()["position"] == "completed"


async def test_a_session_is_called_off_and_the_matter_given_back(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation)
    screen = Screen(case, case.mediator)
    await agreed(screen, case)
    await screen.does("sessions", at=local(clock, days=1), place="Balai desa")
    assert "Salah satu pihak tidak hadir" in await screen.does("sessions/1/cancellation", reason="party_absent")
    text = await screen.does("failure", reason="party_absent", recommended="investigation", note="Tidak datang.")
    assert "Dikembalikan ke klasifikasi" in text
    assert "Undang pihak" not in text


async def test_an_officer_of_the_village_sees_the_matter_of_another_and_no_form(mediation: Running) -> None:
    case = await opened(mediation)
    await case.done("PUT", "mediator", {"mediator": "yuli-astari"}, case.lead)
    of_village = mediation.token("bhabinkamtibmas", person="wayan-sudarma", units=(POLRES,))
    page = await mediation.http.get("/mediation/worklist?which=villages", headers=of_village)
    assert case.id in page.text
    text = (await Screen(case, of_village).look()).text
    assert "Yuli Astari" in text
    assert "<form" not in text


async def test_a_matter_about_somebody_is_absent_for_them(mediation: Running) -> None:
    complaint = complaint_id()
    report = new_report(mediation, complaint, conflicts=("lead-1",))
    await mediation.hear(classified(mediation, complaint, report), complaint)
    other = mediation.token("mediation_lead", person="lead-2", units=(POLRES,))

    async def there() -> bool:
        return (await mediation.http.get(f"/mediation/panels/{complaint}", headers=other)).status_code == 200

    await until(there, "the matter is here")
    answer = await mediation.http.get(f"/mediation/panels/{complaint}", headers=lead(mediation))
    assert answer.status_code == 404
    assert complaint not in (await mediation.http.get("/mediation/worklist", headers=lead(mediation))).text


@pytest.mark.parametrize(("code", "words"), [(Status, wordings.STATUSES), (Position, wordings.POSITIONS)])
def test_every_code_has_words(code: Any, words: dict[str, str]) -> None:
    assert set(code.__args__) == words.keys()
