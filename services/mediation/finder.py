"""The gather steps: what decisions must know of the roster and of other cases, with one query for a whole batch."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from services.mediation.assignment import HELD, Naming, Unfit
from services.mediation.case import Case
from services.mediation.choice import Officer, is_conflicted, of_village
from services.mediation.facts import Learn
from services.mediation.known import Found, FoundMediator, Known
from services.mediation.procedure import Procedure
from services.mediation.rosters import roster
from services.mediation.sessions import Appointment, Moved
from services.mediation.settle import lacks_mediator
from shared.contracts.envelope import Command, Envelope
from shared.operation import Gather
from shared.room import Room

Message = Envelope[Any] | Command[Any]


def _subject(message: Message) -> str:
    return message.subject


class Finder:
    """Looks for officers. What it picks for one message of a batch counts as load for the next."""

    def __init__(self, room: Room, procedure: Procedure) -> None:
        self._room = room
        self._procedure = procedure
        self._roster = roster(room.mongo)

    def whom(self, learn: Learn, complaint_of: Callable[[Any], str] = _subject) -> Gather:
        """The step that finds who is to have a case once it has learnt from the message."""

        async def step(asked: Sequence[tuple[Message, Case | None]]) -> Sequence[Found]:
            now, wanting = self._room.clock(), dict[int, tuple[str, Case]]()
            for index, (message, case) in enumerate(asked):
                learnt = learn(case, message)
                if learnt and lacks_mediator(self._procedure, learnt, now):
                    wanting[index] = complaint_of(message), learnt
            found = [Found()] * len(asked)
            for index, mediator in (await self._pick(wanting)).items():
                found[index] = Found(True, mediator)
            return found

        return step

    async def known(self, asked: Sequence[tuple[Command[Any], Case | None]]) -> Sequence[Known]:
        """Who stands in for the officer of each case; and for an appointment, its words for the reporter: the place,
        and whom to ask."""
        officers: dict[str, set[str]] = {}
        for _, case in asked:
            if case and case.mediator:
                officers.setdefault(case.polres, set()).add(case.mediator.id)
        cards = {polres: await self._roster.get(polres, ids) for polres, ids in officers.items()}
        return [self._known(command, _card(cards, case)) for command, case in asked]

    async def stand_in(self, case: Case | None) -> str | None:
        """Who stands in for the case's officer now."""
        if case is None or case.mediator is None:
            return None
        return _stand_in((await self._roster.get(case.polres, [case.mediator.id])).get(case.mediator.id))

    async def successors(self, asked: Sequence[tuple[Command[Naming], Case | None]]) -> Sequence[FoundMediator | Unfit]:
        """The officers that leads name, or why they cannot have the case."""
        named: dict[str, set[str]] = {}
        for command, case in asked:
            if case:
                named.setdefault(case.polres, set()).add(command.data.mediator)
        cards = {polres: await self._roster.get(polres, ids) for polres, ids in named.items()}
        return [self._successor(command, case, cards) for command, case in asked]

    def _successor(
        self, command: Command[Naming], case: Case | None, cards: dict[str, dict[str, Officer]]
    ) -> FoundMediator | Unfit:
        officer = cards.get(case.polres, {}).get(command.data.mediator) if case else None
        if case is None or officer is None or officer.retired:
            return "unknown"
        if is_conflicted(officer, case):
            return "conflict"
        return "absent" if officer.absent else self._found(command.subject, officer)

    def _known(self, command: Command[Any], officer: Officer | None) -> Known:
        appointment = command.data.appointment if isinstance(command.data, Moved) else command.data
        if not isinstance(appointment, Appointment):
            return Known(_stand_in(officer))
        whom = {"contact": officer.name, "phone": officer.phone} if officer else {}
        notice = self._room.vault.seal("notice", command.subject, {"place": appointment.place, **whom})
        return Known(_stand_in(officer), notice)

    async def _pick(self, wanting: dict[int, tuple[str, Case]]) -> dict[int, FoundMediator | None]:
        if not wanting:
            return {}
        polres = sorted({case.polres for _, case in wanting.values()})
        villages = sorted({case.village for _, case in wanting.values() if case.village})
        officers = await self._of_villages(polres, villages)
        load = await self._loads(polres, list(officers))
        picked: dict[int, FoundMediator | None] = {}
        for index, (complaint, case) in wanting.items():
            officer = of_village(officers, complaint, case, load)
            if officer:
                load[officer.id] += 1
            picked[index] = self._found(complaint, officer) if officer else None
        return picked

    async def _of_villages(self, polres: list[str], villages: list[str]) -> dict[str, Officer]:
        """The officers of the villages, and whoever stands in for one of them."""
        serving = await self._roster.of(polres, villages={"$in": villages}) if villages else []
        officers = {officer.id: officer for officer in serving}
        for name in polres:
            acting = {officer.stand_in for officer in serving if officer.polres == name and officer.stand_in}
            officers |= await self._roster.get(name, acting - officers.keys())
        return officers

    async def _loads(self, polres: list[str], officers: list[str]) -> Counter[str]:
        if not officers:
            return Counter()
        of_them = {"polres": {"$in": polres}, "case.status": {"$in": sorted(HELD)}}
        rows = await self._room.mongo.aggregate(
            self._room.store().name,
            [
                {"$match": {**of_them, "case.mediator.id": {"$in": officers}}},
                {"$group": {"_id": "$case.mediator.id", "open": {"$sum": 1}}},
            ],
        )
        return Counter({row["_id"]: row["open"] for row in rows})

    def _found(self, complaint: str, officer: Officer) -> FoundMediator:
        words = {"mediator": officer.name, "phone": officer.phone}
        return FoundMediator(officer.id, officer.units, self._room.vault.seal("notice", complaint, words))


def _card(cards: dict[str, dict[str, Officer]], case: Case | None) -> Officer | None:
    return cards[case.polres].get(case.mediator.id) if case and case.mediator else None


def _stand_in(officer: Officer | None) -> str | None:
    return officer.stand_in if officer and officer.absent else None
