"""Every page that is read, at each address that it can have: with every choice that its filters leave."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal, get_args, get_origin

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from shared.policy import Rule, rules_of, shell_rules_of


@dataclass(frozen=True)
class Page:
    """A page with its rule. `filters` are what may stand behind its path."""

    path: str
    rule: Rule
    filters: tuple[Mapping[str, str], ...]


def pages_of(app: FastAPI, service: str, typed: Mapping[str, str]) -> Iterator[Page]:
    """The pages that a service shows. `typed` are words for the filters in which anything can be written."""
    rules = {**shell_rules_of(service), **rules_of(service)}
    for route in iter_route_contexts(app.routes):
        path, dependant = route.path or "", getattr(route, "dependant", None)
        if dependant and "GET" in (route.methods or ()) and path.startswith(f"/{service}/") and f"GET {path}" in rules:
            choices = {field.alias: _choices(field, typed) for field in _filters(dependant)}
            yield Page(path, rules[f"GET {path}"], tuple(_together(choices)))


def _together(choices: Mapping[str, tuple[str, ...]]) -> Iterator[Mapping[str, str]]:
    """Each choice with each choice of the other filters."""
    for chosen in product(*choices.values()):
        yield {name: value for name, value in zip(choices, chosen, strict=True) if value}


def _filters(dependant: Dependant) -> Iterator[Any]:
    yield from dependant.query_params
    for inner in dependant.dependencies:
        yield from _filters(inner)


def _choices(field: Any, typed: Mapping[str, str]) -> tuple[str, ...]:
    """What can be chosen; nothing too, which is an empty text here, where the filter may be left open."""
    kind, left_open = field.field_info.annotation, () if field.field_info.is_required() else ("",)
    if type(None) in get_args(kind):
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is Literal:
        return *left_open, *(str(choice) for choice in get_args(kind))
    return *left_open, "true" if kind is bool else typed[field.alias]
