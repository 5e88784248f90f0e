"""The provider's keys: fetched when they are needed, kept while it is away, gone when it withdraws them."""

import base64
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from joserfc.jwk import ECKey, OctKey, RSAKey

from shared.contracts.refusals import Unavailable
from tests.shared.signing import GROUPS, OFFICER, Desk, desk, forged, refused


@pytest_asyncio.fixture(loop_scope="module")
async def own_desk() -> AsyncIterator[Desk]:
    async with desk() as one:
        yield one


async def test_a_key_that_is_new_is_fetched_but_not_for_every_wrong_one(own_desk: Desk) -> None:
    it = own_desk
    await it.people.of(it.token(*GROUPS))
    it.provider.key = ECKey.generate_key("P-256", {"kid": "second"})
    it.provider.published = [it.provider.key.as_dict(private=False)]
    rotated = it.token(*GROUPS)
    await refused(it, rotated)
    assert it.provider.asked.count("/keys") == 1, "the keys were fetched just now"
    it.clock.pass_by(11)
    assert await it.people.of(rotated) == OFFICER
    it.clock.pass_by(11)
    for nth in range(20):
        await refused(it, it.provider.sign(it.claims(), kid=f"invented-{nth}"))
    assert it.provider.asked.count("/keys") == 3


async def test_keys_outlast_a_provider_that_is_away_and_end_when_it_withdraws_them(own_desk: Desk) -> None:
    it = own_desk
    first, second = it.token(*GROUPS), it.token(*GROUPS)
    await it.people.of(first)
    it.provider.silent = True
    it.clock.pass_by(700)
    assert await it.people.of(second) == OFFICER
    it.provider.silent, it.provider.published = False, []
    it.clock.pass_by(11)
    await refused(it, it.token(*GROUPS))


async def test_without_any_key_so_far_nobody_is_told_to_sign_in_anew(own_desk: Desk) -> None:
    own_desk.provider.silent = True
    with pytest.raises(Unavailable):
        await own_desk.people.of(own_desk.token(*GROUPS))
    await refused(own_desk, "a.b.c")


@pytest.mark.filterwarnings("ignore:Key size")
async def test_keys_that_do_not_prove_anything_are_not_taken(own_desk: Desk) -> None:
    it, shared_secret = own_desk, OctKey.generate_key(256, {"kid": "oct"})
    it.provider.published += [
        shared_secret.as_dict(),
        {**RSAKey.generate_key(1024, {"kid": "short"}).as_dict(private=False)},
        {**ECKey.generate_key("P-384", {"kid": "other curve"}).as_dict(private=False)},
        {**it.provider.key.as_dict(private=False), "kid": "for encryption", "use": "enc"},
        {**it.provider.key.as_dict(private=False), "kid": "for another", "alg": "ES512"},
        {"kty": "RSA", "kid": "broken"},
        "no key",
        7,
    ]
    secret = base64.urlsafe_b64decode(str(shared_secret.as_dict()["k"]) + "==")
    await refused(it, forged({"alg": "HS256", "kid": "oct"}, it.claims(*GROUPS), secret))
    for kid in ("for encryption", "for another", "broken"):
        await refused(it, it.provider.sign(it.claims(*GROUPS), kid=kid))
    assert await it.people.of(it.token(*GROUPS)) == OFFICER
