"""Walks every route of a service as every role, and as people who are out of reach of a case.

What is expected stands in the policy table alone: a route or a role that is new there is walked too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from shared.contracts.envelope import Person
from shared.policy import Rule, Scope, policy, rules_of, shell_rules_of
from tests.support.bodies import Operation, operations
from tests.support.room import Running

POLRES, ELSEWHERE = "polres-sukamaju", "polres-elsewhere"
# Every scene's complaint is about these two.
NAMED_PERSON, NAMED_UNIT = "named-person", "Named unit"
ABOUT = (NAMED_PERSON, NAMED_UNIT)
ABSENT = "019caf3e-5a10-7c3e-9b41-2f6d8e0a7711"
UNREAD = {"If-Match": '"999999999"'}  # with it, nobody changes anything
# Whose pages every service has, and no scene needs to name.
_AUDITOR = Person("auditor-1", frozenset({"auditor"}), frozenset({POLRES}))
_COMPLAINT = ("complaint", "complaint_id")
_SIGNED = ("gateway_signature", "agency_signature", "open311_key")


@dataclass(frozen=True)
class Scene:
    """A service with one complaint that is about `ABOUT`, and for each role somebody who reaches it. `ids` are of what
    else stands in addresses, `bodies` of what a route takes that its document cannot tell."""

    it: Running
    complaint: str
    insiders: Mapping[str, Person]
    ids: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, Any] = field(default_factory=dict)
    complaints: Mapping[str, str] = field(default_factory=dict)  # by role, of who reaches another one
    forms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # what a page's form needs to be read at all

    def of(self, role: str) -> str:
        return self.complaints.get(role, self.complaint)

    @property
    def governed(self) -> Iterator[tuple[Operation, Rule]]:
        """Every route with its rule."""
        rules = rules_of(self.it.room.name)
        for operation in operations(self.it.app):
            if operation.route in rules:
                body = self.bodies.get(operation.route, operation.body)
                yield replace(operation, body=body), rules[operation.route]

    async def send(
        self, operation: Operation, person: Person | None, complaint: str | None = None, body: Any = None, **more: str
    ) -> httpx.Response:
        headers = {**self.it.token(*person.roles, person=person.id, units=tuple(person.units))} if person else {}
        ids = {**self.ids, **dict.fromkeys(_COMPLAINT, complaint or self.complaint)}
        return await self.it.http.request(
            operation.method,
            operation.url(**ids),
            params={name: self.ids.get(name, value) for name, value in operation.query.items()},
            json=body or operation.body,
            headers={**headers, "Access-Reason": "policy-walk", **more},
        )


def outsiders(insider: Person, scope: Scope) -> dict[str, Person]:
    """The same person where the case is out of reach, by what is different about them."""
    elsewhere = {ELSEWHERE if unit == POLRES else unit for unit in insider.units}
    found = {
        "of another Polres": replace(insider, units=frozenset(elsewhere)),
        "named in it": replace(insider, id=NAMED_PERSON),
        "of a unit that is named in it": replace(insider, units=insider.units | {NAMED_UNIT}),
    }
    if scope in ("own", "village", "patrol"):
        found["somebody else"] = replace(insider, id="somebody-else", units=frozenset({POLRES, "Other unit"}))
    if scope == "unit":
        found["of another unit"] = replace(insider, units=frozenset({POLRES, "Other unit"}))
    return found


async def gates(scene: Scene) -> None:
    """Without a token everybody is told to sign in, with a role that the table does not name nobody gets further, and
    what the table leaves to a proof asks for no token and is not done without the proof."""
    for operation, rule in scene.governed:
        unknown = await scene.send(operation, None)
        if rule.proof:
            assert _slug(unknown) not in ("not_signed_in", "role_missing"), operation.route
            assert unknown.status_code < 500, operation.route
            assert rule.proof not in _SIGNED or unknown.status_code in (400, 401, 403), operation.route
            assert rule.proof != "tracking_code" or unknown.status_code == 404, (operation.route, unknown.text)
            continue
        assert (unknown.status_code, _slug(unknown)) == (401, "not_signed_in"), operation.route
        for role in (*(policy().roles.keys() - rule.may.keys()), "no-such-role"):
            stranger = Person("stranger", frozenset({role}), frozenset({POLRES, "Pidum", "Other unit"}))
            answer = await scene.send(operation, stranger)
            assert (answer.status_code, _slug(answer)) == (403, "role_missing"), (operation.route, role)


async def reaches(scene: Scene) -> None:
    """Who may use a route reaches the case if the table gives it to them; for everybody else it is as absent as one
    that never was, to the byte."""
    walked = 0
    for operation, rule in scene.governed:
        if not any(f"{{{name}}}" in operation.path for name in _COMPLAINT):
            continue
        for role, scope in rule.may.items():
            insider = scene.insiders[role]
            absent = await scene.send(operation, insider, ABSENT)
            assert (absent.status_code, _slug(absent)) == (404, "not_found"), (operation.route, role, absent.text)
            known = await scene.send(operation, insider, scene.of(role), **UNREAD)
            assert known.content != absent.content, f"{operation.route}: {role} does not reach the case"
            assert known.status_code not in (401, 422), (operation.route, role, known.text)
            for why, outsider in outsiders(insider, scope).items():
                for headers in ({}, UNREAD):
                    refused = await scene.send(operation, outsider, scene.of(role), **headers)
                    assert _all_of(refused) == _all_of(absent), f"{operation.route}: {role} {why}: {refused.text}"
            walked += 1
    assert walked, "no route of the service addresses a case"


async def lists(scene: Scene) -> None:
    """No list shows the case to anybody out of its reach."""
    shown = 0
    for operation, rule in scene.governed:
        if operation.method != "GET" or any(f"{{{name}}}" in operation.path for name in _COMPLAINT):
            continue
        for role, scope in rule.may.items():
            insider = scene.insiders[role]
            shown += scene.of(role) in (await scene.send(operation, insider)).text
            for why, outsider in outsiders(insider, scope).items():
                answer = await scene.send(operation, outsider)
                assert scene.of(role) not in answer.text, f"{operation.route}: {role} {why}"
    assert shown, "no list of the service shows the case to anybody"


async def masses(scene: Scene) -> None:
    """A field that no route asks for is refused by name, so that nobody sets by it what is not theirs to set."""
    walked = 0
    for operation, rule in scene.governed:
        if not operation.takes_body or rule.proof in _SIGNED:
            continue
        person = next((scene.insiders[role] for role in rule.may), None)
        for name, value in (("polres", ELSEWHERE), ("role", "chief"), ("status", "verified_by_nobody")):
            answer = await scene.send(operation, person, body={**operation.body, name: value}, **UNREAD)
            assert answer.status_code == 422, (operation.route, name, answer.text)
            assert name in [error["field"].rsplit(".", 1)[-1] for error in answer.json()["errors"]], operation.route
            walked += 1
    assert walked, "no route of the service takes a body"


async def pages(scene: Scene) -> None:
    """The same for the service's pages: they lead to sign-in, keep other roles out, and a case out of reach is absent
    to the byte but for the ids in its address and of whoever asks."""
    service, reached = scene.it.room.name, 0
    for route, rule in {**shell_rules_of(service), **rules_of(service)}.items():
        method, path = route.split(" ", 1)
        if not path.startswith(f"/{service}/") or not rule.may:
            continue
        unknown = await _open(scene, method, path, None)
        assert unknown.status_code == (303 if method == "GET" else 401), route
        assert method != "GET" or unknown.headers["location"].startswith("/sign-in?to="), route
        for role in (*(policy().roles.keys() - rule.may.keys()), "no-such-role"):
            stranger = Person("stranger", frozenset({role}), frozenset({POLRES, "Pidum", "Other unit"}))
            assert (await _open(scene, method, path, stranger)).status_code == 403, (route, role)
        for role, scope in rule.may.items():
            insider, lasts = scene.insiders.get(role, _AUDITOR), path.endswith("/live")
            if not any(f"{{{name}}}" in path for name in _COMPLAINT):
                for why, outsider in outsiders(insider, scope).items():
                    shown = "" if lasts or method != "GET" else (await _open(scene, method, path, outsider)).text
                    assert scene.of(role) not in shown, f"{route}: {role} {why}"
                continue
            absent = await _open(scene, method, path, insider, ABSENT)
            assert absent.status_code == 404, (route, role, absent.text)
            if not lasts:
                known = await _open(scene, method, path, insider, scene.of(role))
                assert known.status_code in (200, 409, 412, 422), (route, role, known.text)
            for why, outsider in outsiders(insider, scope).items():
                refused = await _open(scene, method, path, outsider, scene.of(role))
                assert refused.status_code == absent.status_code, f"{route}: {role} {why}: {refused.text}"
                same = refused.text.replace(scene.of(role), ABSENT).replace(outsider.id, insider.id)
                assert same == absent.text, f"{route}: {role} {why}"
            reached += role != "auditor"
    assert reached, "no page of the service shows a case"


async def _open(
    scene: Scene, method: str, path: str, person: Person | None, complaint: str | None = None
) -> httpx.Response:
    """Asks for a page as a browser does, with a form that nobody can carry out: its version was never seen."""
    headers = scene.it.token(*person.roles, person=person.id, units=tuple(person.units)) if person else {}
    ids = {**scene.ids, **dict.fromkeys(_COMPLAINT, complaint or scene.complaint)}
    form = {"key": "policy-walk", "version": "999999", **scene.forms.get(f"{method} {path}", {})}
    return await scene.it.http.request(
        method,
        re.sub(r"\{(\w+)\}", lambda match: ids[match[1]], path),
        data=form if method != "GET" else None,
        headers={**headers, "Access-Reason": "policy-walk"},
    )


def _slug(answer: httpx.Response) -> str:
    if "problem" not in answer.headers.get("content-type", ""):
        return ""
    return str(answer.json()["type"]).rsplit(":", 1)[1]


def _all_of(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    return answer.status_code, answer.content, dict(answer.headers)
