"""Referrals over HTTP, for the officers who follow them and for the chief, who reads."""

from functools import partial, update_wrapper
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict

from services.referral import direction, queries, views
from services.referral.agency_api import AtDesk
from services.referral.direction import Named
from services.referral.queries import Listed
from services.referral.registry import AgencySlug
from services.referral.replies import Desk
from shared.contracts.envelope import Person
from shared.contracts.refusals import Forbidden, Unavailable
from shared.gate import Acting
from shared.http import Ask, Asking, ComplaintId, InRoom
from shared.operation import Decide, Outcome
from shared.sealing import Unsealable

router = APIRouter()

Limit = Annotated[int, Query(ge=1, le=200)]


class NamedAgency(BaseModel):
    model_config = ConfigDict(extra="forbid")

    agency: AgencySlug


@router.get("/worklist", tags=["referrals"])
async def list_open(
    room: InRoom,
    person: Acting,
    what: Annotated[
        Listed, Query(description="overdue: an alarm was raised; undelivered: an agency was not reached")
    ] = "open",
    limit: Limit = 50,
) -> list[views.CaseRow]:
    """The open referrals, the most urgent first."""
    return views.rows(await queries.worklist(room, person, what, limit))


@router.get("/cases/{complaint}", tags=["referrals"])
async def read_case(room: InRoom, person: Acting, complaint: ComplaintId, response: Response) -> views.CaseView:
    """A referral with its whole course, without its sealed words."""
    version, case = await queries.visible(room, person, complaint)
    response.headers["ETag"] = f'"{version}"'
    return views.view(complaint, version, case)


@router.get("/cases/{complaint}/contents", tags=["referrals"])
async def read_contents(room: InRoom, person: Acting, complaint: ComplaintId) -> views.Contents:
    """The sealed words of a referral. That they were read is kept."""
    _, case = await queries.visible(room, person, complaint)
    await queries.record_reading(room, complaint, person.id, room.clock())
    try:
        return views.contents(room.vault, complaint, case)
    except Unsealable:
        raise Unavailable("unsealable", "What was told cannot be opened with the keys that are here.") from None


@router.post("/cases/{complaint}/offers", tags=["referrals"])
async def offer_to(
    ask: Asking, person: Acting, desk: AtDesk, complaint: ComplaintId, body: NamedAgency
) -> views.CaseView:
    """Takes the complaint from whoever has it and offers it to another agency."""
    return await _direct(ask, person, desk, complaint, direction.offer_to, Named(body.agency))


@router.post("/cases/{complaint}/collaborators", tags=["referrals"])
async def add_collaborator(
    ask: Asking, person: Acting, desk: AtDesk, complaint: ComplaintId, body: NamedAgency
) -> views.CaseView:
    """Has an agency help whoever has the complaint."""
    return await _direct(ask, person, desk, complaint, direction.add_collaborator, Named(body.agency))


@router.delete("/cases/{complaint}/collaborators/{agency}", tags=["referrals"])
async def remove_collaborator(
    ask: Asking, person: Acting, desk: AtDesk, complaint: ComplaintId, agency: Annotated[AgencySlug, Path()]
) -> views.CaseView:
    """Ends an agency's part in it."""
    return await _direct(ask, person, desk, complaint, direction.remove_collaborator, Named(agency))


@router.post("/cases/{complaint}/resend", tags=["referrals"])
async def send_again(ask: Asking, person: Acting, complaint: ComplaintId) -> views.CaseView:
    """Tells the agency that has the complaint once more."""
    outcome = await ask(complaint, None, direction.send_again, actor=person)
    return _shown(complaint, outcome)


@router.post("/cases/{complaint}/return", tags=["referrals"])
async def give_back(ask: Asking, person: Acting, desk: AtDesk, complaint: ComplaintId) -> views.CaseView:
    """Takes the complaint from whoever has it; classification decides where it goes on."""
    return await _direct(ask, person, desk, complaint, direction.return_to_classification, None)


@router.get("/agencies", tags=["agencies"])
async def list_agencies(room: InRoom, person: Acting, desk: AtDesk) -> list[views.AgencyCard]:
    """The registry of the office, in the order in which agencies are asked."""
    if room.settings.polres not in person.units:
        raise Forbidden("other_polres", "You do not belong to this Polres.")
    agencies = (await desk.knowledge.gather([(None, None)]))[0]
    return [views.card(agency, room.clock(), agencies.closed) for agency in agencies.agencies]


async def _direct(
    ask: Ask, person: Person, desk: Desk, complaint: str, decision: Any, data: Named | None
) -> views.CaseView:
    decide: Decide = update_wrapper(partial(decision, desk.procedure), decision)
    outcome = await ask(complaint, data, decide, actor=person, gather=desk.knowledge.gather)
    return _shown(complaint, outcome)


def _shown(complaint: str, outcome: Outcome) -> views.CaseView:
    """The case as it stands after a command."""
    return views.view(complaint, outcome.version, outcome.case)
