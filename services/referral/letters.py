"""What an agency is sent: a CloudEvent whose content is written anew each time, and holds no more than it needs.

What, where, when, category, urgency and our number. Never who reports or how to reach them: the identity is sealed
under a key that this service does not have, and what looks like a person's number or address is taken out of the words.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.referral.case import Case, Delivery, Known, Offer
from shared.contracts.envelope import Lane
from shared.sealing import Vault

SOURCE = "/aduan/referral"
WITHHELD = "[…]"
# Mobile numbers, the national id number and e-mail addresses, as people write them into their stories.
_PERSONAL = re.compile(
    r"(?:\+?62|\b0)[\s.-]?8\d(?:[\s.-]?\d){6,11}\b|\b\d{16}\b|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A CloudEvent to an agency. The id is the same however often it is sent."""

    id: str
    type: str
    subject: str
    time: datetime
    lane: Lane
    data: dict[str, Any] = field(repr=False)

    def attributes(self) -> dict[str, str]:
        return {
            "specversion": "1.0",
            "id": self.id,
            "type": self.type,
            "source": SOURCE,
            "subject": self.subject,
            "time": self.time.isoformat(timespec="milliseconds"),
        }

    def body(self) -> bytes:
        """The data alone, for binary mode."""
        return json.dumps(self.data, ensure_ascii=False).encode()

    def structured(self) -> str:
        """Attributes and data in one document, so that a signature covers both."""
        content = {**self.attributes(), "datacontenttype": "application/json", "data": self.data}
        return json.dumps(content, ensure_ascii=False)


def write(vault: Vault, complaint: str, case: Case, delivery: Delivery, known: Known) -> Letter:
    """The letter of a notice. Raises Unsealable."""
    data: dict[str, Any] = {"referral": delivery.number}
    offer = next((offer for offer in case.offers if offer.number == delivery.number), None)
    if delivery.notice in ("offer", "collaboration"):
        data |= _matter(vault, complaint, case)
    if delivery.notice in ("offer", "reminder") and offer:
        data |= _state(offer)
    if delivery.notice == "collaboration":
        owner = known.agency(case.holder.agency) if case.holder else None
        data["owner"] = owner.name if owner else None
    if delivery.notice == "reminder":
        data["overdue"] = delivery.reason == "overdue"
    if delivery.notice == "withdrawn":
        data["reason"] = delivery.reason
    if delivery.notice == "supplement":
        added = next((supplement for supplement in case.supplements if supplement.id == delivery.supplement), None)
        data["what"] = _told(vault, complaint, added.narrative if added else None).get("text")
    type_ = f"referral.{delivery.notice}.v1"
    return Letter(delivery.id, type_, delivery.number, delivery.queued_at, case.lane, data)


def _matter(vault: Vault, complaint: str, case: Case) -> dict[str, Any]:
    report, said = case.report, case.classification
    if report is None or said is None:
        return {}
    told = _told(vault, complaint, report.sealed.narrative)
    added = [_told(vault, complaint, supplement.narrative).get("text") for supplement in case.supplements]
    return {
        "category": said.category,
        "urgency": said.urgency,
        "what": told.get("text"),
        "where": {
            "text": told.get("place_text"),
            "village": report.village,
            "lat": told.get("lat"),
            "lon": told.get("lon"),
        },
        "when": report.occurred_at.isoformat() if report.occurred_at else None,
        "in_progress": report.in_progress,
        "received_at": report.received_at.isoformat(),
        "supplements": [text for text in added if text],
    }


def _state(offer: Offer) -> dict[str, Any]:
    return {
        "state": "accepted" if offer.state == "accepted" else "offered",
        "answer_by": offer.answer_by.isoformat(),
        "complete_by": offer.complete_by.isoformat() if offer.complete_by else None,
    }


def _told(vault: Vault, complaint: str, narrative: str | None) -> dict[str, Any]:
    opened = vault.open("narrative", complaint, narrative) if narrative else {}
    return {name: _without_persons(value) for name, value in opened.items()}


def _without_persons(value: Any) -> Any:
    return _PERSONAL.sub(WITHHELD, value) if isinstance(value, str) else value
