"""The one table of who may do what, as `policy.toml` has it: by service and route, which roles, and which cases."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

TABLE = Path(__file__).with_name("policy.toml")
EVERY_SERVICE = "shell"

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


def rules_of(service: str) -> Rules:
    """A service's rules."""
    return by_route(policy().services[service].values())
