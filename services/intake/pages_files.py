"""Where an officer attaches what a reporter has brought, just after the report was taken down."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from fastapi import Request, Response

from services.intake import form_files
from services.intake.access import AtDesk
from services.intake.attaching import Attached, attach
from services.intake.counter_wordings import FILES
from services.intake.desk import Desk
from services.intake.form_files import FILES_TOGETHER
from services.intake.pages import pages
from services.intake.queries import complaint_for
from services.intake.reports import Strictly
from shared.contracts.envelope import Person
from shared.forms import FormAsking
from shared.gate import Acting
from shared.http import Ask, ComplaintId
from shared.pages import Sent, is_fragment

router = pages.router()

Shown = Callable[[Sent, int], Awaitable[Response]]


class FilesForm(Strictly):
    """Files alone, which come beside the fields and are read for themselves."""

    files: None = None


@router.post("/counter/{complaint_id}/files", max_body_size=FILES_TOGETHER)
async def attach_at_counter(
    request: Request, complaint_id: ComplaintId, desk: AtDesk, officer: Acting, ask: FormAsking
) -> Response:
    """Attaches files to the report that was just taken down, and shows all that it has."""

    async def shown(sent: Sent, count: int) -> Response:
        case, _ = await complaint_for(officer, desk.room, complaint_id)
        return pages.show(
            request,
            "intake/attaching.html" if is_fragment(request) else "counter_files.html",
            sent.status,
            sent=sent,
            count=count,
            complaint=complaint_id,
            case=case,
            attached=case.attachments,
            files=FILES,
            limits=form_files.limits(desk.settings),
        )

    return await attached(request, desk, officer, ask, complaint_id, shown)


async def attached(
    request: Request, desk: Desk, officer: Person, ask: Ask, complaint_id: str, shown: Shown
) -> Response:
    """Attaches the files of a form and shows how many that were; beside the field, why others were not taken."""
    result = Attached()

    async def do(_: FilesForm) -> None:
        nonlocal result
        result = await attach(desk, ask, officer, complaint_id, await form_files.chosen(request))

    async def again(sent: Sent) -> Response:
        if result.refused:
            words = " ".join(f"{name}: {pages.refused(request, refusal)}" for name, refusal in result.refused)
            status = sent.status if result.count else 422
            sent = replace(sent, errors={"files": words}, status=status, done=bool(result.count))
        return await shown(sent, result.count)

    return await pages.act(request, FilesForm, do, again)
