"""The pages on which an administrator keeps the rosters, on real servers."""

import html
import re
from typing import Any

import httpx
import pytest

from shared.contracts.investigation import InvestigationAssigned
from tests.services.investigation.conftest import POLRES, classified, complaint_id, new_report
from tests.services.investigation.handling import opened
from tests.services.investigation.screen import Screen, robbed
from tests.support.panels import acts, version_of
from tests.support.room import Running

pytestmark = [pytest.mark.usefixtures("roster", "patrols")]

ROSTER = "roster"
BARU: dict[str, Any] = {"name": "Sari Contoh", "phone": "0264-000109", "post": "detective", "units": ["PPA"]}
MOBIL = {"call_sign": "Sukamaju 31", "unit": "Samapta", "lat": "-6,61", "lon": "107.41"}


def administrator(service: Running, person: str = "administrator-1") -> Screen:
    return Screen(service, service.token("administrator", person=person, units=(POLRES,)))


async def stored(service: Running, kind: str, id_: str) -> dict[str, Any]:
    found = await service.room.mongo[kind].find_one({"_id": f"{POLRES}/{id_}"})
    assert found is not None
    return dict(found)


def words(page: httpx.Response) -> str:
    """What a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", "", page.text).split())


async def test_the_roster_says_who_there_is_and_how_much_they_have(investigation: Running) -> None:
    case = await opened(investigation)
    page = await administrator(investigation).open(ROSTER)
    assert page.status_code == 200
    assert "Dimas Sudirja" in page.text
    assert "Penganiayaan, " in page.text, "specialities are said in words"
    held = re.search(r"Dimas Sudirja</a>.*?class=\"number\">(\d+)<", page.text, re.DOTALL)
    assert held is not None
    assert int(held[1]) >= 1
    assert "Sukamaju 11" in page.text
    assert case.id not in page.text
    assert '<a href="/investigation/roster" aria-current="page">' in page.text
    english = await administrator(investigation).open(ROSTER, language="en")
    assert "Detectives and patrols" in english.text
    elsewhere = Screen(investigation, investigation.token("administrator", units=("polres-elsewhere",)))
    for path in (ROSTER, "roster/new-officer", "roster/new-patrol", "roster/officers/dimas-sudirja"):
        refused = await elsewhere.open(path)
        assert refused.status_code == 403, path
        assert "Anda bukan dari Polres ini." in refused.text


async def test_a_detective_is_added_once_with_what_is_wrong_beside_its_field(investigation: Running) -> None:
    screen = administrator(investigation)
    wrong = await screen.submit("roster/new-officer", **{**BARU, "id": "Sari Contoh", "phone": "rumah"})
    assert wrong.status_code == 422
    assert 'id="id-error"' in wrong.text
    assert 'id="phone-error"' in wrong.text
    assert 'value="Sari Contoh"' in wrong.text
    assert re.search(r'value="PPA" checked', wrong.text)
    unitless = await screen.submit("roster/new-officer", **{**BARU, "id": "sari-contoh", "units": ""})
    assert 'id="units-error">Wajib diisi.' in unitless.text
    added = await screen.submit("roster/new-officer", **{**BARU, "id": "sari-contoh", "units": ["PPA", "Unit Baru"]})
    assert (added.status_code, added.headers["location"]) == (303, "/investigation/roster?saved=sari-contoh")
    assert "Tersimpan. Sari Contoh" in words(await screen.open("roster?saved=sari-contoh"))
    assert (await stored(investigation, "officers", "sari-contoh"))["units"] == ["PPA", "Unit Baru"]
    twice = await screen.submit("roster/new-officer", **{**BARU, "id": "sari-contoh", "units": ["PPA", "Unit Baru"]})
    assert twice.status_code == 303, "the button was pressed twice"
    again = await screen.submit("roster/new-officer", **{**BARU, "id": "sari-contoh", "name": "Orang Lain"})
    assert again.status_code == 409
    assert 'id="id-error">Nama masuk itu sudah ada dalam daftar; ubah di barisnya.' in again.text
    assert (await stored(investigation, "officers", "sari-contoh"))["name"] == "Sari Contoh"


async def test_an_entry_is_changed_from_what_stands(investigation: Running) -> None:
    screen, at = administrator(investigation), "roster/officers/citra-anggun"
    form = await screen.open(at)
    assert 'value="Citra Anggun"' in form.text
    assert re.search(r'name="specialities" value="fraud" checked', form.text)
    change: dict[str, Any] = {
        "version": version_of(form),
        "name": "Citra Anggun",
        "phone": "0264-000102",
        "post": "detective",
        "units": ["Pidum"],
        "specialities": ["fraud"],
        "conflicts": ["theft", "99.01.01.1001", "LP/17\n\ntoko-contoh"],
    }
    for _ in ("once", "and by a second press"):
        done = await screen.submit(at, **change)
        assert (done.status_code, done.headers["location"]) == (303, "/investigation/roster?saved=citra-anggun")
    done = await screen.open(at)
    assert re.search(r'name="conflicts" value="theft" checked', done.text)
    assert re.search(r'name="conflicts" value="99.01.01.1001" checked', done.text)
    assert ">LP/17\ntoko-contoh</textarea>" in html.unescape(done.text)
    kept = await stored(investigation, "officers", "citra-anggun")
    assert kept["conflicts"] == ["theft", "99.01.01.1001", "LP/17", "toko-contoh"]
    assert kept["specialities"] == ["fraud"]
    assert (await screen.open("roster/officers/nobody")).status_code == 404
    assert "Nama itu tidak ada dalam daftar." in (await screen.open("roster/officers/nobody")).text


async def test_whoever_is_slower_keeps_what_they_typed_and_sees_what_stands(investigation: Running) -> None:
    first, second = administrator(investigation), administrator(investigation, "administrator-2")
    at = "roster/officers/endang-kusuma"
    seen = version_of(await first.open(at))
    other = {**BARU, "name": "Endang Kusuma", "units": ["Tipidter"], "version": seen}
    assert (await second.submit(at, **{**other, "phone": "0264-000777"})).status_code == 303
    late = await first.submit(at, **{**other, "name": "Endang K. Contoh"})
    assert late.status_code == 412
    assert "Data ini sudah diubah orang lain" in late.text
    assert "<dd>0264-000777</dd>" in late.text
    assert 'value="Endang K. Contoh"' in late.text
    assert (await stored(investigation, "officers", "endang-kusuma"))["name"] == "Endang Kusuma"
    assert acts(late)[0] == "Diubah: Telepon dinas, Keahlian · administrator-2", "who was faster"
    done = await first.submit(at, **{**other, "name": "Endang K. Contoh", "version": version_of(late)})
    assert done.status_code == 303
    assert (await stored(investigation, "officers", "endang-kusuma"))["name"] == "Endang K. Contoh"


async def test_whoever_is_on_leave_is_marked_so_and_is_given_no_case(investigation: Running) -> None:
    screen = administrator(investigation)
    away = await screen.submit("roster/officers/fajar-mahesa/leave", on_leave="true")
    assert (away.status_code, away.headers["location"]) == (303, "/investigation/roster")
    assert (await stored(investigation, "officers", "fajar-mahesa"))["on_leave"] is True
    assert "Sudah kembali" in (await screen.open(ROSTER)).text
    case = await opened(investigation, category="environmental_crime", units=("Tipidter",))
    panel = await Screen(investigation, case.chief).open(f"panels/{case.id}")
    assert "Fajar Mahesa" not in panel.text
    await screen.submit("roster/officers/fajar-mahesa/leave", on_leave="false")
    assert (await stored(investigation, "officers", "fajar-mahesa"))["on_leave"] is False
    assert (await screen.submit("roster/officers/nobody/leave", on_leave="true")).status_code == 404
    assert (await screen.submit("roster/officers/fajar-mahesa/leave", on_leave="perhaps")).status_code == 422


async def test_a_patrol_is_added_named_placed_and_taken_off_duty(investigation: Running) -> None:
    screen, at = administrator(investigation), "roster/patrols/samapta-9"
    wrong = await screen.submit("roster/new-patrol", **{**MOBIL, "id": "samapta-9", "lat": "di pos"})
    assert wrong.status_code == 422
    assert 'id="lat-error">Tulis dengan angka.' in wrong.text
    assert 'value="di pos"' in wrong.text
    added = await screen.submit("roster/new-patrol", **{**MOBIL, "id": "samapta-9", "status": "off_duty"})
    assert (added.status_code, added.headers["location"]) == (303, "/investigation/roster?saved=samapta-9")
    new = await stored(investigation, "patrols", "samapta-9")
    assert (new["lat"], new["lon"], new["status"]) == (-6.61, 107.41, "off_duty")
    twice = await screen.submit("roster/new-patrol", **{**MOBIL, "id": "samapta-9", "status": "off_duty"})
    assert twice.status_code == 303, "the button was pressed twice"
    assert (await screen.submit("roster/new-patrol", **{**MOBIL, "id": "samapta-9"})).status_code == 409
    seen = version_of(await screen.open(at))
    far = await screen.submit(f"{at}/place", lat="-96", lon="107,5")
    assert far.status_code == 422
    assert 'id="lat-error">Paling sedikit -90' in far.text
    assert 'value="107,5"' in far.text
    placed = await screen.submit(f"{at}/place", lat="-6,5", lon="107,5")
    assert (placed.status_code, placed.headers["location"]) == (303, "/investigation/roster?saved=samapta-9")
    assert version_of(await screen.open(at)) == seen, "that it moved does not count against whoever names it"
    named = await screen.submit(at, version=seen, call_sign="Sukamaju 32", unit="Samapta")
    assert (named.status_code, named.headers["location"]) == (303, "/investigation/roster?saved=samapta-9")
    late = await screen.submit(at, version=seen, call_sign="Sukamaju 33", unit="Samapta")
    assert late.status_code == 412
    assert "<dd>Sukamaju 32</dd>" in late.text
    assert 'value="Sukamaju 33"' in late.text
    on_duty = await screen.submit(f"{at}/duty", status="free")
    assert on_duty.headers["location"] == "/investigation/roster"
    new = await stored(investigation, "patrols", "samapta-9")
    assert (new["call_sign"], new["lat"], new["status"]) == ("Sukamaju 32", -6.5, "free")


async def test_whoever_goes_is_taken_off_the_roster_once_they_have_no_cases(investigation: Running) -> None:
    screen, at = administrator(investigation), "roster/officers/bayu-contoh"
    await screen.submit("roster/new-officer", **{**BARU, "id": "bayu-contoh", "name": "Bayu Contoh", "units": ["Satu"]})
    case = await opened(investigation, units=("Satu",))
    assert "Bayu Contoh" in words(await Screen(investigation, case.chief).open(f"panels/{case.id}"))
    kept = await screen.submit(f"{at}/retirement")
    assert (kept.status_code, "masih memegang perkara" in kept.text) == (409, True)
    assert 'value="0264-000109"' in kept.text, "the form holds what stands"
    given = {"detective": "dimas-sudirja", "reason": "leave"}
    assert (await case.put("detective", given, case.chief)).status_code == 200
    for _ in ("once", "and by a second press"):
        gone = await screen.submit(f"{at}/retirement")
        assert (gone.status_code, gone.headers["location"]) == (303, "/investigation/roster?saved=bayu-contoh")
    listed = (await screen.open(ROSTER)).text
    assert "Bayu Contoh" in listed.split("Sudah berhenti")[1]
    assert "Bayu Contoh" not in listed.split("Sudah berhenti")[0]
    assert "Bayu Contoh" in words(await Screen(investigation, case.chief).open(f"panels/{case.id}")), "what was stays"
    back = await case.put("detective", {**given, "detective": "bayu-contoh"}, case.chief)
    assert back.status_code == 422, "nothing is given to somebody who is gone"
    assert (await screen.submit(f"{at}/leave", on_leave="false")).status_code == 404
    form = await screen.open(at)
    assert "nama ini kembali ke daftar" in form.text
    returned = {**BARU, "name": "Bayu Contoh", "units": ["Satu"], "version": version_of(form)}
    assert (await screen.submit(at, **returned)).status_code == 303
    assert acts(await screen.open(at)) == [
        "Dimasukkan ke daftar · administrator-1",
        "Dikeluarkan dari daftar · administrator-1",
        "Dimasukkan ke daftar · administrator-1",
    ]


async def test_a_case_that_is_hidden_from_whoever_keeps_the_roster_is_not_told_by_a_refusal(
    investigation: Running,
) -> None:
    screen = administrator(investigation, "administrator-3")
    await screen.submit("roster/new-officer", **{**BARU, "id": "ayu-contoh", "name": "Ayu Contoh", "units": ["Dua"]})
    report = {"report": new_report(investigation, complaint := complaint_id(), conflicts=("administrator-3",))}
    await investigation.hear(classified(investigation, complaint, units=("Dua",), **report), complaint)
    assert (await investigation.says(InvestigationAssigned, complaint)).data.detective == "ayu-contoh"
    assert (await screen.submit("roster/officers/ayu-contoh/retirement")).status_code == 303
    chief = investigation.token("chief", person="chief-1", units=(POLRES,))
    case = (await investigation.http.get(f"/cases/{complaint}", headers=chief)).json()
    assert case["detective"] == "ayu-contoh", "until a head gives it to another"


async def test_a_patrol_is_taken_off_the_roster_once_it_is_not_sent(investigation: Running) -> None:
    complaint, patrol_id = await robbed(investigation)
    screen, at = administrator(investigation), f"roster/patrols/{patrol_id}"
    sent = await screen.submit(f"{at}/retirement")
    assert (sent.status_code, "sedang dikerahkan" in sent.text) == (409, True)
    crew = Screen(investigation, investigation.token("patrol", person=patrol_id, units=(POLRES,)))
    chief = investigation.token("chief", person="chief-1", units=(POLRES,))
    ended = await investigation.http.post(f"/patrols/dispatches/{complaint}/stand-down", headers=chief)
    assert ended.status_code == 200
    assert (await screen.submit(f"{at}/retirement")).status_code == 303
    assert "Patroli saya" not in (await crew.open("patrols")).text
    assert (await crew.submit(f"{at}/duty", status="free")).status_code == 404, "it cannot come back by itself"
    assert (await stored(investigation, "patrols", patrol_id))["status"] == "off_duty"
    form = await screen.open(at)
    named = {"version": version_of(form), "call_sign": "Sukamaju 41", "unit": "Samapta"}
    assert (await screen.submit(at, **named)).status_code == 303
    assert (await crew.submit(f"{at}/duty", status="free")).status_code == 303
    assert acts(await screen.open(at))[:3] == [
        f"Masuk tugas · {patrol_id}",
        "Dimasukkan ke daftar · administrator-1",
        "Dikeluarkan dari daftar · administrator-1",
    ]


async def test_where_a_crew_is_by_the_minute_is_no_change_of_the_roster(investigation: Running) -> None:
    screen, at = administrator(investigation), "roster/patrols/samapta-2"
    crew = investigation.token("patrol", person="samapta-2", units=(POLRES,))
    before = acts(await screen.open(at))
    for body in ({"lat": -6.7, "lon": 107.3}, {"lat": -6.71, "lon": 107.3, "status": "free"}):
        moved = await investigation.http.patch("/patrols/samapta-2", json=body, headers=crew)
        assert (moved.status_code, moved.json()["lat"]) == (200, body["lat"])
    assert acts(await screen.open(at)) == before
    await screen.submit(f"{at}/place", lat="-6,72", lon="107,3")
    assert acts(await screen.open(at)) == ["Posisi diubah · administrator-1", *before]


async def test_programs_take_somebody_off_too(investigation: Running) -> None:
    administers = investigation.token("administrator", person="administrator-1", units=(POLRES,))
    entry = {"name": "Citra Contoh", "phone": "0264-000108", "units": ["Tiga"]}
    for path, body in (("/officers/citra-contoh", entry), ("/patrols/samapta-8", {**MOBIL, "lat": -6.6, "lon": 107.4})):
        for _ in ("once", "and again"):
            assert (await investigation.http.put(path, json=body, headers=administers)).json()["retired"] is False
        page = await administrator(investigation).open(f"roster{path}")
        assert acts(page) == ["Dimasukkan ke daftar · administrator-1"], "what changes nothing is no change"
        assert (await investigation.http.delete(path, headers=administers)).status_code == 204
        listed = (await investigation.http.get(f"/{path.split('/')[1]}", headers=administers)).json()
        assert next(one for one in listed if one["id"] == path.split("/")[2])["retired"] is True
        assert (await investigation.http.delete(f"{path}-unknown", headers=administers)).status_code == 404
