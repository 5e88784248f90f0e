"""Referrals over HTTP, for the officers who follow them and for the chief, who reads."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from services.referral import directing, queries, views
from services.referral.agency_api import AtDesk
from services.referral.directing import NamedAgency
from services.referral.queries import Listed
from services.referral.registry import AgencySlug
from shared.contracts.refusals import Forbidden
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom
from shared.operation import Outcome

router = APIRouter()

Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/worklist", tags=["referrals"])
async def list_open(
    room: InRoom,
    person: Acting,
    what: Annotated[
        Listed,
        Query(
            description="overdue: an alarm was raised; undelivered: an agency was not reached; declined: nobody took it"
        ),
    ] = "open",
    limit: Limit = 50,
) -> list[views.CaseRow]:
    """The referrals of a kind, the most urgent first."""
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
    return await directing.read(room, person, complaint)


@router.post("/cases/{complaint}/offers", tags=["referrals"])
async def offer_to(
    ask: Asking, person: Acting, desk: AtDesk, complaint: ComplaintId, body: NamedAgency
) -> views.CaseView:
    """Takes the complaint from whoever has it and offers it to another agency."""
    return _shown(complaint, await directing.offer_to(ask, person, complaint, desk, body.agency))


@router.post("/cases/{complaint}/collaborators", tags=["referrals"])
async def add_collaborator(
    ask: Asking, person: Acting, desk: AtDesk, complaint: ComplaintId, body: NamedAgency
) -> views.CaseView:
    """Has an agency help whoever has the complaint."""
    return _shown(complaint, await directing.add_collaborator(ask, person, complaint, desk, body.agency))


@router.delete("/cases/{complaint}/collaborators/{agency}", tags=["referrals"])
async def remove_collaborator(
    ask: Asking, person: Acting, desk: AtDesk, complaint: ComplaintId, agency: Annotated[AgencySlug, Path()]
) -> views.CaseView:
    """Ends an agency's part in it."""
    return _shown(complaint, await directing.remove_collaborator(ask, person, complaint, desk, agency))


@router.post("/cases/{complaint}/resend", tags=["referrals"])
async def send_again(ask: Asking, person: Acting, complaint: ComplaintId) -> views.CaseView:
    """Tells the agency that has the complaint once more."""
    return _shown(complaint, await directing.send_again(ask, person, complaint))


@router.post("/cases/{complaint}/return", tags=["referrals"])
async def give_back(ask: Asking, person: Acting, desk: AtDesk, complaint: ComplaintId) -> views.CaseView:
    """Takes the complaint from whoever has it; classification decides where it goes on."""
    return _shown(complaint, await directing.give_back(ask, person, complaint, desk))


@router.get("/agencies", tags=["agencies"])
async def list_agencies(room: InRoom, person: Acting, desk: AtDesk) -> list[views.AgencyCard]:
    """The registry of the office, in the order in which agencies are asked."""
    if room.settings.polres not in person.units:
        raise Forbidden("other_polres", "You do not belong to this Polres.")
    agencies = (await desk.knowledge.gather([(None, None)]))[0]
    return [views.card(agency, room.clock(), agencies.closed) for agency in agencies.agencies]


def _shown(complaint: str, outcome: Outcome) -> views.CaseView:
    """The case as it stands after a command."""
    return views.view(complaint, outcome.version, outcome.case)
