"""The storm in short, and the control of each checker: with real data tampered with, it must see it."""

import asyncio
import copy
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import aio_pika
import pytest

from shared import topology
from shared.contracts.envelope import routing_key
from tests.faults.ledger import CLASSIFIED, SUBMITTED, Evidence, Finding, check, gather
from tests.faults.load import Load
from tests.faults.spine import Spine, standing
from tests.faults.storm import BROKER_SECONDS, DATABASE_SECONDS, figures, settle, weather

SEED, SECONDS, RATE = 7, 35.0, 3.0


@pytest.fixture(scope="module")
async def spine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Spine]:
    async with standing(tmp_path_factory.mktemp("spine")) as started:
        yield started


@pytest.fixture(scope="module")
async def calm(spine: Spine) -> Load:
    """Reports that went through without any fault, as the controls tamper with them."""
    load = Load(spine, seed=500)
    await load.ask_many(12)
    assert await settle(spine, load) == []
    return load
