"""Who acts: a token of the provider proves it or nobody is signed in, and what the provider takes away is gone."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from shared.contracts.envelope import Person
from shared.people import NotSignedIn
from tests.shared.signing import GROUPS, NOW, OFFICER, Desk, desk, encoded, forged, refused

HOUR = 3600


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_desk() -> AsyncIterator[Desk]:
    """For tests that change nothing at the provider."""
    async with desk() as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def own_desk() -> AsyncIterator[Desk]:
    async with desk() as one:
        yield one


async def test_a_token_says_who_acts_with_which_roles_and_units(shared_desk: Desk) -> None:
    assert await shared_desk.people.of(shared_desk.token(*GROUPS)) == OFFICER
    assert await shared_desk.people.of(shared_desk.token()) == Person("officer-1")
    assert await shared_desk.people.of(shared_desk.token(groups=...)) == Person("officer-1")
    foreign = ("wiki-editors", "role:", "Role:chief", "role", "", "unit:a:b")
    assert await shared_desk.people.of(shared_desk.token(*foreign)) == Person("officer-1", units=frozenset({"a:b"}))


async def test_both_algorithms_count(own_desk: Desk) -> None:
    own_desk.provider.key = RSAKey.generate_key(2048, {"kid": "rsa"})
    own_desk.provider.published.append(own_desk.provider.key.as_dict(private=False))
    assert await own_desk.people.of(own_desk.token(*GROUPS)) == OFFICER


async def test_a_token_ends_when_its_time_is_over(own_desk: Desk) -> None:
    token = own_desk.token(*GROUPS, exp=int(NOW) + HOUR)
    assert await own_desk.people.of(token) == OFFICER
    own_desk.clock.pass_by(HOUR - 1)
    assert await own_desk.people.of(token) == OFFICER
    own_desk.clock.pass_by(1)
    await refused(own_desk, token)


async def test_what_the_provider_did_not_sign_for_us_is_nobodys(own_desk: Desk) -> None:
    """Abuse 15: none, RS→HS, wrong kid, key, audience and issuer, and further ways to sign for oneself."""
    it, claims = own_desk, own_desk.claims(*GROUPS)
    own, rsa = it.provider.key, RSAKey.generate_key(2048, {"kid": "rsa"})
    assert isinstance(own, ECKey)
    it.provider.published.append(rsa.as_dict(private=False))
    good = it.provider.sign(claims)
    pem = rsa.as_pem(private=False)
    jwk = json.dumps(rsa.as_dict(private=False)).encode()
    stranger = ECKey.generate_key("P-256", {"kid": str(own.kid)})
    presented = {
        "nothing": "",
        "nonsense": "a.b.c",
        "odd characters": "é\x00\ud800",
        "only dots": "." * 50_000,
        "no algorithm": f"{encoded({'alg': 'none', 'kid': own.kid})}.{encoded(claims)}.",
        "no algorithm in other letters": f"{encoded({'alg': 'None', 'kid': own.kid})}.{encoded(claims)}.",
        "a public key in PEM as the secret": forged({"alg": "HS256", "kid": "rsa"}, claims, pem),
        "a published key as the secret": forged({"alg": "HS256", "kid": "rsa"}, claims, jwk),
        "any secret": forged({"alg": "HS256", "kid": own.kid}, claims),
        "a list of algorithms": forged({"alg": ["ES256"], "kid": own.kid}, claims),
        "another kind of key than the algorithm's": it.provider.sign(claims, kid="rsa"),
        "no key id": forged({"alg": "ES256"}, claims),
        "an unknown key id": it.provider.sign(claims, kid="another"),
        "a list for a key id": forged({"alg": "ES256", "kid": [own.kid]}, claims),
        "a stranger's key": _signed_by(stranger, claims),
        "a key of its own": _signed_by(stranger, claims, jwk=stranger.as_dict(private=False)),
        "a place of its own for keys": _signed_by(stranger, claims, jku=f"{it.provider.url}/keys"),
        "a list for a header": forged([], claims),
        "an unknown critical header": _signed_by(own, claims, crit=["exp"], exp=1),
        "an odd critical header": _signed_by(own, claims, crit=[1]),
        "an unencoded payload": _signed_by(own, claims, b64=False, crit=["b64"]),
        "a deep header": forged(b'{"alg":"ES256","a":' + b"[" * 30_000, claims),
        "another signature": good[:-6] + "AAAAAA",
        "no signature": good.rsplit(".", 1)[0] + ".",
        "an ID token": it.token(*GROUPS, at_hash="abc"),
        "a log-out token": it.provider.sign(claims, typ="logout+jwt"),
        "an odd type": _signed_by(own, claims, typ=5),
    }
    for what, token in presented.items():
        assert await _let_in(it, token) is None, what
    assert await it.people.of(good) == OFFICER


async def _let_in(it: Desk, token: str) -> Person | None:
    try:
        return await it.people.of(token)
    except NotSignedIn:
        return None


def _signed_by(key: ECKey, claims: dict[str, Any], **header: Any) -> str:
    """A right signature over a header that the library itself would not write."""
    text = f"{encoded({'alg': 'ES256', 'kid': key.kid, **header})}.{encoded(claims)}"
    return f"{text}.{encoded(JWSRegistry.algorithms['ES256'].sign(text.encode(), key))}"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": ...}, {"iss": "https://another.example"}, {"iss": None}, {"iss": ["http://a"]}, {"iss": ""},
        {"sub": ...}, {"sub": ""}, {"sub": None}, {"sub": 5}, {"sub": ["officer-1"]}, {"sub": {"$ne": ""}},
        {"aud": ...}, {"aud": "another"}, {"aud": None}, {"aud": 5}, {"aud": ["another"]}, {"aud": {"aduan": 1}},
        {"aud": "aduanx"}, {"aud": []},
        {"exp": ...}, {"exp": int(NOW)}, {"exp": 0}, {"exp": -1}, {"exp": None}, {"exp": "2999"},
        {"exp": [1]}, {"exp": True}, {"exp": float("nan")}, {"exp": {}},
        {"nbf": int(NOW) + 60}, {"nbf": "now"}, {"iat": "now"}, {"iat": int(NOW) + 3600},
        {"groups": "role:verifier"}, {"groups": {"role:verifier": 1}}, {"groups": [5]}, {"groups": [["role:a"]]},
        {"groups": None}, {"groups": 7},
    ],
    ids=str,
)  # fmt: skip
async def test_claims_that_are_not_as_they_must_be_are_nobodys(shared_desk: Desk, changes: dict[str, Any]) -> None:
    await refused(shared_desk, shared_desk.token(**changes))


async def test_no_text_at_all_makes_it_fail_otherwise(shared_desk: Desk) -> None:
    kid = encoded({"alg": "ES256", "kid": shared_desk.provider.key.kid})
    parts = st.binary().map(encoded)
    loop = asyncio.get_running_loop()

    @settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)
    @given(
        st.text()
        | parts
        | st.lists(parts, min_size=3, max_size=5).map(".".join)
        | st.lists(parts, min_size=2, max_size=2).map(lambda two: ".".join((kid, *two)))
    )
    def nobody(presented: str) -> None:
        asyncio.run_coroutine_threadsafe(refused(shared_desk, presented), loop).result(10)

    await asyncio.to_thread(nobody)


async def test_a_refusal_does_not_quote_the_token(shared_desk: Desk) -> None:
    refusal = await refused(shared_desk, shared_desk.token(aud="Budi Santoso"))
    assert "Budi" not in str(refusal)
    assert refusal.__cause__ is None


async def test_a_role_that_is_taken_away_is_gone_within_a_minute(own_desk: Desk) -> None:
    """Abuse 19."""
    token = own_desk.token(*GROUPS)
    assert await own_desk.people.of(token) == OFFICER
    own_desk.provider.says(token, ["role:verifier", "unit:Pidum"])
    own_desk.clock.pass_by(44)
    assert await own_desk.people.of(token) == OFFICER
    own_desk.clock.pass_by(1)
    assert await own_desk.people.of(token) == Person("officer-1", frozenset({"verifier"}), frozenset({"Pidum"}))


async def test_a_role_that_was_taken_away_before_the_first_request_never_counts(own_desk: Desk) -> None:
    token = own_desk.token(*GROUPS)
    own_desk.provider.says(token, [])
    assert await own_desk.people.of(token) == Person("officer-1")


async def test_a_person_who_may_no_longer_sign_in_is_nobody_within_a_minute(own_desk: Desk) -> None:
    token, other = own_desk.token(*GROUPS), own_desk.token("role:chief")
    await own_desk.people.of(token)
    await own_desk.people.of(other)
    own_desk.provider.revoke(token)
    own_desk.clock.pass_by(45)
    asked = len(own_desk.provider.asked)
    for _ in range(5):
        await refused(own_desk, token)
    assert len(own_desk.provider.asked) == asked + 1, "a refusal is remembered as well"
    assert (await own_desk.people.of(other)).roles == {"chief"}
    own_desk.provider.says(token, list(GROUPS))
    own_desk.clock.pass_by(45)
    assert await own_desk.people.of(token) == OFFICER


async def test_what_the_provider_says_of_somebody_else_counts_for_nobody(own_desk: Desk) -> None:
    token = own_desk.token(*GROUPS)
    own_desk.provider.tells_of[token] = "officer-2"
    await refused(own_desk, token)


async def test_the_provider_is_asked_once_for_many_requests(own_desk: Desk) -> None:
    token = own_desk.token(*GROUPS)
    assert set(await asyncio.gather(*(own_desk.people.of(token) for _ in range(50)))) == {OFFICER}
    assert own_desk.provider.asked.count("/userinfo") == 1
    assert own_desk.provider.asked.count("/keys") == 1


async def test_while_the_provider_is_silent_its_last_answer_counts_till_the_token_ends(own_desk: Desk) -> None:
    token, fresh = own_desk.token(*GROUPS, exp=int(NOW) + HOUR), own_desk.token("role:patrol")
    own_desk.provider.says(token, ["role:verifier"])
    verifier = Person("officer-1", frozenset({"verifier"}))
    assert await own_desk.people.of(token) == verifier
    own_desk.provider.silent = True
    own_desk.provider.says(token, [])
    for _ in range(4):
        own_desk.clock.pass_by(HOUR / 5)
        assert await own_desk.people.of(token) == verifier
    assert (await own_desk.people.of(fresh)).roles == {"patrol"}, "what it said when it issued the token"
    own_desk.clock.pass_by(HOUR / 5)
    await refused(own_desk, token)


async def test_a_silent_provider_is_left_alone_for_a_while_and_then_asked_again(own_desk: Desk) -> None:
    token = own_desk.token(*GROUPS)
    await own_desk.people.of(token)
    own_desk.provider.silent = True
    own_desk.clock.pass_by(45)
    asked = len(own_desk.provider.asked)
    for _ in range(20):
        assert await own_desk.people.of(token) == OFFICER
    assert len(own_desk.provider.asked) == asked + 1
    own_desk.provider.silent = False
    own_desk.provider.says(token, ["role:chief"])
    own_desk.clock.pass_by(5)
    assert (await own_desk.people.of(token)).roles == {"chief"}


async def test_names_that_a_provider_has_already_are_mapped() -> None:
    async with desk(
        oidc_groups={"/polres/penyidik": "role:detective", "/polres/pidum": "unit:Pidum"},
        oidc_groups_claim="memberships",
        oidc_person_claim="preferred_username",
    ) as it:
        named = {"memberships": ["/polres/penyidik", "/polres/pidum", "role:chief"], "preferred_username": "bagus"}
        who = Person("bagus", frozenset({"detective", "chief"}), frozenset({"Pidum"}))
        assert await it.people.of(it.token("role:nobody", **named)) == who
        await refused(it, it.token("role:nobody"))


async def test_with_a_secret_of_its_own_a_service_also_asks_whether_the_token_is_active() -> None:
    async with desk(oidc_client_secret="of the services") as it:
        it.provider.secret = "of the services"
        token = it.token(*GROUPS)
        assert await it.people.of(token) == OFFICER
        assert it.provider.asked.count("/introspect") == 1
        it.provider.revoke(token)
        it.clock.pass_by(45)
        await refused(it, token)
        assert it.provider.asked.count("/userinfo") == 1
