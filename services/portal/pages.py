"""The start page, the desk and the frame of a case."""

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response

from shared.contracts.envelope import Person
from shared.gate import Acting
from shared.http import ComplaintId
from shared.languages import marked
from shared.menu import MENU, entries
from shared.pages import Pages
from shared.policy import policy, rules_of, shell_rules_of

pages = Pages("portal")
start = APIRouter(route_class=pages.route_class, include_in_schema=False)
router = pages.router()

# In the order in which a case is read. A service without a case of this id takes no place on the page.
_PANELS = (
    *("intake", "verification", "classification", "investigation", "mediation", "referral"),
    *("internal_affairs", "notification", "evaluation"),
)
# What one does on a page of whose service the desk shows no summary.
_WAYS = {
    "/investigation/roster": marked("Siapa menyidik dan berpatroli, siapa sedang cuti, dan di mana patroli berada."),
    "/mediation/mediators": marked("Siapa melayani desa/kelurahan mana, dan siapa menggantikan yang berhalangan."),
}


@start.get("/")
async def start_page(request: Request) -> Response:
    """What to do in an emergency, and the ways to report, to track and to read how it goes."""
    return pages.show(request, "start.html")


@router.get("/desk")
async def desk(request: Request, person: Acting) -> Response:
    """What waits for this person, service by service; and where they work without anything that waits."""
    services = dict.fromkeys(entry.service for entry in MENU)
    summaries = _open_to(person, services, "GET /{service}/summary")
    shown = {"portal", *(summary.split("/")[1] for summary in summaries)}
    ways = [(entry, _WAYS.get(entry.path)) for entry in entries(person) if entry.service not in shown]
    return pages.show(request, "desk.html", summaries=summaries, ways=ways)


@router.get("/cases/{complaint_id}")
async def case(request: Request, complaint_id: ComplaintId, person: Acting) -> Response:
    """The frame of a case: each service shows its panel, or nothing where the case is none of this person's."""
    panels = [
        *_open_to(person, _PANELS, "GET /{service}/panels/{{complaint_id}}"),
        *_open_to(person, _PANELS, "GET /{service}/audit/{{complaint_id}}"),
    ]
    return pages.show(request, "case.html", panels=[f"{panel}/{complaint_id}" for panel in panels])


def _open_to(person: Person, services: Iterable[str], route: str) -> list[str]:
    """The addresses of these routes, of the services where the policy table opens them to a role of this person."""
    found = []
    for service in services:
        if service not in policy().services:
            continue
        rules = {**shell_rules_of(service), **rules_of(service)}
        rule = rules.get(route.format(service=service))
        if rule and not person.roles.isdisjoint(rule.may):
            found.append(route.format(service=service).removeprefix("GET ").removesuffix("/{complaint_id}"))
    return found
