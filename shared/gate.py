"""Lets in whom the policy table names, and lets no route run that the table does not know."""

import re
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from shared import telemetry
from shared.contracts.envelope import UUID_PATTERN, Person
from shared.contracts.refusals import Absent, Forbidden, Refusal
from shared.http import SignedIn
from shared.policy import EVERY_APP, Rules, Scope, rules_of, scopes_of

_COMPLAINT = ("complaint", "complaint_id")
_UUID = re.compile(UUID_PATTERN)


def acting(request: Request, person: SignedIn) -> Person:
    """Whoever acts, if the policy lets one of their roles use the route. Raises Forbidden."""
    request.state.person = person
    rule = request.app.state.rules[f"{request.method} {request.scope['route'].path}"]
    if person.roles.isdisjoint(rule.may):
        raise Forbidden("role_missing", f"This needs the role {' or '.join(rule.may)}.")
    request.state.reach = scopes_of(rule, person.roles)
    return person


Acting = Annotated[Person, Depends(acting)]


def reach(request: Request, _: Acting) -> frozenset[Scope]:
    """Which cases the roles of whoever acts open on this route."""
    scopes: frozenset[Scope] = request.state.reach
    return scopes


Reach = Annotated[frozenset[Scope], Depends(reach)]


def note_refused(request: Request, error: Refusal) -> None:
    """Notes who asked for what they may not have. A complaint that is hidden from them and one that is not there look
    the same here too: whoever reads the note can tell them apart, and nobody else."""
    person: Person | None = getattr(request.state, "person", None)
    if person is None or not isinstance(error, Absent | Forbidden):
        return
    # What stands in the address was not checked yet where the role was missing.
    ids = (value for name, value in request.path_params.items() if name in _COMPLAINT and _UUID.fullmatch(value))
    route = f"{request.method} {request.scope['route'].path}"
    telemetry.log.warning("access_refused", person=person.id, route=route, complaint=next(ids, None), reason=error.slug)


class Ungoverned(Exception):
    """A route and the policy table do not agree."""


def guard(app: FastAPI, rules: Rules) -> None:
    """Has the app keep to the rules. Raises Ungoverned where a route has none, a rule has no route, or a route does not
    ask who acts although its rule names roles."""
    rules = {**rules_of(EVERY_APP), **rules}
    gated = dict(_routes(app))
    wrong = [
        *(f"{route} stands in no rule of shared/policy.toml" for route in gated.keys() - rules.keys()),
        *(f"{route} stands in shared/policy.toml, but is no route" for route in rules.keys() - gated.keys()),
        *(
            f"{route} must take {'an' if rules[route].may else 'no'} Acting person to keep to its rule"
            for route in gated.keys() & rules.keys()
            if gated[route] != bool(rules[route].may)
        ),
    ]
    if wrong:
        raise Ungoverned("\n".join(sorted(wrong)))
    app.state.rules = rules


def _routes(app: FastAPI) -> Iterator[tuple[str, bool]]:
    """Every route as the table names it, and whether it asks who acts."""
    for route in iter_route_contexts(app.routes):
        dependant: Dependant | None = getattr(route, "dependant", None)
        methods = getattr(route, "methods", None) or {"GET"}  # files alone have none
        for method in methods - {"HEAD"}:
            # A mount has its path, as a route has, but not as an attribute that is known here.
            path = route.path or getattr(route.original_route, "path", "")
            yield f"{method} {path}", dependant is not None and _asks(dependant)


def _asks(dependant: Dependant) -> bool:
    return any(inner.call is acting or _asks(inner) for inner in dependant.dependencies)
