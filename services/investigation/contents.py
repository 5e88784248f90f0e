"""The sealed words of a case, opened for somebody who may read them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel

from services.investigation.case import Case, Witness
from shared.sealing import Unsealable, Vault

Opened = dict[str, Any]


class Said(BaseModel):
    """Words that belong to an entry of the case: a milestone, a letter, a sortie, an entry of a custody chain."""

    entry: str
    at: AwareDatetime
    note: Opened | None = None
    notice: Opened | None = None


class OpenedPart(BaseModel):
    """The sealed words under an id: of a supplement, a linked report, a piece of evidence."""

    id: str
    narrative: Opened | None


class OpenedIdentity(BaseModel):
    """Who a witness was on file until it was corrected."""

    until: AwareDatetime
    identity: Opened | None


class OpenedWitness(BaseModel):
    id: str
    identity: Opened | None
    earlier: list[OpenedIdentity]
    statement: Opened | None


class Contents(BaseModel):
    """Everything sealed. `unreadable` counts parts for which this service has no key or that were tampered with."""

    narrative: Opened | None
    identity: Opened | None
    contact: Opened | None
    supplements: list[OpenedPart]
    linked: list[OpenedPart]
    evidence: list[OpenedPart]
    witnesses: list[OpenedWitness]
    said: list[Said]
    unreadable: int


class Orders(BaseModel):
    """What the crew that is sent must know: what happens and where."""

    narrative: Opened | None
    supplements: list[OpenedPart]
    unreadable: int


class _Opener:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.unreadable = 0

    def open(self, part: str, complaint: str, sealed: str | None) -> Opened | None:
        if sealed is None:
            return None
        try:
            return self._vault.open(part, complaint, sealed)
        except Unsealable:
            self.unreadable += 1
            return None


def open_all(vault: Vault, complaint: str, case: Case) -> Contents:
    """All that is sealed in the case."""
    opener, sealed = _Opener(vault), case.report.sealed if case.report else None
    narrative = opener.open("narrative", complaint, sealed.narrative if sealed else None)
    identity = opener.open("identity", complaint, sealed.identity if sealed else None)
    contact = opener.open("contact", complaint, sealed.contact if sealed else None)
    linked = [
        OpenedPart(
            id=report.complaint,
            narrative=opener.open("narrative", report.complaint, report.report.sealed.narrative),
        )
        for report in case.linked
    ]
    evidence = [
        OpenedPart(id=piece.id, narrative=opener.open("narrative", complaint, piece.description))
        for piece in case.evidence
    ]
    witnesses = [
        OpenedWitness(
            id=witness.id,
            identity=opener.open("identity", complaint, witness.identity),
            earlier=[
                OpenedIdentity(until=was.at, identity=opener.open("identity", complaint, was.identity))
                for was in witness.corrected
            ],
            statement=opener.open("narrative", complaint, witness.statement),
        )
        for witness in case.witnesses
    ]
    said = [
        Said(
            entry=entry,
            at=at,
            note=opener.open("narrative", complaint, note),
            notice=opener.open("notice", complaint, notice),
        )
        for entry, at, note, notice in _entries(case)
        if note or notice
    ]
    return Contents(
        narrative=narrative,
        identity=identity,
        contact=contact,
        supplements=_supplements(opener, complaint, case),
        linked=linked,
        evidence=evidence,
        witnesses=witnesses,
        said=said,
        unreadable=opener.unreadable,
    )


def open_identity(vault: Vault, complaint: str, witness: Witness) -> Opened | None:
    """Who a witness is, as it is on file now."""
    return _Opener(vault).open("identity", complaint, witness.identity)


def open_orders(vault: Vault, complaint: str, case: Case) -> Orders:
    """What the crew may read: the report's words and what was added to them, but not who reported."""
    opener = _Opener(vault)
    narrative = opener.open("narrative", complaint, case.report.sealed.narrative if case.report else None)
    supplements = _supplements(opener, complaint, case)
    return Orders(narrative=narrative, supplements=supplements, unreadable=opener.unreadable)


def _supplements(opener: _Opener, complaint: str, case: Case) -> list[OpenedPart]:
    return [
        OpenedPart(id=added.id, narrative=opener.open("narrative", complaint, added.narrative))
        for added in case.supplements
    ]


def _entries(case: Case) -> Sequence[tuple[str, datetime, str | None, str | None]]:
    """Every entry that may have sealed words, in order of time."""
    entries: list[tuple[str, datetime, str | None, str | None]] = [
        *((entry.milestone, entry.at, entry.note, entry.notice) for entry in case.milestones),
        *((entry.letter, entry.at, None, entry.notice) for entry in case.letters),
        *((entry.outcome, entry.at, entry.note, entry.notice) for entry in case.conclusions),
        *(
            (f"{sortie.patrol} {sortie.state}", sortie.ended_at or sortie.sent_at, sortie.note, None)
            for dispatch in case.dispatches
            for sortie in dispatch.sorties
        ),
        *(
            (f"{piece.id} {entry.action}", entry.at, entry.note, None)
            for piece in case.evidence
            for entry in piece.custody
        ),
    ]
    return sorted(entries, key=lambda entry: entry[1])
