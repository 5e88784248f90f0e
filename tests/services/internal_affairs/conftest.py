"""Internal affairs on real servers, with a clock that a test can put forward and a roster of examiners."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from uuid6 import uuid7

from services.internal_affairs.main import app
from services.internal_affairs.settings import InternalAffairsSettings
from shared.contracts.classification import ComplaintClassified
from shared.contracts.complaint import Report, Sealed
from shared.contracts.internal_affairs import ConductCaseRegistered
from tests.services.internal_affairs.cases import POLRES, classification, report
from tests.shared.tally import drop_databases
from tests.support.clock import Clock
from tests.support.room import Running, running, settings_from
from tests.support.servers import Servers

STORY, NAME, PHONE = "Canary story of an invented bribe", "Canary Reporter", "+6281200000000"
Headers = dict[str, str]


@pytest.fixture(scope="module")
def settings(real_servers: Servers) -> InternalAffairsSettings:
    return settings_from(InternalAffairsSettings, real_servers)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def internal_affairs(settings: InternalAffairsSettings, clock: Clock) -> AsyncIterator[Running]:
    async with running(app(settings, clock), settings, "internal_affairs") as started:
        await enrol(started)
        yield started
    await drop_databases(settings)


@pytest.fixture
def head(internal_affairs: Running) -> Headers:
    return head_of(internal_affairs)


@pytest.fixture
def examiner(internal_affairs: Running) -> Headers:
    return internal_affairs.token("internal_affairs", person="examiner-1", units=(POLRES, "Sipropam"))


@pytest.fixture
def polda(internal_affairs: Running) -> Headers:
    return internal_affairs.token("internal_affairs_head", person="head-polda", units=("polda",))


def head_of(service: Running) -> Headers:
    return service.token("internal_affairs_head", person="head-propam", units=(POLRES, "Sipropam"))


async def enrol(service: Running) -> None:
    """Puts the examiners on the roster: one of them also serves in a unit that complaints may name."""
    for name, units in {"examiner-1": ["Sipropam"], "examiner-2": ["Sipropam", "Satlantas"]}.items():
        body = {"units": [POLRES, *units]}
        answer = await service.http.put(f"/examiners/{name}", json=body, headers=head_of(service))
        assert answer.status_code == 200, answer.text


def sealed_report(service: Running, complaint: str, **values: Any) -> Report:
    sealed = Sealed(
        narrative=service.vault.seal("narrative", complaint, {"text": STORY}),
        identity=service.vault.seal("identity", complaint, {"name": NAME}),
        contact=service.vault.seal("contact", complaint, {"phone": PHONE}),
    )
    return report(**{"sealed": sealed, **values})


async def tell(service: Running, **values: Any) -> str:
    """A complaint about the police that has reached the desk. Returns its id."""
    complaint = str(uuid7())
    told = sealed_report(service, complaint, **values)
    await service.hear(ComplaintClassified(report=told, classification=classification()), complaint, sequence=3)
    await service.says(ConductCaseRegistered, complaint)
    return complaint


async def ask(service: Running, who: Headers, complaint: str, act: str, body: Any = None) -> Any:
    """A command of an officer that succeeds."""
    method = "PUT" if act == "examiner" else "POST"
    answer = await service.http.request(method, f"/cases/{complaint}/{act}", json=body, headers=who)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


async def examined(service: Running, complaint: str, examiner: str = "examiner-1") -> None:
    """Brings the complaint to its examiner."""
    await ask(service, head_of(service), complaint, "steps", {"step": "complete"})
    await ask(service, head_of(service), complaint, "examiner", {"examiner": examiner})
