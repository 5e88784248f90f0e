"""Partner channels when something is away: each test runs the service itself, alone on the broker."""

from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel

from services.intake.main import app
from services.intake.settings import IntakeSettings
from shared import parked, topology
from shared.contracts.intake import ComplaintSubmitted
from tests.services.intake.partner import CHANNEL, OTHER, Partner
from tests.support.room import running, until


async def _waits(channel: AbstractChannel, name: str) -> bool:
    queue = await channel.declare_queue(name, passive=True)
    return bool(queue.declaration_result.message_count)


async def test_a_receipt_that_cannot_be_sent_is_sent_by_the_retry_and_is_the_same(settings: IntakeSettings) -> None:
    async with running(app(settings), settings, "intake") as intake:
        partner, id_ = Partner(intake.channel, CHANNEL), str(uuid4())
        name = topology.replies_queue(CHANNEL)
        # Without its queue the receipt is unroutable, as it is when the process dies between its commit and its reply.
        await (await intake.channel.get_queue(name, ensure=False)).delete(if_empty=False, if_unused=False)
        await partner.submit(id_)
        await until(
            lambda: _waits(intake.channel, topology.retry_exchange(topology.RETRY_SECONDS[0])), "the retry waits"
        )
        await topology.declare(settings.amqp_url.get_secret_value(), (CHANNEL, OTHER))
        await partner.listen()
        reply = await partner.reply(id_)
        assert reply["type"] == "complaint.receipt.v1"
        await intake.says(ComplaintSubmitted, reply["data"]["id"])
        stored = await intake.room.store().find({"case.report.channel_name": CHANNEL, "_id": reply["data"]["id"]})
        assert len(stored) == 1


async def test_a_parked_command_is_replayed_as_its_own_channels(settings: IntakeSettings) -> None:
    url, id_ = settings.amqp_url.get_secret_value(), str(uuid4())
    unserved, served = app(settings.model_copy(update={"channels": (OTHER,)})), app(settings)
    async with await aio_pika.connect(url) as connection:
        partner = Partner(await connection.channel(), CHANNEL)
        parked_queue = await partner.channel.get_queue(topology.parked_queue("intake"), ensure=False)
        await parked_queue.purge()
        await partner.listen()
        async with unserved.router.lifespan_context(unserved):
            await partner.submit(id_)
            await until(lambda: _waits(partner.channel, parked_queue.name), "the unserved channel's command is parked")
        async with served.router.lifespan_context(served):
            assert await parked.replay(url, ["intake"]) == 1
            assert (await partner.reply(id_))["type"] == "complaint.receipt.v1"
