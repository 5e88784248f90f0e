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
from services.intake.quotas import UPLOADS
from shared.contracts.complaint import Attachment
from shared.contracts.envelope import UUID_PATTERN
from shared.contracts.refusals import Absent, Conflict, Unavailable
from shared.gate import Acting, Reach
from shared.http import ComplaintId, InRoom
from shared.quotas import Calling
from shared.sealing import Unsealable

_FILE = {"schema": {"type": "string", "format": "binary"}}
_BINARY = dict.fromkeys(MEDIA_TYPES, _FILE)
AttachmentId = Annotated[str, Path(pattern=UUID_PATTERN)]
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
    async def upload(request: Request, desk: AtDesk, caller: Calling) -> Attachment:
        """Upload a JPEG, PNG or PDF as the body of the request, whatever its declared type.

        The id in the answer is for one report, and only whoever knows it can name it there. A file that no report
        names within a day is deleted.
        """
        await caller.passes(UPLOADS)
        return await uploads.receive(desk.room, desk.settings, request.stream(), desk.turns)

    @routes.get(
        "/complaints/{complaint_id}/attachments/{attachment_id}",
        response_class=StreamingResponse,
        responses={200: {"description": "The picture, without what is hidden in it", "content": {"image/jpeg": _FILE}}},
    )
    async def show(
        complaint_id: ComplaintId, attachment_id: AttachmentId, room: InRoom, person: Acting, reach: Reach
    ) -> StreamingResponse:
        """A picture of a complaint, drawn anew: upright, of 3,000 pixels a side at most, without place or camera."""
        attachment = await attachment_for(person, reach, room, complaint_id, attachment_id)
        try:
            content = await _opened(uploads.files(room).get(uploads.shown_id(attachment.id), complaint_id))
        except Absent:
            raise Conflict(
                "original_only", "There is no copy of this file that can be shown without what is hidden in it."
            ) from None
        return StreamingResponse(content, media_type="image/jpeg", headers=_headers(f"{attachment.id}.jpg"))

    @routes.get(
        "/complaints/{complaint_id}/attachments/{attachment_id}/original",
        response_class=StreamingResponse,
        responses={200: {"description": "The file as it was uploaded", "content": _BINARY}},
    )
    async def download(
        complaint_id: ComplaintId,
        attachment_id: AttachmentId,
        room: InRoom,
        person: Acting,
        reach: Reach,
    ) -> StreamingResponse:
        """A file of a complaint as it was uploaded, with all that it tells of its maker: evidence, to be saved and not
        shown. Its SHA-256 stands in the complaint."""
        attachment = await attachment_for(person, reach, room, complaint_id, attachment_id)
        content = await _opened(uploads.files(room).get(attachment.id, complaint_id))
        headers = _headers(f"{attachment.id}.{_SUFFIXES[attachment.media_type]}")
        headers["Content-Length"] = str(attachment.size)
        return StreamingResponse(content, media_type=attachment.media_type, headers=headers)

    return routes


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


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
