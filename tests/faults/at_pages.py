"""Reporters and officers at pages under faults: they send the same form until they see what came of it."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from pymongo.errors import PyMongoError

from shared.contracts.envelope import Person
from shared.contracts.investigation import Milestone
from tests.faults.spine import Spine
from tests.support.receipts import read_receipt
from tests.support.room import signed

ZONE = ZoneInfo("Asia/Jakarta")
PAUSE = (0.2, 1.0)  # seconds between two things that an officer does
PATIENCE = 180.0  # seconds that somebody tries again before it counts as refused for good
_REPORT, _RECEIPT, _HANDED_OVER = "/intake/report", "/intake/report/receipt", "aduan-receipt"
_VERSION = re.compile(r'name="version" value="(\d+)"')

Answer = tuple[int, Any]


def form_of(body: Mapping[str, Any]) -> dict[str, str]:
    """A report as somebody types it into the page."""
    where, reporter = body["where"], body["reporter"]
    when = datetime.fromisoformat(body["when"]).astimezone(ZONE)
    return {
        "what": body["what"],
        "village": where.get("village", ""),
        "place": where["text"],
        "lat": str(where["lat"]),
        "lon": str(where["lon"]),
        "when": f"{when:%Y-%m-%dT%H:%M:%S}",
        "who": "named",
        "name": reporter["name"],
        "phone": reporter["phone"],
    }


async def report(http: httpx.AsyncClient, intake: str, key: str, form: Mapping[str, str]) -> Answer:
    """Sends the form and goes where it leads: 201 and what the receipt's page shows, or what was in the way of it. The
    page does not show the complaint's id."""
    try:
        sent = await http.post(f"{intake}{_REPORT}", data={"key": key, **form})
        if sent.status_code != 303 or sent.headers["location"] != _RECEIPT:
            return sent.status_code, sent.text[-2000:]
        handed_over = {"Cookie": f"{_HANDED_OVER}={sent.cookies[_HANDED_OVER]}"}
        shown = await http.get(f"{intake}{_RECEIPT}", headers=handed_over)
    except httpx.TransportError as error:
        return 0, type(error).__name__
    if shown.status_code != 200:
        return shown.status_code, shown.text[-2000:]
    number, code = read_receipt(shown.text)
    return 201, {"id": "", "register_number": number, "tracking_code": code}


class Officers:
    """Detectives who reach milestones in their cases, and a verifier who lets reports pass that wait: one thing after
    the other, until the page shows that each is kept."""

    def __init__(self, spine: Spine, seed: int) -> None:
        self.milestones = Counter[str]()  # how many of them a page has acknowledged, by complaint
        self.verified = set[str]()  # the complaints of which a page has acknowledged that they are
        self.unexpected: list[str] = []
        self._spine = spine
        self._seed = seed
        self._chance = random.Random(f"officers {seed}")
        self._forms = 0

    @property
    def acknowledged(self) -> int:
        return self.milestones.total() + len(self.verified)

    async def run(self, stop: asyncio.Event) -> None:
        """They finish what they are at before they go."""
        while not stop.is_set():
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._act_once()
            except TimeoutError:
                self.unexpected.append(f"no panel said for {PATIENCE:.0f} s that a form is kept")
            await asyncio.sleep(self._chance.uniform(*PAUSE))

    async def _act_once(self) -> None:
        if complaint := await self._some("verification", {"case.status": "waiting"}):
            await self.verify(complaint["_id"])
        if led := await self._some("investigation", {"case.status": "open", "case.detective": {"$ne": None}}):
            case = led["case"]
            following: Milestone = "case_conference" if case["milestones"] else "inquiry_opened"
            await self.reach(led["_id"], case["detective"]["id"], following)

    async def reach(self, complaint: str, detective: str, milestone: Milestone) -> None:
        """A milestone is reached, as its detective says on the case's panel."""
        form = {"milestone": milestone, "note": "Warga Contoh didengar."}
        if await self._act("investigation", complaint, "milestones", (detective, "detective"), form):
            self.milestones[complaint] += 1

    async def verify(self, complaint: str) -> None:
        """A report is fit to be acted on, as a verifier says on its panel."""
        if await self._act("verification", complaint, "verify", ("verifier-1", "verifier"), {}):
            self.verified.add(complaint)

    async def _act(self, service: str, complaint: str, move: str, who: tuple[str, str], form: dict[str, str]) -> bool:
        """Sends a form with one key until the panel says that it is kept. Nothing else may come of it in the end."""
        self._forms += 1
        sent = {**form, "key": f"officer-{self._seed}-{self._forms}"}
        person = Person(who[0], frozenset({who[1]}), frozenset({self._spine.settings["ADUAN_POLRES"]}))
        headers = {**signed(person), "HX-Request": "true"}
        panel = f"{self._spine.services[service].url}/{service}/panels/{complaint}"
        while True:
            status, text = await _sent(self._spine.browser, panel, move, headers, sent)
            if status == 200:
                return True
            # 412: something else happened in the case meanwhile, which the panel shows.
            if status not in (0, 412, 503):
                self.unexpected.append(f"{sent['key']} at {service} {complaint}: the page answered {status} {text}")
                return False
            await asyncio.sleep(0.3)

    async def _some(self, service: str, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
        known = ["case.detective", "case.milestones"]
        try:
            found = await self._spine.cases(service).find(wanted, known).to_list(200)
        except PyMongoError:
            return None  # the database is away, and the next look will find it
        return self._chance.choice(found) if found else None


async def _sent(
    http: httpx.AsyncClient, panel: str, move: str, headers: Mapping[str, str], form: dict[str, str]
) -> tuple[int, str]:
    """Takes the version that the panel shows into the form, and sends it. Where what was sent before took effect
    although nobody was told, the panel may have no such form any more; the browser still has it."""
    try:
        shown = await http.get(panel, headers=headers)
        if version := _VERSION.search(shown.text):
            form["version"] = version[1]
        if shown.status_code != 200 or "version" not in form:
            return shown.status_code if shown.status_code != 200 else 409, shown.text[-2000:]
        answer = await http.post(f"{panel}/{move}", data=form, headers=headers)
    except httpx.TransportError as error:
        return 0, type(error).__name__
    return answer.status_code, answer.text[-2000:]
