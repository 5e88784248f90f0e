"""Files: uploaded by anybody before they are named in a report, and read by staff."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import StreamingResponse
from gridfs.errors import NoFile

from services.intake import uploads
from services.intake.access import AtDesk
from services.intake.inspection import MEDIA_TYPES
from services.intake.queries import attachment_for
from shared import telemetry
from shared.contracts.complaint import Attachment
from shared.contracts.envelope import UUID_PATTERN
from shared.contracts.refusals import Absent, Unavailable
from shared.gate import Acting, Reach
from shared.http import ComplaintId, InRoom
from shared.sealing import Unsealable

_BINARY = {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in MEDIA_TYPES}
_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


def router(limit: int) -> APIRouter:
    """The routes, with the size in bytes that a file may have at most."""
    routes = APIRouter(tags=["attachments"])

    @routes.post(
        "/attachments",
        status_code=201,
        max_body_size=limit,
        openapi_extra={"requestBody": {"required": True, "content": _BINARY}},
    )
    async def upload(request: Request, desk: AtDesk) -> Attachment:
        """Upload a JPEG, PNG or PDF as the body of the request, whatever its declared type.

        The id in the answer is for one report, and only whoever knows it can name it there. A file that no report
        names within a day is deleted.
        """
        return await uploads.receive(desk.room, request, desk.turns)

    @routes.get(
        "/complaints/{complaint_id}/attachments/{attachment_id}",
        response_class=StreamingResponse,
        responses={200: {"description": "The file as it was uploaded", "content": _BINARY}},
    )
    async def download(
        complaint_id: ComplaintId,
        attachment_id: Annotated[str, Path(pattern=UUID_PATTERN)],
        room: InRoom,
        person: Acting,
        reach: Reach,
    ) -> StreamingResponse:
        """A file of a complaint, to be saved and not shown."""
        attachment = await attachment_for(person, reach, room, complaint_id, attachment_id)
        content = await _opened(uploads.files(room).get(attachment_id))
        telemetry.log.info("attachment_read", complaint=complaint_id, attachment=attachment_id, person=person.id)
        headers = {
            "Content-Disposition": f'attachment; filename="{attachment_id}.{_SUFFIXES[attachment.media_type]}"',
            "Content-Length": str(attachment.size),
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return StreamingResponse(content, media_type=attachment.media_type, headers=headers)

    return routes


async def _opened(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks, of which the first is read before anything is answered. Raises Absent, or Unavailable."""
    try:
        first = await anext(chunks)
    except NoFile:
        raise Absent from None
    except Unsealable:
        raise Unavailable("unsealable", "The file cannot be opened with the keys that are here.") from None

    async def all_of_them() -> AsyncIterator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    return all_of_them()
