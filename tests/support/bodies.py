"""The smallest request that a route's own OpenAPI document takes for whole."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

_TEXTS = (
    "words",
    "2099-01-02T03:04:05Z",
    "2099-01-02",
    "2026-01",
    "019caf3e-5a10-7c3e-9b41-2f6d8e0a7711",
    "99.01.01.1001",
    "+6281200000000",
    "office:all",
    "21:00",
    "123456",
    "a" * 64,
)
_FORMATS = {"date-time": _TEXTS[1], "date": _TEXTS[2], "uuid": _TEXTS[4]}


@dataclass(frozen=True)
class Operation:
    """A route with what it asks for."""

    method: str
    path: str
    query: Mapping[str, Any]
    parameters: Mapping[str, Any]
    body: Any
    takes_body: bool

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"

    def url(self, **ids: str) -> str:
        """The address, with these ids in place of invented ones."""
        return re.sub(r"\{(\w+)\}", lambda match: str(ids.get(match[1], self.parameters[match[1]])), self.path)


def operations(app: FastAPI) -> Iterator[Operation]:
    """Every route that the document describes."""
    document = app.openapi()
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            given: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}, "cookie": {}}
            for parameter in described.get("parameters", ()):
                if parameter["required"]:
                    given[parameter["in"]][parameter["name"]] = sample(parameter["schema"], document)
            content = described.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            body = sample(schema, document) if schema else None
            yield Operation(method.upper(), path, given["query"], given["path"], body, schema is not None)


def sample(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:  # noqa: PLR0911  one answer a kind
    """Something that the schema takes, with as little in it as may be."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", (None,))[0])
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return sample(choices[0], document)
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", ())
            return {name: sample(schema["properties"][name], document) for name in wanted}
        case "array":
            return [sample(schema["items"], document)] * schema.get("minItems", 0)
        case "integer" | "number":
            return int(schema.get("minimum", 1))
        case "boolean":
            return True
        case "string":
            return _text(schema)
    raise AssertionError(f"nobody has said how to make up {schema}")


def _text(schema: Mapping[str, Any]) -> str:
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    found = next((text for text in _TEXTS if re.search(schema.get("pattern", ""), text)), None)
    assert found, f"none of the texts here fits {schema}"
    return found
