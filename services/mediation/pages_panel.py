"""The panel of one matter: how it stands, what its reader may do there, and what became of a form that was sent."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from services.mediation import access, dues, queries, views, wordings
from services.mediation.access import LEAD, MEDIATOR
from services.mediation.acting import FormHandle
from services.mediation.assignment import HELD
from services.mediation.case import Case, Round
from services.mediation.failing import REASONS, is_borne_out
from services.mediation.finder import Finder
from services.mediation.moves import MOVES
from services.mediation.procedure import Procedure
from services.mediation.rosters import Roster
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent, Conflict, Forbidden
from shared.pages import Pages, Sent
from shared.room import Room
from shared.wordings import TRACKS

pages = Pages("mediation", wordings.REFUSALS)

M = TypeVar("M", bound=BaseModel)
MOST_POINTS = 10  # of an agreement, on a page; a program may send more
_SHOWN_POINTS = 3
_NO_CASE = Absent().slug
_STEPS_SHOWN = 100  # of the history, the newest
WORDS: Mapping[str, Any] = {
    "cancellations": wordings.CANCELLATIONS,
    "cancelled_for": {**wordings.CANCELLATIONS, **wordings.LET_GO},
    "compliances": wordings.COMPLIANCES,
    "conditions": wordings.CONDITIONS,
    "consents": wordings.CONSENTS,
    "dues": wordings.DUES,
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
        handle = self.handle
        form = self.request.url.path.removeprefix(f"/mediation/panels/{handle.complaint}/")
        return await show(
            self.request, handle.room, handle.finder, handle.procedure, handle.person, handle.complaint, sent, form
        )


OnPanel = Annotated[Panel, Depends(Panel)]


async def show(
    request: Request,
    room: Room,
    finder: Finder,
    procedure: Procedure,
    person: Person,
    complaint: str,
    sent: Sent = Sent(),
    form: str = "",
) -> Response:
    """The panel. `form`: which of its forms was sent, since what was typed belongs to that one alone. Raises Absent."""
    version, case = await queries.known(room, finder, person, complaint)
    view = views.view(complaint, version, case, procedure)
    officers = await Roster(room.mongo).of([case.polres])
    entries, _ = await room.store().trail(complaint)
    stand_in = await finder.stand_in(case)
    labels = labels_of(case, pages.words(request))
    return pages.show(
        request,
        "mediation/panel.html",
        sent.status,
        case=view,
        sent=sent,
        form=form,
        due=dues.due(case, procedure, room.clock()),
        moves=_moves(case, person, stand_in),
        readable=access.may_approve(case, person) or access.may_lead(case, person, stand_in),
        assigns=LEAD in person.roles and case.status in HELD,
        approves=_may_still_approve(case, person),
        wanted=procedure.conditions if case.rule == "restorative_only" else (),
        successors=[(one.id, one.name) for one in officers if not one.absent],
        officers={one.id: one.name for one in officers},
        labels=labels,
        history=list(reversed(entries))[:_STEPS_SHOWN],
        **_choices(case.round, labels, pages.words(request)),
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
        "most_points": MOST_POINTS,
        "shown_points": _SHOWN_POINTS,
    }


def _moves(case: Case, person: Person, stand_in: str | None) -> frozenset[str]:
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
