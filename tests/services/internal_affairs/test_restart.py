"""Clocks on real servers: what is due happens though the service was down when it became due, and happens once."""

from services.internal_affairs.main import app
from services.internal_affairs.settings import InternalAffairsSettings
from shared.contracts.internal_affairs import ConductCaseOverdue, ConductLetterSent
from tests.services.internal_affairs.conftest import ask, head_of, tell
from tests.support.clock import Clock
from tests.support.room import Running, running, until


def alarms(service: Running, complaint: str) -> list[tuple[str, int]]:
    # Of two processes the second publishes what the first has not yet, under the same id.
    events = {event.id: event.data for event in service.of(ConductCaseOverdue, complaint)}
    return [(data.stage, data.level) for data in events.values()]


async def overdue(service: Running) -> list[str]:
    answer = await service.http.get("/worklist", params={"overdue": True}, headers=head_of(service))
    return [row["complaint"] for row in answer.json()]


async def test_alarms_rise_till_the_letter_and_again_till_the_result_across_restarts(
    settings: InternalAffairsSettings, clock: Clock
) -> None:
    async with running(app(settings, clock), settings, "internal_affairs") as service:
        complaint = await tell(service)
        assert await overdue(service) == []
    clock.forward(days=60)
    second = app(settings, clock)
    async with (
        running(app(settings, clock), settings, "internal_affairs") as service,
        second.router.lifespan_context(second),
    ):
        await until(lambda: alarms(service, complaint) == [("letter", 1)], "the alarm")
        assert await overdue(service) == [complaint]
    clock.forward(days=30)
    async with running(app(settings, clock), settings, "internal_affairs") as service:
        await until(lambda: alarms(service, complaint) == [("letter", 2)], "the second alarm, and not the first again")
        await ask(service, head_of(service), complaint, "letters", {"words": "Mohon maaf atas keterlambatan."})
        await service.says(ConductLetterSent, complaint)
        assert await overdue(service) == []
    clock.forward(days=90)
    async with running(app(settings, clock), settings, "internal_affairs") as service:
        await until(lambda: alarms(service, complaint) == [("result", 1)], "the alarm about the result")
        await ask(service, head_of(service), complaint, "return", {"note": "Bukan polisi."})
    clock.forward(days=90)
    async with running(app(settings, clock), settings, "internal_affairs") as service:
        marker = await tell(service)
        clock.forward(days=60)
        await until(lambda: alarms(service, marker), "another's alarm")
        assert alarms(service, complaint) == []
