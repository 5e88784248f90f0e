"""The roster of examiners on a page, and whoever retires from it."""

from typing import Any

import httpx

from tests.services.internal_affairs.cases import POLRES
from tests.services.internal_affairs.conftest import Headers, ask, examined, tell
from tests.support.panels import error_at_field
from tests.support.room import Running

AT = "/internal_affairs/examiners"


async def send(service: Running, who: Headers, path: str = "", **form: Any) -> httpx.Response:
    return await service.http.post(f"{AT}{path}", data=form, headers=who)


async def units(service: Running, who: Headers, examiner: str) -> list[str] | None:
    listed = (await service.http.get("/examiners", headers=who)).json()
    return next((one["units"] for one in listed if one["id"] == examiner), None)


async def test_a_head_enrols_changes_and_retires_an_examiner(internal_affairs: Running, head: Headers) -> None:
    page = (await internal_affairs.http.get(AT, headers=head)).text
    assert "examiner-1" in page
    assert POLRES not in page, "the office has a name"
    assert "Daftar pemeriksa" in page.split("<main")[0], "the menu leads here"
    done = await send(internal_affairs, head, id="examiner-9", units="Sipropam\n\n Satlantas ")
    assert (done.status_code, done.headers["location"]) == (303, f"{AT}?saved=true")
    assert "Tersimpan." in (await internal_affairs.http.get(done.headers["location"], headers=head)).text
    assert await units(internal_affairs, head, "examiner-9") == [POLRES, "Sipropam", "Satlantas"]
    form = (await internal_affairs.http.get(f"{AT}/examiner-9", headers=head)).text
    assert "Sipropam\nSatlantas</textarea>" in form
    assert (await send(internal_affairs, head, "/examiner-9", units="Sipropam")).status_code == 303
    assert await units(internal_affairs, head, "examiner-9") == [POLRES, "Sipropam"]
    assert (await send(internal_affairs, head, "/examiner-9/retirement")).status_code == 303
    assert await units(internal_affairs, head, "examiner-9") is None
    assert (await internal_affairs.http.get(f"{AT}/examiner-9", headers=head)).status_code == 404
    assert (await internal_affairs.http.delete("/examiners/examiner-9", headers=head)).status_code == 404


async def test_what_is_wrong_is_said_at_its_field(internal_affairs: Running, head: Headers) -> None:
    wrong = await send(internal_affairs, head, id="Examiner 9", units="Sipropam")
    assert (wrong.status_code, 'id="id-error"' in wrong.text) == (422, True)
    assert "Sipropam</textarea>" in wrong.text
    taken = await send(internal_affairs, head, id="examiner-1", units="Satlantas")
    assert taken.status_code == 409
    assert error_at_field(taken, "Nama masuk itu sudah ada di daftar; ubah di barisnya.")
    assert await units(internal_affairs, head, "examiner-1") == [POLRES, "Sipropam"]


async def test_what_an_examiner_has_stays_with_them(internal_affairs: Running, head: Headers) -> None:
    await send(internal_affairs, head, id="examiner-8", units="Sipropam")
    complaint = await tell(internal_affairs)
    await examined(internal_affairs, complaint, "examiner-8")
    assert "masih memegang 1 pengaduan" in (await internal_affairs.http.get(f"{AT}/examiner-8", headers=head)).text
    await send(internal_affairs, head, "/examiner-8/retirement")
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
    assert (await send(internal_affairs, head, "/examiner-polda/retirement")).status_code == 404
    taken = await send(internal_affairs, head, id="examiner-polda", units="Sipropam")
    assert (taken.status_code, error_at_field(taken, "Petugas itu ada di daftar kantor lain.")) == (409, True)
    body = {"units": [POLRES]}
    assert (await internal_affairs.http.put("/examiners/examiner-polda", json=body, headers=head)).status_code == 409
    assert await units(internal_affairs, polda, "examiner-polda") == ["polda"]
    assert (await internal_affairs.http.get(AT, headers=examiner)).status_code == 403
    assert AT not in (await internal_affairs.http.get("/internal_affairs/worklist", headers=examiner)).text
    english = (await internal_affairs.http.get(f"{AT}?language=en", headers=head)).text
    assert "Enrol an examiner" in english
    internal_affairs.http.cookies.clear()
