"""The sealed words of a case, opened for somebody who may read them."""

from collections.abc import Iterable
from typing import Any

from pydantic import AwareDatetime, BaseModel

from services.internal_affairs.case import Case
from shared.sealing import Unsealable, Vault

Opened = dict[str, Any]


class OpenedEntry(BaseModel):
    """The words of a supplement, a linked report, a finding, a note, a letter or a result."""

    entry: str
    at: AwareDatetime
    officer: str | None
    words: Opened


class Contents(BaseModel):
    """Everything sealed. `unreadable` counts what this service has no key for or what was tampered with."""

    narrative: Opened | None
    identity: Opened | None
    contact: Opened | None
    entries: list[OpenedEntry]
    unreadable: int


class _Opener:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.unreadable = 0

    def open(self, part: str, complaint: str, sealed: str | None) -> Opened | None:
        if sealed is None:
            return None
        try:
            return self._vault.open(part, complaint, sealed)
        except Unsealable:
            self.unreadable += 1
            return None


def open_all(vault: Vault, complaint: str, case: Case) -> Contents:
    """All that is sealed in the case, what was added to it in order of time."""
    opener, sealed = _Opener(vault), case.report.sealed if case.report else None
    entries = []
    for entry, at, officer, part, owner, text in sorted(_entries(complaint, case), key=lambda entry: entry[1]):
        words = opener.open(part, owner, text)
        if words is not None:
            entries.append(OpenedEntry(entry=entry, at=at, officer=officer, words=words))
    return Contents(
        narrative=opener.open("narrative", complaint, sealed.narrative if sealed else None),
        identity=opener.open("identity", complaint, sealed.identity if sealed else None),
        contact=opener.open("contact", complaint, sealed.contact if sealed else None),
        entries=entries,
        unreadable=opener.unreadable,
    )


def _entries(complaint: str, case: Case) -> Iterable[tuple[str, Any, str | None, str, str, str | None]]:
    """What each is, when, by which officer, its part, the complaint it was sealed for, and the sealed words."""
    for supplement in case.supplements:
        yield f"supplement {supplement.id}", supplement.at, None, "narrative", complaint, supplement.narrative
    for report in case.linked:
        yield f"linked {report.complaint}", report.at, None, "narrative", report.complaint, report.narrative
    for finding in case.findings:
        yield "finding", finding.at, finding.officer, "conduct", complaint, finding.text
    for step in case.history:
        yield step.what, step.at, step.officer, "conduct", complaint, step.note
    for letter in case.letters:
        yield f"letter {letter.number}", letter.at, letter.officer, "notice", complaint, letter.notice
    for result in (*case.past_results, *((case.result,) if case.result else ())):
        yield f"result {result.outcome}", result.at, result.officer, "notice", complaint, result.notice
