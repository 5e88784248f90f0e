"""Whether two reports tell of one incident, judged without reading either narrative.

Narratives are sealed at rest, so what is kept for comparison is a fingerprint: a MinHash of the content words, made
with a secret key, each slot cut to one byte. Two fingerprints tell about how many words their reports share. Without
the key they do not tell which words, but whoever has the key, or can hand in texts and read what is stored for them,
can test for a word. A fingerprint is therefore pseudonymous, not anonymous: it stays inside this service and is erased
once COMPARED_WITHIN has passed, when no comparison needs it any more.

What is compared is single words, as a share of the shorter report. Shingles of two words and plain Jaccard tell
incidents apart less well: a text message of four words seldom repeats a phrase of the full report, and never much of
its length.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import chain
from struct import unpack
from typing import Literal

from services.verification.place import neighbourhood
from services.verification.words import content_words

MAX_CONTENT_WORDS = 300
KEY_BYTES = 32
COMPARED_WITHIN = timedelta(hours=72)
# Reports of one incident seldom agree to the hour on when it was.
_SAME_TIME = timedelta(hours=3)
# Set on the tuned pairs of the tests. From here on a person is shown the earlier report; nothing is linked by itself.
SAME_INCIDENT = 0.44

# A change of the slots, or of what counts as a content word, makes old and new fingerprints incomparable: count it up.
_VERSION = b"fingerprint 1"
_SLOTS = 128
_SLOTS_PER_DIGEST = 16
_CHANCE = 1 / 256  # two unequal slots of one byte look equal this often

Nearness = Literal["same_cell", "next_cell", "same_village", "far_or_unknown"]
_NEARNESS: dict[Nearness, float] = {"same_cell": 1.0, "next_cell": 0.75, "same_village": 0.5, "far_or_unknown": 0.0}


@dataclass(frozen=True)
class Fingerprint:
    """What is stored of a narrative: a tag of key and version, how many content words, and one byte a slot."""

    made_with: str
    word_count: int
    slots: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.slots) != (_SLOTS if self.word_count else 0):
            raise ValueError(f"slots must be {_SLOTS} bytes, or none when word_count is 0")


@dataclass(frozen=True)
class Likeness:
    """How alike two texts are. `value` is shared / (words of the shorter + 1): one common word alone proves little."""

    value: float
    jaccard: float
    shared: float


@dataclass(frozen=True)
class Incident:
    """What one report tells of an incident, as it may be stored. Times need a zone; `cell` comes from `cell_of`."""

    report_id: str
    reported_at: datetime
    occurred_at: datetime | None
    cell: str | None
    village: str | None
    fingerprint: Fingerprint


@dataclass(frozen=True)
class Resemblance:
    """Why an earlier report may be of the same incident. Score and words are between 0 and 1."""

    report_id: str
    score: float
    words: float
    nearness: Nearness
    hours_apart: float


def fingerprint(narrative: str, key: bytes) -> Fingerprint:
    """The fingerprint of any text. Raises ValueError when the key is not KEY_BYTES long."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"fingerprint key must be {KEY_BYTES} bytes long")
    made_with = blake2b(_VERSION, key=key, digest_size=4).hexdigest()
    words = frozenset(content_words(narrative, MAX_CONTENT_WORDS))
    if not words:
        return Fingerprint(made_with, 0, b"")
    smallest = map(min, zip(*(_keyed_hashes(word, key) for word in words), strict=True))
    return Fingerprint(made_with, len(words), bytes(value & 0xFF for value in smallest))


def _keyed_hashes(word: str, key: bytes) -> tuple[int, ...]:
    """One 32-bit number for each slot; a digest of 64 bytes yields sixteen."""
    data = word.encode()
    return tuple(
        chain.from_iterable(
            unpack("<16I", blake2b(data, key=key, salt=bytes([part])).digest())
            for part in range(_SLOTS // _SLOTS_PER_DIGEST)
        )
    )


def likeness(first: str, second: str) -> Likeness:
    """The exact likeness of two texts; what `estimated_likeness` estimates."""
    one, other = (frozenset(content_words(text, MAX_CONTENT_WORDS)) for text in (first, second))
    shared, total = len(one & other), len(one | other)
    return _likeness(shared, shared / total if total else 0.0, min(len(one), len(other)))


def estimated_likeness(first: Fingerprint, second: Fingerprint) -> Likeness:
    """The likeness of two narratives from their fingerprints; 0 where keys or versions differ."""
    shorter = min(first.word_count, second.word_count)
    if first.made_with != second.made_with or shorter == 0:
        return _likeness(0, 0.0, shorter)
    equal = sum(a == b for a, b in zip(first.slots, second.slots, strict=True)) / _SLOTS
    jaccard = max(0.0, (equal - _CHANCE) / (1 - _CHANCE))
    shared = jaccard / (1 + jaccard) * (first.word_count + second.word_count)
    return _likeness(min(shared, shorter), jaccard, shorter)


def _likeness(shared: float, jaccard: float, shorter: int) -> Likeness:
    return Likeness(value=shared / (shorter + 1), jaccard=jaccard, shared=shared)


def resemblance(report: Incident, earlier: Incident) -> Resemblance:
    """How strongly the earlier report seems to tell of the same incident: likeness, weakened by distance and time."""
    words = estimated_likeness(report.fingerprint, earlier.fingerprint).value
    nearness = _nearness(report, earlier)
    apart = abs(_when(report) - _when(earlier))
    overdue = max(apart - _SAME_TIME, timedelta(0)) / (COMPARED_WITHIN - _SAME_TIME)
    comparable = nearness != "far_or_unknown" and overdue <= 1
    score = words * (1 + _NEARNESS[nearness] + (1 - overdue)) / 3 if comparable else 0.0
    return Resemblance(earlier.report_id, score, words, nearness, apart / timedelta(hours=1))


def _nearness(one: Incident, other: Incident) -> Nearness:
    if one.cell and other.cell:
        if one.cell == other.cell:
            return "same_cell"
        return "next_cell" if other.cell in neighbourhood(one.cell) else "far_or_unknown"
    return "same_village" if one.village and one.village == other.village else "far_or_unknown"


def _when(incident: Incident) -> datetime:
    return incident.occurred_at or incident.reported_at


def most_alike(report: Incident, candidates: Iterable[Incident]) -> Resemblance | None:
    """The earlier report that resembles this one most, if there is any, whatever its score; the oldest wins a tie."""
    earlier = [c for c in candidates if c.report_id != report.report_id and _order(c) < _order(report)]
    ranked = sorted(earlier, key=_order)
    return max((resemblance(report, c) for c in ranked), key=lambda found: found.score, default=None)


def _order(incident: Incident) -> tuple[datetime, str]:
    return incident.reported_at, incident.report_id
