"""The smallest service on the shell: each verified complaint becomes a case of one number and says one event."""

from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import FastAPI

from shared.contracts.classification import Classification, ComplaintClassified
from shared.contracts.envelope import Decision, Envelope, Lane
from shared.contracts.verification import ComplaintVerified
from shared.handlers import On
from shared.service import Cases, Service, create_app
from shared.settings import Settings

SERVICE = "classification"
CLASSIFIED = Classification(
    category="theft", urgency="P3", tracks=("investigation",), mediation="never", units=("Pidum",), confidence=1
)


@dataclass(frozen=True)
class Count:
    polres: str
    lane: Lane
    times: int


def count(case: Count | None, message: Envelope[ComplaintVerified], now: datetime) -> Decision[Count]:
    before = case or Count(message.polres, message.lane, 0)
    said = ComplaintClassified(report=message.data.report, classification=CLASSIFIED)
    return Decision(replace(before, times=before.times + 1), (said,))


def app() -> FastAPI:
    service = Service(SERVICE, Settings(), {"counts": Cases(Count)}, lambda room: [On(ComplaintVerified, count)])
    return create_app(service)
