"""Files that come with a form: taken in one by one, as an upload is."""

from collections.abc import AsyncIterator
from hashlib import sha256

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from services.intake import uploads
from services.intake.desk import Desk
from services.intake.settings import IntakeSettings
from shared.contracts.complaint import Attachment
from shared.contracts.refusals import Invalid

MEGABYTE = 1024 * 1024
FILES_TOGETHER = 36 * MEGABYTE  # of one form; each file has its own limit (`attachment_bytes`)
_CHUNK = 64 * 1024


async def chosen(request: Request) -> list[UploadFile]:
    """The files of a form's field `files`."""
    return of(await request.form())


def of(sent: FormData) -> list[UploadFile]:
    """The files of a form that was read already. A browser sends an empty one where none was chosen."""
    return [file for file in sent.getlist("files") if isinstance(file, UploadFile) and file.filename]


async def digest(file: UploadFile) -> str:
    """The SHA-256 of one, by which it is known again when it is sent twice."""
    found = sha256()
    async for chunk in _chunks(file):
        found.update(chunk)
    return found.hexdigest()


async def receive(desk: Desk, file: UploadFile) -> Attachment:
    """Judges and stores one. Raises Invalid, or Unavailable where it cannot be scanned at the moment."""
    if (file.size or 0) > desk.settings.attachment_bytes:
        raise Invalid("too_large_file", "The file is too large.", "files")
    return await uploads.receive(desk.room, desk.settings, _chunks(file), desk.turns)


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    await file.seek(0)
    while chunk := await file.read(_CHUNK):
        yield chunk


def limits(settings: IntakeSettings) -> dict[str, int]:
    """What the field says of how much it takes."""
    return {
        "limit": settings.attachments_limit,
        "megabytes": settings.attachment_bytes // MEGABYTE,
        "together": FILES_TOGETHER // MEGABYTE,
    }
