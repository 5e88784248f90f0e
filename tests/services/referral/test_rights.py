"""An agency's broker user can do what it must and nothing else."""

import json
import os
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import aio_pika
import pytest
import pytest_asyncio
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import ChannelAccessRefused, ChannelPreconditionFailed

from deploy.agency import AgencySettings, Credentials, register
from deploy.local.layout import SAMPLE_AGENCIES
from services.referral.registry import Registration
from services.referral.settings import ReferralSettings
from shared.topology import (
    AGENCY_REPLIES_EXCHANGE,
    EVENTS_EXCHANGE,
    SUBMISSIONS_EXCHANGE,
    agency_user,
    lane_queue,
    referrals_queue,
)
from tests.services.referral.sides import own_url
from tests.support.processes import ROOT
from tests.support.room import Running, until

OWN, OTHER = "damkar-test", "bpbd-test"


@pytest_asyncio.fixture(loop_scope="module")
async def channel(settings: ReferralSettings, credentials: dict[str, Credentials]) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(own_url(settings, OWN, credentials[OWN].password)) as connection:
        yield await connection.channel(publisher_confirms=True)


async def _publish(channel: AbstractChannel, exchange: str, key: str, **properties: str) -> None:
    target = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
    message = aio_pika.Message(b"{}", user_id=properties.get("user_id"))
    await target.publish(message, key, mandatory=False)


async def _bind(channel: AbstractChannel, queue: str, exchange: str) -> None:
    await (await channel.get_queue(queue, ensure=False)).bind(exchange, "#")


async def _read(channel: AbstractChannel, queue: str) -> None:
    await (await channel.get_queue(queue, ensure=False)).get(fail=False)


REFUSED: dict[str, Callable[[AbstractChannel], Awaitable[object]]] = {
    "answer under another agency's key": lambda c: _publish(c, AGENCY_REPLIES_EXCHANGE, f"{OTHER}.reply.normal"),
    "answer under a key with more behind": lambda c: _publish(c, AGENCY_REPLIES_EXCHANGE, f"{OWN}.reply.normal.x"),
    "say an event": lambda c: _publish(c, EVENTS_EXCHANGE, "referral.accepted.normal.v1"),
    "submit as a channel": lambda c: _publish(c, SUBMISSIONS_EXCHANGE, f"{OWN}.submit.normal"),
    "write to another's queue": lambda c: _publish(c, "", referrals_queue(OTHER)),
    "write to its own queue": lambda c: _publish(c, "", referrals_queue(OWN)),
    "read another agency's queue": lambda c: _read(c, referrals_queue(OTHER)),
    "read a service's lane": lambda c: _read(c, lane_queue("referral", "normal")),
    "bind its queue to the events": lambda c: _bind(c, referrals_queue(OWN), EVENTS_EXCHANGE),
    "bind its queue to the answers": lambda c: _bind(c, referrals_queue(OWN), AGENCY_REPLIES_EXCHANGE),
    "declare a queue": lambda c: c.declare_queue("a-queue-of-its-own"),
    "declare an exchange": lambda c: c.declare_exchange("an-exchange-of-its-own"),
    "delete its queue": lambda c: c.queue_delete(referrals_queue(OWN)),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_the_broker_refuses_an_agency_to(channel: AbstractChannel, what: str) -> None:
    with pytest.raises(ChannelAccessRefused):
        await REFUSED[what](channel)


async def test_the_broker_refuses_a_message_in_the_name_of_another_user(channel: AbstractChannel) -> None:
    with pytest.raises(ChannelPreconditionFailed):
        await _publish(channel, AGENCY_REPLIES_EXCHANGE, f"{OWN}.reply.normal", user_id=agency_user(OTHER))


async def test_it_may_answer_under_its_own_key_and_read_its_own_queue(
    channel: AbstractChannel, referral: Running
) -> None:
    await _publish(channel, AGENCY_REPLIES_EXCHANGE, f"{OWN}.reply.normal", user_id=agency_user(OWN))
    await _publish(channel, AGENCY_REPLIES_EXCHANGE, f"{OWN}.reply.urgent")
    queue = await channel.get_queue(referrals_queue(OWN), ensure=False)
    for _ in range(2):
        message = await until(lambda: queue.get(no_ack=True, fail=False), "a problem for each")
        assert message.headers["cloudEvents:type"] == "referral.problem.v1"


async def test_what_can_be_laid_to_no_agency_is_parked(referral: Running) -> None:
    gone = await referral.parked()
    exchange = await referral.channel.get_exchange(AGENCY_REPLIES_EXCHANGE, ensure=False)
    await exchange.publish(aio_pika.Message(b"{}"), "nobody.reply.normal")
    await exchange.publish(aio_pika.Message(b"{}", user_id="aduan"), f"{OWN}.reply.normal")

    async def both() -> bool:
        return await referral.parked() == gone + 2

    await until(both, "both are parked")


async def test_registering_again_renews_the_password_and_changes_the_entry(
    settings: ReferralSettings, referral: Running
) -> None:
    slug = f"t{uuid4().hex[:8]}"
    for password, order in (("first-password", 900), ("second-password", 800)):
        registration = Registration(slug=slug, name="Dinas Contoh", partners=("Contoh",), order=order)
        await register(AgencySettings(), (registration, Credentials(password, "whsec_c2VjcmV0LWZvci10ZXN0cw==")))
    with pytest.raises(aio_pika.exceptions.AMQPConnectionError):
        await aio_pika.connect(own_url(settings, slug, "first-password"))
    async with await aio_pika.connect(own_url(settings, slug, "second-password")):
        pass
    found = await referral.app.state.desk.knowledge.registry.find(slug)
    assert (found[0].order, found[1]) == (800, "whsec_c2VjcmV0LWZvci10ZXN0cw==")
    stored = await referral.room.mongo["agencies"].find_one({"slug": slug})
    assert "whsec" not in str(stored)


async def _run(*arguments: str, **extra: str) -> tuple[int, str, str]:
    environment = {**os.environ, **extra}
    program = (sys.executable, "-m", "deploy.agency", *arguments)
    process = await create_subprocess_exec(*program, cwd=ROOT, env=environment, stdout=PIPE, stderr=PIPE)
    out, errors = await process.communicate()
    return process.returncode or 0, out.decode(), errors.decode()


async def test_make_agency_prints_credentials_that_work(settings: ReferralSettings, referral: Running) -> None:
    slug = f"t{uuid4().hex[:8]}"
    code, out, _ = await _run("add", "--name", slug, "--partners", "Jasa Raharja", "--hours", "mon,tue 08:00-16:00")
    assert code == 0
    given = json.loads(out)
    async with await aio_pika.connect(own_url(settings, slug, given["password"])) as connection:
        channel = await connection.channel(publisher_confirms=True)
        await _publish(channel, given["exchange"], given["routing_key"])
        queue = await channel.get_queue(given["queue"], ensure=False)
        message = await until(lambda: queue.get(no_ack=True, fail=False), "it is answered")
        assert json.loads(message.body)["slug"] == "invalid"
    officer = referral.token("referral_officer", person="officer-1", units=("polres-sukamaju",))
    cards = (await referral.http.get("/agencies", headers=officer)).json()
    assert next(card for card in cards if card["slug"] == slug)["days"] == [0, 1]


async def test_make_agency_names_what_is_wrong(settings: ReferralSettings, referral: Running) -> None:
    code, out, errors = await _run("add", "--name", "Not A Slug", "--partners", "")
    assert (code, out) == (1, "")
    assert [line.partition(":")[0] for line in errors.splitlines()] == ["slug", "partners"]
    slug = f"t{uuid4().hex[:8]}"
    code, out, errors = await _run("add", "--name", slug, "--partners", "Damkr; BPBD", "--categories", "fires")
    assert (code, out) == (1, "")
    partners, categories = errors.splitlines()
    assert partners.startswith("partners: Damkr is not in the taxonomy")
    assert "Damkar" in partners, "what it knows is named"
    assert categories.startswith("categories: fires")
    assert await referral.app.state.desk.knowledge.registry.find(slug) is None


async def test_agencies_of_a_file_are_loaded_though_the_taxonomy_was_edited_and_that_is_said(
    settings: ReferralSettings, referral: Running, tmp_path: Path
) -> None:
    slug = f"t{uuid4().hex[:8]}"
    file = tmp_path / "agencies.json"
    file.write_text(json.dumps([{"slug": slug, "name": "Dinas Contoh", "partners": ["Contoh"]}]))
    given = {
        "ADUAN_AGENCY_PASSWORDS": json.dumps({slug: f"password-{slug}"}),
        "ADUAN_AGENCY_SECRETS": json.dumps({slug: "whsec_c2VjcmV0LWZvci10ZXN0cw=="}),
    }
    code, _, errors = await _run("load", str(file), **given)
    assert code == 0
    assert errors.startswith(f"{slug}: partners: Contoh is not in the taxonomy")
    assert await referral.app.state.desk.knowledge.registry.find(slug)


async def test_the_sample_agencies_are_loaded_as_often_as_one_likes(
    settings: ReferralSettings, referral: Running
) -> None:
    listed = json.loads(SAMPLE_AGENCIES.read_text("utf-8"))
    passwords = {entry["slug"]: f"password-{entry['slug']}" for entry in listed}
    hooks = dict.fromkeys(passwords, "whsec_c2VjcmV0LWZvci10ZXN0cw==")
    given = {"ADUAN_AGENCY_PASSWORDS": json.dumps(passwords), "ADUAN_AGENCY_SECRETS": json.dumps(hooks)}
    for _ in range(2):
        assert await _run("load", str(SAMPLE_AGENCIES), **given) == (0, "", "")
    async with await aio_pika.connect(own_url(settings, listed[0]["slug"], passwords[listed[0]["slug"]])):
        pass
    code, _, errors = await _run("load", str(SAMPLE_AGENCIES))
    assert (code, "damkar-sukamaju" in errors) == (1, True)
