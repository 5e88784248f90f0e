"""Investigation on real servers, with a clock that a test can put forward and the sample roster on file."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from uuid6 import uuid7

from services.investigation.main import app
from services.investigation.settings import InvestigationSettings
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Sealed
from tests.support.clock import Clock
from tests.support.room import Running, running, settings_from
from tests.support.servers import Servers

POLRES = "polres-sukamaju"
ROSTER = json.loads(Path("deploy/samples/roster.json").read_text("utf-8"))
STORY = "Canary narrative of an invented quarrel"


@pytest.fixture(scope="module")
def settings(real_servers: Servers) -> InvestigationSettings:
    return settings_from(InvestigationSettings, real_servers)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def investigation(settings: InvestigationSettings, clock: Clock) -> AsyncIterator[Running]:
    async with running(app(settings, clock), settings, "investigation") as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module")
async def roster(investigation: Running) -> None:
    """The detectives of the sample file, and no patrols."""
    await put_roster(investigation, "officers")


@pytest_asyncio.fixture(loop_scope="module")
async def patrols(investigation: Running) -> None:
    """The patrols of the sample file."""
    await put_roster(investigation, "patrols")


async def put_roster(service: Running, kind: str) -> None:
    administrator = service.token("administrator", units=(POLRES,))
    for entry in ROSTER[kind]:
        body = {name: value for name, value in entry.items() if name != "id"}
        answer = await service.http.put(f"/{kind}/{entry['id']}", json=body, headers=administrator)
        assert answer.status_code == 200, answer.text


def new_report(service: Running, complaint: str, **values: Any) -> Report:
    narrative = {"text": STORY, "place_text": "Canary lane 7", "lat": -6.6, "lon": 107.4, **values.pop("place", {})}
    known: dict[str, Any] = {
        "register_number": f"LP/{complaint[-6:]}",
        "channel": "web",
        "identity_level": "claimed",
        "received_at": datetime.now(UTC),
        "sealed": Sealed(
            narrative=service.vault.seal("narrative", complaint, narrative),
            identity=service.vault.seal("identity", complaint, {"name": "Canary Reporter"}),
            contact=service.vault.seal("contact", complaint, {"phone": "+6281200000000"}),
        ),
    }
    return Report(**{**known, **values})


def new_classification(**values: Any) -> Classification:
    known: dict[str, Any] = {
        "category": "assault",
        "urgency": "P3",
        "tracks": ("investigation",),
        "mediation": "restorative_only",
        "units": ("Pidum",),
        "confidence": 1.0,
    }
    return Classification(**{**known, **values})


def classified(service: Running, complaint: str, report: Report | None = None, **values: Any) -> ComplaintClassified:
    return ComplaintClassified(
        report=report or new_report(service, complaint), classification=new_classification(**values)
    )


def reclassified(
    service: Running, complaint: str, reason: str = "officer_decision", **values: Any
) -> ComplaintReclassified:
    return ComplaintReclassified(
        report=new_report(service, complaint),
        classification=new_classification(**values),
        previous=new_classification(),
        reason=reason,
    )


def complaint_id() -> str:
    return str(uuid7())
