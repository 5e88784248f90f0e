"""A service of the product that guards nothing: `SERVICE=intake uvicorn --factory benchmarks.bare.app:app`."""

import json
import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from fastapi import FastAPI, Request
from pymongo import UpdateOne

import shared.gate
import shared.quotas
import shared.service
from shared.contracts.envelope import Person
from shared.sealing import Vault
from shared.store import Change, Store


class OpenVault(Vault):
    """Seals nothing: what is kept is the content itself."""

    def seal(self, part: str, complaint: str, content: Mapping[str, Any]) -> str:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    def open(self, part: str, complaint: str, sealed: str, *, read_of: str | None = None) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(sealed)
        return content


class ForgetfulStore(Store[Any]):
    """Keeps no trail of what happened to a case."""

    def _update(self, change: Change[Any]) -> UpdateOne:
        change.trail = []
        return super()._update(change)


async def _anybody(request: Request) -> Person:
    """Whoever asks may do everything."""
    rule = request.app.state.rules[f"{request.method} {request.scope['route'].path}"]
    request.state.reach = frozenset(rule.may.values())
    return Person("anybody", frozenset(rule.may), frozenset({os.environ["ADUAN_POLRES"]}))


async def _passes(*_: Any, **__: Any) -> None:
    """Nobody asks too much."""


def app() -> FastAPI:
    # Put in from outside before the service is made: the product itself has no switch that opens it.
    vars(shared.service).update({"Vault": OpenVault, "Store": ForgetfulStore})
    made: FastAPI = import_module(f"services.{os.environ['SERVICE']}.main").app()
    made.dependency_overrides[shared.gate.acting] = _anybody
    shared.quotas.Caller.passes = _passes  # type: ignore[method-assign]
    return made
