"""The pages on which an administrator keeps the rosters, on real servers."""

import html
import re
from typing import Any

import pytest

from tests.services.investigation.conftest import POLRES
from tests.services.investigation.handling import opened
from tests.services.investigation.screen import Screen, version_of
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
    assert (added.status_code, added.headers["location"]) == (303, "/investigation/roster")
    assert (await stored(investigation, "officers", "sari-contoh"))["units"] == ["PPA", "Unit Baru"]
    again = await screen.submit("roster/new-officer", **{**BARU, "id": "sari-contoh", "name": "Orang Lain"})
    assert again.status_code == 409
    assert 'id="id-error">Nama masuk ini sudah ada dalam daftar.' in again.text
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
    done = await screen.submit(at, **change)
    assert done.status_code == 200
    assert "Tersimpan." in done.text
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
    assert (await second.submit(at, **{**other, "phone": "0264-000777"})).status_code == 200
    late = await first.submit(at, **{**other, "name": "Endang K. Contoh"})
    assert late.status_code == 412
    assert "Data ini sudah diubah orang lain" in late.text
    assert "<dd>0264-000777</dd>" in late.text
    assert 'value="Endang K. Contoh"' in late.text
    assert (await stored(investigation, "officers", "endang-kusuma"))["name"] == "Endang Kusuma"
    done = await first.submit(at, **{**other, "name": "Endang K. Contoh", "version": version_of(late)})
    assert done.status_code == 200
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
    assert (added.status_code, added.headers["location"]) == (303, "/investigation/roster")
    new = await stored(investigation, "patrols", "samapta-9")
    assert (new["lat"], new["lon"], new["status"]) == (-6.61, 107.41, "off_duty")
    assert (await screen.submit("roster/new-patrol", **{**MOBIL, "id": "samapta-9"})).status_code == 409
    seen = version_of(await screen.open(at))
    far = await screen.submit(f"{at}/place", lat="-96", lon="107,5")
    assert far.status_code == 422
    assert 'id="lat-error">Paling sedikit -90' in far.text
    assert 'value="107,5"' in far.text
    placed = await screen.submit(f"{at}/place", lat="-6,5", lon="107,5")
    assert "Tersimpan." in placed.text
    assert version_of(placed) == seen, "that it moved does not count against whoever names it"
    named = await screen.submit(at, version=seen, call_sign="Sukamaju 32", unit="Samapta")
    assert "Tersimpan." in named.text
    late = await screen.submit(at, version=seen, call_sign="Sukamaju 33", unit="Samapta")
    assert late.status_code == 412
    assert "<dd>Sukamaju 32</dd>" in late.text
    assert 'value="Sukamaju 33"' in late.text
    on_duty = await screen.submit(f"{at}/duty", status="free")
    assert on_duty.headers["location"] == "/investigation/roster"
    new = await stored(investigation, "patrols", "samapta-9")
    assert (new["call_sign"], new["lat"], new["status"]) == ("Sukamaju 32", -6.5, "free")
