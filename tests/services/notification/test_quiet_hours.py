"""Quiet hours on the running service: they last from an hour ago till a few seconds from its start."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest_asyncio

from services.notification.main import app
from shared.contracts.notification import NotificationSent
from tests.services.notification import samples
from tests.services.notification.conftest import Gateway, settings_from
from tests.services.notification.reporters import by_sms
from tests.support.room import Running, running, until

QUIET_SECONDS = 20
JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def notification(surroundings: dict[str, str]) -> AsyncIterator[Running]:
    now = datetime.now(JAKARTA)
    hours = {
        "ADUAN_QUIET_FROM": (now - timedelta(hours=1)).strftime("%H:%M:%S"),
        "ADUAN_QUIET_UNTIL": (now + timedelta(seconds=QUIET_SECONDS)).strftime("%H:%M:%S"),
    }
    settings = settings_from({**surroundings, **hours})
    async with running(app(settings), settings, "notification") as started:
        yield started


async def test_only_urgent_messages_go_out_before_the_morning_and_the_others_then(
    notification: Running, gateway: Gateway
) -> None:
    calm, urgent = by_sms(notification), by_sms(notification)
    await calm.hears(calm.submission())
    await urgent.hears(urgent.submission(), samples.classified("P2"))
    await notification.says(NotificationSent, urgent.complaint)
    case = await calm.case()
    assert case is not None
    (held,) = case.messages
    assert held.status == "queued"
    assert held.due is not None
    assert held.due > datetime.now(JAKARTA)
    assert await gateway.taken(to=calm.number) == []
    await until(lambda: notification.of(NotificationSent, calm.complaint), "it is sent in the morning", 30)
    (taken,) = await gateway.taken(to=calm.number)
    assert datetime.fromisoformat(taken["at"]) >= held.due
