"""Files are looked at by a daemon that speaks clamd's protocol, and none is taken unless it says that it is well."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from time import perf_counter

import pytest
import pytest_asyncio

from services.intake.main import app
from services.intake.scanning import scan
from services.intake.settings import IntakeSettings
from shared.contracts.refusals import Invalid, Unavailable
from tests.services.intake.clamd import EICAR, Clamd, Mood
from tests.services.intake.conftest import OURS
from tests.services.intake.samples import jpeg, png
from tests.services.intake.test_attachments import reason, stored, submit, upload
from tests.support.room import Running, running, settings_from
from tests.support.servers import Servers


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def daemon() -> AsyncIterator[tuple[Clamd, int]]:
    clamd = Clamd()
    async with await asyncio.start_server(clamd.serve, "127.0.0.1", 0) as server:
        yield clamd, server.sockets[0].getsockname()[1]


@pytest_asyncio.fixture(loop_scope="module")
async def clamd(daemon: tuple[Clamd, int]) -> Clamd:
    daemon[0].mood = "well"
    daemon[0].given.clear()
    return daemon[0]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scanned(real_servers: Servers, daemon: tuple[Clamd, int]) -> AsyncIterator[Running]:
    """Intake whose files are scanned."""
    how = {"ADUAN_CLAMD_HOST": "127.0.0.1", "ADUAN_CLAMD_PORT": str(daemon[1]), "ADUAN_CLAMD_SECONDS": "1"}
    settings = settings_from(IntakeSettings, real_servers, **OURS, **how)
    async with running(app(settings), settings, "intake") as started:
        yield started


async def test_a_file_that_is_well_is_taken_as_it_was_scanned(scanned: Running, clamd: Clamd) -> None:
    content = png((300, 200))
    assert len(content) > 100_000
    await upload(scanned, content)
    assert clamd.given == [content]


async def test_a_file_in_which_something_is_found_is_refused_and_not_kept(scanned: Running, clamd: Clamd) -> None:
    before = await stored(scanned)
    response = await scanned.http.post("/attachments", content=jpeg() + EICAR)
    assert reason(response) == (422, "urn:aduan:problem:infected_file", ["file"])
    assert "EICAR" not in response.text
    assert await stored(scanned) == before


@pytest.mark.parametrize("mood", ["silent", "hangs_up", "full", "error", "nonsense", "drips"])
async def test_what_cannot_be_scanned_is_not_taken_and_may_come_again(
    scanned: Running, clamd: Clamd, mood: Mood
) -> None:
    clamd.mood = mood
    before, began = await stored(scanned), perf_counter()
    response = await scanned.http.post("/attachments", content=png((300, 200)))
    assert reason(response) == (503, "urn:aduan:problem:scanner_away", ["file"])
    assert int(response.headers["Retry-After"]) > 0
    assert "hand in your report without it" in response.json()["detail"]
    assert perf_counter() - began < 15
    assert await stored(scanned) == before


async def test_a_report_is_taken_whatever_the_scanner_does(scanned: Running, clamd: Clamd) -> None:
    clamd.mood = "silent"
    assert (await submit(scanned)).status_code == 201


async def test_without_a_daemon_where_one_is_named_nothing_is_taken(settings: IntakeSettings) -> None:
    away = settings.model_copy(update={"clamd_host": "127.0.0.1", "clamd_port": 1})
    with pytest.raises(Unavailable):
        await scan(away, BytesIO(jpeg()))


async def test_a_file_is_scanned_from_its_start_wherever_it_was_left(
    settings: IntakeSettings, daemon: tuple[Clamd, int], clamd: Clamd
) -> None:
    here = settings.model_copy(update={"clamd_host": "127.0.0.1", "clamd_port": daemon[1]})
    file = BytesIO(EICAR)
    file.seek(0, 2)
    with pytest.raises(Invalid):
        await scan(here, file)


async def test_an_office_without_a_daemon_takes_files_unscanned(settings: IntakeSettings) -> None:
    await scan(settings, BytesIO(EICAR))
