"""Somebody at the form of a report, as the tests of it see them."""

import re
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.async_api import FilePayload, Locator, Page, expect

from deploy.demo.stage import Report, Stage
from tests.browser.visiting import Visit

STORY = "Motor saya hilang dari parkiran pasar tadi malam."
SENT = "**/intake/report"

_CODE = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}-[0-9A-Z*~$=]")


def photo(name: str = "parkiran.jpg") -> FilePayload:
    out = BytesIO()
    Image.new("RGB", (320, 240), "gray").save(out, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


def text() -> FilePayload:
    """What no report takes."""
    return {"name": "x.txt", "mimeType": "text/plain", "buffer": b"x"}


def shown(page: Page) -> Locator:
    return page.locator("[data-step]:not([hidden])")


async def at(visit: Visit, words: str) -> None:
    await expect(shown(visit.page)).to_have_count(1)  # until the form's script runs, all steps stand below each other
    await expect(shown(visit.page).locator("h2")).to_have_text(words)
    await visit.fits()


async def on(visit: Visit) -> None:
    await visit.page.click("[data-next]")


async def at_the_summary(visit: Visit, story: str = STORY) -> None:
    """With the story alone."""
    await visit.go("/intake/report")
    await visit.page.fill("#what", story)
    for words in ("Di mana dan kapan?", "Bukti", "Siapa yang melapor?", "Periksa, lalu kirim"):
        await on(visit)
        await at(visit, words)


async def code_on(page: Page) -> str:
    code = (await page.locator("[data-code]").inner_text()).strip()
    assert _CODE.fullmatch(code), code
    return code


async def track(stage: Stage, code: str) -> Any:
    """What the reporter sees by the code, once it has come through."""
    return await stage.tracked(Report("", "", code), "received")
