"""The roster of the villages' officers on a page, and an officer who retires."""

import re
from typing import Any

import httpx
import pytest

from tests.services.mediation.conftest import OF_NOBODY, POLRES, VILLAGE
from tests.services.mediation.handling import opened
from tests.support.panels import acts, error_at_field, version_of
from tests.support.room import Running

AT = "/mediation/mediators"
NEW = "/mediation/new-mediator"
ENTRY: dict[str, Any] = {
    "name": "Dewi Contoh",
    "phone": "0264-000299",
    "villages": ["99.01.03.2004"],
    "units": "Bhabinkamtibmas\nBinmas",
}


@pytest.fixture
def administrator(mediation: Running) -> dict[str, str]:
    return mediation.token("administrator", person="administrator-1", units=(POLRES,))


async def send(service: Running, who: dict[str, str], path: str = "", **form: Any) -> httpx.Response:
    """Sends a form as it was opened just now, unless it names another version; without a path, one for somebody new."""
    if not path:
        return await service.http.post(NEW, data=form, headers=who)
    shown = await service.http.get(f"{AT}{path}", headers=who)
    seen = {"version": version_of(shown) if shown.is_success else "0"}
    return await service.http.post(f"{AT}{path}", data={**seen, **form}, headers=who)


async def retire(service: Running, who: dict[str, str], officer: str) -> httpx.Response:
    return await service.http.post(f"{AT}/{officer}/retirement", headers=who)


async def card(service: Running, who: dict[str, str], officer: str) -> dict[str, Any]:
    listed = (await service.http.get("/officers", headers=who)).json()
    return next(one for one in listed if one["id"] == officer)


async def test_an_administrator_enrols_changes_and_retires_an_officer(
    mediation: Running, administrator: dict[str, str]
) -> None:
    page = (await mediation.http.get(AT, headers=administrator)).text
    assert "Wayan Sudarma" in page
    assert "Sukamaju, Sukamaju; Mekarsari, Sukamaju" in page
    unserved = page.split("Tanpa petugas")[1].split("</p>")[0]
    assert "Bojonggenteng Asri" in unserved
    assert "Leuwigoong Wetan" not in unserved, "somebody stands in there"
    assert "Petugas desa" in page.split("<main")[0], "the menu leads here"
    done = await send(mediation, administrator, id="dewi-contoh", **ENTRY)
    assert (done.status_code, done.headers["location"]) == (303, f"{AT}?saved=dewi-contoh")
    stored = await card(mediation, administrator, "dewi-contoh")
    assert (stored["units"], stored["villages"], stored["absent"]) == (
        ["Bhabinkamtibmas", "Binmas"],
        ["99.01.03.2004"],
        False,
    )
    saved = (await mediation.http.get(done.headers["location"], headers=administrator)).text
    assert "Tersimpan. Dewi Contoh" in " ".join(saved.split())
    form = (await mediation.http.get(f"{AT}/dewi-contoh", headers=administrator)).text
    assert 'value="0264-000299"' in form
    assert 'value="99.01.03.2004" checked' in form
    assert "Bhabinkamtibmas\nBinmas</textarea>" in form
    changed = await send(
        mediation, administrator, "/dewi-contoh", **{**ENTRY, "absent": "true", "stand_in": "budi-hermawan"}
    )
    assert changed.status_code == 303
    assert "digantikan Budi Hermawan" in " ".join(
        (await mediation.http.get(AT, headers=administrator)).text.replace("</span>", "").split()
    )
    assert (await retire(mediation, administrator, "dewi-contoh")).status_code == 303
    gone = await card(mediation, administrator, "dewi-contoh")
    assert (gone["retired"], gone["villages"], gone["absent"]) == (True, [], True)
    assert "Sudah berhenti" in (await mediation.http.get(AT, headers=administrator)).text
    assert (await send(mediation, administrator, "/dewi-contoh", **ENTRY)).status_code == 303
    assert not (await card(mediation, administrator, "dewi-contoh"))["retired"], "saved again, the officer is back"
    assert (await mediation.http.delete("/officers/dewi-contoh", headers=administrator)).status_code == 204


async def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    mediation: Running, administrator: dict[str, str]
) -> None:
    wrong = await send(mediation, administrator, id="Dewi Contoh", name="Dewi Contoh", phone="none", units="Binmas")
    assert wrong.status_code == 422
    assert 'id="id-error"' in wrong.text
    assert 'id="phone-error"' in wrong.text
    assert 'value="Dewi Contoh"' in wrong.text
    assert "Binmas</textarea>" in wrong.text
    taken = await send(mediation, administrator, id="wayan-sudarma", **ENTRY)
    assert (taken.status_code, error_at_field(taken, "Nama masuk itu sudah ada dalam daftar; ubah di barisnya.")) == (
        409,
        True,
    )
    assert (await card(mediation, administrator, "wayan-sudarma"))["name"] == "Wayan Sudarma"
    own = await send(mediation, administrator, "/wayan-sudarma", **{**ENTRY, "stand_in": "wayan-sudarma"})
    assert error_at_field(own, "Tidak ada yang menggantikan dirinya sendiri.")
    nobody = await mediation.http.get(f"{AT}/nobody-at-all", headers=administrator)
    assert (nobody.status_code, "Nama itu tidak ada dalam daftar." in nobody.text) == (404, True)
    assert (await send(mediation, administrator, "/nobody-at-all", **ENTRY)).status_code == 404


async def test_whoever_is_slower_keeps_what_they_typed_and_sees_what_stands(
    mediation: Running, administrator: dict[str, str]
) -> None:
    second = mediation.token("administrator", person="administrator-2", units=(POLRES,))
    await send(mediation, administrator, id="laras-contoh", **ENTRY)
    seen = version_of(await mediation.http.get(f"{AT}/laras-contoh", headers=administrator))
    theirs = {**ENTRY, "phone": "0264-000288", "units": "Binmas"}
    for _ in ("once", "and by a second press"):
        changed = await send(mediation, second, "/laras-contoh", version=seen, **theirs)
        assert changed.status_code == 303
    late = await send(mediation, administrator, "/laras-contoh", version=seen, **{**ENTRY, "name": "Laras K."})
    assert (late.status_code, "Data ini sudah diubah orang lain" in late.text) == (412, True)
    assert "<dd>0264-000288</dd>" in late.text
    assert 'value="Laras K."' in late.text
    assert "Bhabinkamtibmas\nBinmas</textarea>" in late.text
    assert "Diubah: Telepon dinas, Unit · administrator-2" in " ".join(late.text.split()), "who was faster"
    assert (await card(mediation, administrator, "laras-contoh"))["phone"] == "0264-000288"
    again = {**ENTRY, "name": "Laras K.", "version": version_of(late)}
    assert (await send(mediation, administrator, "/laras-contoh", **again)).status_code == 303
    assert (await retire(mediation, administrator, "laras-contoh")).status_code == 303
    assert acts(await mediation.http.get(f"{AT}/laras-contoh", headers=administrator)) == [
        "Dikeluarkan dari daftar · administrator-1",
        "Diubah: Nama, Telepon dinas, Unit · administrator-1",
        "Diubah: Telepon dinas, Unit · administrator-2",
        "Dimasukkan ke daftar · administrator-1",
    ]


async def test_nobody_retires_who_would_be_missed(mediation: Running, administrator: dict[str, str]) -> None:
    case = await opened(mediation, VILLAGE)
    holder = (await case.get()).json()["mediator"]
    stands_in = await retire(mediation, administrator, holder)
    assert (stands_in.status_code, "pengganti petugas lain" in stands_in.text) == (409, True)
    assert 'value="99.01.01.1001" checked' in stands_in.text, "the form holds what stands"
    entry = {"name": "Tini Contoh", "phone": "0264-000298"}
    await send(mediation, administrator, id="tini-contoh", **entry)
    await case.done("PUT", "mediator", {"mediator": "tini-contoh"}, case.lead)
    has = await retire(mediation, administrator, "tini-contoh")
    assert (has.status_code, "masih memegang kasus" in has.text) == (409, True)
    await case.done("PUT", "mediator", {"mediator": holder}, case.lead)
    assert (await retire(mediation, administrator, "tini-contoh")).status_code == 303
    assert "Tini Contoh" not in (await mediation.http.get(f"/mediation/panels/{case.id}", headers=case.lead)).text
    refused = await case.put("mediator", {"mediator": "tini-contoh"}, case.lead)
    assert refused.status_code == 422, "nothing is given to somebody who retired"


async def test_only_the_administrator_of_the_office_keeps_the_roster(
    mediation: Running, administrator: dict[str, str]
) -> None:
    lead = mediation.token("mediation_lead", person="lead-1", units=(POLRES,))
    assert (await mediation.http.get(AT, headers=lead)).status_code == 403
    assert AT not in (await mediation.http.get("/mediation/worklist", headers=lead)).text
    elsewhere = mediation.token("administrator", person="administrator-2", units=("elsewhere",))
    refused = await mediation.http.get(AT, headers=elsewhere)
    assert (refused.status_code, "Anda bukan dari Polres ini." in refused.text) == (403, True)
    assert (await send(mediation, elsewhere, id="dewi-lain", **ENTRY)).status_code == 403
    english = (await mediation.http.get(f"{AT}?language=en", headers=administrator)).text
    assert "Add an officer" in english
    assert OF_NOBODY not in re.sub(r'value="[^"]*"', "", english), "villages have names"
    mediation.http.cookies.clear()  # the choice is remembered
