"""The roster of examiners on a page, and whoever retires from it."""

from typing import Any

import httpx

from tests.services.internal_affairs.cases import POLRES
from tests.services.internal_affairs.conftest import Headers, ask, examined, tell
from tests.support.panels import acts, error_at_field, version_of
from tests.support.room import Running

AT = "/internal_affairs/examiners"
NEW = "/internal_affairs/new-examiner"


async def send(service: Running, who: Headers, path: str = "", **form: Any) -> httpx.Response:
    """Sends a form as it was opened just now, unless it names another version; without a path, one for somebody new."""
    if not path:
        return await service.http.post(NEW, data=form, headers=who)
    shown = await service.http.get(f"{AT}{path}", headers=who)
    seen = {"version": version_of(shown) if shown.is_success else "0"}
    return await service.http.post(f"{AT}{path}", data={**seen, **form}, headers=who)


async def retire(service: Running, who: Headers, examiner: str) -> httpx.Response:
    return await service.http.post(f"{AT}/{examiner}/retirement", headers=who)


async def units(service: Running, who: Headers, examiner: str) -> list[str] | None:
    listed = (await service.http.get("/examiners", headers=who)).json()
    return next((one["units"] for one in listed if one["id"] == examiner and not one["retired"]), None)


async def test_a_head_enrols_changes_and_retires_an_examiner(internal_affairs: Running, head: Headers) -> None:
    page = (await internal_affairs.http.get(AT, headers=head)).text
    assert "examiner-1" in page
    assert POLRES not in page, "the office has a name"
    assert "Daftar pemeriksa" in page.split("<main")[0], "the menu leads here"
    done = await send(internal_affairs, head, id="examiner-9", units="Sipropam\n\n Satlantas ")
    assert (done.status_code, done.headers["location"]) == (303, f"{AT}?saved=examiner-9")
    saved = (await internal_affairs.http.get(done.headers["location"], headers=head)).text
    assert "Tersimpan. examiner-9" in " ".join(saved.split())
    assert await units(internal_affairs, head, "examiner-9") == [POLRES, "Sipropam", "Satlantas"]
    form = (await internal_affairs.http.get(f"{AT}/examiner-9", headers=head)).text
    assert "Sipropam\nSatlantas</textarea>" in form
    assert (await send(internal_affairs, head, "/examiner-9", units="Sipropam")).status_code == 303
    assert await units(internal_affairs, head, "examiner-9") == [POLRES, "Sipropam"]
    assert (await retire(internal_affairs, head, "examiner-9")).status_code == 303
    assert await units(internal_affairs, head, "examiner-9") is None
    assert (await retire(internal_affairs, head, "examiner-9")).status_code == 303, "the button was pressed twice"
    assert "examiner-9" in (await internal_affairs.http.get(AT, headers=head)).text.split("Sudah berhenti")[1]
    assert acts(await internal_affairs.http.get(f"{AT}/examiner-9", headers=head)) == [
        "Dikeluarkan dari daftar · head-propam",
        "Diubah: Satuan · head-propam",
        "Dimasukkan ke daftar · head-propam",
    ]
    assert (await send(internal_affairs, head, "/examiner-9", units="Sipropam")).status_code == 303
    assert await units(internal_affairs, head, "examiner-9") == [POLRES, "Sipropam"], "saved again, they are back"
    for _ in ("once", "and again"):
        assert (await internal_affairs.http.delete("/examiners/examiner-9", headers=head)).status_code == 204
    assert await units(internal_affairs, head, "examiner-9") is None
    assert (await internal_affairs.http.get(f"{AT}/nobody-at-all", headers=head)).status_code == 404
    assert (await internal_affairs.http.delete("/examiners/nobody-at-all", headers=head)).status_code == 404


async def test_whoever_is_slower_keeps_what_they_typed_and_sees_what_stands(
    internal_affairs: Running, head: Headers
) -> None:
    second = internal_affairs.token("internal_affairs_head", person="head-two", units=(POLRES,))
    await send(internal_affairs, head, id="examiner-7", units="Sipropam")
    seen = version_of(await internal_affairs.http.get(f"{AT}/examiner-7", headers=head))
    for _ in ("once", "and by a second press"):
        changed = await send(internal_affairs, second, "/examiner-7", version=seen, units="Satlantas")
        assert changed.status_code == 303
    for typed in ("Sipropam\nSatreskrim", ""):
        late = await send(internal_affairs, head, "/examiner-7", version=seen, units=typed)
        assert (late.status_code, "Data ini sudah diubah orang lain" in late.text) == (412, True)
        assert "Satlantas</dd>" in late.text
        assert f">{typed}</textarea>" in late.text
        assert acts(late)[0] == "Diubah: Satuan · head-two", "who was faster"
    assert await units(internal_affairs, head, "examiner-7") == [POLRES, "Satlantas"]
    again = await send(internal_affairs, head, "/examiner-7", version=version_of(late), units="Sipropam")
    assert again.status_code == 303
    assert await units(internal_affairs, head, "examiner-7") == [POLRES, "Sipropam"]


async def test_what_is_wrong_is_said_at_its_field(internal_affairs: Running, head: Headers) -> None:
    wrong = await send(internal_affairs, head, id="Examiner 9", units="Sipropam")
    assert (wrong.status_code, 'id="id-error"' in wrong.text) == (422, True)
    assert "Sipropam</textarea>" in wrong.text
    taken = await send(internal_affairs, head, id="examiner-1", units="Satlantas")
    assert taken.status_code == 409
    assert error_at_field(taken, "Nama masuk itu sudah ada dalam daftar; ubah di barisnya.")
    assert await units(internal_affairs, head, "examiner-1") == [POLRES, "Sipropam"]


async def test_what_an_examiner_has_stays_with_them(internal_affairs: Running, head: Headers) -> None:
    await send(internal_affairs, head, id="examiner-8", units="Sipropam")
    complaint = await tell(internal_affairs)
    await examined(internal_affairs, complaint, "examiner-8")
    assert "masih memegang 1 pengaduan" in (await internal_affairs.http.get(f"{AT}/examiner-8", headers=head)).text
    await retire(internal_affairs, head, "examiner-8")
    refused = await internal_affairs.http.put(
        f"/cases/{complaint}/examiner", json={"examiner": "examiner-8"}, headers=head
    )
    assert refused.status_code == 422, "nothing is given to somebody who retired"
    assert (await internal_affairs.http.get(f"/cases/{complaint}", headers=head)).json()["examiner"] == "examiner-8"
    await ask(internal_affairs, head, complaint, "examiner", {"examiner": "examiner-1"})


async def test_another_offices_examiners_are_not_there(
    internal_affairs: Running, head: Headers, polda: Headers, examiner: Headers
) -> None:
    assert (await send(internal_affairs, polda, id="examiner-polda")).status_code == 303
    assert await units(internal_affairs, polda, "examiner-polda") == ["polda"]
    assert "Polda" in (await internal_affairs.http.get(AT, headers=polda)).text
    assert "examiner-polda" not in (await internal_affairs.http.get(AT, headers=head)).text
    assert (await send(internal_affairs, head, "/examiner-polda", units="Sipropam")).status_code == 404
    assert (await retire(internal_affairs, head, "examiner-polda")).status_code == 404
    taken = await send(internal_affairs, head, id="examiner-polda", units="Sipropam")
    assert (taken.status_code, error_at_field(taken, "Petugas itu ada di daftar kantor lain.")) == (409, True)
    body = {"units": [POLRES]}
    assert (await internal_affairs.http.put("/examiners/examiner-polda", json=body, headers=head)).status_code == 409
    assert await units(internal_affairs, polda, "examiner-polda") == ["polda"]
    assert (await internal_affairs.http.get(AT, headers=examiner)).status_code == 403
    assert AT not in (await internal_affairs.http.get("/internal_affairs/worklist", headers=examiner)).text
    english = (await internal_affairs.http.get(f"{AT}?language=en", headers=head)).text
    assert "Add an examiner" in english
    internal_affairs.http.cookies.clear()
