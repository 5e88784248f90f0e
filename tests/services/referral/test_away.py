"""An agency that is away: it loses nothing, and no other is slower for it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from services.referral import queries
from services.referral.case import Delivery
from shared.contracts.envelope import Person
from shared.contracts.intake import ComplaintWithdrawn
from shared.contracts.referral import ReferralAccepted, ReferralOverdue
from tests.services.referral.conftest import HOOKED, POLRES, classified, complaint_id
from tests.services.referral.receiver import Receiver
from tests.services.referral.sides import AgencySide
from tests.support.clock import Clock
from tests.support.room import Running, until


async def numbers_of(service: Running, complaints: list[str]) -> list[str]:
    async def offered() -> list[str] | None:
        documents = (await service.room.store().load(complaints)).values()
        held = [document.case.holder.number for document in documents if document.case and document.case.holder]
        return held if len(held) == len(complaints) else None

    found: list[str] = await until(offered, "all are offered")
    return found


async def told_of(service: Running, complaints: list[str], **values: Any) -> None:
    await asyncio.gather(*(service.hear(classified(service, c, **values), c) for c in complaints))


async def test_an_agency_on_the_broker_that_is_away_for_a_week_finds_everything(
    referral: Running, bpbd: AgencySide, clock: Clock
) -> None:
    await bpbd.go_away()
    complaints = [complaint_id() for _ in range(20)]
    await told_of(referral, complaints, partners=("BPBD",))
    numbers = await numbers_of(referral, complaints)
    await _all_out(referral, "bpbd-test")
    clock.forward(days=7)
    for complaint in complaints:
        await referral.says(ReferralOverdue, complaint)
    await _all_out(referral, "bpbd-test")
    await bpbd.listen()
    for number in numbers:
        await bpbd.hears("referral.offer.v1", number)
        assert (await bpbd.hears("referral.reminder.v1", number))["overdue"] is True
        await bpbd.say("accept", number)
    for complaint in complaints:
        await referral.says(ReferralAccepted, complaint)


async def _all_out(service: Running, agency: str) -> None:
    async def none_waits() -> bool:
        left = await service.room.store().collection.count_documents({"case.deliveries.agency": agency})
        return not left

    await until(none_waits, f"{agency} has been told everything")


async def test_an_endpoint_that_hangs_or_is_away_keeps_nobody_else_waiting_and_gets_all_later(
    referral: Running, damkar: AgencySide, receiver: Receiver, clock: Clock
) -> None:
    receiver.hangs = True
    away = [complaint_id() for _ in range(5)]
    await told_of(referral, away, category="parking_traffic", partners=("Dishub",))
    numbers = await numbers_of(referral, away)
    await until(lambda: receiver.posts, "it was tried")
    served = [complaint_id() for _ in range(5)]
    await told_of(referral, served, partners=("Damkar",))
    for number in await numbers_of(referral, served):
        await damkar.hears("referral.offer.v1", number)
    officer = Person("officer-1", frozenset({"referral_officer"}), frozenset({POLRES}))

    async def shown_as_undelivered() -> bool:
        listed = await queries.worklist(referral.room, officer, "undelivered", 200)
        return bool(set(away) & {document.id for document in listed})

    await until(shown_as_undelivered, "the officer sees who was not reached")
    await referral.hear(ComplaintWithdrawn(), away[0], sequence=5)
    receiver.hangs = False
    clock.forward(hours=1)
    for number in numbers[1:]:
        await until(_posted(receiver, "referral.offer.v1", number), "the offer arrives")
    await _all_out(referral, HOOKED)
    # The first was withdrawn meanwhile: where its offer may have arrived, the withdrawal came behind it.
    arrived = [event["type"] for event in map(_event, receiver.posts) if event["subject"] == numbers[0]]
    assert arrived[-1:] in ([], ["referral.withdrawn.v1"])


def _posted(receiver: Receiver, type_: str, number: str) -> Callable[[], Any]:
    return lambda: receiver.of(type_, number)


def _event(post: tuple[str, dict[str, str], bytes]) -> Any:
    return json.loads(post[2])


async def test_a_notice_whose_confirmation_was_lost_goes_out_again_under_the_same_id(
    referral: Running, damkar: AgencySide, clock: Clock
) -> None:
    complaint = complaint_id()
    await told_of(referral, [complaint], partners=("Damkar",))
    (number,) = await numbers_of(referral, [complaint])
    await damkar.hears("referral.offer.v1", number)
    await _all_out(referral, "damkar-test")
    first = next(m.message_id or "" for m in damkar.told if number in m.body.decode())
    # As a process leaves it that dies between the broker's confirm and its own note of it.
    now = referral.room.clock()
    lost = Delivery(
        first, "damkar-test", number, "offer", queued_at=now, due=now, attempts=1, claim="of a dead process"
    )
    await referral.room.store().collection.update_one({"_id": complaint}, {"$push": {"case.deliveries": asdict(lost)}})
    await damkar.hears("referral.offer.v1", number, 2)
    assert [m.message_id for m in damkar.told if number in m.body.decode()] == [first, first]
    await _all_out(referral, "damkar-test")
