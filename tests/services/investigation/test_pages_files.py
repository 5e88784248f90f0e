"""What is put on the file of a case on its panel, on real servers, and put right there."""

import re

import pytest

from tests.services.investigation.handling import opened
from tests.services.investigation.screen import CHANGED, Screen
from tests.support.panels import error_at_field, version_of
from tests.support.room import Running

pytestmark = [pytest.mark.usefixtures("roster", "patrols")]


async def test_evidence_and_witnesses_are_put_on_file_and_read_for_a_reason(investigation: Running) -> None:
    case = await opened(investigation)
    screen = Screen(investigation, case.detective)
    at = f"panels/{case.id}"
    taken = await screen.send(
        f"{at}/evidence", kind="electronic", description="Canary phone", taken_at="2026-01-02T03:04", sha256="a" * 64
    )
    assert "2 Jan 2026 03.04 WIB" in taken.text, "the clock on the wall is the office's"
    assert "Canary" not in taken.text
    piece = (await case.get()).json()["evidence"][0]["id"]
    stored = await screen.send(f"{at}/evidence/{piece}/custody", action="stored", note="Canary locker")
    assert '<span class="mark">Disimpan</span>' in stored.text
    named = await screen.send(f"{at}/witnesses", name="Canary Witness", phone="+6281200000000")
    assert "belum memberi keterangan" in named.text
    witness = (await case.get()).json()["witnesses"][0]["id"]
    stated = await screen.send(
        f"{at}/witnesses/{witness}/statement", at="2026-01-02T03:04", statement="Canary statement"
    )
    assert "keterangan 2 Jan 2026 03.04 WIB" in stated.text
    read = (await screen.open(f"{at}/contents", reason="memeriksa berkas")).text
    for canary in ("Canary phone", "Canary locker", "Canary Witness", "Canary statement"):
        assert canary in read


async def test_a_time_that_can_only_be_a_slip_is_said_at_its_field(investigation: Running) -> None:
    case = await opened(investigation)
    screen, at = Screen(investigation, case.detective), f"panels/{case.id}"
    await screen.send(f"{at}/witnesses", name="Canary Witness")
    statement = f"{at}/witnesses/{(await case.get()).json()['witnesses'][0]['id']}/statement"
    for year, words in (
        ("0001", "terlalu lama berlalu"),
        ("0026", "terlalu lama berlalu"),
        ("2099", "ada di masa depan"),
    ):
        moment = f"{year}-01-01T00:00"
        for form, fields in (
            (f"{at}/evidence", {"kind": "object", "description": "Canary phone", "taken_at": moment}),
            (statement, {"at": moment, "statement": "Canary statement"}),
        ):
            wrong = await screen.send(form, **fields)
            assert wrong.status_code == 422, (form, year)
            assert error_at_field(wrong, f"Waktu ini {words}"), (form, year)
            assert "Canary" in wrong.text, "what was typed stays"


async def test_who_a_witness_is_is_put_right_from_what_stands_and_what_stood_stays(investigation: Running) -> None:
    case = await opened(investigation)
    screen, at = Screen(investigation, case.detective), f"panels/{case.id}"
    panel = await screen.send(f"{at}/witnesses", name="Canary Witnes", phone="+6281200000000")
    assert "Perbaiki" not in panel.text, "what is sealed is opened first"
    (witness,) = (await case.get()).json()["witnesses"]
    form = f"{at}/witnesses/{witness['id']}/identity"
    read = await screen.open(f"{at}/contents", reason="memperbaiki nama")
    assert 'value="Canary Witnes"' in read.text
    assert 'value="memperbaiki nama"' in read.text
    unread = await screen.send(form, version_of(read), name="Canary Witness")
    assert unread.status_code == 422
    assert "Tulis dulu alasan" in unread.text
    nameless = await screen.send(form, version_of(read), opened_for="memperbaiki nama", phone="+6281200000001")
    assert nameless.status_code == 422
    assert f'id="identity-{witness["id"]}-name-error">Wajib diisi.' in nameless.text
    assert "+6281200000001" in nameless.text
    done = await screen.send(form, version_of(nameless), opened_for="memperbaiki nama", name="Canary Witness")
    assert done.status_code == 200
    assert "Tersimpan." in done.text
    assert "Data saksi diperbaiki · Dimas Sudirja" in done.text
    assert "Canary" not in done.text
    read = await screen.open(f"{at}/contents", reason="memeriksa berkas")
    assert "<dd>Canary Witness</dd>" in read.text
    assert re.search(r"Sebelum diperbaiki .*: Canary Witnes, \+6281200000000", read.text)


async def test_whoever_is_slower_sees_what_the_other_wrote_beside_what_they_typed(investigation: Running) -> None:
    case = await opened(investigation)
    screen, head = Screen(investigation, case.detective), Screen(investigation, case.head)
    at = f"panels/{case.id}"
    await screen.send(f"{at}/witnesses", name="Canary Witnes")
    (witness,) = (await case.get()).json()["witnesses"]
    form = f"{at}/witnesses/{witness['id']}/identity"
    seen = version_of(await screen.open(f"{at}/contents", reason="memperbaiki nama"))
    assert (await head.send(form, seen, opened_for="melengkapi", name="Canary of the head")).status_code == 200
    late = await screen.send(form, seen, opened_for="memperbaiki nama", name="Canary of the detective")
    assert late.status_code == 412
    assert CHANGED in late.text
    assert "<dd>Canary of the head</dd>" in late.text
    assert 'value="Canary of the detective"' in late.text
    assert "Data saksi diperbaiki · Nining Hartati" in late.text
    assert await investigation.room.mongo["readings"].count_documents({"complaint": case.id}) == 2
    done = await screen.send(form, version_of(late), opened_for="memperbaiki nama", name="Canary of the detective")
    assert done.status_code == 200
