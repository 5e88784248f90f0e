"""What a decision needs to know about a report: the sealed parts are opened here, checked, and forgotten again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.verification import checks
from services.verification.case import OPEN, Finding, Suggestion, Verification
from services.verification.checks import Check, Location
from services.verification.domain import Examination
from services.verification.earlier import Traced, most_alike_of, trace_of
from services.verification.incident import Incident, Resemblance, fingerprint
from services.verification.jurisdiction import Jurisdiction
from services.verification.opened import Contact, Identity, Narrative, Opened, open_parts, seal_parts
from services.verification.place import GeoPoint, cell_of
from services.verification.settings import settings_of
from shared.contracts.complaint import Report, Sealed
from shared.contracts.envelope import Envelope, Person, instant
from shared.contracts.intake import ComplaintAppealed, ComplaintSubmitted, ComplaintSupplemented
from shared.room import Room

Message = Envelope[ComplaintSubmitted] | Envelope[ComplaintSupplemented] | Envelope[ComplaintAppealed]


@dataclass(frozen=True, slots=True)
class _Told:
    """All that was told of one complaint so far, still sealed: the report first, then what was added."""

    complaint: str
    polres: str
    report: Report
    hint: str | None
    village: str | None
    sealed: tuple[Sealed, ...]
    contact_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class _Checked:
    """What the checks say of a report by itself. It holds nothing personal that is not sealed."""

    complaint: str
    checks: tuple[Check, ...]
    village: str | None
    traced: Traced | None
    sealed: Sealed | None


class Examiner:
    """Examines reports, many at once. What cannot be opened or read fails, so that nothing goes on unchecked."""

    def __init__(self, room: Room, jurisdiction: Jurisdiction) -> None:
        settings = settings_of(room)
        self._room = room
        self._jurisdiction = jurisdiction
        self._key = settings.fingerprint_bytes
        self._answer_within = timedelta(days=settings.clarification_days)

    async def examine(self, asked: Sequence[tuple[Message, Verification | None]]) -> list[Examination | None]:
        """For each message what its decision needs; None where it leads to no examination."""
        told = [_told(message, case) for message, case in asked]
        # A long narrative takes tens of milliseconds, and the urgent lane must not wait for a group of them.
        checked = await asyncio.to_thread(self._check_all, [one for one in told if one])
        traced = [one.traced for one in checked if one.traced]
        alike = await most_alike_of(self._room.store(), traced)
        found = {report.trace.incident.report_id: best for report, best in zip(traced, alike, strict=True)}
        results = {one.complaint: self._examination(one, found.get(one.complaint)) for one in checked}
        return [results[one.complaint] if one else None for one in told]

    def _check_all(self, told: Sequence[_Told]) -> list[_Checked]:
        now = self._room.clock()
        return [self._check(one, now) for one in told]

    def _check(self, told: _Told, now: datetime) -> _Checked:
        vault = self._room.vault
        opened = open_parts(vault, told.complaint, told.sealed)
        report = _as_told(told, opened)
        location = checks.locate(report, self._jurisdiction)
        return _Checked(
            told.complaint,
            (
                checks.check_completeness(report, now),
                checks.check_identity(report, now.date()),
                checks.check_place(location),
                checks.check_police_business(report),
            ),
            told.village or (location.village.code if location.village and location.standing == "inside" else None),
            self._traced(told, report, location),
            seal_parts(vault, told.complaint, opened) if any(map(_holds_anything, told.sealed[1:])) else None,
        )

    def _traced(self, told: _Told, report: checks.Report, location: Location) -> Traced | None:
        incident = Incident(
            report_id=told.complaint,
            reported_at=instant(told.report.received_at),
            occurred_at=report.occurred_at and instant(report.occurred_at),
            cell=cell_of(report.point) if report.point else None,
            village=location.village.code if location.village else None,
            fingerprint=fingerprint(report.narrative, self._key),
        )
        trace = trace_of(incident)
        return Traced(told.polres, trace, told.report.conflicts) if trace else None

    def _examination(self, checked: _Checked, alike: tuple[Resemblance, Traced] | None) -> Examination:
        resemblance, earlier = alike or (None, None)
        before, suggestion = _noticed(resemblance)
        return Examination(
            findings=(*map(_finding, checked.checks), before),
            answer_within=self._answer_within,
            village=checked.village,
            suggestion=suggestion,
            suggestion_hidden_from=earlier.hidden_from if earlier and suggestion else (),
            trace=checked.traced.trace if checked.traced else None,
            sealed=checked.sealed,
        )


async def look_again(room: Room, person: Person, case: Verification) -> Verification:
    """The case as it is shown to an officer: with the earlier report that it resembles, also where that one was not
    here yet when this one was checked, since both came in the same moment or in the other order."""
    if case.status not in OPEN or case.suggestion or case.trace is None:
        return case
    [alike] = await most_alike_of(room.store(), [Traced(case.polres, case.trace, case.hidden_from)])
    if alike is None or not {person.id, *person.units}.isdisjoint(alike[1].hidden_from):
        return case
    before, suggestion = _noticed(alike[0])
    findings = tuple(before if finding.check == before.check else finding for finding in case.findings)
    return replace(case, findings=findings, suggestion=suggestion)


def _told(message: Message, case: Verification | None) -> _Told | None:
    data = message.data
    if isinstance(data, ComplaintSubmitted):
        if case:
            return None
        report, hint = data.report, data.category_hint
        return _Told(message.subject, message.polres, report, hint, report.village, (report.sealed,))
    appeals = isinstance(data, ComplaintAppealed)
    if case is None or case.status not in (("rejected",) if appeals else OPEN):
        return None
    grounds = (case.appeal.sealed,) if case.appeal else ()
    village = data.village if isinstance(data, ComplaintSupplemented) else None
    villages = (village, *(added.village for added in reversed(case.supplements)), case.report.village)
    return _Told(
        message.subject,
        case.polres,
        case.report,
        case.category_hint,
        next(filter(None, villages), None),
        (case.report.sealed, *(added.sealed for added in case.supplements), *grounds, data.sealed),
        case.contact_confirmed,
    )


def _holds_anything(sealed: Sealed) -> bool:
    return bool(sealed.narrative or sealed.identity or sealed.contact)


def _as_told(told: _Told, opened: Opened) -> checks.Report:
    report = told.report
    narrative = opened.narrative or Narrative(text=None)
    identity, contact = opened.identity or Identity(), opened.contact or Contact()
    lat, lon = narrative.lat, narrative.lon
    # What an officer found has no reporter who could be asked for a name.
    own_finding = report.author is not None and opened.identity is None
    return checks.Report(
        narrative=narrative.text or "",
        occurred_at=report.occurred_at or (report.received_at if report.in_progress else None),
        point=GeoPoint(lat, lon) if lat is not None and lon is not None else None,
        village_code=told.village or "",
        place_words=narrative.place_text or "",
        anonymous=report.identity_level == "anonymous" or own_finding,
        contact_confirmed=told.contact_confirmed,
        name=identity.name or "",
        nik=identity.nik or "",
        phone=contact.phone or "",
        hint=told.hint or "",
    )


def _finding(check: Check) -> Finding:
    return Finding(check.name, check.outcome, check.reason, check.detail, check.ask)


def _noticed(found: Resemblance | None) -> tuple[Finding, Suggestion | None]:
    """What the most alike earlier report leads to."""
    before = _finding(checks.check_reported_before(found))
    if found is None or before.outcome != "warning":
        return before, None
    return before, Suggestion(found.report_id, found.score, found.words, found.nearness, found.hours_apart)
