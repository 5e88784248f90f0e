"""What a text says about danger and time: the conditions that make a complaint urgent.

Danger that is told as past is no reason to send a patrol now ("dirampok tahun lalu"); where a text names both times,
each sentence counts by its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.classification.lexicon import Signal
from services.classification.reading import Match, Reading
from services.classification.taxonomy import Condition

# These describe people and acts, not moments: they hold in the past as well.
_TIMELESS: Final[frozenset[Signal]] = frozenset({"child", "vulnerable", "violence", "transfer", "today", "seizure"})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The conditions that hold, the words that show them, and whether the text tells of something long over."""

    conditions: frozenset[Condition]
    life_in_danger: bool
    terrorism: bool
    is_past: bool
    shown_by: tuple[tuple[str, str], ...]


def circumstances_of(reading: Reading, in_progress: bool) -> Circumstances:
    """Weigh the signals of a text; in_progress is what the reporter or the call taker said apart from the text."""
    matches = tuple(_live(reading, in_progress))
    signals = {match.term.target for match in matches}
    is_past = bool(reading.counting("past")) and not reading.counting("in_progress")
    implied = "present" in signals and not any(map(reading.counting, ("past", "earlier", "habitual")))
    happening = in_progress or "in_progress" in signals or implied
    derived: dict[Condition, bool] = {
        "in_progress": happening,
        "injured": "injured" in signals,
        "armed": "armed" in signals,
        "perpetrator_near": "perpetrator_near" in signals,
        "victim_held": "victim_held" in signals,
        "child": "child" in signals,
        "vulnerable": "vulnerable" in signals,
        "recent_transfer": "transfer" in signals and (happening or "today" in signals),
        "unrest": "unrest" in signals,
        "forced_seizure_now": "seizure" in signals and (happening or "today" in signals),
        "danger": "danger" in signals,
        "violence": "violence" in signals,
    }
    return Circumstances(
        conditions=frozenset(condition for condition, holds in derived.items() if holds),
        life_in_danger="life_in_danger" in signals,
        terrorism="terrorism" in signals,
        is_past=is_past,
        shown_by=tuple(dict.fromkeys((match.term.target, reading.written(match)) for match in matches)),
    )


def _live(reading: Reading, in_progress: bool) -> Iterator[Match]:
    """The undamped signals whose time is not over."""
    past = {reading.sentence(match) for match in reading.counting("past")}
    now = {reading.sentence(match) for match in reading.counting("in_progress")}
    for match in reading.matches:
        if match.term.kind != "signal" or match.damped_by is not None:
            continue
        told_now = bool(now) and reading.sentence(match) not in past - now
        if match.term.target in _TIMELESS or in_progress or not past or told_now:
            yield match
