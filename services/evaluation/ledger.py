"""The months and what is open, as they stand now, added up in memory.

A complaint is read when it changed, and only then: what it added before is taken out, and what it adds now is put in.
Whoever looks is shown what the database holds at that moment, without the complaints that they may not know of.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial

from services.evaluation.domain import Record, month_before, month_of
from services.evaluation.entry import Entry, Share, Shares, entry_of, said_in, share_in
from services.evaluation.feedback import Feedback
from services.evaluation.figures import Month
from services.evaluation.mirror import Listing, Mirror, Versions
from services.evaluation.queries import FEEDBACK, RECORDS
from services.evaluation.settings import settings_of
from services.evaluation.targets import Targets
from shared.contracts.envelope import Person
from shared.room import Room

_MONTHS_KEPT = 26  # as many as anybody may ask for at once, the running one and the one before it
_AT_HAND = 6  # months that are kept up to date while nobody looks
_EVERY = timedelta(minutes=1)


class _Kept:
    """One month with what every complaint adds to it."""

    def __init__(self, name: str, polres: str) -> None:
        of_office = {"case.polres": polres}
        self.month = Month(name)
        self.lock = asyncio.Lock()
        self.records = Listing(RECORDS, {**of_office, "case.months": name})
        self.surveys = Listing(FEEDBACK, {**of_office, "case.surveys.month": name})
        self.requests = Listing(FEEDBACK, {**of_office, "case.requests.month": name})
        # What was said in the month may be about a complaint in which nothing else happened in it.
        self._of_office = of_office
        self._others, self._other_ids = Listing(RECORDS, {}), frozenset[str]()
        self.seen: tuple[Versions, ...] = ()
        self.parts: dict[str, tuple[Entry, Shares | None, Share]] = {}
        self._named: set[str] = set()

    async def others(self, room: Room, ids: Iterable[str]) -> Versions:
        """The records of complaints in which something was only said in the month."""
        wanted = frozenset(ids)
        if wanted != self._other_ids:
            self._others = Listing(RECORDS, {"_id": {"$in": sorted(wanted)}, **self._of_office})
            self._other_ids = wanted
        return await self._others.look(room) if wanted else _NONE

    def take_over(self, entries: Mapping[str, Entry], said: Mapping[str, Shares]) -> None:
        """Puts in what is new, in the place of what it was before."""
        for gone in self.parts.keys() - entries.keys():
            self._take_out(gone)
        for id_, entry in entries.items():
            words = said.get(id_)
            before = self.parts.get(id_)
            if before and before[0] is entry and before[1] is words:
                continue
            if before:
                self._take_out(id_)
            share = share_in(self.month.name, entry, words)
            self.month.count(entry, share, 1)
            self.parts[id_] = entry, words, share
            if entry.conflicts:
                self._named.add(id_)

    def _take_out(self, id_: str) -> None:
        entry, _, share = self.parts.pop(id_)
        self.month.count(entry, share, -1)
        self._named.discard(id_)

    def known_to(self, person: Person | None) -> Month:
        """The month without the complaints that the person may not know of; for everybody, that anybody may not."""
        hidden = [self.parts[id_] for id_ in self._named if _hides(self.parts[id_][0], person)]
        if not hidden:
            return self.month
        month = self.month.copy()
        for entry, _, share in hidden:
            month.count(entry, share, -1)
        return month


_NONE: Versions = {}


class Ledger:
    """What one process has added up. What it hands out changes with the next look: it is read at once, not kept."""

    def __init__(self, targets: Targets, zone: tzinfo) -> None:
        self.targets = targets
        self._records: Mirror[Record, Entry] = Mirror(RECORDS, partial(entry_of, targets=targets, zone=zone))
        self._feedback: Mirror[Feedback, Shares] = Mirror(FEEDBACK, said_in)
        self._months: dict[str, _Kept] = {}
        self._open: Listing | None = None
        self._open_versions: Versions | None = None
        self._open_ones: Mapping[str, Entry] = {}
        self._next: datetime | None = None

    async def month(self, room: Room, name: str, person: Person | None = None) -> Month:
        """What is known of a month; for a person, without the complaints that the person may not know of.

        For everybody (no person), without those that somebody may not know of: whoever may not could tell them from the
        difference between what all are shown and what they are shown themselves.
        """
        (month,) = await self.months(room, [name], person)
        return month

    async def months(self, room: Room, names: Sequence[str], person: Person | None = None) -> list[Month]:
        """Several months, in their order."""
        if person and room.settings.polres not in person.units:
            return [Month(name) for name in names]
        kept = await asyncio.gather(*(self._current(room, name, keep=person is not None) for name in names))
        return [each.known_to(person) for each in kept]

    async def open_now(self, room: Room, person: Person) -> Mapping[str, Entry]:
        """The complaints that are not at their end."""
        polres = room.settings.polres
        if polres not in person.units:
            return {}
        query = {"case.polres": polres, "case.open": True}
        self._open = self._open or Listing(RECORDS, query, apart="case.received_at")
        versions = await self._open.look(room)
        if versions is not self._open_versions:
            found = await self._records.of(room, versions)
            self._open_ones = {id_: entry for id_, entry in found.items() if entry.open}
            self._open_versions = versions
        return {id_: entry for id_, entry in self._open_ones.items() if not _hides(entry, person)}

    async def keep_at_hand(self, room: Room) -> None:
        """Looks now and then by itself, so that whoever comes first does not wait for all that happened meanwhile."""
        now = room.clock()
        if self._next and now < self._next:
            return
        latest = month_of(now, settings_of(room).zone)
        for back in range(_AT_HAND):
            await self._current(room, month_before(latest, back))
        self._next = now + _EVERY

    async def _current(self, room: Room, name: str, keep: bool = True) -> _Kept:
        """The month as it is now. One that everybody may ask for takes the place of none that officers look at."""
        kept = self._months.get(name) or _Kept(name, room.settings.polres)
        if keep:
            self._months.pop(name, None)
            self._months[name] = kept
        elif name not in self._months:
            self._months = {name: kept, **self._months}
        async with kept.lock:
            await self._look(room, kept)
        self._let_go()
        return kept

    async def _look(self, room: Room, kept: _Kept) -> None:
        records, surveys, requests = await asyncio.gather(
            *(listing.look(room) for listing in (kept.records, kept.surveys, kept.requests))
        )
        others = await kept.others(room, (surveys.keys() | requests.keys()) - records.keys())
        seen = (records, surveys, requests, others)
        if len(kept.seen) == len(seen) and all(now is before for now, before in zip(seen, kept.seen, strict=True)):
            return
        entries = await self._records.of(room, {**records, **others})
        kept.take_over(entries, await self._feedback.of(room, {**surveys, **requests}))
        kept.seen = seen

    def _let_go(self) -> None:
        """Forgets the months that nobody has asked for the longest."""
        if len(self._months) <= _MONTHS_KEPT:
            return
        while len(self._months) > _MONTHS_KEPT:
            del self._months[next(iter(self._months))]
        ids = {id_ for kept in self._months.values() for id_ in kept.parts}
        self._records.forget_but(ids)
        self._feedback.forget_but(ids)


def _hides(entry: Entry, person: Person | None) -> bool:
    """Whether a complaint is kept from a person, or from anybody. A conflict outranks every role and unit."""
    if person is None or not entry.conflicts:
        return bool(entry.conflicts)
    return not {person.id, *person.units}.isdisjoint(entry.conflicts)
