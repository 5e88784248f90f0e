"""The example subscriber as an agency runs it: a process of its own, with its own credentials and nothing else."""

import os
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from deploy.agency import Credentials
from services.referral.settings import ReferralSettings
from shared.contracts.referral import ReferralAccepted, ReferralCompleted, ReferralDeclined, ReferralUpdated
from tests.services.referral.conftest import classified, complaint_id
from tests.services.referral.sides import own_url
from tests.support.processes import ROOT
from tests.support.room import Running


@asynccontextmanager
async def subscriber(
    settings: ReferralSettings, credentials: dict[str, Credentials], slug: str, accepts: str = "*", seconds: str = "0.2"
) -> AsyncIterator[None]:
    environment = {
        "PATH": os.environ["PATH"],
        "AGENCY_NAME": slug,
        "AGENCY_AMQP_URL": own_url(settings, slug, credentials[slug].password),
        "AGENCY_ACCEPTS": accepts,
        "AGENCY_SECONDS": seconds,
    }
    program = ROOT / "examples" / "agency" / "subscriber.py"
    process = await create_subprocess_exec(sys.executable, str(program), cwd="/", env=environment, stdout=PIPE)
    assert process.stdout is not None
    try:
        assert await process.stdout.readline() == b"listening\n"
        yield
    finally:
        process.kill()
        await process.communicate()


async def test_it_accepts_tells_and_completes(
    referral: Running, settings: ReferralSettings, credentials: dict[str, Credentials]
) -> None:
    async with subscriber(settings, credentials, "damkar-test"):
        complaint = complaint_id()
        await referral.hear(classified(referral, complaint), complaint)
        accepted = await referral.says(ReferralAccepted, complaint)
        assert accepted.data.reference.startswith("DAMKAR-")
        assert (await referral.says(ReferralUpdated, complaint)).data.step == "in_progress"
        assert (await referral.says(ReferralCompleted, complaint)).data.outcome == "resolved"


async def test_a_power_cut_is_declined_by_the_first_and_taken_by_the_second(
    referral: Running, settings: ReferralSettings, credentials: dict[str, Credentials]
) -> None:
    async with (
        subscriber(settings, credentials, "pln-test", accepts="none"),
        subscriber(settings, credentials, "pln-other"),
    ):
        complaint = complaint_id()
        await referral.hear(classified(referral, complaint, partners=("PLN",)), complaint)
        assert (await referral.says(ReferralCompleted, complaint)).data.agency == "pln-other"
        assert not referral.of(ReferralDeclined, complaint)


async def test_one_that_is_started_again_goes_on_with_what_it_has(
    referral: Running, settings: ReferralSettings, credentials: dict[str, Credentials]
) -> None:
    complaint = complaint_id()
    async with subscriber(settings, credentials, "damkar-test", seconds="600"):
        await referral.hear(classified(referral, complaint), complaint)
        await referral.says(ReferralAccepted, complaint)
    assert not referral.of(ReferralUpdated, complaint)
    async with subscriber(settings, credentials, "damkar-test"):
        await referral.says(ReferralCompleted, complaint)
    assert len(referral.of(ReferralAccepted, complaint)) == 1
