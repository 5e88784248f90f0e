"""The dispatch board on real servers, what a crew does on it, and what rings there."""

import pytest

from tests.services.investigation.conftest import POLRES, STORY
from tests.services.investigation.screen import Screen, operator, robbed
from tests.support.panels import version_of
from tests.support.room import Running, until

pytestmark = [pytest.mark.usefixtures("roster", "patrols")]


async def test_an_unacknowledged_p1_rings_on_board_desk_and_worklist_until_its_crew_answers(
    investigation: Running,
) -> None:
    complaint, patrol = await robbed(investigation)
    board, ring = operator(investigation), f'data-ring="{complaint}-1"'
    for path, fragment in (("patrols", False), ("patrols", True), ("summary", True)):
        page = await board.open(path, fragment=fragment)
        assert ring in page.text, path
        assert STORY not in page.text
    chief = Screen(investigation, investigation.token("chief", person="chief-1", units=(POLRES,)))
    assert ring in (await chief.open("worklist")).text
    filtered = await chief.open("worklist?urgency=P4", fragment=True)
    assert ring in filtered.text, "a filter hides no alarm"
    detective = investigation.token("detective", person="dimas-sudirja", units=(POLRES, "Jatanras"))
    assert ring not in (await Screen(investigation, detective).open("worklist")).text
    crew = Screen(investigation, investigation.token("patrol", person=patrol, units=(POLRES,)))
    orders = await crew.open("patrols")
    assert ring in orders.text
    assert "Semua patroli" not in orders.text
    taken = await crew.send(f"patrols/{complaint}/acknowledge")
    assert taken.status_code == 200
    assert "Tiba di lokasi" in taken.text
    orders = await board.open("patrols", fragment=True)
    assert ring not in orders.text
    assert "Menuju lokasi" in orders.text
    assert ring not in (await chief.open("worklist", fragment=True)).text


async def test_a_crew_reads_its_orders_for_a_reason_arrives_and_clears(investigation: Running) -> None:
    complaint, patrol = await robbed(investigation)
    crew = Screen(investigation, investigation.token("patrol", person=patrol, units=(POLRES,)))
    assert (await crew.open(f"patrols/{complaint}/orders")).status_code == 422
    orders = await crew.open(f"patrols/{complaint}/orders", reason="dikerahkan")
    assert STORY in orders.text
    assert "Canary lane 7" in orders.text
    assert "Canary Reporter" not in orders.text, "who reported is not the crew's to know"
    await crew.send(f"patrols/{complaint}/acknowledge")
    arrived = await crew.send(f"patrols/{complaint}/arrive")
    assert "Selesai di lokasi" in arrived.text
    empty = await crew.send(f"patrols/{complaint}/clear", note="Canary note")
    assert empty.status_code == 422
    assert "Wajib diisi." in empty.text
    assert "Canary note" in empty.text
    cleared = await crew.send(f"patrols/{complaint}/clear", result="suspect_held", note="Canary note")
    assert "Patroli Anda siap lagi" in cleared.text
    again = await crew.send(f"patrols/{complaint}/arrive")
    assert again.status_code == 409
    assert "tidak lagi dikerahkan" in again.text
    panel = await crew.open(f"panels/{complaint}")
    assert "Terduga pelaku diamankan" in panel.text
    assert "Penyidik" not in panel.text, "the detectives' part is not the crew's"


async def test_a_patrol_is_called_off_and_sent_again_from_the_panel(investigation: Running) -> None:
    complaint, _ = await robbed(investigation)
    screen, at = operator(investigation), f"panels/{complaint}"
    panel = await screen.open(at)
    assert "Tarik patroli" in panel.text
    assert "Buka isi berkas" not in panel.text
    off = await screen.send(f"{at}/stand-down", version_of(panel))
    assert "Kerahkan patroli lagi" in off.text
    sent = await screen.send(f"{at}/send", version_of(off))
    assert sent.status_code == 200

    async def sent_again() -> bool:
        return "Tarik patroli" in (await screen.open(at)).text

    await until(sent_again, "another patrol is sent")


async def test_a_crew_says_itself_whether_it_is_on_duty(investigation: Running) -> None:
    crew = Screen(investigation, investigation.token("patrol", person="crew-9", units=(POLRES, "samapta-3")))
    page = await crew.open("patrols")
    assert "Patroli saya" in page.text
    assert "Sukamaju 13" in page.text
    assert "Sukamaju 11" not in page.text, "others are not its own"
    off = await crew.submit("roster/patrols/samapta-3/duty", status="off_duty")
    assert (off.status_code, off.headers["location"]) == (303, "/investigation/patrols")
    assert "Mulai bertugas" in (await crew.open("patrols")).text
    assert "Tidak bertugas" in (await operator(investigation).open("patrols")).text
    assert "Patroli saya" not in (await operator(investigation).open("patrols")).text
    for refused, status in (("samapta-1", 403), ("nobody", 403)):
        assert (await crew.submit(f"roster/patrols/{refused}/duty", status="off_duty")).status_code == status
    assert (await crew.submit("roster/patrols/samapta-3/duty", status="on_scene")).status_code == 422
    await crew.submit("roster/patrols/samapta-3/duty", status="free")
    assert "Selesai bertugas" in (await crew.open("patrols")).text
