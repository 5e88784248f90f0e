"""Who is to be told of an event: the complaint's own reporter, and those whose complaints were linked to it.

Followers are looked up when there is something to tell, not copied: so each contact stands in one place, the case
that it is sealed for. Links have no links: verification lets a complaint be linked only to one that is verified.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.notification import timeline
from services.notification.contacts import open_contact
from services.notification.domain import Correspondence, Recipient
from services.notification.preferences import Preferences
from shared import telemetry
from shared.contracts.complaint import Report
from shared.contracts.envelope import Envelope
from shared.contracts.notification import Medium
from shared.room import Room

FOLLOWERS = 200  # how many are told of the events that are processed together; all of them see it on the timeline

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
        linked = {"case.linked_to": {"$in": [message.subject for message, _ in asked]}}
        documents = await self.room.store().find(linked, sort=[("_id", 1)], limit=FOLLOWERS)
        if len(documents) == FOLLOWERS:
            telemetry.log.warning("followers_cut", events=[message.id for message, _ in asked])
        followers: dict[str, tuple[Recipient, ...]] = {}
        for document in documents:
            case: Correspondence | None = document.case
            if case and case.linked_to and timeline.status(case.timeline) != "withdrawn":
                reachable = self._recipient(document.id, case, case.contact, case.wishes)
                followers[case.linked_to] = followers.get(case.linked_to, ()) + reachable
        return [self._own(message, case) + followers.get(message.subject, ()) for message, case in asked]

    def _own(self, message: Envelope[Any], case: Correspondence | None) -> tuple[Recipient, ...]:
        report: Report | None = getattr(message.data, "report", None)
        told = case or report
        if told is None:
            return ()
        contact = (case.contact if case else None) or (report.sealed.contact if report else None)
        return self._recipient(
            message.subject, told, contact, case.wishes if case else Preferences(language=told.language)
        )

    def _recipient(
        self, complaint: str, told: Correspondence | Report, contact: str | None, wishes: Preferences
    ) -> tuple[Recipient, ...]:
        if wishes.silent:
            return ()
        media = tuple(medium for medium in self.media if wishes.channel in (None, medium))
        medium = open_contact(self.room.vault, complaint, contact).best(media)
        language = wishes.language or told.language
        return (Recipient(complaint, told.register_number, language, medium, wishes.quiet),) if medium else ()
