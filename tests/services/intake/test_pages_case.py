"""Intake's panel on the page of a case: what else is open around it, and who has the list of its files."""

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import httpx
import pytest

from shared.contracts.classification import Classification, ComplaintClassified
from shared.contracts.complaint import Urgency
from shared.contracts.intake import ComplaintSubmitted, ComplaintWithdrawn
from shared.policy import rules_of
from tests.services.intake.samples import CANARIES, STORY, jpeg, pdf, spoken
from tests.services.intake.test_attachments import upload
from tests.support.panels import look
from tests.support.queries import every_query_indexed
from tests.support.room import Running, until
from tests.support.servers import Servers

POLRES = "polres-sukamaju"
CIBUAH, TANJUNGRASA, BATUTUMPANG = "99.01.02.1001", "99.01.03.2001", "99.01.01.2003"
SUKAMAJU, KERTAWENING, BOJONGGENTENG = "99.01.01.1001", "99.01.03.2003", "99.01.03.2004"
PANEL = "GET /intake/panels/{complaint_id}"
FILE = f"{PANEL}/attachments/{{attachment_id}}"


async def write(intake: Running, counter: dict[str, str], village: str | None, **changes: Any) -> dict[str, str]:
    taken = await intake.http.post(
        "/counter/complaints", json=spoken(where={"village": village}, **changes), headers=counter
    )
    assert taken.status_code == 201, taken.text
    receipt: dict[str, str] = taken.json()
    return receipt


async def classify(
    intake: Running, complaint: str, unit: str, village: str | None = None, urgency: Urgency = "P3"
) -> None:
    """Classification decides, of a report that verification has completed."""
    report = (await intake.says(ComplaintSubmitted, complaint)).data.report
    placed = report.model_copy(update={"village": village or report.village})
    said = Classification(
        category="theft", urgency=urgency, tracks=("investigation",), mediation="never", units=(unit,), confidence=1
    )
    await intake.hear(ComplaintClassified(report=placed, classification=said), complaint, sequence=3)
    wanted = {"_id": complaint, "case.handling.units": unit}
    await until(lambda: intake.room.store().find_one(wanted), f"{complaint} is classified")


async def panel(intake: Running, who: dict[str, str], complaint: str) -> str:
    answer = await look(intake, who, f"/intake/panels/{complaint}")
    assert answer.status_code == 200, answer.text
    return answer.text


def amounts(shown: str) -> dict[str, int]:
    """How many the map counts for each village that it shows as near."""
    found = re.search(r'data-amounts="([^"]*)"', shown)
    assert found, shown
    counted: dict[str, int] = json.loads(unescape(found[1]))
    return counted


async def aged(intake: Running, complaint: str, days: int) -> None:
    """As if the report had come in so long ago."""
    then = datetime.now(UTC) - timedelta(days=days)
    await intake.room.store().collection.update_one({"_id": complaint}, {"$set": {"case.report.received_at": then}})


async def test_what_is_open_around_a_case_is_counted_and_listed(intake: Running, counter: dict[str, str]) -> None:
    this = await write(intake, counter, CIBUAH)
    same, beyond = await write(intake, counter, CIBUAH), await write(intake, counter, TANJUNGRASA)
    week, month = await write(intake, counter, CIBUAH), await write(intake, counter, CIBUAH)
    far = await write(intake, counter, BATUTUMPANG)
    hidden = await write(intake, counter, CIBUAH, conflicts=["officer-counter"])
    closed = await write(intake, counter, CIBUAH)
    await aged(intake, week["id"], 3)
    await aged(intake, month["id"], 30)
    await intake.http.post("/tracking/withdrawal", json={"code": closed["tracking_code"]})
    await intake.says(ComplaintWithdrawn, closed["id"])
    await classify(intake, same["id"], "Pidum", urgency="P1")
    shown = await panel(intake, counter, this["id"])
    for near in (same, beyond, week):
        assert f'href="/portal/cases/{near["id"]}"' in shown
    for absent in (this, month, far, hidden, closed):
        assert absent["id"] not in shown.replace(f"panels/{this['id']}", "")
        assert absent is this or absent["register_number"] not in shown
    for secret in (STORY, *CANARIES):
        assert secret not in shown
    assert "2 dalam 24 jam" in shown
    assert "3 dalam 7 hari" in shown
    assert "1 laporan, 1 sampai 7 hari lalu" in shown
    assert "P1 – darurat" in shown
    assert "Pencurian biasa" in shown
    counted = amounts(shown)
    assert {code: number for code, number in counted.items() if number} == {CIBUAH: 2, TANJUNGRASA: 1}
    assert SUKAMAJU in counted, "a neighbour of which nothing is known"
    assert BATUTUMPANG not in counted
    assert f'data-marked="{CIBUAH}"' in shown
    english = await look(intake, counter, f"/intake/panels/{this['id']}?language=en")
    assert "3 in 7 days" in english.text
    intake.http.cookies.clear()


async def test_a_detective_sees_around_a_case_what_the_own_unit_works_on(
    intake: Running, counter: dict[str, str]
) -> None:
    mine, ours, theirs, nobodys = [(await write(intake, counter, KERTAWENING))["id"] for _ in range(4)]
    for complaint, unit in ((mine, "Pidum"), (ours, "Pidum"), (theirs, "PPA")):
        await classify(intake, complaint, unit)
    detective = intake.token("detective", person="detective-1", units=(POLRES, "Pidum"))
    shown = await panel(intake, detective, mine)
    assert ours in shown
    assert theirs not in shown
    assert nobodys not in shown
    assert amounts(shown)[KERTAWENING] == 1
    assert "Hanya yang ditangani satuan Anda." in shown
    everything = await panel(intake, counter, mine)
    assert amounts(everything)[KERTAWENING] == 3
    assert "Hanya yang ditangani satuan Anda." not in everything
    for complaint in (theirs, nobodys):
        assert (await look(intake, detective, f"/intake/panels/{complaint}")).status_code == 404


async def test_a_report_lies_where_verification_found_it(intake: Running, counter: dict[str, str]) -> None:
    unplaced, moved = (await write(intake, counter, None))["id"], (await write(intake, counter, BATUTUMPANG))["id"]
    here = (await write(intake, counter, BOJONGGENTENG))["id"]
    shown = await panel(intake, counter, unplaced)
    assert "belum diketahui" in shown
    assert "data-map" not in shown
    for complaint in (unplaced, moved):
        await classify(intake, complaint, "Pidum", BOJONGGENTENG)
    shown = await panel(intake, counter, here)
    assert unplaced in shown
    assert moved in shown
    assert amounts(shown)[BOJONGGENTENG] == 2
    assert "Bojonggenteng Asri, Tanjungrasa" in await panel(intake, counter, unplaced)
    elsewhere = (await write(intake, counter, "35.09.01.2003"))["id"]
    assert "data-map" not in await panel(intake, counter, elsewhere), "there is no outline to draw"


async def test_what_lies_around_has_an_index(intake: Running, counter: dict[str, str], real_servers: Servers) -> None:
    complaint = (await write(intake, counter, CIBUAH))["id"]
    with every_query_indexed(real_servers.mongo_url, intake.settings.mongo_prefix, "intake"):
        await panel(intake, counter, complaint)


async def with_files(intake: Running, counter: dict[str, str]) -> str:
    files = [(await upload(intake, content))["id"] for content in (jpeg(), pdf())]
    complaint = (await write(intake, counter, CIBUAH, attachments=files))["id"]
    await classify(intake, complaint, "Pidum")
    return complaint


async def test_the_list_of_files_stands_for_whom_the_policy_opens_them_to(
    intake: Running, counter: dict[str, str]
) -> None:
    complaint = await with_files(intake, counter)
    rules = rules_of("intake")
    files, originals = rules[FILE].may, rules[f"{FILE}/original"].may
    assert files.keys() <= rules[PANEL].may.keys(), "whoever may open a file finds it"
    for role in rules[PANEL].may:
        shown = await panel(intake, intake.token(role, person=f"{role}-1", units=(POLRES, "Pidum")), complaint)
        assert ("Lampiran (2)" in shown, "Lihat gambar" in shown) == (role in files, role in files), role
        assert shown.count("/original") == (2 if role in originals else 0), role
        assert ("/files" in shown) == (role in rules["POST /intake/panels/{complaint_id}/files"].may), role


async def test_whoever_reaches_a_case_by_another_role_has_no_list_of_its_files(
    intake: Running, counter: dict[str, str]
) -> None:
    complaint = await with_files(intake, counter)
    both = intake.token("chief", "detective", person="chief-1", units=(POLRES, "PPA"))
    shown = await panel(intake, both, complaint)
    assert "Lampiran" not in shown
    assert "/attachments/" not in shown
    assert "Lampiran (2)" in await panel(
        intake, intake.token("chief", "detective", person="chief-1", units=(POLRES, "Pidum")), complaint
    )


@pytest.mark.parametrize("role", ["detective", "unit_head", "classifier"])
async def test_those_who_have_the_list_open_a_picture_with_a_reason(
    intake: Running, counter: dict[str, str], role: str
) -> None:
    complaint = await with_files(intake, counter)
    officer = intake.token(role, person=f"{role}-1", units=(POLRES, "Pidum"))
    at = re.search(r'hx-get="(/intake/panels/[^"]*/attachments/[^"]*)"', await panel(intake, officer, complaint))
    assert at
    refused = await look(intake, officer, at[1], **{"HX-Request": "true"})
    assert (refused.status_code, "Tulis dulu alasan Anda" in refused.text) == (422, True)
    opened: httpx.Response = await look(intake, officer, at[1], **{"Access-Reason": "memeriksa bukti"})
    assert 'src="data:image/jpeg;base64,/9j/' in opened.text
