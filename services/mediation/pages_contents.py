"""What is sealed in a matter, opened for a reason: to be read, or to be written again from what stands."""

from fastapi import Request, Response

from services.mediation import queries, reading, views
from services.mediation.acting import Finding, InProcedure
from services.mediation.pages_panel import POINTS, form_of, labels_of, moves_of, pages
from services.mediation.standing import move_of, standing
from shared.access import needs_reason
from shared.contracts.refusals import Conflict, Unavailable
from shared.gate import Acting
from shared.http import ComplaintId, InRoom

router = pages.router()


@router.get("/panels/{complaint_id}/contents")
async def contents(
    request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting, finder: Finding, procedure: InProcedure
) -> Response:
    """What was told and written down, with a form at each text that its reader may write again."""
    version, case = await queries.readable(room, finder, person, complaint_id)
    words = await reading.words_of(room, person, complaint_id, case)
    moves = moves_of(case, person, await finder.stand_in(case))
    texts = standing(case, words, room.settings.zone)
    return pages.show(
        request,
        "mediation/contents.html",
        words=words,
        labels=labels_of(case, pages.words(request)),
        case=views.view(complaint_id, version, case, procedure),
        texts={form: fields for form, fields in texts.items() if move_of(form) in moves},
        reason=needs_reason(),
        form="",
        **POINTS,
    )


@router.get("/panels/{complaint_id}/sessions/{number}/minutes")
@router.get("/panels/{complaint_id}/visits/{number}/record")
@router.get("/panels/{complaint_id}/plan")
@router.get("/panels/{complaint_id}/agreement")
async def write_again(
    request: Request, complaint_id: ComplaintId, room: InRoom, person: Acting, finder: Finding, procedure: InProcedure
) -> Response:
    """The form of a text, filled in with what stands."""
    version, case = await queries.readable(room, finder, person, complaint_id)
    form = form_of(request, complaint_id)
    if move_of(form) not in moves_of(case, person, await finder.stand_in(case)):
        raise Conflict("move_not_allowed", "The case is in a state in which this text is not written again.")
    words = await reading.words_of(room, person, complaint_id, case)
    fields = standing(case, words, room.settings.zone).get(form)
    if fields is None:
        if words.unreadable:
            raise Unavailable("unsealable", "What was written cannot be opened with the keys that are here.")
        raise Conflict("nothing_written", "Nothing is written there yet.")
    return pages.show(
        request,
        "mediation/written.html",
        case=views.view(complaint_id, version, case, procedure),
        fields_there=fields,
        reason=needs_reason(),
        form="",
        path_there=form,
        **POINTS,
    )
