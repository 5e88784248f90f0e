"""The words for reporters, from one file for each language."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from services.notification.message import Message
from services.notification.timeline import Entry
from shared.contracts.complaint import Language

# Which table puts the details of an entry into words.
_DETAILS: Mapping[str, str] = {
    "clarification": "missing",
    "rejected": "reason",
    "rejected_finally": "reason",
    "classified": "track",
    "reclassified": "track",
    "reopened": "track",
    "milestone": "milestone",
    "letter": "letter",
    "concluded": "outcome",
    "mediator_assigned": "track",
    "mediator_changed": "track",
    "session": "track",
    "session_moved": "track",
    "session_cancelled": "track",
    "referral_updated": "step",
    "referral_completed": "referral_outcome",
    "conduct_concluded": "conduct_outcome",
}


@cache
def table(language: Language) -> Mapping[str, Any]:
    """All words of a language."""
    return tomllib.loads((Path(__file__).parent / f"{language}.toml").read_text(encoding="utf-8"))


def short(register_number: str) -> str:
    """A register number without the office that it names: `LP/B/2811/IX/2024/SPKT/Polres X/Polda Y` → `2811/2024`."""
    parts = register_number.split("/")
    numbers = [part for part in parts if part.isdecimal()]
    if len(parts) == 1:
        return register_number[-8:]
    return "/".join(number[-8:] for number in (*numbers[:1], *numbers[1:][-1:]))


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language, with times in the zone, the address where reporters track, and agencies' names."""

    language: Language
    zone: tzinfo
    site: str
    agencies: Mapping[str, str] = field(default_factory=dict)

    def sms(self, message: Message, code: str = "") -> str:
        return self._filled("sms", message, code)

    def mail(self, message: Message, code: str = "") -> tuple[str, str]:
        """Subject and body. The body begins with what its subject says, since a lock screen shows it too. `code` is the
        one-time code, in the one message that has one."""
        body = self._filled("body", message, code).strip()
        footer = str(table(self.language)["footer"]["text"]).strip().format(site=self.site)
        return self._filled("subject", message), f"{body}\n\n{footer}\n"

    def entry(self, entry: Entry, joined: bool) -> str:
        """A line of the timeline; of one that belongs to the earlier complaint, only that it happened."""
        if joined:
            return self.of("joined", entry.key)
        detail = ", ".join(self._detail(entry.key, slug) for slug in entry.details)
        return self.of("timeline", entry.key).format(detail=detail, by=self._date(entry.by))

    def of(self, kind: str, slug: str) -> str:
        return str(table(self.language)[kind][slug])

    def _detail(self, key: str, slug: str) -> str:
        if key == "referral_accepted":
            return self.agencies.get(slug) or slug.replace("-", " ").replace("_", " ").title()
        return self.of(_DETAILS[key], slug) if key in _DETAILS else ""

    def _filled(self, kind: str, message: Message, code: str = "") -> str:
        return self.of(kind, message.template).format(
            register=short(message.register_number), by=self._date(message.by), site=self.site, code=code
        )

    def _date(self, moment: datetime | None) -> str:
        return moment.astimezone(self.zone).strftime(str(table(self.language)["date"])) if moment else ""
