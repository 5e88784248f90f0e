"""What an officer decides on a report, as programs and pages say it, submitted to the case."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, Field

from services.verification import decisions, queries
from services.verification.settings import settings_of
from shared.contracts.envelope import UUID_PATTERN, Person
from shared.contracts.verification import Missing, RejectionReason
from shared.http import Ask
from shared.operation import Outcome
from shared.room import Room
from shared.text import Paragraphs


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Rejection(_Body):
    """Why the report ends here, with words for its reporter alone."""

    reason: RejectionReason
    words: Paragraphs | None = None


class Clarification(_Body):
    """What the reporter is asked for, with words for the reporter alone."""

    missing: list[Missing] = Field(min_length=1, max_length=5)
    words: Paragraphs | None = None


class Linking(_Body):
    """The earlier complaint that tells of the same incident."""

    to: str = Field(pattern=UUID_PATTERN)


async def verify(ask: Ask, person: Person, complaint: str) -> Outcome:
    """The report is fit to be acted on."""
    return await ask(complaint, None, decisions.verify, actor=person)


async def reject(ask: Ask, person: Person, complaint: str, body: Rejection) -> Outcome:
    """The report ends here; its reporter may appeal for some days."""
    appeal_within = timedelta(days=settings_of(ask.room).appeal_days)
    data = decisions.Reject(body.reason, appeal_within, _sealed(ask.room, complaint, body.words))
    return await ask(complaint, data, decisions.reject, actor=person)


async def clarify(ask: Ask, person: Person, complaint: str, body: Clarification) -> Outcome:
    """The reporter is asked, and has some days for the answer."""
    answer_within = timedelta(days=settings_of(ask.room).clarification_days)
    missing = tuple(dict.fromkeys(body.missing))
    data = decisions.Clarify(missing, answer_within, _sealed(ask.room, complaint, body.words))
    return await ask(complaint, data, decisions.clarify, actor=person)


async def link(ask: Ask, person: Person, complaint: str, body: Linking) -> Outcome:
    """The report goes on as a part of an earlier one."""
    look_up = queries.link_targets(ask.room)
    return await ask(complaint, decisions.Link(body.to), decisions.link, actor=person, gather=look_up)


def _sealed(room: Room, complaint: str, words: str | None) -> str | None:
    return room.vault.seal("notice", complaint, {"text": words}) if words else None
