"""The one table of who may do what, as `policy.toml` has it: by service and route, which roles, and which cases."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

TABLE = Path(__file__).with_name("policy.toml")
PAGE = TABLE.parent.parent / "docs" / "roles.md"
EVERY_APP, EVERY_SERVICE = "app", "shell"  # what the table calls the routes that all have

Scope = Literal["office", "polres", "unit", "own", "village", "patrol", "desk"]
Proof = Literal["anyone", "tracking_code", "gateway_signature", "agency_signature", "open311_key", "platform"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Strict):
    """Which roles may use these routes and for which cases, or how somebody proves that they may."""

    routes: tuple[str, ...]
    may: Mapping[str, Scope] = {}
    proof: Proof | None = None
    sealed: bool = False

    @model_validator(mode="after")
    def _says_who(self) -> "Rule":
        if bool(self.may) == (self.proof is not None):
            raise ValueError("say either which roles may, or how whoever is not signed in proves that they may")
        return self


Rules = Mapping[str, Rule]  # by route, as `GET /cases/{complaint}`


class Policy(_Strict):
    """The whole table. `services` holds each service's rules by their names."""

    roles: Mapping[str, str]
    scopes: Mapping[Scope, str]
    proofs: Mapping[Proof, str]
    services: Mapping[str, Mapping[str, Rule]]

    @model_validator(mode="after")
    def _is_whole(self) -> "Policy":
        for service, rules in self.services.items():
            routes = [route for rule in rules.values() for route in rule.routes]
            unknown = {role for rule in rules.values() for role in rule.may} - self.roles.keys()
            if unknown:
                raise ValueError(f"{service}: nobody has said what these roles are: {', '.join(sorted(unknown))}")
            if twice := sorted({route for route in routes if routes.count(route) > 1}):
                raise ValueError(f"{service}: these routes stand in two rules: {', '.join(twice)}")
        return self


def read(text: str) -> Policy:
    """A table from its text. Raises pydantic's ValidationError, which names the entry that is wrong."""
    table: dict[str, Any] = tomllib.loads(text)
    words = {name: table.pop(name, {}) for name in ("roles", "scopes", "proofs")}
    return Policy(**words, services=table)


@cache
def policy() -> Policy:
    """The table of this system."""
    return read(TABLE.read_text("utf-8"))


def by_route(rules: Iterable[Rule]) -> Rules:
    """The rules as a service looks them up."""
    return {route: rule for rule in rules for route in rule.routes}


def scopes_of(rule: Rule, roles: frozenset[str]) -> frozenset[Scope]:
    """Which cases a rule opens to whoever has these roles; none where it is closed to them."""
    return frozenset(scope for role, scope in rule.may.items() if role in roles)


def rules_of(service: str) -> Rules:
    """A service's rules."""
    return by_route(policy().services[service].values())


def shell_rules_of(service: str) -> Rules:
    """The rules of what every service has; where its pages stand below its name, the table says `{service}`."""
    return {route.replace("{service}", service): rule for route, rule in rules_of(EVERY_SERVICE).items()}


_HEAD = """# Who may do what

Made of `shared/policy.toml` by `make roles`; the services read the same table. What a person reads is of the Polres
that they belong to. A complaint that names a person or a unit of theirs does not exist for them, whatever their
roles: the answer is that for a complaint that never was. A route that stands in no rule keeps its service from
starting, and `tests/services/*/test_policy.py` walk every route as every role.

| reach | which cases |
|---|---|
"""


def page() -> str:
    """The table to read: each role with what it may, and what asks for no role."""
    table = policy()
    lines = [f"| {scope} | {words} |" for scope, words in table.scopes.items()]
    for role, words in table.roles.items():
        lines += ["", f"## {role}", f"Who {words}.", "", *_of_role(table, role)]
    lines += ["", "## Without a role", "", "| service | who proves what | routes |", "|---|---|---|"]
    for service, rules in table.services.items():
        for rule in rules.values():
            if rule.proof:
                lines.append(f"| {service} | {table.proofs[rule.proof]} | {_shown(rule)} |")
    return _HEAD + "\n".join(lines) + "\n"


def _of_role(table: Policy, role: str) -> list[str]:
    rows = [
        f"| {service} | {name} | {rule.may[role]} | {'yes' if rule.sealed else ''} | {_shown(rule)} |"
        for service, rules in table.services.items()
        for name, rule in rules.items()
        if role in rule.may
    ]
    head = ["| service | rule | reach | opens what is sealed | routes |", "|---|---|---|---|---|"]
    return [*head, *rows] if rows else ["Nothing yet."]


def _shown(rule: Rule) -> str:
    return ", ".join(f"`{route}`" for route in rule.routes)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
