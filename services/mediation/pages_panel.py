"""The panel of one matter: how it stands, what its reader may do there, and what became of a form that was sent."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from services.mediation import access, dues, queries, reading, views, wordings
from services.mediation.access import LEAD, MEDIATOR
from services.mediation.acting import FormHandle
from services.mediation.assignment import HELD
from services.mediation.case import Case, Round
from services.mediation.failing import REASONS, is_borne_out
from services.mediation.finder import Finder
from services.mediation.leading import MOST_POINTS
from services.mediation.moves import MOVES
from services.mediation.procedure import Procedure
from services.mediation.rosters import roster
from services.mediation.standing import Fields, move_of, standing
from shared.access import HEADER, needs_reason
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent, Conflict, Forbidden, Stale
from shared.pages import Pages, Sent
from shared.room import Room
from shared.wordings import TRACKS

pages = Pages("mediation", wordings.REFUSALS)

M = TypeVar("M", bound=BaseModel)
# Of an agreement: how many points a form has where no more are written, how many of them are not folded away, and how
# many it can have.
POINTS: Mapping[str, Any] = {"offered_points": 10, "shown_points": 3, "most_points": MOST_POINTS}
_NO_CASE = Absent().slug
_STEPS_SHOWN = 100  # of the history, the newest
WORDS: Mapping[str, Any] = {
    "cancellations": wordings.CANCELLATIONS,
    "cancelled_for": {**wordings.CANCELLATIONS, **wordings.LET_GO},
    "compliances": wordings.COMPLIANCES,
    "conditions": wordings.CONDITIONS,
    "consents": wordings.CONSENTS,
    "dues": wordings.DUES,
    "entry_fields": wordings.ENTRY_FIELDS,
    "failures": wordings.FAILURES,
    "kinds": wordings.KINDS,
    "lists": wordings.LISTS,
    "positions": wordings.POSITIONS,
    "rules": wordings.RULES,
    "session_states": wordings.SESSION_STATES,
    "sides": wordings.SIDES,
    "statuses": wordings.STATUSES,
    "steps": wordings.STEPS,
    "other_step": wordings.OTHER_STEP,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a form of the panel: which it was, since what was typed belongs to that one alone; why its sender
    had opened the text that it replaces, and what somebody else has made of that text."""

    sent: Sent = field(default_factory=Sent)
    form: str = ""
    reason: str = field(default="", repr=False)
    stands: Fields = field(default_factory=dict, repr=False)


class Panel:
    """The panel of the matter that a form was sent from."""

    def __init__(self, request: Request, handle: FormHandle) -> None:
        self.request = request
        self.handle = handle

    async def does(self, model: type[M], do: Callable[..., Awaitable[object]], *more: object) -> Response:
        """Has done what the form asks, and answers with the panel."""

        async def act(body: M) -> None:
            try:
                await do(self.handle, *more, body)
            except Forbidden as refusal:
                raise Conflict(
                    refusal.slug, refusal.detail
                ) from refusal  # what the rule forbids now it may allow later
            except Absent as refusal:
                if refusal.slug == _NO_CASE:
                    raise
                raise Conflict(refusal.slug, refusal.detail) from refusal  # a part of the case; the panel stays

        return await pages.act(self.request, model, act, self._shown)

    async def _shown(self, sent: Sent) -> Response:
        handle, attempt = self.handle, await self._attempt(sent, form_of(self.request, self.handle.complaint))
        return await show(
            self.request, handle.room, handle.finder, handle.procedure, handle.person, handle.complaint, attempt
        )

    async def _attempt(self, sent: Sent, form: str) -> Attempt:
        """Whoever had opened a text to write it again is shown what it is now, if somebody was faster."""
        if sent.done or move_of(form) is None or HEADER not in self.request.headers:
            return Attempt(sent, form)
        reason, handle = needs_reason(), self.handle
        if sent.status != Stale.status:
            return Attempt(sent, form, reason)
        case, words = await reading.opened(handle.room, handle.finder, handle.person, handle.complaint)
        return Attempt(sent, form, reason, standing(case, words, handle.room.settings.zone).get(form, {}))


OnPanel = Annotated[Panel, Depends(Panel)]


def form_of(request: Request, complaint: str) -> str:
    """Which form of the panel an address is of, as its path below the panel's."""
    return request.url.path.removeprefix(f"/mediation/panels/{complaint}/")


async def show(
    request: Request,
    room: Room,
    finder: Finder,
    procedure: Procedure,
    person: Person,
    complaint: str,
    attempt: Attempt = Attempt(),
) -> Response:
    """The panel. Raises Absent."""
    version, case = await queries.known(room, finder, person, complaint)
    officers = await roster(room.mongo).of([case.polres])
    entries, _ = await room.store().trail(complaint)
    stand_in = await finder.stand_in(case)
    labels = labels_of(case, pages.words(request))
    return pages.show(
        request,
        "mediation/panel.html",
        attempt.sent.status,
        case=views.view(complaint, version, case, procedure),
        sent=attempt.sent,
        form=attempt.form,
        reason=attempt.reason,
        stands=attempt.stands,
        due=dues.due(case, procedure, room.clock()),
        moves=moves_of(case, person, stand_in),
        readable=access.may_approve(case, person) or access.may_lead(case, person, stand_in),
        assigns=LEAD in person.roles and case.status in HELD,
        approves=_may_still_approve(case, person),
        wanted=procedure.conditions if case.rule == "restorative_only" else (),
        successors=[(one.id, one.name) for one in officers if not one.absent],
        officers={one.id: one.name for one in officers},
        labels=labels,
        history=list(reversed(entries))[:_STEPS_SHOWN],
        by_clock=lambda moment: moment.astimezone(room.settings.zone).strftime("%Y-%m-%dT%H:%M"),
        **_choices(case.round, labels, pages.words(request)),
        **POINTS,
        **WORDS,
    )


def _choices(round_: Round | None, labels: Mapping[str, str], words: Callable[[str], str]) -> dict[str, Any]:
    """What can be chosen in the panel's forms: only what the record of the matter lets pass."""
    if round_ is None:
        return {}
    reasons = [reason for reason in REASONS[round_.kind] if is_borne_out(round_, reason)]
    return {
        "possible_failures": [(reason, words(wordings.FAILURES[reason])) for reason in reasons],
        "possible_tracks": [(code, words(text)) for code, text in TRACKS.items() if code != round_.kind],
        "taking_part": [(party.id, labels[party.id]) for party in round_.agreed],
    }


def moves_of(case: Case, person: Person, stand_in: str | None) -> frozenset[str]:
    """What this person may do with the matter as it stands."""
    if case.round is None or case.mediator is None or case.status not in HELD:
        return frozenset()
    if not access.may_lead(case, person, stand_in):
        return frozenset()
    moves = {move for position, move in MOVES[case.round.kind] if position == case.round.position}
    # Who only guides does not give a matter back; that is the policy table's word.
    return frozenset(moves - {"fail"} if person.roles.isdisjoint({LEAD, MEDIATOR}) else moves)


def _may_still_approve(case: Case, person: Person) -> bool:
    asked = case.status == "open" and case.round is not None and case.round.approval is None
    return asked and access.may_approve(case, person)


def labels_of(case: Case, words: Callable[[str], str]) -> dict[str, str]:
    """What each party is called where names stay sealed: its side, and a number."""
    labels = {}
    for round_ in (*case.past_rounds, *((case.round,) if case.round else ())):
        counts: Counter[str] = Counter()
        for party in round_.parties:
            counts[party.side] += 1
            labels[party.id] = f"{words(wordings.SIDES[party.side])} {counts[party.side]}"
    return labels
