"""The front desk: what a submission needs to know before it is decided, gathered for a whole group at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.read_concern import ReadConcern

from services.intake import domain, neighbours, uploads
from services.intake.case import Complaint
from services.intake.channel_keys import ChannelKeys
from services.intake.codes import Codes
from services.intake.domain import Addition, Entry, Submission
from services.intake.settings import IntakeSettings
from shared import quotas
from shared.contracts.complaint import Attachment
from shared.contracts.envelope import Command
from shared.contracts.refusals import Unavailable
from shared.quotas import Quotas
from shared.room import Room
from shared.store import Document

REGISTERS = "registers"
INSPECTIONS = 3  # uploads that are judged or held in memory at the same time
_READS = 40
_PAUSE = 0.05  # seconds


class Desk:
    """One per process, so that the unit sees one `enter` and one `find_files` and can ask each once per group."""

    room: Room

    def __init__(self, settings: IntakeSettings) -> None:
        self.settings = settings
        self.codes = Codes(settings.code_key)
        self.channel_keys = ChannelKeys(settings.channel_keys)
        self.quotas = Quotas(settings.code_key, settings.quota_factor)
        self.turns = asyncio.Semaphore(INSPECTIONS)

    async def open(self, room: Room) -> None:
        self.room = room
        # A large file of outlines is read before anybody waits for it.
        await asyncio.to_thread(neighbours.outlines, self.settings.jurisdiction_file)
        await uploads.prepare(room)
        await quotas.prepare(room)

    async def enter(self, asked: Sequence[tuple[Command[Submission], Complaint | None]]) -> list[Entry]:
        """Gives each request that is new and whole the next number of the register."""
        submissions = [message.data for message, _ in asked]
        answered = await self._answered_before([s.request for s in submissions])
        found = await uploads.find(self.room, (id_ for s in submissions for id_ in s.attachments))
        # A request that stands twice in the group shares one number, since only one of the two will be stored.
        new = {s.request: s for s in submissions if s.request not in answered and found.keys() >= set(s.attachments)}
        numbers = await self._numbers(list(new.values()))
        return [
            Entry(numbers.get(s.request), _in_order(s.attachments, found), answered=s.request in answered)
            for s in submissions
        ]

    async def find_files(
        self, asked: Sequence[tuple[Command[Addition], Complaint | None]]
    ) -> list[tuple[Attachment, ...]]:
        """The uploads that each supplement names, as far as they are there."""
        found = await uploads.find(self.room, (id_ for message, _ in asked for id_ in message.data.attachments))
        return [_in_order(message.data.attachments, found) for message, _ in asked]

    async def answer_of(self, request: str) -> Document[Complaint] | None:
        """The complaint that a request has led to, once its write cannot be lost any more. Raises Unavailable."""
        store = self.room.store()
        lasting = store.collection.with_options(read_concern=ReadConcern("majority"))
        for _ in range(_READS):
            row = await lasting.find_one({"case.request": request})
            if row:
                return store.read(row)
            if await store.find_one({"case.request": request}) is None:
                return None
            await asyncio.sleep(_PAUSE)
        raise Unavailable("not_lasting", "The report is stored but not yet safe; send it again with the same key.")

    async def _answered_before(self, requests: list[str]) -> set[str]:
        rows = await (
            self.room.store()
            .collection.find({"case.request": {"$in": requests}}, {"_id": 0, "case.request": 1})
            .to_list(None)
        )
        return {row["case"]["request"] for row in rows}

    async def _numbers(self, submissions: Sequence[Submission]) -> dict[str, str]:
        """Register numbers by request. They are never given twice; those of a group that is not stored stay unused."""
        if not submissions:
            return {}
        on = (self.room.clock() + timedelta(hours=self.settings.utc_offset)).date()
        register: dict[str, Any] = await self.room.mongo[REGISTERS].find_one_and_update(
            {"_id": f"{self.settings.polres}/{on.year}"},
            {"$inc": {"last": len(submissions)}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        first = register["last"] - len(submissions) + 1
        return {
            s.request: domain.register_number(s.model, first + place, on, self.settings.office)
            for place, s in enumerate(submissions)
        }


def _in_order(ids: Sequence[str], found: dict[str, Attachment]) -> tuple[Attachment, ...]:
    return tuple(found[id_] for id_ in ids if id_ in found)
