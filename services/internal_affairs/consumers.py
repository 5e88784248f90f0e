"""Which decision each event leads to, and the words for a complaint that must leave this office."""

from collections.abc import Sequence
from typing import Any

from services.internal_affairs import facts
from services.internal_affairs.case import Case
from services.internal_affairs.domain import hearing
from services.internal_affairs.facts import Learn
from services.internal_affairs.procedure import Procedure
from services.internal_affairs.wordings import OFFICES
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from shared.handlers import On
from shared.operation import Gather, Message
from shared.room import Room
from shared.told import earlier


def handlers(procedure: Procedure, room: Room) -> Sequence[On]:
    """The events that internal affairs hears."""
    about_subject: list[tuple[type, Learn]] = [
        (ComplaintClassified, facts.classified),
        (ComplaintReclassified, facts.reclassified),
        (ComplaintLinked, facts.joined),
        (ComplaintSupplemented, facts.supplemented),
        (ComplaintWithdrawn, facts.withdrawn),
        (ComplaintRejected, facts.rejected),
    ]
    heard = [On(event, hearing(procedure, learn), notices(procedure, room, learn)) for event, learn in about_subject]
    link = On(
        ComplaintLinked, hearing(procedure, facts.linked), notices(procedure, room, facts.linked, earlier), earlier
    )
    return [*heard, link]


def _subject(message: Any) -> str:
    return str(message.subject)


def notices(procedure: Procedure, room: Room, learn: Learn, complaint_of: Any = _subject) -> Gather:
    """The step that seals what the reporter is told where the message makes the complaint go to an office above."""

    async def step(asked: Sequence[tuple[Message, Case | None]]) -> Sequence[str | None]:
        return [_notice(procedure, room, complaint_of(message), learn(case, message)) for message, case in asked]

    return step


def _notice(procedure: Procedure, room: Room, complaint: str, case: Case | None) -> str | None:
    if case is None or case.report is None or (desk := procedure.fit_desk(case)) == case.desk:
        return None
    text = procedure.forwarded[case.report.language].format(office=OFFICES.get(desk, desk))
    return room.vault.seal("notice", complaint, {"text": text})
