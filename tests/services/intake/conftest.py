"""Intake on real servers, one for each module of tests."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.intake.main import app
from services.intake.settings import IntakeSettings
from tests.support.room import Running, key, running, settings_from
from tests.support.servers import Servers

OPEN311_KEYS = {"kota-app": key("open311 kota"), "other-app": key("open311 other")}
OURS = {
    "ADUAN_OFFICE": "POLRES SUKAMAJU",
    "ADUAN_SMS_CALLBACK_SECRET": key("sms callback"),
    "ADUAN_OPEN311_KEYS": json.dumps(OPEN311_KEYS),
}


@pytest.fixture(scope="module")
def settings(real_servers: Servers) -> IntakeSettings:
    return settings_from(IntakeSettings, real_servers, **OURS)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def intake(settings: IntakeSettings) -> AsyncIterator[Running]:
    async with running(app(settings), settings, "intake") as started:
        yield started


@pytest.fixture
def counter(intake: Running) -> dict[str, str]:
    return intake.token("counter_officer", person="officer-counter", units=("polres-sukamaju", "SPKT"))


@pytest.fixture
def operator(intake: Running) -> dict[str, str]:
    return intake.token("call_operator", person="operator-110", units=("polres-sukamaju",))


@pytest.fixture
def verifier(intake: Running) -> dict[str, str]:
    return intake.token("verifier", person="officer-verifier", units=("polres-sukamaju",))
