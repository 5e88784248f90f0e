"""Look-ups: by id for staff, who see only what they may know of, and by tracking code for reporters."""

from services.intake.case import Complaint
from services.intake.desk import Desk
from shared.contracts.complaint import Attachment
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent
from shared.policy import Scope
from shared.quotas import Caller
from shared.room import Room
from shared.store import Document


async def complaint_for(person: Person, room: Room, complaint_id: str) -> tuple[Complaint, Document[Complaint]]:
    """A complaint with its document. Raises Absent also for one that the person may not know of."""
    document: Document[Complaint] | None = await room.store().find_one({"_id": complaint_id})
    if document is None or document.case is None or not document.case.visible_to(person):
        raise Absent
    return document.case, document


async def attachment_for(
    person: Person, reach: frozenset[Scope], room: Room, complaint_id: str, attachment_id: str
) -> Attachment:
    """A file of a complaint. Raises Absent also where either may not be known of."""
    complaint, _ = await complaint_for(person, room, complaint_id)
    if not await is_within(reach, person, room, complaint):
        raise Absent
    for attachment in complaint.attachments:
        if attachment.id == attachment_id:
            return attachment
    raise Absent


async def is_within(reach: frozenset[Scope], person: Person, room: Room, complaint: Complaint) -> bool:
    """Whether a complaint that the person may know of is one of the cases that these scopes open to them: any, or those
    that a unit of theirs works on. A report that goes on in an earlier one goes with it."""
    if "polres" in reach:
        return True
    if "unit" not in reach:
        return False
    if complaint.handling.earlier is None:
        return complaint.handling.is_with(person)
    earlier: Document[Complaint] | None = await room.store().find_one({"_id": complaint.handling.earlier})
    if earlier is None or earlier.case is None or not earlier.case.visible_to(person):
        return False
    return earlier.case.handling.is_with(person) or complaint.handling.is_with(person)


async def complaint_of_code(desk: Desk, caller: Caller, code: str) -> str:
    """The id of the complaint that a tracking code belongs to. Raises the same Absent whatever is wrong with it, or
    TooMany for whoever has tried too many."""
    await caller.looks_up()
    document: Document[Complaint] | None = await desk.room.store().find_one(
        {"case.tracking_lookup": desk.codes.lookup(code)}
    )
    if document is None or document.case is None or document.case.erasing:
        await caller.knows_no_code()
    return document.id
