"""What every HTTP command has in common: who acts, its idempotency, the version it was decided on."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from fastapi import Depends, Header, Path, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared import access, telemetry
from shared.browsing import Browsing
from shared.contracts.envelope import UUID_PATTERN, Command, Hidden, Lane, Person
from shared.contracts.refusals import Absent, Unavailable
from shared.operation import Decide, Gather, Operation, Outcome
from shared.people import NotSignedIn, People
from shared.room import Room

ANSWER_SECONDS = 20.0  # after which a person is told to ask again, however many wait for a database that is silent

KEY_PATTERN = r"^[A-Za-z0-9._~-]{8,128}$"
ComplaintId = Annotated[str, Path(pattern=UUID_PATTERN)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=KEY_PATTERN,
        description="Repeat a request with the same key and it takes effect once.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", pattern=r'^"[0-9]{1,9}"$', description="The ETag of the version that was read."),
]
Reason = Annotated[
    str | None,
    Header(alias=access.HEADER, description="Why you read what is sealed: 1 to 200 characters. The audit keeps it."),
]
_bearer = HTTPBearer(auto_error=False, description="Who acts")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def is_key(text: str) -> bool:
    """Whether a text can be an idempotency key."""
    return re.fullmatch(KEY_PATTERN, text) is not None


def room_of(request: Request) -> Room:
    room: Room = request.app.state.room
    return room


InRoom = Annotated[Room, Depends(room_of)]


@dataclass(frozen=True, slots=True)
class Callers:
    """What tells who asks, and whether they ask for too many cases. Every app has it as `state.callers`."""

    people: People
    browsing: Browsing
    clock: Callable[[], datetime]


async def signed_in(request: Request, bearer: Bearer, reason: Reason = None) -> Person:
    """The person of the request's token, which a program sends as such and a browser in a cookie. Raises
    NotSignedIn."""
    token = bearer.credentials if bearer else request.cookies.get(request.app.settings.session_cookie)
    if not token:
        raise NotSignedIn
    callers: Callers = request.app.state.callers
    person = access.acts(await callers.people.of(token))
    callers.browsing.note(person, request.path_params, callers.clock())
    return person


SignedIn = Annotated[Person, Depends(signed_in)]
Reasoned = Depends(access.needs_reason)  # for a route that first acts and then shows what is sealed


class Ask:
    """Submits the commands of one request to the unit."""

    def __init__(
        self, request: Request, response: Response, room: InRoom, key: IdempotencyKey = None, match: IfMatch = None
    ):
        self.room = room
        self.key = key or str(uuid4())
        self._expected = int(match.strip('"')) if match else None
        self._route = f"{request.method} {request.url.path}"
        self._response = response
        self._traceparent = telemetry.valid_traceparent(request.headers.get("traceparent"))

    def message_id(self, actor: Person | None) -> str:
        """The same for a request that is repeated by the same person with the same key, and for no other."""
        who = actor.id if actor else ""
        return f"http:{uuid5(NAMESPACE_URL, f'{who}|{self._route}|{self.key}')}"

    async def __call__(
        self,
        case_id: str,
        data: Any,
        decide: Decide,
        *,
        actor: Person | None = None,
        gather: Gather | None = None,
        lane: Lane = "normal",
        collection: str | None = None,
        by: str = "reporter",
    ) -> Outcome:
        """Has the case decide, and puts its new version into the answer's ETag. `by` is who acts where no
        person does."""
        message = Command(
            id=self.message_id(actor),
            subject=case_id,
            polres=self.room.settings.polres,
            data=data,
            actor=actor,
            lane=lane,
            traceparent=self._traceparent,
            by=by,
        )
        unit = self.room.unit(collection)
        with telemetry.span(decide.__name__, self._traceparent, complaint=case_id):
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    outcome = await unit.submit(Operation(message, decide, case_id, gather, self._expected))
            except TimeoutError:
                raise Unavailable(
                    "too_slow", "The request is not stored yet; send it again with the same Idempotency-Key."
                ) from None
        # Nothing is decided again for a repeat, and since the first time somebody may have been named in the matter.
        if outcome.repeated and actor and isinstance(outcome.case, Hidden) and not outcome.case.visible_to(actor):
            raise Absent
        self._response.headers["ETag"] = f'"{outcome.version}"'
        return outcome


Asking = Annotated[Ask, Depends(Ask)]
