"""Reporters and officers at pages under faults: they send the same form until they see what came of it."""

import asyncio
import random
import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
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
        "village": where["village"],
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


class Detectives:
    """Detectives who reach milestones in their cases, one after the other, until the page shows that each is kept."""

    def __init__(self, spine: Spine, seed: int) -> None:
        self.kept = Counter[str]()  # milestones that a page has acknowledged, by complaint
        self.unexpected: list[str] = []
        self._spine = spine
        self._seed = seed
        self._chance = random.Random(f"detectives {seed}")
        self._acts = 0

    async def run(self, stop: asyncio.Event) -> None:
        """They finish what they are at before they go."""
        while not stop.is_set():
            if case := await self._some_case():
                async with asyncio.timeout(PATIENCE):
                    await self.act(case["_id"], case["case"]["detective"]["id"], _next(case))
            await asyncio.sleep(self._chance.uniform(*PAUSE))

    async def act(self, complaint: str, detective: str, milestone: Milestone) -> None:
        """One milestone, with one key, as often as it takes."""
        self._acts += 1
        form = {"key": f"detective-{self._seed}-{self._acts}", "milestone": milestone, "note": "Warga Contoh didengar."}
        person = Person(detective, frozenset({"detective"}), frozenset({self._spine.settings["ADUAN_POLRES"]}))
        headers = {**signed(person), "HX-Request": "true"}
        panel = f"{self._spine.services['investigation'].url}/investigation/panels/{complaint}"
        while True:
            status, text = await _sent(self._spine.browser, panel, headers, form)
            if status == 200:
                self.kept[complaint] += 1
                return
            # 412: something else happened in the case meanwhile, and the panel shows it.
            if status not in (0, 412, 503):
                self.unexpected.append(f"{form['key']}: the page answered {status} {text}")
                return
            await asyncio.sleep(0.3)

    async def _some_case(self) -> dict[str, Any] | None:
        wanted = {"case.status": "open", "case.detective": {"$ne": None}}
        try:
            found = (
                await self._spine.cases("investigation")
                .find(wanted, ["case.detective", "case.milestones"])
                .to_list(200)
            )
        except PyMongoError:
            return None  # the database is away, and the next look will find it
        return self._chance.choice(found) if found else None


def _next(case: Mapping[str, Any]) -> Milestone:
    return cast(Milestone, "case_conference" if case["case"]["milestones"] else "inquiry_opened")


async def _sent(
    http: httpx.AsyncClient, panel: str, headers: Mapping[str, str], form: Mapping[str, str]
) -> tuple[int, str]:
    try:
        shown = await http.get(panel, headers=headers)
        version = _VERSION.search(shown.text)
        if version is None:  # also where a panel is shown that has no form, which is no answer to one
            return shown.status_code if shown.status_code != 200 else 409, shown.text[-2000:]
        answer = await http.post(f"{panel}/milestones", data={**form, "version": version[1]}, headers=headers)
    except httpx.TransportError as error:
        return 0, type(error).__name__
    return answer.status_code, answer.text[-2000:]
