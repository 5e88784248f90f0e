"""The gather steps: what decisions must know of the rosters and of other cases, with one query for a whole batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.investigation import queries, rosters
from services.investigation.case import Case
from services.investigation.choice import (
    Officer,
    Patrol,
    Place,
    fittest,
    is_conflicted,
    longest_idle,
    may_be_sent,
    may_lead,
    nearest,
)
from services.investigation.facts import Learn
from services.investigation.known import Found, FoundDetective
from services.investigation.patrols import lately_silent
from services.investigation.procedure import Procedure
from services.investigation.reassignment import Reassignment, Unfit
from services.investigation.settle import needs
from shared import telemetry
from shared.contracts.envelope import Command, Envelope, Person
from shared.operation import Gather
from shared.room import Room
from shared.sealing import Unsealable

IDLE_WITHIN = timedelta(days=1)  # how far back the last sorties are looked at
Message = Envelope[Any] | Command[Any]


@dataclass(frozen=True, slots=True)
class _Wanting:
    """A case that lacks somebody, and its place among the messages that were asked about."""

    index: int
    complaint: str
    case: Case


def _subject(message: Message) -> str:
    return message.subject


class Finder:
    """Looks for patrols and detectives. What it picks for one message of a batch is not picked for the next."""

    def __init__(self, room: Room, procedure: Procedure) -> None:
        self._room = room
        self._procedure = procedure
        self._officers = rosters.officers(room.mongo)
        self._patrols = rosters.patrols(room.mongo)

    def whom(self, learn: Learn, complaint_of: Callable[[Any], str] = _subject) -> Gather:
        """The step that finds whom a case lacks once it has learnt from the message."""

        async def step(asked: Sequence[tuple[Message, Case | None]]) -> Sequence[Found]:
            now, found = self._room.clock(), [Found()] * len(asked)
            for_patrol, for_detective = [], []
            for index, (message, case) in enumerate(asked):
                learnt = learn(case, message)
                lacking = needs(self._procedure, case, learnt, now)
                if learnt and lacking.patrol:
                    for_patrol.append(_Wanting(index, complaint_of(message), learnt))
                if learnt and lacking.detective:
                    for_detective.append(_Wanting(index, complaint_of(message), learnt))
            for index, patrol in (await self._pick_patrols(for_patrol, now)).items():
                id_, unit = (patrol.id, patrol.unit) if patrol else (None, None)
                found[index] = replace(found[index], looked_for_patrol=True, patrol=id_, patrol_unit=unit)
            for index, detective in (await self._pick_detectives(for_detective)).items():
                found[index] = replace(found[index], looked_for_detective=True, detective=detective)
            return found

        return step

    async def free_patrols(self, polres: Sequence[str]) -> list[Patrol]:
        """Patrols on duty that no case names."""
        on_duty = await self._patrols.of(polres, status="free")
        query = {"polres": {"$in": list(polres)}, "case.active_patrol": {"$gt": ""}}
        rows = await self._room.store().collection.find(query, {"polres": 1, "case.active_patrol": 1}).to_list(None)
        busy = {(row["polres"], row["case"]["active_patrol"]) for row in rows}
        return [patrol for patrol in on_duty if (patrol.polres, patrol.id) not in busy]

    async def notices(self, asked: Sequence[tuple[Message, Case | None]]) -> Sequence[str | None]:
        """The sealed notices of commands with words for the reporter, signed by the case's detective."""
        detectives: dict[str, set[str]] = {}
        for _, case in asked:
            if case and case.detective:
                detectives.setdefault(case.polres, set()).add(case.detective.id)
        cards = {polres: await self._officers.get(polres, ids) for polres, ids in detectives.items()}
        return [
            self._notice(message.subject, _card(cards, case), message.data.words) if message.data.words else None
            for message, case in asked
        ]

    async def successors(
        self, asked: Sequence[tuple[Command[Reassignment], Case | None]]
    ) -> Sequence[FoundDetective | Unfit]:
        """The detectives that heads name, or why they cannot have the case."""
        named: dict[str, set[str]] = {}
        for command, case in asked:
            if case:
                named.setdefault(case.polres, set()).add(command.data.detective)
        cards = {polres: await self._officers.get(polres, ids) for polres, ids in named.items()}
        return [self._successor(command, case, cards) for command, case in asked]

    async def candidates(self, complaint: str, case: Case, person: Person) -> list[tuple[Officer, int]]:
        """The detectives whom the person may give the case to, with the number of open cases that each has: first
        those who know such matters, then those who have least."""
        officers = await self._officers.of([case.polres], post="detective", on_leave=False)
        held_by = case.detective.id if case.detective else None
        able = [
            officer
            for officer in officers
            if officer.id != held_by and may_lead(officer, complaint, case) and _unit_for(officer, case, person)
        ]
        load = await queries.loads(self._room, [case.polres], able)
        category = case.classification.category if case.classification else ""
        ranked = sorted(able, key=lambda officer: (category not in officer.specialities, load[officer.id], officer.id))
        return [(officer, load[officer.id]) for officer in ranked]

    def _successor(
        self, command: Command[Reassignment], case: Case | None, cards: dict[str, dict[str, Officer]]
    ) -> FoundDetective | Unfit:
        officer = cards.get(case.polres, {}).get(command.data.detective) if case else None
        if case is None or officer is None or officer.retired or officer.post != "detective":
            return "unknown"
        if is_conflicted(officer, command.subject, case):
            return "conflict"
        if officer.on_leave:
            return "on_leave"
        unit = _unit_for(officer, case, command.actor)
        if unit is None:
            return "other_unit"
        return FoundDetective(officer.id, unit, self._notice(command.subject, officer, None), officer.units)

    async def _pick_patrols(self, wanting: list[_Wanting], now: datetime) -> dict[int, Patrol | None]:
        if not wanting:
            return {}
        free = await self.free_patrols(sorted({want.case.polres for want in wanting}))
        places = {want.index: self._place(want) for want in wanting}
        idle = await self._last_ended(free, now) if None in places.values() else {}
        picked: dict[int, Patrol | None] = {}
        for want in sorted(wanting, key=lambda want: (want.case.urgency, want.index)):
            silent = lately_silent(want.case, now, self._procedure.patrol)
            able = [patrol for patrol in free if may_be_sent(patrol, want.case) and patrol.id not in silent]
            place = places[want.index]
            patrol = nearest(able, place) if place else longest_idle(able, idle)
            picked[want.index] = patrol
            free = [other for other in free if other is not patrol]
        return picked

    def _place(self, want: _Wanting) -> Place | None:
        sealed = want.case.report.sealed.narrative if want.case.report else None
        if sealed is None:
            return None
        try:
            narrative = self._room.vault.open("narrative", want.complaint, sealed)
        except Unsealable as error:
            # Whoever calls for help gets somebody, even where nobody can read where to.
            telemetry.log.error("place_unreadable", complaint=want.complaint, error=type(error).__name__)
            return None
        return place_of(narrative)

    async def _last_ended(self, patrols: Sequence[Patrol], now: datetime) -> dict[str, datetime]:
        if not patrols:
            return {}
        polres = sorted({patrol.polres for patrol in patrols})
        rows = await self._room.mongo.aggregate(
            self._room.store().name,
            [
                {"$match": {"polres": {"$in": polres}, "case.dispatch.sorties.ended_at": {"$gte": now - IDLE_WITHIN}}},
                {"$project": {"sortie": "$case.dispatch.sorties"}},
                {"$unwind": "$sortie"},
                {"$match": {"sortie.patrol": {"$in": [patrol.id for patrol in patrols]}}},
                {"$group": {"_id": "$sortie.patrol", "at": {"$max": "$sortie.ended_at"}}},
            ],
        )
        return {row["_id"]: row["at"] for row in rows if row["at"] is not None}

    async def _pick_detectives(self, wanting: list[_Wanting]) -> dict[int, FoundDetective | None]:
        if not wanting:
            return {}
        polres = sorted({want.case.polres for want in wanting})
        units = sorted(
            {unit for want in wanting if want.case.classification for unit in want.case.classification.units}
        )
        officers = await self._officers.of(polres, post="detective", on_leave=False, units={"$in": units})
        load = await queries.loads(self._room, polres, officers)
        picked: dict[int, FoundDetective | None] = {}
        for want in wanting:
            choice = fittest(officers, want.complaint, want.case, load)
            picked[want.index] = None
            if choice:
                officer, unit = choice
                load[officer.id] += 1
                notice = self._notice(want.complaint, officer, None)
                picked[want.index] = FoundDetective(officer.id, unit, notice, officer.units)
        return picked

    def _notice(self, complaint: str, officer: Officer | None, words: str | None) -> str:
        signed = {"investigator": officer.name, "phone": officer.phone} if officer else {}
        return self._room.vault.seal("notice", complaint, {**({"text": words} if words else {}), **signed})


def place_of(narrative: dict[str, Any]) -> Place | None:
    """The point that the reporter gave, if it is one on earth."""
    lat, lon = narrative.get("lat"), narrative.get("lon")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    return Place(lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


def _card(cards: dict[str, dict[str, Officer]], case: Case | None) -> Officer | None:
    return cards[case.polres].get(case.detective.id) if case and case.detective else None


def _unit_for(officer: Officer, case: Case, person: Person | None) -> str | None:
    """The unit that the officer would lead the case for: one that the acting head heads, at best one of the case's."""
    if person is None:
        return None
    headed = officer.units if "chief" in person.roles else [unit for unit in officer.units if unit in person.units]
    return next((unit for unit in headed if unit in case.units), next(iter(headed), None))
