"""The door for agencies that answer over HTTPS: signed as Standard Webhooks are, and not older than five minutes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import ValidationError
from standardwebhooks import Webhook

from services.referral.agencies import Agency
from services.referral.replies import REPLY, Desk, Reply, problem_of
from shared import problems
from shared.contracts.refusals import Invalid

# Of a signature that fails nobody learns whether the agency exists, the secret is another or the time is over.
UNSIGNED = "The signature does not prove who sends this, or is older than five minutes."

router = APIRouter(prefix="/agencies", tags=["agencies"])


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(desk_of)]


@router.post(
    "/{agency}/replies",
    status_code=204,
    openapi_extra={"requestBody": {"required": True, "content": {"application/cloudevents+json": {"schema": {}}}}},
)
async def reply(request: Request, desk: AtDesk, agency: Annotated[str, Path(pattern="^[a-z0-9-]{1,48}$")]) -> Response:
    """An agency's answer: a CloudEvent in structured mode, signed with the agency's webhook secret."""
    body = await request.body()
    sender = await _proven(desk, agency, request, body)
    if sender is None:
        return problems.problem(401, "not_signed", UNSIGNED)
    try:
        said: Reply = REPLY.validate_json(body)
    except ValidationError as error:
        found = problem_of(error)
        return problems.problem(422, found.slug, found.detail, [(entry.field, entry.detail) for entry in found.errors])
    if said.id != request.headers["webhook-id"]:
        raise Invalid("id_differs", "The event's id must be the webhook-id, which is what the signature covers.", "id")
    await desk.take_in(sender, said)
    return Response(status_code=204)


async def _proven(desk: Desk, slug: str, request: Request, body: bytes) -> Agency | None:
    """The agency, if the signature is its own and fresh."""
    found = await desk.knowledge.registry.find(slug)
    if found is None:
        return None
    agency, secret = found
    try:
        Webhook(secret).verify(body, dict(request.headers), json_parse=False)
    except Exception:
        # Whatever a hostile header makes the library raise, it proves nothing.
        return None
    return agency
