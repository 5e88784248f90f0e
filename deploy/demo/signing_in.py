"""How a person gets a token: they sign in at the provider's own pages, and the portal trades the code for it."""

import asyncio
import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urljoin

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import parse_authorization_code_response, prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from deploy.identity.people import PORTAL
from shared.contracts.envelope import Person

_FIELD = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_STEPS = 12  # pages and redirects of one sign-in at most


class SignIn(Protocol):
    async def token(self, person: Person) -> str:
        """An access token of this person."""


class CannotSignIn(Exception):
    """The provider's pages did not lead to a code. Says how far they led."""


class EmbeddedProvider:
    """Authorization code with PKCE, at the provider that runs with the demo; it knows everybody's roles itself."""

    def __init__(self, environment: Mapping[str, str], reached_at: str) -> None:
        self._issuer = environment["ADUAN_OIDC_ISSUER"]
        self._reached_at = reached_at  # which is elsewhere, where the provider is in a container
        self._password = environment["ADUAN_IDENTITY_PASSWORD"]
        self._secret = environment["ADUAN_PORTAL_SECRET"]
        self._site = f"https://{environment['ADUAN_SITE']}/signed-in"
        self._tokens: dict[str, str] = {}
        self._one_by_one = asyncio.Lock()

    async def token(self, person: Person) -> str:
        async with self._one_by_one:
            if person.id not in self._tokens:
                self._tokens[person.id] = await self._sign_in(person.id)
            return self._tokens[person.id]

    def browser(self) -> httpx.AsyncClient:
        """Addresses the provider as it calls itself, wherever it is reached."""
        return httpx.AsyncClient(timeout=60, headers={"Host": httpx.URL(self._issuer).netloc.decode()})

    async def _sign_in(self, name: str) -> str:
        async with self.browser() as browser:
            code, verifier = await self.code(browser, name)
        async with self.browser() as portal:
            form = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._site,
                "code_verifier": verifier,
            }
            place = (await self._places(portal))["token_endpoint"]
            answer = await portal.post(self._here(place), data=form, auth=(PORTAL, self._secret))
        return str(answer.raise_for_status().json()["access_token"])

    async def code(self, browser: httpx.AsyncClient, name: str) -> tuple[str, str]:
        """What the portal is given once somebody has signed in, and the verifier which proves that it asked."""
        state, verifier = generate_token(32), generate_token(48)
        place = (await self._places(browser))["authorization_endpoint"]
        url = prepare_grant_uri(
            *(place, PORTAL, "code", self._site, "openid groups", state),
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            nonce=generate_token(32),
        )
        arrived = await self._through_the_pages(browser, url, name)
        return parse_authorization_code_response(arrived, state)["code"], verifier

    async def _places(self, client: httpx.AsyncClient) -> dict[str, str]:
        answer = await client.get(self._here(f"{self._issuer}/.well-known/openid-configuration"))
        places: dict[str, str] = answer.raise_for_status().json()
        return places

    async def _through_the_pages(self, browser: httpx.AsyncClient, url: str, name: str) -> str:
        """Follows the pages as a browser does, until they lead back to the portal."""
        answers = {"login": name, "password": self._password}
        page = await browser.get(self._here(url))
        for _ in range(_STEPS):
            if page.is_redirect:
                url = urljoin(url, page.headers["Location"])
                if url.startswith(self._site):
                    return url
                page = await browser.get(self._here(url))
                continue
            asked = next((field for field in answers if f'name="{field}"' in page.text), None)
            hidden = _FIELD.search(page.text)
            if asked is None or hidden is None:
                break
            form = {asked: answers.pop(asked), "csrf_token": hidden.group(1)}
            page = await browser.post(self._here(url), data=form, headers={"Referer": url})
        raise CannotSignIn(f"{name} got as far as {httpx.URL(url).path} ({page.status_code})")

    def _here(self, url: str) -> str:
        return self._reached_at + url.removeprefix(self._issuer)
