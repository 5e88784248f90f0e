"""The record of a complaint's course, and what an event adds to it. Everything in it follows from its facts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from services.evaluation import course
from services.evaluation.course import Closing, Stage
from services.evaluation.facts import ERASED, NAMED, Fact, Facts, Placing, fact_of, later_report, united
from shared.contracts.complaint import Channel, Track, Urgency
from shared.contracts.envelope import Decision, Envelope, Lane, Person
from shared.contracts.verification import ComplaintLinked


@dataclass(frozen=True, slots=True)
class Record:
    """What happened to one complaint, or one call that was none (`call`).

    All but `polres` and `facts` is read from the facts, and kept so that it can be looked for. `months` are those in
    which something happened. `conflicts` names persons and units who may not know of the complaint. `open` is one that
    is known to have come in and is not at its end; one that was linked goes on as a part of the earlier one.
    """

    polres: str
    facts: Facts
    lane: Lane = "normal"
    lookup: str | None = None
    register_number: str | None = None
    received_at: datetime | None = None
    channel: Channel | None = None
    village: str | None = None
    category: str | None = None
    urgency: Urgency | None = None
    tracks: tuple[Track, ...] = ()
    units: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    linked_to: str | None = None
    call: str | None = None
    withdrawn: bool = False
    erased: bool = False
    closed: bool = False
    open: bool = False
    closings: tuple[Closing, ...] = ()
    months: tuple[str, ...] = ()

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages that are over."""
        return tuple(course.stages(self.facts, self.received_at, self.closings))

    @property
    def closing(self) -> Closing | None:
        """The closing that stands."""
        return self.closings[-1] if self.closed else None

    def visible_to(self, person: Person) -> bool:
        """Whether the person may know of the complaint. A conflict outranks every role and unit."""
        return self.polres in person.units and not {person.id, *person.units}.intersection(self.conflicts)


_NO_COURSE = frozenset((NAMED, "internal_affairs.conflict_found"))


def month_of(moment: datetime, zone: tzinfo) -> str:
    """The month of a moment where the office stands, as `2026-11`."""
    return moment.astimezone(zone).strftime("%Y-%m")


def month_before(month: str, count: int = 1) -> str:
    """The month that many months before."""
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 - count, 12)
    return f"{year:04}-{number + 1:02}"


def noting(zone: tzinfo) -> Callable[[Record | None, Envelope[Any], datetime], Decision[Record]]:
    """The decision on every event: its fact joins the others. The order of arrival leaves no trace."""

    def note(record: Record | None, message: Envelope[Any], now: datetime) -> Decision[Record]:
        return _with_fact(record, message, fact_of(message), zone)

    return note


def noting_names(zone: tzinfo) -> Callable[[Record | None, Envelope[ComplaintLinked], datetime], Decision[Record]]:
    """The decision on a report that was linked to an earlier one, for the earlier: it is about whom that one names."""

    def note(record: Record | None, message: Envelope[ComplaintLinked], now: datetime) -> Decision[Record]:
        return _with_fact(record, message, later_report(message) if message.data.report.conflicts else None, zone)

    return note


def _with_fact(record: Record | None, message: Envelope[Any], fact: Fact | None, zone: tzinfo) -> Decision[Record]:
    if fact is None:
        return Decision(record)
    before = record.facts if record else ()
    facts = united(before, (fact,))
    return Decision(record if facts == before else record_of(message.polres, facts, zone))


def record_of(polres: str, facts: Facts, zone: tzinfo) -> Record:
    """The record that follows from the facts."""
    erased = course.last(facts, ERASED) is not None
    if erased:
        facts = tuple(replace(fact, lookup=None) for fact in facts)
    origins = [fact.origin for fact in facts if fact.origin]
    # What is told with the report outranks what a supplement says of the place.
    villages = [origin.village for origin in origins] + [fact.village for fact in facts]
    placing = _latest([fact.placing for fact in facts])
    closings = course.closings(facts)
    linked, call = course.last(facts, "complaint.linked"), course.last(facts, "call.logged")
    received_at = origins[0].received_at if origins else None
    # Whom a complaint is about is no part of its course.
    moments = [fact.at for fact in facts if fact.kind not in _NO_COURSE] + ([received_at] if received_at else [])
    withdrawn = course.last(facts, "complaint.withdrawn") is not None
    return Record(
        polres=polres,
        facts=facts,
        lookup=next((fact.lookup for fact in facts if fact.lookup), None),
        register_number=origins[0].register_number if origins else None,
        received_at=received_at,
        channel=origins[0].channel if origins else None,
        village=_latest(villages[: len(origins)]) or _latest(villages),
        category=placing.category if placing else None,
        urgency=placing.urgency if placing else None,
        tracks=placing.tracks if placing else (),
        units=_units(facts, placing),
        conflicts=_conflicts(facts),
        linked_to=linked.detail if linked else None,
        call=call.detail if call else None,
        erased=erased,
        withdrawn=withdrawn,
        closed=closings.closed,
        open=received_at is not None and not (closings.closed or withdrawn or linked or call or erased),
        closings=closings.all,
        months=tuple(sorted({month_of(moment, zone) for moment in moments})),
    )


def _latest(values: Iterable[Any]) -> Any:
    return next((value for value in reversed(list(values)) if value is not None), None)


def _units(facts: Facts, placing: Placing | None) -> tuple[str, ...]:
    """The unit that has the complaint where one is named, else those that classification named."""
    assigned = course.last(facts, "investigation.assigned")
    if assigned and assigned.detail and (placing is None or "investigation" in placing.tracks):
        return (assigned.detail,)
    return placing.units if placing else ()


def _conflicts(facts: Facts) -> tuple[str, ...]:
    # Whoever has once been named as a party to the matter stays shut out.
    named = {name for fact in facts for name in fact.names}
    return tuple(sorted(named.union(*(fact.origin.conflicts for fact in facts if fact.origin))))
