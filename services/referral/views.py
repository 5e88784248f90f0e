"""What the API shows of a referral: facts in the clear. Sealed words are shown by `contents` alone, and on record."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel

from services.referral.agencies import Agency, Transport
from services.referral.case import Case, Completion, Notice, OfferState, Status, Update
from shared.contracts.complaint import Urgency
from shared.contracts.referral import ReferralOutcome, ReferralStep
from shared.sealing import Vault
from shared.store import Document


class CaseRow(BaseModel):
    """A referral in a worklist."""

    complaint: str
    version: int
    register_number: str | None
    status: Status
    category: str | None
    urgency: Urgency
    village: str | None
    received_at: AwareDatetime | None
    agency: str | None
    number: str | None
    reference: str | None
    answer_by: AwareDatetime | None
    complete_by: AwareDatetime | None
    overdue: bool
    undelivered: int
    collaborators: tuple[str, ...]


class OfferView(BaseModel):
    number: str
    agency: str
    attempt: int
    at: AwareDatetime
    answer_by: AwareDatetime
    state: OfferState
    reference: str | None
    accepted_at: AwareDatetime | None
    complete_by: AwareDatetime | None
    ended_at: AwareDatetime | None
    reason: str | None
    officer: str | None
    alarms: int


class CollaboratorView(BaseModel):
    agency: str
    number: str
    at: AwareDatetime
    officer: str


class UpdateView(BaseModel):
    agency: str
    step: ReferralStep
    at: AwareDatetime


class CompletionView(BaseModel):
    agency: str
    outcome: ReferralOutcome
    at: AwareDatetime


class DeliveryView(BaseModel):
    """What an agency has not been told yet."""

    agency: str
    number: str
    notice: Notice
    queued_at: AwareDatetime
    due: AwareDatetime
    attempts: int
    failure: str | None


class TurnView(BaseModel):
    status: Status
    at: AwareDatetime


class CaseView(CaseRow):
    """A referral with its whole course."""

    candidates: tuple[str, ...]
    offers: list[OfferView]
    helpers: list[CollaboratorView]
    updates: list[UpdateView]
    completion: CompletionView | None
    past_completions: list[CompletionView]
    waiting: list[DeliveryView]
    turns: list[TurnView]


class Words(BaseModel):
    """Sealed words: whose they are, what they belong to, and the text."""

    by: str
    about: str
    at: AwareDatetime
    text: str


class Contents(BaseModel):
    what: str | None
    place: str | None
    lat: float | None
    lon: float | None
    words: list[Words]


class AgencyCard(BaseModel):
    """An agency in the registry, without its secrets."""

    slug: str
    name: str
    partners: tuple[str, ...]
    categories: tuple[str, ...]
    villages: tuple[str, ...]
    days: tuple[int, ...] | None
    opens: str | None
    closes: str | None
    zone: str
    order: int
    transport: Transport
    open_now: bool


def card(agency: Agency, now: datetime, closed: Collection[date]) -> AgencyCard:
    hours = agency.hours
    return AgencyCard(
        **{name: getattr(agency, name) for name in AgencyCard.model_fields if hasattr(agency, name)},
        days=hours.days if hours else None,
        opens=hours.opens.isoformat("minutes") if hours else None,
        closes=hours.closes.isoformat("minutes") if hours else None,
        open_now=agency.is_open(now, closed),
    )


def row(complaint: str, version: int, case: Case) -> CaseRow:
    return CaseRow.model_validate(_row(complaint, version, case))


def rows(documents: list[Document[Case]]) -> list[CaseRow]:
    return [row(document.id, document.version, document.case) for document in documents if document.case]


def view(complaint: str, version: int, case: Case) -> CaseView:
    course = {
        "candidates": case.candidates,
        "offers": case.offers,
        "helpers": case.collaborators,
        "updates": case.updates,
        "completion": case.completion,
        "past_completions": case.past_completions,
        "waiting": case.deliveries,
        "turns": case.turns,
    }
    return CaseView.model_validate({**_row(complaint, version, case), **course}, from_attributes=True)


def contents(vault: Vault, complaint: str, case: Case) -> Contents:
    """The sealed words of a referral, opened. Raises Unsealable."""
    narrative = case.report.sealed.narrative if case.report else None
    opened = vault.open("narrative", complaint, narrative) if narrative else {}
    sealed: list[tuple[str, str, datetime, str, str | None]] = [
        ("reporter", "supplement", added.at, "narrative", added.narrative) for added in case.supplements
    ]
    for offer in case.offers:
        sealed.append((offer.agency, "decline", offer.ended_at or offer.at, "narrative", offer.note))
    endings = [*case.past_completions, *([case.completion] if case.completion else [])]
    told: list[Update | Completion] = [*case.updates, *endings]
    for said in told:
        about = "update" if isinstance(said, Update) else "completion"
        sealed.append((said.agency, about, said.at, "notice", said.words))
        sealed.append((said.agency, f"{about} note", said.at, "narrative", said.note))
    words = [
        Words(by=by, about=about, at=at, text=text)
        for by, about, at, part, jwe in sealed
        if jwe and (text := vault.open(part, complaint, jwe).get("text"))
    ]
    return Contents(
        what=opened.get("text"),
        place=opened.get("place_text"),
        lat=opened.get("lat"),
        lon=opened.get("lon"),
        words=words,
    )


def _row(complaint: str, version: int, case: Case) -> dict[str, Any]:
    report, said, holder = case.report, case.classification, case.holder
    return {
        "complaint": complaint,
        "version": version,
        "register_number": report.register_number if report else None,
        "status": case.status,
        "category": said.category if said else None,
        "urgency": case.urgency,
        "village": report.village if report else None,
        "received_at": report.received_at if report else None,
        "agency": holder.agency if holder else None,
        "number": holder.number if holder else None,
        "reference": holder.reference if holder else None,
        "answer_by": holder.answer_by if holder else None,
        "complete_by": holder.complete_by if holder else None,
        "overdue": bool(holder and holder.alarms),
        "undelivered": len(case.deliveries),
        "collaborators": [helper.agency for helper in case.collaborators],
    }
