"""People in front of a real browser, and what every page owes them."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, ViewportSize, expect

from deploy.local.layout import ROOT
from deploy.local.state import State
from tests.support.room import until

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PHONE, TABLET, DESK = (360, 740), (768, 1024), (1280, 800)  # pixels
_PRESSED = (
    "button, [role=button], summary, nav a, select, textarea, input:not([type=checkbox], [type=radio], [type=hidden]), "
    "label:has(> [type=checkbox]), label:has(> [type=radio])"
)
PATIENCE = 20_000  # milliseconds: the machine may be busy with other things
expect.set_options(timeout=PATIENCE)


@dataclass
class Visit:
    """A browser of its own, as one person uses it. Whatever a page does wrong in it is noted."""

    context: BrowserContext
    page: Page
    origin: str
    abroad: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def go(self, path: str) -> None:
        await self.page.goto(f"{self.origin}{path}")

    async def axe(self, page: Page | None = None) -> None:
        """No serious finding of axe on the page as it is now."""
        shown = page or self.page
        await shown.evaluate(AXE.read_text("utf-8"))
        found = await shown.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        # It leaves empty styles behind, which HTMX would carry on to what it swaps in, and our policy refuses.
        await shown.evaluate(
            "() => document.querySelectorAll('[style=\"\"]').forEach((e) => e.removeAttribute('style'))"
        )
        serious = [
            (each["id"], [node["target"] for node in each["nodes"]], each["nodes"][0]["failureSummary"])
            for each in found["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        assert not serious, f"{shown.url}: {json.dumps(serious, indent=1)}"

    async def fits(self) -> None:
        """Nothing is wider than the window."""
        wide = await self.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px wider than the window"

    async def can_be_hit(self) -> None:
        """Whatever one presses or fills in is large enough for a thumb."""
        small = await self.page.evaluate(
            """pressed => [...document.querySelectorAll(pressed)].filter(each => each.checkVisibility())
                .map(each => [each.id || each.innerText, Math.round(each.getBoundingClientRect().height)])
                .filter(([, height]) => height < 44)""",
            _PRESSED,
        )
        assert not small, f"{self.page.url}: {small}"

    async def picture(self, name: str) -> None:
        """Keeps a picture of the page where the environment says where to (ADUAN_PICTURES)."""
        if folder := os.environ.get("ADUAN_PICTURES"):
            await self.page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    async def looks_right(self, name: str) -> None:
        """On a phone, a tablet and a desk nothing is wider than the window or hard to hit, and axe finds nothing
        serious. Ends on the desk's size; `name` is that of the pictures."""
        for width, height in (PHONE, TABLET, DESK):
            await self.page.set_viewport_size({"width": width, "height": height})
            await self.fits()
            await self.can_be_hit()
            await self.picture(f"{name}-{width}")
        await self.axe()

    def blame(self) -> None:
        """Raises what went wrong in this browser, also where nobody looked."""
        assert not self.abroad, f"asked of another origin: {self.abroad}"
        assert not self.complaints, self.complaints


@dataclass
class Site:
    """The running system as browsers reach it."""

    state: State
    browser: Browser
    signed_in: dict[str, Any] = field(default_factory=dict)
    signing_in: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def origin(self) -> str:
        return self.state.url("gateway")

    @asynccontextmanager
    async def visit(
        self, size: tuple[int, int] = DESK, officer: str | None = None, *, scripts: bool = True, **more: Any
    ) -> AsyncIterator[Visit]:
        """A browser for one person; `officer` is signed in. Blames what went wrong in it at the end."""
        kept = await self._session(officer) if officer else None
        viewport = ViewportSize(width=size[0], height=size[1])
        context = await self.browser.new_context(
            viewport=viewport,
            java_script_enabled=scripts,
            storage_state=kept,
            locale="id-ID",
            **more,
        )
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        visit = Visit(context, page, self.origin)
        self._watch(visit)
        try:
            yield visit
            visit.blame()
        finally:
            await context.close()

    def _watch(self, visit: Visit) -> None:
        def asked(request: Request) -> None:
            place = urlsplit(request.url)
            if place.scheme in ("http", "https") and not request.url.startswith(f"{self.origin}/"):
                visit.abroad.append(request.url)

        def said(message: ConsoleMessage) -> None:
            if message.type == "error" and "Failed to load resource" not in message.text:
                visit.complaints.append(f"{message.text} ({message.location})")

        def thrown(error: Error) -> None:
            visit.complaints.append(str(error))

        visit.context.on("request", asked)
        visit.context.on("console", said)
        visit.context.on("weberror", lambda event: thrown(event.error))

    async def _session(self, officer: str) -> Any:
        """The cookies of somebody who has signed in at the provider's own pages."""
        async with self.signing_in:
            if officer not in self.signed_in:
                context = await self.browser.new_context(locale="id-ID")
                context.set_default_timeout(3 * PATIENCE)
                page = await context.new_page()
                await sign_in(page, self.origin, officer, self.state.environment["ADUAN_IDENTITY_PASSWORD"])
                self.signed_in[officer] = await context.storage_state()
                await context.close()
        return self.signed_in[officer]


async def sign_in(page: Page, origin: str, officer: str, password: str) -> None:
    """Signs somebody in as people do, from the start page on."""
    await page.goto(f"{origin}/sign-in")
    await page.fill("input[name=login]", officer)
    await page.keyboard.press("Enter")
    await page.fill("input[name=password]", password)
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"{origin}/**")


async def settled(page: Page) -> None:
    """Every panel of the page has been fetched."""

    async def none_is_busy() -> bool:
        return not await page.locator(".panel[aria-busy=true]").count()

    await until(none_is_busy, f"the panels of {page.url} are there", PATIENCE / 1000)


def panel_of(heading: str) -> str:
    return f".panel:has(h2:has-text('{heading}'))"
