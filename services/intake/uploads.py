"""Files that reporters upload before they name them in a report. One that no report names in time is deleted.

A file belongs to the one complaint whose `files` name it, which a unique index holds true; nothing else says so.
"""

from asyncio import Semaphore
from collections.abc import AsyncIterable, Iterable
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO
from uuid import uuid4

from gridfs.errors import NoFile
from pymongo import IndexModel
from starlette.requests import ClientDisconnect

from services.intake.inspection import inspect
from services.intake.scanning import scan
from services.intake.settings import IntakeSettings
from shared.contracts.complaint import Attachment
from shared.contracts.refusals import Invalid
from shared.files import SealedFiles
from shared.room import Room

COLLECTION, BUCKET = "uploads", "attachments"
KEPT = timedelta(hours=24)
GRACE = timedelta(hours=1)  # a report that was taken in at the last moment has long been stored by then
_BATCH = 100


async def prepare(room: Room) -> None:
    await room.mongo[COLLECTION].create_indexes([IndexModel([("expires_at", 1)], name="expires_at", sparse=True)])


def files(room: Room) -> SealedFiles:
    return SealedFiles(room.mongo.files(BUCKET), room.vault)


def shown_id(attachment_id: str) -> str:
    """Where the copy that is shown stands."""
    return f"{attachment_id}.shown"


async def receive(room: Room, settings: IntakeSettings, sent: AsyncIterable[bytes], turns: Semaphore) -> Attachment:
    """Stores a file that is sent. Raises Invalid for one that is not accepted; nothing is kept of it.

    It waits for its turn only once it has arrived, so that a slow sender takes nobody else's.
    """
    with TemporaryFile() as file:
        digest = sha256()
        size = 0
        try:
            async for chunk in sent:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        except ClientDisconnect:
            raise Invalid("incomplete_file", "The upload ended early.", "file") from None
        if not size:
            raise Invalid("empty_file", "The file is empty.", "file")
        async with turns:
            inspected = await inspect(file)
            await scan(settings, file)
            attachment = Attachment(
                id=str(uuid4()), media_type=inspected.media_type, size=size, sha256=digest.hexdigest()
            )
            await _store(room, attachment, file, inspected.shown)
    return attachment


async def _store(room: Room, attachment: Attachment, file: IO[bytes], shown: bytes | None) -> None:
    # First the note that will have it deleted, last what makes it usable: a crash in between leaves nothing for ever.
    uploads = room.mongo[COLLECTION]
    await uploads.insert_one({"_id": attachment.id, "expires_at": room.clock() + KEPT})
    file.seek(0)
    await files(room).put(attachment.id, file.read())
    if shown:
        await files(room).put(shown_id(attachment.id), shown)
    await uploads.update_one({"_id": attachment.id}, {"$set": {"facts": attachment.model_dump()}})


async def remove(room: Room, ids: Iterable[str]) -> None:
    """Deletes files and the copies that are shown, with their keys, as far as they are still there."""
    for id_ in ids:
        for file_id in (id_, shown_id(id_)):
            # A PDF has no copy, and an upload that broke off has nothing.
            with suppress(NoFile):
                await files(room).delete(file_id)
        await room.mongo[COLLECTION].delete_one({"_id": id_})


async def find(room: Room, ids: Iterable[str]) -> dict[str, Attachment]:
    """Those of the uploads that are there, whole and not expired."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    query = {"_id": {"$in": wanted}, "expires_at": {"$gt": room.clock()}, "facts": {"$exists": True}}
    rows = await room.mongo[COLLECTION].find(query).to_list(len(wanted))
    return {row["_id"]: Attachment.model_validate(row["facts"]) for row in rows}


async def expire(room: Room) -> int:
    """Deletes what no report has named in time. Returns how many files went."""
    uploads = room.mongo[COLLECTION]
    overdue = {"expires_at": {"$lte": room.clock() - GRACE}}
    rows = await uploads.find(overdue, {"_id": 1}).limit(_BATCH).to_list(_BATCH)
    ids = [row["_id"] for row in rows]
    if not ids:
        return 0
    documents = await room.store().collection.find({"case.files": {"$in": ids}}, {"case.files": 1}).to_list(None)
    used = {file_id for document in documents for file_id in document["case"]["files"]}
    await uploads.update_many({"_id": {"$in": [id_ for id_ in ids if id_ in used]}}, {"$unset": {"expires_at": ""}})
    unused = [id_ for id_ in ids if id_ not in used]
    await remove(room, unused)
    return len(unused)
