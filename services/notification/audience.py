"""Who is to be told of an event: the complaint's own reporter, and those whose complaints were linked to it.

Followers are looked up when there is something to tell, not copied: so each contact stands in one place, in the case that
it is sealed for, and a complaint that is linked to one that is linked in turn is told too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.notification import timeline
from services.notification.contacts import open_contact
from services.notification.domain import Correspondence, Recipient
from shared.contracts.complaint import Report
from shared.contracts.envelope import Envelope
from shared.contracts.notification import Medium
from shared.room import Room
from shared.store import Document

FOLLOWERS = 200  # who can be told of the events that are processed together
DEPTH = 5  # links that are followed

Asked = Sequence[tuple[Envelope[Any], Correspondence | None]]


@dataclass(frozen=True)
class Audience:
    """Gather steps: for each message, the recipients that can be reached by one of the media."""

    room: Room
    media: tuple[Medium, ...]

    async def own(self, asked: Asked) -> list[tuple[Recipient, ...]]:
        """The complaint's own reporter."""
        return [self._own(message, case) for message, case in asked]

    async def everyone(self, asked: Asked) -> list[tuple[Recipient, ...]]:
        """The reporter and the followers."""
        followers = await self._followers({message.subject for message, _ in asked})
        return [
            self._own(message, case) + tuple(followers.reached.get(message.subject, ())) for message, case in asked
        ]

    def _own(self, message: Envelope[Any], case: Correspondence | None) -> tuple[Recipient, ...]:
        report: Report | None = getattr(message.data, "report", None)
        if case:
            contact = case.contact or (report.sealed.contact if report else None)
            return self._recipient(message.subject, case.register_number, case.language, contact)
        if report:
            return self._recipient(message.subject, report.register_number, report.language, report.sealed.contact)
        return ()

    def _recipient(self, complaint: str, register: str, language: Any, contact: str | None) -> tuple[Recipient, ...]:
        medium = open_contact(self.room.vault, complaint, contact).best(self.media)
        return (Recipient(complaint, register, language, medium),) if medium else ()

    async def _followers(self, subjects: set[str]) -> "_Followers":
        followers = _Followers({subject: {subject} for subject in subjects})
        for _ in range(DEPTH):
            linked_to = {"case.linked_to": {"$in": list(followers.frontier)}}
            documents = await self.room.store().find(linked_to, sort=[("_id", 1)], limit=FOLLOWERS)
            for document in followers.advance(documents):
                case = document.case
                if case and timeline.status(case.timeline) != "withdrawn":
                    recipient = self._recipient(document.id, case.register_number, case.language, case.contact)
                    followers.reach(document, recipient)
            if not followers.frontier:
                break
        return followers


@dataclass
class _Followers:
    """Which complaints lead to which of those asked about. `frontier`: found, but not yet asked who follows them."""

    frontier: dict[str, set[str]]
    reached: dict[str, list[Recipient]] = field(default_factory=dict)
