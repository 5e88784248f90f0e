"""Every page that a person opens, among 10,000 cases: how long its service takes, and what a browser has to fetch.

The pages are those of the policy table, also of a service that is new there: all that are read and ask for nothing but
a complaint. What lives on as a stream, and what leads to the provider, is no page.
"""

import asyncio
import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import httpx

from benchmarks import growth, journeys
from benchmarks.client import Result, request, send
from benchmarks.progress import say
from benchmarks.sizes import Sizes
from benchmarks.system import System
from deploy.demo.stage import Report, Stage
from deploy.demo.stories_mediation import on_track, reported
from deploy.demo.telling import CIBUAH, MEKARSARI, SUKAMAJU, ago
from deploy.local.layout import PORTAL, process_names
from deploy.local.state import Noted, State
from shared.contracts.envelope import Person
from shared.policy import Rule, rules_of, shell_rules_of
from shared.tracking_cookie import COOKIE
from tests.support.provider import AtOnce, the_provider

_UNITS = frozenset({"polres-sukamaju", "Pidum", "Jatanras", "Satresnarkoba", "Tipidter", "Tipikor", "Sipropam"})
_TEXT = ("text/", "application/javascript", "application/json", "image/svg")
_ASSET = re.compile(r'(?:src|href)="(/assets/[^"]+)"')
_PANEL = re.compile(r'hx-get="(/(\w+)/[^"]+)" hx-trigger="load"')


@dataclass(frozen=True)
class Page:
    """An address as somebody opens it who may."""

    service: str
    route: str
    rule: Rule

    def headers(self, code: str) -> list[tuple[str, str]]:
        if self.rule.proof:
            return [("Cookie", f"{COOKIE}={code}")]
        person = Person("detective-1", frozenset(self.rule.may), _UNITS)
        return [("Authorization", f"Bearer {the_provider().token(person)}"), ("Access-Reason", "bench")]

    def address(self, complaint: str) -> str:
        return self.route.removeprefix("GET ").replace("{complaint_id}", complaint)


def pages() -> Iterator[Page]:
    """All of them."""
    for service in process_names():
        shell = {} if service == PORTAL else shell_rules_of(service)
        for route, rule in {**shell, **rules_of(service)}.items():
            method, path = route.split(" ")
            is_page = path.startswith(f"/{service}/") or (service, path) == (PORTAL, "/")
            asks_more = "{" in path.replace("{complaint_id}", "")
            if method == "GET" and is_page and not asks_more and not path.endswith("/live"):
                yield Page(service, route, rule)


async def _further(system: System) -> list[Report]:
    """Reports that go to those whom no other report goes to: mediation, referral, internal affairs."""
    processes = [Noted(name, 0, "", f"http://127.0.0.1:{system.port(name)}") for name in journeys.SERVICES]
    async with Stage(State(processes=processes, environment=system.environment), AtOnce()) as stage:
        await stage.enrol()
        dispute = await reported(
            stage,
            "Tetangga saya membangun pagar yang melewati batas tanah kami. Kami sudah cekcok beberapa kali.",
            {"text": "Gang Kenanga, RT 04", "village": MEKARSARI},
            {"name": "Tuti Contoh", "phone": "+6281210000301"},
        )
        await on_track(stage, dispute, "neighbour_dispute", "mediation")
        outage = await reported(
            stage,
            "Listrik di RT 03 padam sejak subuh, gardu PLN di ujung jalan berbunyi lalu mati.",
            {"text": "gardu ujung Jalan Melati RT 03", "village": CIBUAH},
            {"name": "Hendra Contoh", "phone": "+6281210000302"},
        )
        conduct = await stage.report(
            "/complaints",
            {
                "channel": "web",
                "what": "Polisi lalu lintas minta uang damai saat menilang saya di simpang pasar, tanpa surat tilang.",
                "where": {"text": "simpang pasar Sukamaju", "village": SUKAMAJU},
                "when": ago(hours=20),
                "reporter": {"name": "Lestari Contoh", "phone": "+6281210000120"},
            },
        )
        head = stage.officer("head-propam", "internal_affairs_head", units=("Sipropam",))
        await stage.found("internal_affairs", f"/cases/{conduct.id}", head)
        await stage.found("referral", f"/cases/{outage.id}", stage.officer("referral-1", "referral_officer"))
    return [dispute, outage, conduct]


def _open(system: System, page: Page, complaint: str, code: str, times: int) -> Result:
    asked = request("GET", page.address(complaint), b"", page.headers(code))
    return asyncio.run(send(system.port(page.service), [asked] * times, 1))


def _shown(system: System, page: Page, known: Sequence[Report]) -> Report | None:
    """A report whose page this is; the page of a case is there only where its service has the case."""
    for report in known:
        if set(_open(system, page, report.id, report.tracking_code, 1).statuses) == {200}:
            return report
    return None


def _compressed(answer: httpx.Response) -> int:
    media = answer.headers.get("content-type", "")
    return len(gzip.compress(answer.content, 5)) if media.startswith(_TEXT) else len(answer.content)


def _fetched(system: System, page: Page, report: Report) -> int:
    """The bytes that a browser fetches which has nothing yet: the page, its assets, and the panels that fill it."""
    headers = dict(page.headers(report.tracking_code))
    with httpx.Client(headers=headers, timeout=30) as browser:

        def get(service: str, address: str) -> httpx.Response:
            return browser.get(f"http://127.0.0.1:{system.port(service)}{address}")

        whole = get(page.service, page.address(report.id))
        if not whole.text.lstrip().startswith("<!DOCTYPE"):
            return 0
        size = _compressed(whole)
        size += sum(_compressed(get(PORTAL, address)) for address in {*_ASSET.findall(whole.text)})
        panels = [get(service, address) for address, service in _PANEL.findall(whole.text)]
        return size + sum(_compressed(panel) for panel in panels if panel.is_success)


def measure(system: System, sizes: Sizes) -> dict[str, float]:
    system.forget()
    system.use(growth.FEW)
    _start(system)
    few = max(sizes.few // 10, 10)
    say(f"{few} journeys are what the cases are made of")
    filed = [json.loads(body) for body in journeys.travel(system, few, 91).bodies[:20]]
    known = [Report(each["id"], each["register_number"], each["tracking_code"]) for each in filed]
    known = [*asyncio.run(_further(system)), *known]
    system.stop_services()
    growth.grow(system, sizes.paged // few, {**growth.PAST, "evaluation": ("records", {})})
    system.use(growth.MANY)
    _start(system)
    slowest, heaviest, found = 0.0, 0.0, 0
    for page in pages():
        report = _shown(system, page, known)
        if report is None:
            say(f"{page.route} is shown for none of these cases, and is not measured")
            continue
        result = _open(system, page, report.id, report.tracking_code, sizes.looks)
        assert set(result.statuses) == {200}, f"{page.route} answered {result.statuses}"
        milliseconds, kilobytes = result.percentile(0.95) * 1000, _fetched(system, page, report) / 1024
        say(f"{page.route}: p95 {milliseconds:.1f} ms" + (f", {kilobytes:.0f} KB" if kilobytes else ""))
        slowest, heaviest, found = max(slowest, milliseconds), max(heaviest, kilobytes), found + 1
    system.use("aduan_")
    return {"pages_p95_ms": slowest, "page_kb_max": heaviest, "pages_measured": float(found)}


def _start(system: System) -> None:
    system.start(PORTAL)
    journeys.start(system)
