"""Which decision an event leads to."""

from services.verification import domain
from services.verification.contact import contact_confirmed
from services.verification.gathering import Examiner
from services.verification.jurisdiction import Jurisdiction
from shared.contracts.intake import (
    ComplaintAppealed,
    ComplaintSubmitted,
    ComplaintSupplemented,
    ComplaintWithdrawn,
    ContactConfirmed,
)
from shared.handlers import On
from shared.room import Room


def handlers(room: Room, jurisdiction: Jurisdiction) -> list[On]:
    examiner = Examiner(room, jurisdiction)
    return [
        On(ComplaintSubmitted, domain.submitted, examiner.examine),
        On(ComplaintSupplemented, domain.supplemented, examiner.examine),
        On(ComplaintWithdrawn, domain.withdrawn),
        On(ComplaintAppealed, domain.appealed, examiner.examine),
        On(ContactConfirmed, contact_confirmed),
    ]
