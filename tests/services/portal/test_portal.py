"""Signing in and out."""

import base64
import json
import re
from html import unescape
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from services.portal.main import app
from services.portal.settings import PortalSettings
from shared.contracts.envelope import Person
from tests.services.portal.codes import SECRET, Codes
from tests.services.portal.conftest import ORIGIN, OURS, SESSION, VERIFIER, portal_of, settings


async def begun(browser: httpx.AsyncClient, to: str | None = None) -> httpx.Response:
    answer = await browser.get("/sign-in", params={"to": to} if to is not None else {})
    assert answer.status_code == 200, answer.text
    return answer


def onward(answer: httpx.Response) -> str:
    """Where a page leads by itself."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
    assert found, answer.text
    return unescape(found[1])


async def sign_in(
    browser: httpx.AsyncClient, provider: Codes, person: Person = VERIFIER, to: str | None = None
) -> httpx.Response:
    back = provider.signs_in(onward(await begun(browser, to)), person)
    return await browser.get(back)


def cookies(answer: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for header in answer.headers.get_list("set-cookie"):
        found.update(SimpleCookie(header))
    return found


async def test_whoever_signs_in_is_back_where_they_wanted_to_be(browser: httpx.AsyncClient, provider: Codes) -> None:
    assert (await browser.get("/portal/desk")).headers["location"] == "/sign-in?to=/portal/desk"
    arrived = await sign_in(browser, provider, to="/verification/worklist?check=place")
    assert (arrived.status_code, arrived.headers["location"]) == (303, "/verification/worklist?check=place")
    desk = await browser.get("/portal/desk")
    assert desk.status_code == 200
    assert "verifier-1" in desk.text


async def test_what_proves_who_is_signed_in_is_out_of_every_scripts_and_neighbours_reach(
    browser: httpx.AsyncClient, provider: Codes
) -> None:
    name, going = next(iter(cookies(await begun(browser)).items()))
    assert name.startswith("aduan-begun-")
    assert (going["path"], going["max-age"]) == ("/signed-in", "600")
    kept = cookies(await sign_in(browser, provider))
    session = kept[SESSION]
    # A browser takes a cookie of this prefix with these alone: of our host and no other, and never without TLS.
    assert (session["path"], session["secure"], session["domain"]) == ("/", True, "")
    for cookie in (going, session, kept["aduan-identity"]):
        assert cookie["httponly"]
        assert cookie["secure"]
        assert cookie["samesite"].lower() == "lax"
    assert int(session["max-age"]) <= 600, "it lasts no longer than the token"
    ended = [cookie for name, cookie in kept.items() if name.startswith("aduan-begun-")]
    assert [cookie.value for cookie in ended] == [""], "what began it is of no use any more"


async def test_without_tls_the_cookie_has_another_name(provider: Codes) -> None:
    """A browser would not take the prefix there."""
    here = PortalSettings(oidc_issuer=provider.url, portal_secret=SecretStr(SECRET), origins=("http://127.0.0.1:1",))
    assert here.session_cookie == "aduan"


async def test_a_state_that_this_browser_was_not_given_signs_nobody_in(
    browser: httpx.AsyncClient, provider: Codes
) -> None:
    back = provider.signs_in(onward(await begun(browser)), VERIFIER)
    forged = re.sub("state=.*", f"state={uuid4().hex}", back)
    for address in (forged, re.sub("&state=.*", "", back), re.sub("code=[^&]*&", "", back), "/signed-in"):
        answer = await browser.get(address)
        assert answer.status_code == 400
        assert SESSION not in cookies(answer)
        assert "Silakan coba lagi" in answer.text
    assert (await browser.get(back)).status_code == 303, "the control: with its own state it does"


async def test_somebody_elses_sign_in_cannot_be_put_into_a_browser(browser: httpx.AsyncClient, provider: Codes) -> None:
    """Whoever sends a victim to their own answer would have the victim work under their name."""
    attackers = provider.signs_in(onward(await begun(browser)), VERIFIER)
    browser.cookies.clear()
    assert (await browser.get(attackers)).status_code == 400
    victims = onward(await begun(browser))
    state = re.search("state=([^&]+)", victims)
    assert state
    answer = await browser.get(re.sub("state=.*", f"state={state[1]}", attackers))
    assert answer.status_code == 403, "the code was not given for this browser's proof"
    assert SESSION not in cookies(answer)


async def test_a_code_counts_once(browser: httpx.AsyncClient, provider: Codes) -> None:
    back = provider.signs_in(onward(await begun(browser)), VERIFIER)
    kept = dict(browser.cookies)
    assert (await browser.get(back)).status_code == 303
    browser.cookies.clear()
    browser.cookies.update(kept)
    again = await browser.get(back)
    assert again.status_code == 403
    assert SESSION not in cookies(again)


async def test_two_tabs_whose_session_has_ended_both_come_back(browser: httpx.AsyncClient, provider: Codes) -> None:
    backs = [provider.signs_in(onward(await begun(browser, to)), VERIFIER) for to in ("/portal/desk", "/portal/cases")]
    arrived = [await browser.get(back) for back in backs]
    assert [answer.headers.get("location") for answer in arrived] == ["/portal/desk", "/portal/cases"]


ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/\n//evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
    "/\x00/evil.example",
    "\\\\evil.example",
    " //evil.example",
]


@pytest.mark.parametrize("to", ELSEWHERE)
async def test_signing_in_leads_to_no_other_origin(browser: httpx.AsyncClient, provider: Codes, to: str) -> None:
    assert (await sign_in(browser, provider, to=to)).headers["location"] == "/portal/desk"


@pytest.mark.parametrize("to", ELSEWHERE)
async def test_nor_where_the_place_was_changed_on_the_way(browser: httpx.AsyncClient, provider: Codes, to: str) -> None:
    address = onward(await begun(browser))
    (name,) = browser.cookies
    told = json.loads(base64.urlsafe_b64decode(browser.cookies[name]))
    browser.cookies.clear()
    changed = base64.urlsafe_b64encode(json.dumps({**told, "to": to}).encode()).decode()
    browser.cookies.set(name, changed, domain="aduan.example", path="/signed-in")
    assert (await browser.get(provider.signs_in(address, VERIFIER))).headers["location"] == "/portal/desk"


@pytest.mark.parametrize("cookie", ["", "x", "e30=", base64.urlsafe_b64encode(b'{"state": 1}').decode(), "%"])
async def test_a_cookie_that_is_not_whole_starts_nothing(
    browser: httpx.AsyncClient, provider: Codes, cookie: str
) -> None:
    answer = await browser.get("/signed-in?code=1&state=1", headers={"Cookie": f"aduan-begun-1={cookie}"})
    assert answer.status_code == 400


async def test_a_provider_that_is_down_is_said_in_words_and_keeps_nobody_out_who_is_in(
    browser: httpx.AsyncClient, provider: Codes
) -> None:
    provider.silent = True
    answer = await browser.get("/sign-in")
    assert answer.status_code == 503
    assert "Layanan masuk sedang tidak menjawab" in answer.text
    provider.silent = False
    await sign_in(browser, provider)
    assert (await browser.get("/portal/desk")).status_code == 200
    back = provider.signs_in(onward(await begun(browser)), VERIFIER)
    provider.silent = True
    assert (await browser.get(back)).status_code == 503
    assert (await browser.get("/portal/desk")).status_code == 200, "what it said last counts until the token ends"


async def test_another_provider_at_its_address_is_trusted_with_nobodys_password(provider: Codes) -> None:
    portal = app(settings(provider.url.replace("127.0.0.1", "localhost")))
    transport = httpx.ASGITransport(portal, raise_app_exceptions=False)
    async with portal.router.lifespan_context(portal), httpx.AsyncClient(transport=transport, base_url=ORIGIN) as http:
        assert (await http.get("/sign-in")).status_code == 503


async def test_whoever_signs_out_is_out_here_and_at_the_provider(browser: httpx.AsyncClient, provider: Codes) -> None:
    await sign_in(browser, provider)
    before = dict(browser.cookies)
    left = await browser.post("/sign-out", headers=OURS)
    assert left.status_code == 200
    ending = httpx.URL(onward(left))
    assert str(ending).startswith(f"{provider.url}/end?")
    assert ending.params["post_logout_redirect_uri"] == f"{ORIGIN}/"
    assert cookies(left)[SESSION].value == ""
    assert (await browser.get("/portal/desk")).status_code == 303
    # What asked just before believes it for less than a minute more; whoever asks now is told that it counts no longer.
    async with portal_of(provider) as another:
        answer = await another.get("/portal/desk", headers={"Cookie": f"{SESSION}={before[SESSION]}"})
    assert answer.status_code == 303


async def test_who_signs_out_while_the_provider_is_down_is_out_here(
    browser: httpx.AsyncClient, provider: Codes
) -> None:
    await sign_in(browser, provider)
    provider.silent = True
    left = await browser.post("/sign-out", headers=OURS)
    assert left.status_code == 200
    assert cookies(left)[SESSION].value == ""


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", None])
async def test_a_page_of_another_origin_signs_nobody_out(
    browser: httpx.AsyncClient, provider: Codes, site: str | None
) -> None:
    await sign_in(browser, provider)
    headers = {"Origin": "https://evil.example", **({"Sec-Fetch-Site": site} if site else {})}
    assert (await browser.post("/sign-out", headers=headers)).status_code == 403
    assert (await browser.get("/portal/desk")).status_code == 200


@pytest.mark.parametrize("origin", ["aduan.example", "https://aduan.example/", "ftp://aduan.example", "https://", ""])
def test_what_is_no_origin_is_none_to_come_back_to(origin: str) -> None:
    with pytest.raises(ValidationError):
        PortalSettings(oidc_issuer="https://id.example", portal_secret=SecretStr(SECRET), origins=(origin,))
