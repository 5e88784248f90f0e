"""What is kept of a complaint in memory, where there are many: what it adds to each month, and what it waits for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from sys import intern

from services.evaluation.awaiting import Awaited, awaits
from services.evaluation.course import REJECTED, StageName
from services.evaluation.domain import Record, month_of
from services.evaluation.feedback import Feedback
from services.evaluation.survey import ELEMENTS
from services.evaluation.targets import Targets
from shared.contracts.complaint import Channel
from shared.contracts.envelope import Lane

_ALARMS = frozenset(("investigation.escalated", "referral.overdue", "internal_affairs.overdue"))
# What is counted once for a complaint, however often it happened in the month.
_ONCE = {
    REJECTED: "rejected",
    "complaint.withdrawn": "withdrawn",
    "complaint.linked": "duplicates",
    "complaint.classified": "classified",
    "complaint.reclassified": "changed",
}


@dataclass(frozen=True, slots=True)
class Share:
    """What one complaint adds to a month: counts, the stages that ended (how many hours each took, and whether in
    time), on which days it was received and closed, and the sums of its reporter's scores."""

    counts: tuple[tuple[str, int], ...] = ()
    stages: tuple[tuple[StageName, float, bool], ...] = ()
    received_on: date | None = None
    closed_on: tuple[date, ...] = ()
    answers: int = 0
    scores: tuple[int, ...] = ()


NOTHING = Share()
Shares = Mapping[str, Share]  # by month


@dataclass(frozen=True, slots=True)
class Entry:
    """One record. `conflicts` names persons and units who may not know of the complaint."""

    shares: Shares
    lane: Lane
    register_number: str | None
    channel: Channel | None
    village: str | None
    category: str | None
    units: tuple[str, ...]
    conflicts: tuple[str, ...]
    call: str | None
    open: bool
    awaited: Awaited | None


def entry_of(record: Record, targets: Targets, zone: tzinfo) -> Entry:
    """What is kept of a record."""
    return Entry(
        shares=_shares(record, targets, zone),
        lane=record.lane,
        register_number=record.register_number,
        channel=record.channel,
        village=_one(record.village),
        category=_one(record.category),
        units=tuple(map(intern, record.units)),
        conflicts=record.conflicts,
        call=record.call,
        open=record.open,
        awaited=awaits(record, targets) if record.open else None,
    )


def said_in(feedback: Feedback) -> Shares:
    """What a reporter's answers and wishes add to each month."""
    shares = {}
    for month in {survey.month for survey in feedback.surveys} | {request.month for request in feedback.requests}:
        surveys = [survey.scores for survey in feedback.surveys if survey.month == month]
        requests = sum(request.month == month for request in feedback.requests)
        shares[month] = Share(
            counts=(("reopenings", requests),) if requests else (),
            answers=len(surveys),
            scores=tuple(sum(getattr(scores, name) for scores in surveys) for name in ELEMENTS) if surveys else (),
        )
    return shares


def share_in(month: str, entry: Entry, said: Shares | None) -> Share:
    """What a complaint adds to a month, with what its reporter said in it."""
    share, more = entry.shares.get(month, NOTHING), said.get(month) if said else None
    if more is None:
        return share
    return replace(share, counts=share.counts + more.counts, answers=more.answers, scores=more.scores)


def _shares(record: Record, targets: Targets, zone: tzinfo) -> Shares:
    if record.call:
        return dict.fromkeys(map(intern, record.months), NOTHING)
    received = record.received_at
    counts: dict[str, Counter[str]] = {month: Counter() for month in record.months}
    for fact in record.facts:
        _count(counts, fact.kind, month_of(fact.at, zone))
    if received:
        counts[month_of(received, zone)]["received"] += 1
    days = [closing.at.astimezone(zone).date() for closing in record.closings]
    ended: dict[str, list[tuple[StageName, float, bool]]] = {}
    for stage in record.stages:
        in_time = stage.hours <= targets.stages[stage.name].of(record)
        ended.setdefault(month_of(stage.ended, zone), []).append((stage.name, stage.hours, in_time))
    return {
        intern(month): Share(
            counts=tuple(sorted((counted + Counter(closed=sum(_month(day) == month for day in days))).items())),
            stages=tuple(ended.get(month, ())),
            received_on=_day(received, month, zone),
            closed_on=tuple(day for day in days if _month(day) == month),
        )
        for month, counted in counts.items()
    }


def _count(counts: Mapping[str, Counter[str]], kind: str, month: str) -> None:
    if name := _ONCE.get(kind):
        counts[month][name] = 1
        if name == "changed":
            counts[month]["changes"] += 1
    elif kind in _ALARMS:
        counts[month]["alarms"] += 1


def _day(moment: datetime | None, month: str, zone: tzinfo) -> date | None:
    day = moment.astimezone(zone).date() if moment else None
    return day if day and _month(day) == month else None


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _one(name: str | None) -> str | None:
    """The same text for all who have it, since few names are shared by many."""
    return intern(name) if name else name
