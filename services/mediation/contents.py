"""The sealed words of a case, opened for somebody who may read them."""

from typing import Any

from pydantic import BaseModel

from services.mediation.case import Case, Round
from shared.sealing import Unsealable, Vault

Opened = dict[str, Any]


class OpenedPart(BaseModel):
    """The sealed words under an id: of a supplement, a linked report, a party."""

    id: str
    words: Opened | None


class OpenedSession(BaseModel):
    number: int
    place: Opened | None
    minutes: Opened | None


class OpenedPoint(BaseModel):
    number: int
    text: Opened | None
    note: Opened | None


class OpenedRound(BaseModel):
    """The words of one try to settle the complaint."""

    approval: Opened | None
    parties: list[OpenedPart]
    sessions: list[OpenedSession]
    points: list[OpenedPoint]
    plan: Opened | None
    note: Opened | None
    notice: Opened | None


class Contents(BaseModel):
    """Everything sealed. `unreadable` counts parts for which this service has no key or that were tampered with."""

    narrative: Opened | None
    identity: Opened | None
    contact: Opened | None
    supplements: list[OpenedPart]
    linked: list[OpenedPart]
    rounds: list[OpenedRound]
    unreadable: int


class _Opener:
    def __init__(self, vault: Vault, complaint: str) -> None:
        self._vault = vault
        self._complaint = complaint
        self.unreadable = 0

    def open(self, part: str, sealed: str | None, complaint: str | None = None) -> Opened | None:
        if sealed is None:
            return None
        try:
            return self._vault.open(part, complaint or self._complaint, sealed)
        except Unsealable:
            self.unreadable += 1
            return None

    def words(self, sealed: str | None) -> Opened | None:
        return self.open("settlement", sealed)


def open_all(vault: Vault, complaint: str, case: Case) -> Contents:
    """All that is sealed in the case, the rounds in their order."""
    opener, sealed = _Opener(vault, complaint), case.report.sealed if case.report else None
    supplements = [OpenedPart(id=one.id, words=opener.open("narrative", one.narrative)) for one in case.supplements]
    linked = [
        OpenedPart(
            id=one.complaint, words=opener.open("narrative", one.report.sealed.narrative, complaint=one.complaint)
        )
        for one in case.linked
    ]
    rounds = (*case.past_rounds, *((case.round,) if case.round else ()))
    contents = Contents(
        narrative=opener.open("narrative", sealed.narrative if sealed else None),
        identity=opener.open("identity", sealed.identity if sealed else None),
        contact=opener.open("contact", sealed.contact if sealed else None),
        supplements=supplements,
        linked=linked,
        rounds=[_round(opener, one) for one in rounds],
        unreadable=0,
    )
    return contents.model_copy(update={"unreadable": opener.unreadable})


def _round(opener: _Opener, round_: Round) -> OpenedRound:
    agreement, outcome = round_.agreement, round_.outcome
    return OpenedRound(
        approval=opener.words(round_.approval.note if round_.approval else None),
        parties=[OpenedPart(id=party.id, words=opener.words(party.identity)) for party in round_.parties],
        sessions=[
            OpenedSession(number=one.number, place=opener.words(one.place), minutes=opener.words(one.minutes))
            for one in round_.sessions
        ],
        points=[
            OpenedPoint(number=point.number, text=opener.words(point.text), note=opener.words(point.note))
            for point in (agreement.points if agreement else ())
        ],
        plan=opener.words(round_.plan.text if round_.plan else None),
        note=opener.words(outcome.note if outcome else None),
        notice=opener.open("notice", outcome.notice if outcome else None),
    )
