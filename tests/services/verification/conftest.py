"""Verification on real servers, one for each module of tests, and reporters who tell it something."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import pytest_asyncio
from uuid6 import uuid7

from services.verification.main import app
from services.verification.settings import VerificationSettings
from shared.contracts.complaint import Report, Sealed
from shared.contracts.envelope import Envelope
from shared.contracts.intake import ComplaintSubmitted, ComplaintSupplemented
from tests.support.room import Running, key, running, settings_from
from tests.support.servers import Servers

STORY = "Motor Honda Beat hitam T 4821 XA hilang di parkiran, kunci stang dirusak pelaku tadi pagi."
NAME, NIK, PHONE = "Canarya Uji Coba", "3602041211870001", "0812-3456-7890"
INSIDE, OUTSIDE = (-6.6, 107.4), (-6.95, 107.95)
VILLAGE = "99.01.02.2001"
# Reports are compared over three days: unless a test says otherwise, no two tell of the same time.
_APART = (timedelta(days=4) * number for number in count(1))


@pytest.fixture(scope="module")
def settings(real_servers: Servers) -> VerificationSettings:
    return settings_from(VerificationSettings, real_servers, ADUAN_FINGERPRINT_KEY=key("fingerprint"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def verification(settings: VerificationSettings) -> AsyncIterator[Running]:
    async with running(app(settings), settings, "verification") as started:
        yield started


@pytest.fixture
def officer(verification: Running) -> dict[str, str]:
    return verification.token("verifier", person="officer-1", units=("polres-sukamaju", "SPKT"))


def submission(
    running: Running,
    complaint: str,
    text: str = STORY,
    at: tuple[float, float] | None = INSIDE,
    nik: str = NIK,
    place_text: str | None = None,
    **facts: Any,
) -> ComplaintSubmitted:
    """A report as intake passes it on; by itself it passes every check."""
    narrative = {"text": text, "place_text": place_text, "lat": at and at[0], "lon": at and at[1]}
    seal = running.vault.seal
    known: dict[str, Any] = {
        "register_number": "LP/B/000001/XI/2026/SPKT/POLRES SUKAMAJU",
        "channel": "web",
        "identity_level": "claimed",
        "received_at": datetime.now(UTC),
        "occurred_at": datetime.now(UTC) - next(_APART),
        "sealed": Sealed(
            narrative=seal("narrative", complaint, narrative),
            identity=seal("identity", complaint, {"name": NAME, "nik": nik, "address": None}),
            contact=seal("contact", complaint, {"phone": PHONE, "email": None}),
        ),
    }
    return ComplaintSubmitted(report=Report(**(known | facts)), tracking_lookup="a" * 64)


async def tell(running: Running, text: str = STORY, **facts: Any) -> str:
    """Lets a reporter tell something, and returns the complaint's id."""
    complaint = str(uuid7())
    lane = "urgent" if facts.get("in_progress") else "normal"
    await running.hear(submission(running, complaint, text, **facts), complaint, lane=lane)  # type: ignore[arg-type]
    return complaint


async def add(running: Running, complaint: str, text: str, *, supplement: str = "s-1", **place: Any) -> Envelope[Any]:
    """Lets the reporter add something."""
    content = {"text": text, "place_text": None, "lat": None, "lon": None} | place
    sealed = Sealed(narrative=running.vault.seal("narrative", complaint, content))
    return await running.hear(ComplaintSupplemented(supplement=supplement, sealed=sealed), complaint)
