"""Timers on real servers: what is due happens though the service was down when it became due, and happens once."""

from typing import Any

import pytest

from services.investigation.main import app
from services.investigation.settings import InvestigationSettings
from shared.contracts.investigation import (
    InvestigationAssigned,
    InvestigationEscalated,
    InvestigationProgressed,
    PatrolDispatched,
)
from tests.services.investigation.conftest import POLRES, classified, complaint_id, put_roster
from tests.support.clock import Clock
from tests.support.room import Running, running, until

PATROLS = ("samapta-1", "samapta-2")


def escalated(service: Running, complaint: str) -> list[tuple[str, int]]:
    # Of two processes the second publishes what the first has not yet, under the same id.
    events = {event.id: event.data for event in service.of(InvestigationEscalated, complaint)}
    return [(data.reason, data.level) for data in events.values()]


async def version_of(service: Running, complaint: str) -> int:
    document = (await service.room.store().load([complaint]))[complaint]
    return int(document.version)


@pytest.fixture
def complaint() -> str:
    return complaint_id()


async def test_letters_that_fell_due_while_the_service_was_down_raise_the_alarm_once(
    settings: InvestigationSettings, clock: Clock, complaint: str
) -> None:
    async with running(app(settings, clock), settings, "investigation") as service:
        await put_roster(service, "officers")
        await service.hear(classified(service, complaint), complaint)
        assigned = await service.says(InvestigationAssigned, complaint)
        assert escalated(service, complaint) == []
    clock.forward(days=3, minutes=1)
    async with running(app(settings, clock), settings, "investigation") as service:
        await service.says(InvestigationEscalated, complaint)
        assert escalated(service, complaint) == [("letter_overdue", 1)]
        head = service.token("unit_head", person="head-pidum", units=(POLRES, "Pidum"))
        late = (await service.http.get("/worklists/overdue?limit=200", headers=head)).json()
        assert [(row["complaint"], row["letter_overdue"]) for row in late] == [(complaint, True)]
    clock.forward(days=11)
    second = app(settings, clock)
    async with (
        running(app(settings, clock), settings, "investigation") as service,
        second.router.lifespan_context(second),
    ):
        await until(lambda: len(escalated(service, complaint)) == 2, "both alarms")
        assert sorted(escalated(service, complaint)) == [("letter_overdue", 2), ("unanswered", 1)]
        detective = service.token("detective", person=assigned.data.detective, units=(POLRES, "Pidum"))
        body = {"letter": "A1", "words": "Mohon maaf atas keterlambatan."}
        assert (await service.http.post(f"/cases/{complaint}/letters", json=body, headers=detective)).status_code == 200
        await service.says(InvestigationProgressed, complaint)
        assert (await service.http.get("/worklists/overdue", headers=head_of(service))).json() == []
        settled = await version_of(service, complaint)
    async with running(app(settings, clock), settings, "investigation") as service:
        marker = complaint_id()
        await service.hear(classified(service, marker), marker)
        await service.says(InvestigationAssigned, marker)
        assert escalated(service, complaint) == []
        assert await version_of(service, complaint) == settled


def head_of(service: Running) -> dict[str, str]:
    return service.token("unit_head", person="head-pidum", units=(POLRES, "Pidum"))


async def test_a_patrol_that_was_silent_while_the_service_was_down_is_replaced_after_the_restart(
    settings: InvestigationSettings, clock: Clock, complaint: str
) -> None:
    urgent: dict[str, Any] = {"urgency": "P1", "units": ("Pidum",)}
    async with running(app(settings, clock), settings, "investigation") as service:
        administrator = service.token("administrator", units=(POLRES,))
        for number, patrol in enumerate(PATROLS):
            entry = {"call_sign": patrol, "unit": "Samapta", "lat": -6.6 - number / 100, "lon": 107.4}
            assert (await service.http.put(f"/patrols/{patrol}", json=entry, headers=administrator)).status_code == 200
        await service.hear(classified(service, complaint, **urgent), complaint, lane="urgent")
        first = await service.says(PatrolDispatched, complaint)
    assert first.data.patrol == "samapta-1"
    clock.forward(seconds=61)
    async with running(app(settings, clock), settings, "investigation") as service:
        second = await service.says(PatrolDispatched, complaint)
        assert (second.data.patrol, second.data.attempt) == ("samapta-2", 2)
        await until(lambda: ("patrol_unacknowledged", 1) in escalated(service, complaint), "the silence is told")
    clock.forward(seconds=61)
    async with running(app(settings, clock), settings, "investigation") as service:
        await until(lambda: len(escalated(service, complaint)) == 2, "nobody is left")
        assert escalated(service, complaint) == [("patrol_unacknowledged", 2), ("patrol_unavailable", 1)]
        clock.forward(seconds=61)
        await until(lambda: ("patrol_unavailable", 2) in escalated(service, complaint), "the alarm rises")
    clock.forward(seconds=400)
    async with running(app(settings, clock), settings, "investigation") as service:
        third = await service.says(PatrolDispatched, complaint)
        assert third.data.attempt == 3
        crew = service.token("patrol", person=third.data.patrol, units=(POLRES,))
        answer = await service.http.post(f"/patrols/dispatches/{complaint}/acknowledge", headers=crew)
        assert answer.status_code == 200
        clock.forward(seconds=120)
        marker = complaint_id()
        await service.hear(classified(service, marker, units=("Pidum",)), marker)
        await service.says(InvestigationAssigned, marker)
        assert len(service.of(PatrolDispatched, complaint)) == 1


async def test_a_detective_is_looked_for_again_after_a_restart(
    settings: InvestigationSettings, clock: Clock, complaint: str
) -> None:
    async with running(app(settings, clock), settings, "investigation") as service:
        await service.hear(classified(service, complaint, units=("Satbinmas",)), complaint)
        await service.says(InvestigationEscalated, complaint)
        administrator = service.token("administrator", units=(POLRES,))
        entry = {"name": "Wayan Budiarta", "phone": "0264-000109", "units": ["Satbinmas"]}
        assert (await service.http.put("/officers/wayan", json=entry, headers=administrator)).status_code == 200
    clock.forward(minutes=16)
    async with running(app(settings, clock), settings, "investigation") as service:
        assert (await service.says(InvestigationAssigned, complaint)).data.detective == "wayan"
