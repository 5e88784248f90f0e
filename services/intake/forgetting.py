"""What intake keeps of a complaint beside the complaint itself, and destroys with it: its files, and its phone."""

from services.intake import sms, uploads
from services.intake.case import Complaint
from services.intake.conversation import forget
from shared.erasure import submit
from shared.room import Room
from shared.store import Document


async def erase(room: Room, complaint: str) -> None:
    """Deletes the complaint's files with their keys, and lets the phone that told it by SMS forget it."""
    document: Document[Complaint] = (await room.store().load([complaint]))[complaint]
    if document.case:
        await uploads.remove(room, document.case.files or ())
    for phone in await room.store(sms.COLLECTION).find({"case.filed": complaint}):
        await submit(room, phone.id, "normal", complaint, forget, sms.COLLECTION)
