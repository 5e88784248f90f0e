"""Mediation on real servers, with a clock that a test can put forward and the sample roster on file."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from uuid6 import uuid7

from services.mediation.main import app
from services.mediation.settings import MediationSettings
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report, Sealed
from tests.support.clock import Clock
from tests.support.room import Running, running, settings_from
from tests.support.servers import Servers

POLRES = "polres-sukamaju"
ROSTER = json.loads(Path("deploy/samples/village_officers.json").read_text("utf-8"))
STORY = "Canary narrative of an invented quarrel"
VILLAGE, OF_ABSENT, OF_NOBODY = "99.01.01.1001", "99.01.02.2003", "99.01.03.2004"


@pytest.fixture(scope="module")
def settings(real_servers: Servers) -> MediationSettings:
    return settings_from(MediationSettings, real_servers)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def mediation(settings: MediationSettings, clock: Clock) -> AsyncIterator[Running]:
    async with running(app(settings, clock), settings, "mediation") as started:
        await put_roster(started)
        yield started


async def put_roster(service: Running) -> None:
    administrator = service.token("administrator", units=(POLRES,))
    for entry in ROSTER["officers"]:
        body = {name: value for name, value in entry.items() if name != "id"}
        answer = await service.http.put(f"/officers/{entry['id']}", json=body, headers=administrator)
        assert answer.status_code == 200, answer.text


def new_report(service: Running, complaint: str, **values: Any) -> Report:
    known: dict[str, Any] = {
        "register_number": f"LP/{complaint[-6:]}",
        "channel": "app",
        "identity_level": "claimed",
        "received_at": datetime.now(UTC),
        "village": VILLAGE,
        "sealed": Sealed(
            narrative=service.vault.seal("narrative", complaint, {"text": STORY}),
            identity=service.vault.seal("identity", complaint, {"name": "Canary Reporter"}),
            contact=service.vault.seal("contact", complaint, {"phone": "+6281200000000"}),
        ),
    }
    return Report(**{**known, **values})


def new_classification(**values: Any) -> Classification:
    known: dict[str, Any] = {
        "category": "neighbour_dispute",
        "urgency": "P3",
        "tracks": ("mediation",),
        "mediation": "allowed",
        "units": ("Bhabinkamtibmas",),
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
