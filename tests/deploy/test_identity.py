"""The embedded provider: officers sign in at its real pages, services believe its tokens, and it takes rights back."""

import json
import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.demo.signing_in import CannotSignIn, EmbeddedProvider
from deploy.identity.people import dump
from deploy.local.layout import ROOT
from deploy.local.process import Child, free_ports
from shared.contracts.envelope import Person
from shared.people import NotSignedIn, People
from shared.settings import Settings
from tests.support.room import SEALING_KEYS, key

IDENTITY = ROOT / ".venv-identity" / "bin"
STARTED = 240.0  # the machine may be busy with other things
CHIEF = Person("chief-1", frozenset({"chief"}), frozenset({"polres-sukamaju"}))


class Embedded:
    """The provider as it runs with the demo, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{port}"
        self.told = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "ADUAN_POLRES": "polres-sukamaju",
            "ADUAN_SITE": "aduan.sukamaju.example",
            "ADUAN_IDENTITY_URL": self.url,
            "ADUAN_IDENTITY_FOLDER": str(folder),
            "ADUAN_IDENTITY_SECRET": key("identity"),
            "ADUAN_IDENTITY_PASSWORD": key("password"),
            "ADUAN_PORTAL_SECRET": key("portal"),
            "ADUAN_OIDC_CLIENT_SECRET": key("services"),
        }
        command = [str(IDENTITY / "python"), "-m", "deploy.identity", "--bind", f"127.0.0.1:{port}"]
        self.child = Child("identity", command, self.told, folder / "identity.log", ROOT)
        self._database = f"sqlite:///{folder / 'canaille.sqlite'}"

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/.well-known/openid-configuration", timeout=5).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def sign_in(self, **changes: str) -> EmbeddedProvider:
        """As the portal lets people sign in."""
        return EmbeddedProvider({**self.told, "ADUAN_OIDC_ISSUER": self.url, **changes}, self.url)

    def command(self, *arguments: str) -> Any:
        """What its administrator does on the command line."""
        environment = {
            "PATH": os.environ["PATH"],
            "CANAILLE_CONFIG": str(ROOT / "deploy" / "identity" / "canaille.toml"),
            "CANAILLE_SQL__DATABASE_URI": self._database,
        }
        program = [str(IDENTITY / "canaille"), *arguments]
        done = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=240, check=True)
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    provider = Embedded(tmp_path_factory.mktemp("identity"))
    provider.child.start()
    try:
        provider.child.wait_until(provider.answers, STARTED)
        yield provider
    finally:
        provider.child.stop()


class Later:
    """A clock that can be put ahead."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@pytest.fixture
def clock() -> Later:
    return Later()


@pytest_asyncio.fixture(loop_scope="module")
async def people(embedded: Embedded, clock: Later) -> AsyncIterator[People]:
    content = {
        "amqp_url": "amqp://nowhere",
        "mongo_url": "mongodb://nowhere",
        "sealing_keys": SEALING_KEYS,
        "oidc_issuer": embedded.url,
        "oidc_client_secret": embedded.told["ADUAN_OIDC_CLIENT_SECRET"],
    }
    believing = People(Settings.model_validate(content), monotonic=clock)
    yield believing
    await believing.close()


async def test_an_officer_who_signs_in_at_its_pages_acts_with_their_roles_and_units(
    embedded: Embedded, people: People
) -> None:
    sign_in = embedded.sign_in()
    assert await people.of(await sign_in.token(CHIEF)) == CHIEF
    crew = await people.of(await sign_in.token(Person("samapta-1")))
    assert crew == Person("samapta-1", frozenset({"patrol"}), frozenset({"polres-sukamaju", "Samapta"}))


def test_the_keycloak_realm_has_a_group_for_every_role_of_the_sample_office() -> None:
    realm = json.loads((ROOT / "deploy" / "keycloak" / "realm.json").read_text())
    told = dict.fromkeys(("ADUAN_IDENTITY_PASSWORD", "ADUAN_OIDC_CLIENT_SECRET", "ADUAN_PORTAL_SECRET"), "secret")
    sample = dump({**told, "ADUAN_POLRES": "polres-sukamaju", "ADUAN_SITE": "aduan.example"})
    roles = {group["display_name"] for group in sample["group"] if group["display_name"].startswith("role:")}
    assert roles <= {group["name"] for group in realm["groups"]}


async def test_a_wrong_password_leads_nowhere(embedded: Embedded) -> None:
    with pytest.raises(CannotSignIn):
        await embedded.sign_in(ADUAN_IDENTITY_PASSWORD="guessed").token(Person("verifier-2"))


async def test_what_its_administrator_takes_away_does_not_count(
    embedded: Embedded, people: People, clock: Later
) -> None:
    """A token that was issued before loses the role, and then, with the account locked, everything."""
    token = await embedded.sign_in().token(Person("lead-1"))
    (unit,) = embedded.command("get", "group", "--display-name", "unit:polres-sukamaju")
    embedded.command("set", "user", "lead-1", "--groups", unit["id"])
    assert await people.of(token) == Person("lead-1", units=frozenset({"polres-sukamaju"}))
    embedded.command("set", "user", "lead-1", "--lock-date", "2020-01-01T00:00:00+00:00")
    clock.ahead += 45
    with pytest.raises(NotSignedIn):
        await people.of(token)


async def test_nobody_gives_a_role_to_themselves(embedded: Embedded) -> None:
    """By itself canaille lets everybody make groups, and a group is a role here."""
    sign_in = embedded.sign_in()
    async with sign_in.browser() as browser:
        await sign_in.code(browser, "counter-1")
        assert (await browser.get(f"{embedded.url}/profile/counter-1")).status_code == httpx.codes.OK
        assert (await browser.get(f"{embedded.url}/groups/add")).status_code in (403, 404)
        assert (await browser.get(f"{embedded.url}/admin")).status_code in (403, 404)


async def test_a_token_of_the_services_themselves_signs_nobody_in(embedded: Embedded, people: People) -> None:
    credentials = ("aduan", embedded.told["ADUAN_OIDC_CLIENT_SECRET"])
    async with httpx.AsyncClient(auth=credentials, timeout=60) as services:
        answer = await services.post(f"{embedded.url}/oauth/token", data={"grant_type": "client_credentials"})
    with pytest.raises(NotSignedIn):
        await people.of(answer.raise_for_status().json()["access_token"])
