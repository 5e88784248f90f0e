"""A service, told of complaints as it would be in an office, and the people who look at what it shows."""

import os
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from io import BytesIO
from typing import Any
from unittest.mock import patch

from fastapi import FastAPI
from pypdf import PdfReader
from uuid6 import uuid7

from shared import tracking
from shared.contracts.catalogue import CONSUMERS, PRODUCERS
from shared.contracts.classification import Classification, ComplaintClassified
from shared.contracts.complaint import Report
from shared.contracts.envelope import Envelope, Event
from shared.contracts.intake import ComplaintSubmitted
from shared.contracts.investigation import InvestigationAssigned, InvestigationConcluded
from shared.contracts.verification import ComplaintVerified
from shared.policy import policy
from shared.settings import Settings
from tests.shared.tally import drop_databases
from tests.support.pages import pages_of
from tests.support.room import Running, environment, key, running, until
from tests.support.servers import Servers

ROLES = tuple(policy().roles)
POLRES, OFFICER, UNIT = "polres-sukamaju", "aipda-contoh", "Satlantas"
TRACKS = {"mediation": ("mediation",), "referral": ("referral",), "internal_affairs": ("internal_affairs",)}
MANY = 6  # of which published figures tell, and from which findings are raised

# What is a page's own: the keys of its forms, and the moment at which it was made.
_OWN = re.compile(r'name="key" value="[^"]*"|Keadaan pada <time.*?</time>')

Headers = dict[str, str]
Shown = dict[str, tuple[int, Any]]


class Office:
    """A service, and the people who look at what it shows."""

    def __init__(self, service: Running, name: str) -> None:
        self.service, self.name = service, name
        service.settings = service.room.settings  # all that this service reads
        end = datetime.now(UTC).replace(day=1, hour=12) - timedelta(days=1)
        self.begins = end - timedelta(days=20)
        self.month = f"{end:%Y-%m}"
        self.count = MANY if name == "evaluation" else 1
        self.codes: dict[str, str] = {}  # tracking codes by complaint, where the service knows complaints by them

    def person(self, id_: str, *units: str) -> Headers:
        return self.service.token(*ROLES, person=id_, units=(POLRES, "Pidum", *units))

    @property
    def free(self) -> Headers:
        return self.person("officer-free")

    @property
    def named(self) -> dict[str, Headers]:
        return {"officer": self.person(OFFICER), "acting for the unit": self.person("officer-acting", UNIT)}

    async def get(self, path: str, who: Headers) -> tuple[int, Any]:
        """What is answered, without the moment at which it was made."""
        params = {"month": self.month, "until": self.month, "limit": "200"}
        answer = await self.service.http.get(path, params=params, headers={**who, "Access-Reason": "hidden-test"})
        assert answer.status_code < 500, path
        media = answer.headers.get("content-type", "")
        if media == "application/pdf":
            text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
            return answer.status_code, re.sub(r"\d{2}[.:]\d{2}", "", text)
        if "json" not in media:
            return answer.status_code, answer.text
        body = answer.json()
        return answer.status_code, {**body, "made_at": None} if isinstance(body, dict) else body

    async def all_shown(self, who: Headers, complaint: str) -> Shown:
        """Every page that the service has, those of a complaint for this one."""
        app, month = self.service.app, self.month
        if hasattr(app.state, "published"):
            app.state.published = type(app.state.published)()  # what is published is kept for some minutes
        named = {"month": month, "form": "json", **self.enrolled}
        asked = [*_routes(app), *self._pages()]
        paths = {path: re.sub(r"\{(\w+)\}", lambda m: named.get(m[1], complaint), path) for path in asked}
        shown = {path: await self.get(filled, who) for path, filled in paths.items()}
        # The address of a page stands in it.
        return {path: (status, _without(body, complaint)) for path, (status, body) in shown.items()}

    def _pages(self) -> Iterator[str]:
        """The pages of officers, but for the streams that tell them of changes."""
        typed = dict.fromkeys(("unit", "name", "village", "category", "month", "version", "done", "saved"), "")
        for page in pages_of(self.service.app, self.name, typed):
            if page.rule.may and not page.path.endswith("/live"):
                yield page.path

    async def examined(self) -> None:
        """Findings are raised of what falls short. One that was raised stays, whatever becomes hidden afterwards."""
        if self.name == "evaluation":
            answer = await self.service.http.post(f"/findings/examinations/{self.month}", headers=self.free)
            assert answer.is_success, answer_text(answer)

    async def told(self, *conflicts: str, fast: bool = True) -> list[str]:
        """Complaints that the service knows, one or as many as it takes. Returns their ids."""
        return [await self._tell(number, conflicts, fast) for number in range(self.count)]

    async def _tell(self, number: int, conflicts: tuple[str, ...], fast: bool) -> str:
        if self.name == "intake":
            return await self._written_down(conflicts)
        complaint, at = str(uuid7()), self.begins + timedelta(minutes=number)
        code = self.codes[complaint] = tracking.encode(uuid7().bytes[-10:])
        hours = 1 if fast else 200
        ids = []
        for sequence, event in enumerate(self._story(complaint, conflicts, at, code), start=1):
            if event.wire in CONSUMERS[self.name]:
                ids.append(await self._said(event, complaint, sequence, at + timedelta(hours=hours * sequence)))

        async def taken() -> bool:
            return set(ids) <= (await self.service.room.store().load([complaint]))[complaint].seen

        await until(taken, f"{self.name} knows the complaint")
        if self.name == "evaluation":
            scores = {f"u{element}": 3 if fast else 1 for element in range(1, 10)}
            body = {"code": tracking.show(code), "scores": scores, "comment": "Canary" if conflicts else None}
            answered = await self.service.http.post("/tracking/survey", json=body)
            assert answered.status_code == 201, answer_text(answered)
        return complaint

    async def _written_down(self, conflicts: tuple[str, ...]) -> str:
        body = {"what": "A matter that was told at the counter", "conflicts": list(conflicts)}
        answer = await self.service.http.post("/counter/complaints", json=body, headers=self.free)
        assert answer.status_code == 201, answer_text(answer)
        return str(answer.json()["id"])

    def _story(self, complaint: str, conflicts: tuple[str, ...], at: datetime, code: str) -> Iterator[Event]:
        tracks = TRACKS.get(self.name, ("investigation", "dispatch"))
        report = Report.model_validate(
            {
                "register_number": f"LP/B/{complaint[-6:]}",
                "channel": "web",
                "identity_level": "anonymous",
                "received_at": at,
                "village": "99.01.01.1001",
                "conflicts": conflicts,
            }
        )
        known = self.name not in ("verification", "classification")  # where something is missing, somebody must look
        lookup = (
            tracking.lookup(code, self.service.settings.code_key)
            if hasattr(self.service.settings, "code_key")
            else None
        )
        yield ComplaintSubmitted(report=report, tracking_lookup=lookup if known else None)
        yield ComplaintVerified(report=report)
        said = Classification.model_validate(
            {
                "category": "theft",
                "urgency": "P1",
                "tracks": tracks,
                "mediation": "ppa_approval",
                "units": ("Pidum",),
                "partners": ("Dinsos",),
                "confidence": 1.0,
            }
        )
        yield ComplaintClassified(report=report, classification=said)
        yield InvestigationAssigned(detective="detective-1", unit="Pidum", letter_due=at)
        yield InvestigationConcluded(outcome="handed_to_prosecutor")

    async def _said(self, event: Event, complaint: str, sequence: int, at: datetime) -> str:
        producer = next(name for name, says in PRODUCERS.items() if type(event) in says)
        envelope = Envelope[Event](
            id=str(uuid7()), type=event.wire, source=producer, subject=complaint, time=at,
            sequence=sequence, polres=POLRES, lane="normal", data=event,
        )  # fmt: skip
        body = envelope.model_dump_json(serialize_as_any=True).encode()
        await self.service.raw(body, event.wire, message_id=envelope.id)
        return envelope.id

    @property
    def enrolled(self) -> Mapping[str, str]:
        """One of each roster, by its name in addresses."""
        return _ENROLLED.get(self.name, {})

    async def enrol(self) -> None:
        """Officers and patrols for whoever has a roster."""
        detective = {"name": "Detektif", "phone": "021 555 0101", "units": ["Pidum"]}
        patrol = {"call_sign": "P", "unit": "Samapta", "lat": -6.9, "lon": 107.6}
        puts: dict[str, list[tuple[str, Any]]] = {
            "investigation": [
                ("/officers/detective-1", detective | {"conflicts": ["LP/B/1"]}),
                *((f"/patrols/patrol-{number}", patrol) for number in range(1, 5)),
            ],
            "mediation": [
                ("/officers/mediator-1", {"name": "Bripka", "phone": "0215550102", "villages": ["99.01.01.1001"]})
            ],
            "internal_affairs": [("/examiners/examiner-1", {"units": [POLRES]})],
        }
        for path, body in puts.get(self.name, []):
            answer = await self.service.http.put(path, json=body, headers=self.free)
            assert answer.is_success, answer_text(answer)


_ENROLLED: Mapping[str, Mapping[str, str]] = {
    "investigation": {"officer_id": "detective-1", "patrol_id": "patrol-1"},
    "mediation": {"officer_id": "mediator-1"},
    "internal_affairs": {"examiner": "examiner-1"},
}


def _without(body: Any, complaint: str) -> Any:
    return _OWN.sub("", body.replace(complaint, "")) if isinstance(body, str) else body


def answer_text(answer: Any) -> str:
    return f"{answer.request.url}: {answer.text}"


def _routes(app: FastAPI) -> list[str]:
    return [path for path, methods in app.openapi()["paths"].items() if "get" in methods and "health" not in path]


@asynccontextmanager
async def office_of(name: str, servers: Servers) -> AsyncIterator[Office]:
    variables = {"ADUAN_FINGERPRINT_KEY": key("fingerprint"), **environment(servers)}
    with patch.dict(os.environ, variables):
        main = import_module(f"services.{name}.main")
        app, settings = main.app(), Settings()
    async with running(app, settings, name) as service:
        office = Office(service, name)
        await office.enrol()
        yield office
    await drop_databases(settings)
