"""What a classifier reads of what is sealed: the report with the words that led to its classification, and notes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.classification.case import Matter
from services.classification.highlight import Piece
from services.classification.judgement import GROUNDS, Judgement
from services.classification.rules import Reason
from shared.contracts.refusals import Unavailable
from shared.sealing import Unsealable, Vault

_READ_IN_THE_TEXT = ("words", "circumstance")


@dataclass(frozen=True, slots=True)
class Note:
    """Why an officer decided so."""

    at: datetime
    officer: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """`place` is as the reporter wrote it; `damped` are words that count less because of those around them."""

    told: tuple[Piece, ...]
    place: str | None
    grounds: tuple[Reason, ...]
    damped: tuple[Reason, ...]
    notes: tuple[Note, ...]


def opened(vault: Vault, judgement: Judgement, complaint: str, case: Matter) -> Opened:
    """Opens it. Raises Unavailable where a key is missing."""
    narrative = words_in(vault, complaint, case.report.sealed.narrative)
    reasons = words_in(vault, complaint, case.proposal.grounds).get("reasons", ())
    noted = ((step, words_in(vault, complaint, step.note).get("note")) for step in case.history)
    notes = tuple(Note(step.at, step.officer, text) for step, text in noted if text)
    known = tuple(reason for reason in (Reason(**each) for each in reasons) if reason.kind in GROUNDS)
    grounds = tuple(reason for reason in known if reason.kind != "damped_words")
    damped = tuple(reason for reason in known if reason.kind == "damped_words")
    told = judgement.told(str(narrative.get("text") or ""), _words(grounds))
    return Opened(told, narrative.get("place_text"), grounds, damped, notes)


def words_in(vault: Vault, complaint: str, sealed: str | None) -> dict[str, Any]:
    """What was sealed under the narrative's seal, if anything was. Raises Unavailable where a key is missing."""
    try:
        return vault.open("narrative", complaint, sealed) if sealed else {}
    except Unsealable:
        raise Unavailable("unsealable", "What was told cannot be opened with the keys that are here.") from None


def _words(grounds: Iterable[Reason]) -> list[str]:
    return [reason.words for reason in grounds if reason.kind in _READ_IN_THE_TEXT and reason.words]
