"""The table of who may do what is whole, and no service starts that does not keep to it."""

import os
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import pytest
from fastapi import APIRouter, FastAPI
from pydantic import ValidationError

from deploy.local.layout import PORTAL, process_names
from shared import policy
from shared.gate import Acting, Ungoverned
from shared.http import SignedIn
from shared.policy import PAGE, Rule, Rules, by_route, rules_of
from shared.service import Service, create_app
from tests.shared.tally import SERVICE, settings_for
from tests.support.room import environment, key
from tests.support.servers import Servers

ROOT = Path(__file__).parents[1]
ANSWERING = process_names()
TABLE = """
roles = {{ chief = "answers for it" }}
scopes = {{ polres = "every case" }}
proofs = {{ anyone = "nothing" }}
[small.one]
{rule}
"""


def test_the_table_has_rules_for_each_service_and_for_no_other() -> None:
    assert policy.policy().services.keys() == {"app", "shell", *ANSWERING}


def test_every_scope_and_proof_that_a_rule_can_name_is_put_into_words() -> None:
    table = policy.policy()
    rules = [rule for service in ANSWERING for rule in rules_of(service).values()]
    assert {scope for rule in rules for scope in rule.may.values()} <= table.scopes.keys()
    assert {rule.proof for rule in rules if rule.proof} <= table.proofs.keys()


def test_an_auditor_reads_audits_and_nothing_else() -> None:
    for service, rules in policy.policy().services.items():
        for name, rule in rules.items():
            if "auditor" in rule.may and service != PORTAL:  # whose pages show nothing by themselves
                assert name.startswith("audit"), f"{service}.{name}"
                assert all(route.startswith("GET ") for route in rule.routes)


def test_an_administrator_keeps_rosters_and_reads_nothing_sealed() -> None:
    for service, rules in policy.policy().services.items():
        for name, rule in rules.items():
            if "administrator" in rule.may and service != PORTAL:
                assert name.startswith("rosters"), f"{service}.{name}"
                assert rule.may["administrator"] == "office"
                assert not rule.sealed


def test_the_page_of_roles_says_what_the_table_says() -> None:
    assert PAGE.read_text("utf-8") == policy.page(), "run `make roles`"


@pytest.mark.parametrize("name", ANSWERING)
def test_every_route_of_a_service_stands_in_a_rule_and_every_rule_is_of_a_route(
    name: str, real_servers: Servers
) -> None:
    own = {"ADUAN_FINGERPRINT_KEY": key("fingerprint"), "ADUAN_PORTAL_SECRET": key("portal")}
    own["ADUAN_ORIGINS"] = '["https://aduan.example"]'
    with patch.dict(os.environ, {**own, **environment(real_servers)}):
        app: FastAPI = import_module(f"services.{name}.main").app()
    assert rules_of(name).items() <= app.state.rules.items()


@pytest.mark.parametrize(
    "rule",
    [
        'routes = ["GET /a"]',
        'routes = ["GET /a"]\nmay = { chief = "polres" }\nproof = "anyone"',
        'routes = ["GET /a"]\nmay = { cheif = "polres" }',
        'routes = ["GET /a"]\nmay = { chief = "everything" }',
        'routes = ["GET /a"]\nproof = "a kind word"',
        'routes = ["GET /a", "GET /a"]\nproof = "anyone"',
        'routes = ["GET /a"]\nproof = "anyone"\nroles = ["chief"]',
    ],
)
def test_a_rule_that_does_not_say_who_may_is_no_rule(rule: str) -> None:
    with pytest.raises(ValidationError):
        policy.read(TABLE.format(rule=rule))


def test_a_rule_says_who_may() -> None:
    table = policy.read(TABLE.format(rule='routes = ["GET /a"]\nmay = { chief = "polres" }'))
    assert table.services["small"]["one"].may == {"chief": "polres"}


CHIEFS, ANYONE = Rule(routes=("GET /a",), may={"chief": "polres"}), Rule(routes=("GET /a",), proof="anyone")


def _gated() -> APIRouter:
    router = APIRouter()

    @router.get("/a")
    async def read(person: Acting) -> str:
        return person.id

    return router


def _open() -> APIRouter:
    router = APIRouter()

    @router.get("/a")
    async def read() -> str:
        return ""

    return router


def _signed_in_alone() -> APIRouter:
    router = APIRouter()

    @router.get("/a")
    async def read(person: SignedIn) -> str:
        return person.id

    return router


@pytest.mark.parametrize(
    ("router", "rules", "wrong"),
    [
        (_gated(), {}, "GET /a stands in no rule"),
        (_open(), {}, "GET /a stands in no rule"),
        (APIRouter(), by_route([CHIEFS]), "GET /a stands in shared/policy.toml, but is no route"),
        (_open(), by_route([CHIEFS]), "GET /a must take an Acting person"),
        (_signed_in_alone(), by_route([CHIEFS]), "GET /a must take an Acting person"),
        (_gated(), by_route([ANYONE]), "GET /a must take no Acting person"),
    ],
)
def test_a_service_whose_routes_and_rules_differ_does_not_start(
    router: APIRouter, rules: Rules, wrong: str, real_servers: Servers
) -> None:
    service = Service(SERVICE, settings_for(real_servers), {}, routers=(router,), rules=rules)
    with pytest.raises(Ungoverned, match=wrong):
        create_app(service)
