"""What the stories share: how time is said, how an officer helps a report on, and how an ending is shown."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from deploy.demo.stage import Report, Stage, StoryFailed

if TYPE_CHECKING:
    from deploy.demo.__main__ import Play

Stories = tuple[tuple[str, Callable[[Stage, "Play"], Awaitable[None]]], ...]

ZONE = ZoneInfo("Asia/Jakarta")
# Villages of the sample office.
SUKAMAJU, MEKARSARI, CIBUAH, PASIRHAUR, TANJUNGRASA, KERTAWENING = (
    "99.01.01.1001",
    "99.01.01.2001",
    "99.01.02.1001",
    "99.01.02.2002",
    "99.01.03.2001",
    "99.01.03.2003",
)


def from_now(**span: float) -> str:
    """The moment that is so far ahead, as a request says it."""
    return (datetime.now(UTC) + timedelta(**span)).isoformat(timespec="milliseconds")


def ago(**span: float) -> str:
    """The moment that is so long past."""
    return (datetime.now(UTC) - timedelta(**span)).isoformat(timespec="milliseconds")


def expect(condition: bool, what: str) -> None:
    """Raises StoryFailed where it is not so."""
    if not condition:
        raise StoryFailed(what)


async def helped_on(stage: Stage, report: Report) -> None:
    """Where the checks leave a doubt, an officer looks and lets the report pass."""
    verifier, path = stage.officer("verifier-1", "verifier"), f"/complaints/{report.id}"
    case = await stage.found("verification", path, verifier, lambda case: case["status"] in ("waiting", "verified"))
    if case["status"] == "waiting":
        await stage.post("verification", f"{path}/verify", headers=verifier)


async def assigned(stage: Stage, report: Report) -> tuple[Any, dict[str, str]]:
    """The case once a detective has it, and that detective's headers."""
    chief = stage.officer("chief-1", "chief")
    case = await stage.found("investigation", f"/cases/{report.id}", chief, lambda case: case["detective"])
    return case, stage.officer(case["detective"], "detective", units=tuple(case["units"]))


async def read_by_reporter(stage: Stage, report: Report, *texts: str) -> Any:
    """The tracking page once its reporter reads all these words on it."""

    async def shown() -> Any:
        tracking = await stage.track(report)
        page = json.dumps(tracking, ensure_ascii=False)
        return tracking if all(json.dumps(text, ensure_ascii=False)[1:-1] in page for text in texts) else None

    return await stage.until(shown, f"the reporter reads: {' '.join(texts)}")


def lines(tracking: Any) -> list[str]:
    """A timeline as its reporter reads it."""
    shown = [f"[bold]{tracking['register_number']}[/]  {tracking['text']}"]
    for entry in tracking["timeline"]:
        shown.append(f"  {datetime.fromisoformat(entry['time']).astimezone(ZONE):%H:%M:%S}  {entry['text']}")
        if entry.get("notice"):
            shown += [f"            “{line}”" for line in entry["notice"].splitlines() if line]
    return shown
