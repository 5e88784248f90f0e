"""Invented reporters, each with a complaint, a code and an address of their own."""

import secrets
from typing import Any
from uuid import uuid4

from uuid6 import uuid7

from services.notification.domain import Correspondence
from shared import tracking
from shared.contracts.complaint import Sealed
from shared.contracts.intake import ComplaintSubmitted
from shared.contracts.notification import NotificationSent
from tests.services.notification import samples
from tests.support.room import Running, until


class Reporter:
    """Somebody who reports, and what the service holds of it."""

    def __init__(self, notification: Running, **contact: str) -> None:
        self.room = notification
        self.complaint = str(uuid7())
        self.code = tracking.encode(secrets.token_bytes(10))
        self.number = f"+62812{secrets.randbelow(10**8):08d}"
        self.address = f"r{uuid4().hex[:8]}@example.org"
        self.contact = contact
        self.sequence = 0

    def report(self, **fields: Any) -> Any:
        contact = self.room.vault.seal("contact", self.complaint, self.contact) if self.contact else None
        return samples.report(sealed=Sealed(contact=contact), **fields)

    def submission(self, **fields: Any) -> ComplaintSubmitted:
        key = self.room.settings.code_key  # type: ignore[attr-defined]
        return ComplaintSubmitted(report=self.report(**fields), tracking_lookup=tracking.lookup(self.code, key))

    async def hears(self, *events: Any, **how: Any) -> None:
        for event in events:
            self.sequence += 1
            await self.room.hear(event, self.complaint, sequence=self.sequence, **how)
            await self.shown(self.sequence)

    async def shown(self, lines: int) -> None:
        """Waits till the case has at least so many lines."""

        async def known() -> bool:
            case = await self.case()
            return case is not None and len(case.timeline) >= lines

        await until(known, f"{lines} lines")

    def seal(self, text: str) -> str:
        return self.room.vault.seal("notice", self.complaint, {"text": text})

    async def case(self) -> Correspondence | None:
        case: Correspondence | None = (await self.room.room.store().load([self.complaint]))[self.complaint].case
        return case

    async def track(self, **body: Any) -> dict[str, Any]:
        answer = await self.room.http.post("/tracking", json={"code": self.code, **body})
        assert answer.status_code == 200, answer.text
        tracked: dict[str, Any] = answer.json()
        return tracked

    async def statuses(self) -> list[str]:
        case = await self.case()
        return [message.status for message in case.messages] if case else []


def by_sms(notification: Running) -> Reporter:
    reporter = Reporter(notification)
    reporter.contact = {"phone": reporter.number}
    return reporter


def by_mail(notification: Running) -> Reporter:
    reporter = Reporter(notification)
    reporter.contact = {"email": reporter.address}
    return reporter


async def sent(notification: Running) -> tuple[Reporter, str]:
    """Somebody to whom an SMS was sent, and the message's id."""
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    said = await notification.says(NotificationSent, reporter.complaint)
    message: str = said.data.message
    return reporter, message
