"""The pages of the counter, of 110 and intake's panel, on real servers."""

import re
from typing import Any, get_args
from uuid import uuid4

import httpx
import pytest

from services.intake.counter_wordings import CALL_KEYS, CALLS
from shared.contracts.intake import CallKind, CallLogged, ComplaintErased, ComplaintSubmitted, ComplaintWithdrawn
from tests.services.intake.samples import CANARIES, STORY, jpeg, pdf, spoken
from tests.services.intake.test_attachments import upload
from tests.support.queries import every_query_indexed
from tests.support.room import Running, until
from tests.support.servers import Servers

VILLAGE, VILLAGE_NAME = "99.01.02.1001", "Cibuah, Cibuah Hilir"
NEIGHBOUR, ELSEWHERE = "99.01.03.2001", "99.01.01.2003"
TRACKING_CODE = re.compile(r'class="code">([^<]+)<')
NUMBER = re.compile(r"LP/[AB]/\d{6}/[IVX]+/\d{4}/SPKT/POLRES SUKAMAJU")


async def send(intake: Running, path: str, who: dict[str, str], **typed: Any) -> httpx.Response:
    """Sends a form as a page does; the reason for reading is none of it."""
    headers = {name: value for name, value in who.items() if name != "Access-Reason"}
    return await intake.http.post(path, data={"key": str(uuid4()), **typed}, headers=headers)


async def see(intake: Running, path: str, who: dict[str, str], *, reason: bool = False) -> httpx.Response:
    headers = {name: value for name, value in who.items() if reason or name != "Access-Reason"}
    return await intake.http.get(path, headers=headers)


async def submitted(intake: Running, page: httpx.Response) -> Any:
    """What the service has said of the report whose number the page shows."""
    found = NUMBER.search(page.text)
    assert found, page.text
    said = await until(
        lambda: [e for e in intake.said if e.type == ComplaintSubmitted.wire and _number(e) == found[0]],
        "the report is said",
    )
    return said[0]


def _number(said: Any) -> str:
    return str(said.data.report.register_number)


async def write(intake: Running, counter: dict[str, str], **changes: Any) -> str:
    body = spoken(**{"where": {"village": VILLAGE}, **changes})
    taken = await intake.http.post("/counter/complaints", json=body, headers=counter)
    assert taken.status_code == 201, taken.text
    return str(taken.json()["id"])


async def test_a_report_is_taken_down_and_its_code_shown_this_once(intake: Running, counter: dict[str, str]) -> None:
    name, nik, phone, email, address = CANARIES
    form = {"key": str(uuid4()), "what": STORY, "place": "Pasar", "village": "cibuah", "name": name, "nik": nik}
    form |= {"phone": phone, "email": email, "address": address, "conflicts": "officer-7", "in_progress": "yes"}
    page = await send(intake, "/intake/counter", counter, **form)
    said = await submitted(intake, page)
    report = said.data.report
    assert (report.model, report.channel, report.village) == ("B", "counter", VILLAGE)
    assert (said.lane, report.conflicts, report.identity_level) == ("urgent", ("officer-7",), "seen_in_person")
    assert report.occurred_at is not None, "nothing said is just now"
    code = TRACKING_CODE.search(page.text)
    assert code, page.text
    for secret in (STORY, name, nik, phone):
        assert secret not in page.text
    again = await send(intake, "/intake/counter", counter, **form)
    assert TRACKING_CODE.search(again.text), "sent twice by a bad line, it is the same report, also minutes later"
    assert (await submitted(intake, again)).subject == said.subject
    assert code[1] not in (await see(intake, f"/intake/panels/{said.subject}", counter)).text


async def test_what_is_typed_is_kept_where_something_is_wrong(intake: Running, counter: dict[str, str]) -> None:
    page = await send(intake, "/intake/counter", counter, what=STORY, village="Atlantis", name="Sri")
    assert page.status_code == 422
    assert "Desa ini tidak ada di daftar" in page.text
    assert 'aria-describedby="village-error' in page.text
    assert STORY in page.text
    assert 'value="Atlantis"' in page.text
    page = await send(intake, "/intake/counter", counter, what=" ", time="10.00", day="99-99")
    assert "Wajib diisi." in page.text
    page = await send(intake, "/intake/counter", counter, what=STORY, model="A", name="Sri")
    assert "Temuan anggota tidak memuat pelapor." in page.text
    fragment = await intake.http.post(
        "/intake/counter", data={"key": str(uuid4()), "nik": "12"}, headers=counter | {"HX-Request": "true"}
    )
    assert fragment.status_code == 422
    assert "<html" not in fragment.text


async def test_an_own_finding_has_a_report_to_print_and_no_receipt(intake: Running, counter: dict[str, str]) -> None:
    page = await send(intake, "/intake/counter", counter, what=STORY, model="A", when_unknown="yes")
    report = (await submitted(intake, page)).data.report
    assert (report.model, report.occurred_at, report.sealed.identity) == ("A", None, None)
    assert "report.pdf" in page.text
    assert "receipt.pdf" not in page.text


@pytest.mark.parametrize(
    ("nik", "says"),
    [
        ("3509014107900001", "Lahir 1 Juli 1990, perempuan"),
        ("3509010107900001", "Lahir 1 Juli 1990, laki-laki"),
        ("3509013299900001", "tidak mungkin"),
        ("350901", "16 angka"),
    ],
)
async def test_a_nik_says_who_must_be_standing_there(
    intake: Running, counter: dict[str, str], nik: str, says: str
) -> None:
    page = await intake.http.post("/intake/counter/nik", data={"nik": nik}, headers=counter)
    assert says in page.text
    assert nik not in page.text


async def test_pages_are_in_english_once_switched(intake: Running, counter: dict[str, str]) -> None:
    assert "What happened?" in (await see(intake, "/intake/counter?language=en", counter)).text
    assert "What happened?" in (await see(intake, "/intake/counter", counter)).text, "the browser remembers"
    intake.http.cookies.clear()
    assert "Apa yang terjadi?" in (await see(intake, "/intake/counter", counter)).text


async def test_a_call_in_progress_goes_ahead(intake: Running, operator: dict[str, str]) -> None:
    page = await send(intake, "/intake/call", operator, what=STORY, phone="0812 1000 0101", in_progress="yes")
    said = await submitted(intake, page)
    assert (said.lane, said.data.report.channel, said.data.report.in_progress) == ("urgent", "emergency_call", True)
    opened = intake.vault.open("contact", said.subject, said.data.report.sealed.contact)
    assert opened["phone"] == "0812 1000 0101"
    refused = await send(intake, "/intake/call", operator, what=STORY, nik="3509014107900001")
    assert refused.status_code == 422, "a call has no field for it"


def kinds_logged(intake: Running, operator: str) -> list[str]:
    return [e.data.kind for e in intake.said if e.type == CallLogged.wire and e.data.operator == operator]


async def test_a_prank_is_logged_once_and_shown_to_its_operator_alone(intake: Running) -> None:
    mine = intake.token("call_operator", person="operator-log", units=("polres-sukamaju",))
    other = intake.token("call_operator", person="operator-other", units=("polres-sukamaju",))
    form = {"key": str(uuid4()), "kind": "prank"}
    for _ in range(2):
        page = await send(intake, "/intake/call/log", mine, **form)
    assert page.text.count(" · Iseng") == 1
    assert " · Iseng" not in (await see(intake, "/intake/call", other)).text
    await until(lambda: kinds_logged(intake, "operator-log"), "the call is said")
    assert kinds_logged(intake, "operator-log") == ["prank"]
    assert "1 panggilan" in (await see(intake, "/intake/summary", mine)).text
    nonsense = await send(intake, "/intake/call/log", mine, kind="pizza")
    assert nonsense.status_code == 422


async def test_a_wrong_number_is_noted_as_no_prank(intake: Running) -> None:
    who = intake.token("call_operator", person="operator-wrong", units=("polres-sukamaju",))
    page = await send(intake, "/intake/call/log", who, kind="wrong_number")
    assert page.text.count(" · Salah sambung") == 1
    assert " · Iseng" not in page.text
    await until(lambda: kinds_logged(intake, "operator-wrong"), "the call is said")
    assert kinds_logged(intake, "operator-wrong") == ["wrong_number"]


async def test_of_many_calls_the_newest_are_listed(intake: Running) -> None:
    who = intake.token("call_operator", person="operator-busy", units=("polres-sukamaju",))
    for kind in (*["silent"] * 3, *["prank"] * 5):
        page = await send(intake, "/intake/call/log", who, kind=kind)
    assert (page.text.count(" · Iseng"), page.text.count(" · Tanpa suara")) == (3, 0)
    assert "Dan 5 panggilan lain." in page.text


def test_each_kind_of_call_has_words_and_a_key_of_its_own() -> None:
    assert list(CALLS) == list(CALL_KEYS) == list(get_args(CallKind))
    assert len({*CALL_KEYS.values(), *"SN"}) == len(CALL_KEYS) + 2, "S sends, N begins anew"


async def test_what_came_in_nearby_shows_while_a_village_is_typed(intake: Running, counter: dict[str, str]) -> None:
    near, beside = await write(intake, counter), await write(intake, counter, where={"village": NEIGHBOUR})
    hidden = await write(intake, counter, conflicts=["officer-counter"])
    far = await write(intake, counter, where={"village": ELSEWHERE})
    closed = await write(intake, counter)
    code = (
        await intake.http.post("/counter/complaints", json=spoken(where={"village": VILLAGE}), headers=counter)
    ).json()
    await intake.http.post("/tracking/withdrawal", json={"code": code["tracking_code"]})
    await intake.says(ComplaintWithdrawn, code["id"])
    shown = (await see(intake, "/intake/nearby?village=Cibu", counter)).text
    assert near in shown
    assert closed in shown
    assert beside in shown, "in the next village, though of another district"
    for absent in (hidden, far, code["id"], STORY, CANARIES[0]):
        assert absent not in shown
    assert near in (await see(intake, "/intake/nearby?village=tanjungrasa", counter)).text, "the same from over there"
    assert near not in (await see(intake, "/intake/nearby?village=batutumpang", counter)).text
    assert near not in (await see(intake, "/intake/nearby?village=ci", counter)).text
    assert near in (await see(intake, f"/intake/panels/{closed}", counter)).text
    assert hidden not in (await see(intake, f"/intake/panels/{closed}", counter)).text


async def test_what_is_looked_up_while_somebody_speaks_has_an_index(
    intake: Running, counter: dict[str, str], operator: dict[str, str], real_servers: Servers
) -> None:
    with every_query_indexed(real_servers.mongo_url, intake.settings.mongo_prefix, "intake"):
        asked = (("nearby?village=cibuah", counter), ("summary", counter), ("summary", operator), ("call", operator))
        for path, who in asked:
            assert (await see(intake, f"/intake/{path}", who)).status_code == 200


async def test_nothing_sealed_is_opened_without_a_reason(intake: Running, counter: dict[str, str]) -> None:
    file = (await upload(intake, jpeg()))["id"]
    at = f"/intake/panels/{await write(intake, counter, attachments=[file])}"
    for path in ("receipt", "receipt.pdf", "report.pdf", f"attachments/{file}"):
        refused = await see(intake, f"{at}/{path}", counter | {"HX-Request": "true"})
        assert refused.status_code == 422, path
        assert "Tulis dulu alasan Anda" in refused.text, path
    assert CANARIES[0] not in (await see(intake, at, counter, reason=True)).text
    assert CANARIES[0] in (await see(intake, f"{at}/receipt", counter, reason=True)).text
    for paper in ("receipt.pdf", "report.pdf"):
        printed = await see(intake, f"{at}/{paper}", counter, reason=True)
        assert printed.content.startswith(b"%PDF-"), paper
    assert (
        'src="data:image/jpeg;base64,/9j/' in (await see(intake, f"{at}/attachments/{file}", counter, reason=True)).text
    )


async def test_originals_are_for_whoever_may_have_them(
    intake: Running, counter: dict[str, str], verifier: dict[str, str]
) -> None:
    photo, document = [(await upload(intake, content))["id"] for content in (jpeg(), pdf())]
    at = f"/intake/panels/{await write(intake, counter, attachments=[photo, document])}"
    seen, judged = [(await see(intake, at, who)).text for who in (counter, verifier)]
    assert "/original" not in seen
    assert "Dokumen hanya dibuka" in seen
    assert judged.count("/original") == 2
    assert "receipt" not in judged
    original = await see(intake, f"{at}/attachments/{document}/original", verifier, reason=True)
    assert original.content.startswith(b"%PDF-")
    assert (await see(intake, f"{at}/attachments/{document}", verifier, reason=True)).status_code == 409


async def test_the_chief_holds_lifts_and_erases(intake: Running, counter: dict[str, str]) -> None:
    chief = intake.token("chief", person="chief-1", units=("polres-sukamaju",))
    taken = (await intake.http.post("/counter/complaints", json=spoken(), headers=counter)).json()
    at = f"/intake/panels/{taken['id']}"
    page = await send(intake, f"{at}/legal-hold", chief, words="Penetapan pengadilan", version="1")
    assert "Ditahan demi hukum oleh chief-1" in page.text
    stale = await send(intake, f"{at}/legal-hold/lifting", chief, version="1")
    assert stale.status_code == 412
    assert "sudah berubah" in stale.text
    assert "Tersimpan." in (await send(intake, f"{at}/legal-hold/lifting", chief)).text
    still_open = await send(intake, f"{at}/erasure", chief, register_number=taken["register_number"])
    assert (still_open.status_code, "belum selesai" in still_open.text) == (409, True)
    await intake.http.post("/tracking/withdrawal", json={"code": taken["tracking_code"]})
    await intake.says(ComplaintWithdrawn, taken["id"])
    slip = await send(intake, f"{at}/erasure", chief, register_number="LP/B/1")
    assert "bukan nomor laporan ini" in slip.text
    erased = await send(intake, f"{at}/erasure", chief, register_number=taken["register_number"])
    assert "Laporan ini dihapus" in erased.text
    await intake.says(ComplaintErased, taken["id"])
    assert (await see(intake, at, chief)).status_code == 404
