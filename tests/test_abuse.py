"""What no route of any service falls for; `docs/security.md` lists all that is tried."""

import ast
import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from fastapi import FastAPI

from shared.policy import policy
from shared.settings import Settings
from tests.support.room import environment, key, running
from tests.support.servers import Servers
from tests.test_indexes import ROOT, SERVICES, SUBJECT

OPERATORS: tuple[Any, ...] = ({"$ne": None}, {"$gt": ""}, {"$regex": ".*"}, {"$where": "sleep(5000)"})
EVERY_ROLE = tuple(policy().roles)
# Operators that make a text of somebody's own a program of the database.
PROGRAMS = {"$regex", "$where", "$function", "$accumulator", "$text", "$expr"}


def _bodies(app: FastAPI) -> Iterator[tuple[str, str, list[str]]]:
    """The routes that take JSON, with the fields that they take."""
    document = app.openapi()

    def fields(schema: dict[str, Any]) -> set[str]:
        if "$ref" in schema:
            return fields(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        named = set(schema.get("properties", {}))
        return named.union(*(fields(part) for kind in ("anyOf", "oneOf", "allOf") for part in schema.get(kind, ())))

    for path, methods in document["paths"].items():
        for method, route in methods.items():
            taken = route.get("requestBody", {}).get("content", {}).get("application/json")
            # What is signed is read only once its signature is right.
            if taken and "$ref" in str(taken):
                yield method.upper(), path, sorted(fields(taken["schema"]))


@pytest.mark.parametrize("name", SERVICES)
async def test_an_operator_of_the_database_is_no_value_of_any_field(name: str, real_servers: Servers) -> None:
    with patch.dict(os.environ, {"ADUAN_FINGERPRINT_KEY": key("fingerprint"), **environment(real_servers)}):
        app, settings = import_module(f"services.{name}.main").app(), Settings()
        async with running(app, settings, name) as service:
            everybody = service.token(*EVERY_ROLE, units=("polres-sukamaju",)) | {"Access-Reason": "abuse-test"}
            for method, path, fields in _bodies(app):
                url = path
                for part in [part for part in path.split("/") if part.startswith("{")]:
                    url = url.replace(part, "1" if "number" in part else SUBJECT)
                for operator in OPERATORS:
                    body = dict.fromkeys(fields or ["$ne"], operator)
                    answer = await service.http.request(method, url, json=body, headers=everybody)
                    assert answer.status_code in (401, 422), f"{method} {path} {answer.status_code}"
                    assert answer.headers["content-type"] == "application/problem+json"
                    assert not any(told in answer.text for told in ("sleep", ".*"))


def _operators(source: str) -> set[str]:
    return {
        constant.value
        for constant in ast.walk(ast.parse(source))
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str) and constant.value in PROGRAMS
    }


def _sources() -> list[Path]:
    return [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]


def test_no_query_searches_by_a_pattern_of_somebodys_own() -> None:
    found = {str(path): _operators(path.read_text("utf-8")) for path in _sources()}
    assert {path: operators for path, operators in found.items() if operators} == {}


def test_a_query_that_searches_by_a_pattern_is_noticed() -> None:
    """The control."""
    assert _operators('cases.find({"case.place": {"$regex": text}})') == {"$regex"}
