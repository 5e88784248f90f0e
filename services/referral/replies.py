"""What agencies may say, whichever way they say it, and how it becomes a command for a case.

Who says it is proven by whoever calls this: the broker by the routing key, HTTPS by the signature. Never by the words.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from services.referral import answers, queries
from services.referral.agencies import Agency
from services.referral.answers import Answer, Resend
from services.referral.case import Case, DeclineReason, Known, Procedure, Verb
from services.referral.knowledge import Knowledge
from shared import telemetry
from shared.contracts.envelope import Command, Decision
from shared.contracts.intake import COMMAND_ID, FieldProblem, Problem
from shared.contracts.referral import ReferralOutcome, ReferralStep
from shared.contracts.refusals import Conflict
from shared.operation import Decide, Gather, Operation, Outcome
from shared.room import Room
from shared.text import Line, Paragraphs

Number = Annotated[str, StringConstraints(pattern=r"^RJ-[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$")]
Words = Annotated[Paragraphs | None, Field(description="for the reporter")]
Note = Annotated[Paragraphs | None, Field(description="for the officers alone")]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid")

    referral: Number


class _Accept(_Data):
    reference: Annotated[Line, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./_-]*$")] | None = (
        None
    )


class _Decline(_Data):
    reason: DeclineReason
    note: Note = None


class _Update(_Data):
    step: ReferralStep
    words: Words = None
    note: Note = None


class _Complete(_Data):
    outcome: ReferralOutcome
    words: Words = None
    note: Note = None


class _Resend(BaseModel):
    model_config = ConfigDict(extra="forbid")

    referral: Number | None = Field(default=None, description="all that the agency has where it is left out")


class _Reply(BaseModel):
    """CloudEvents attributes that nothing is read from are let pass, since senders' libraries add some."""

    model_config = ConfigDict(extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: str = Field(pattern=COMMAND_ID, description="the agency's own id of the message, new for each")


class Accept(_Reply):
    type: Literal["referral.accept.v1"]
    data: _Accept


class Decline(_Reply):
    type: Literal["referral.decline.v1"]
    data: _Decline


class Update(_Reply):
    type: Literal["referral.update.v1"]
    data: _Update


class Complete(_Reply):
    type: Literal["referral.complete.v1"]
    data: _Complete


class ResendAsked(_Reply):
    type: Literal["referral.resend.v1"]
    data: _Resend = _Resend()


_VERBS: dict[str, Verb] = {
    "referral.accept.v1": "accept",
    "referral.decline.v1": "decline",
    "referral.update.v1": "update",
    "referral.complete.v1": "complete",
}
_RESEND = "referral.resend.v1"
_ERRORS_NAMED = 20
_NAME_SHOWN = 64  # characters of a field's name, which the sender chose

Reply = Annotated[Accept | Decline | Update | Complete | ResendAsked, Field(discriminator="type")]
REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes in what agencies say."""

    room: Room
    knowledge: Knowledge
    procedure: Procedure

    async def take_in(self, agency: Agency, reply: Reply, redelivered: bool = False) -> None:
        """Has the case decide. Raises the Refusal; what comes again is refused too, unless we repeated it."""
        number = reply.data.referral
        if number is None:
            await self._resend_all(agency, reply.id)
            return
        document = await queries.numbered(self.room, number)
        if document is None:
            raise answers.unknown()
        if isinstance(reply, ResendAsked):
            outcome = await self._resend(agency, reply.id, document.id, number)
        else:
            answer = self._answer(agency, document.id, reply)
            outcome = await self._ask(agency, reply.id, document.id, answer, self._decide, self.knowledge.gather)
        if outcome.repeated and not redelivered:
            raise Conflict("already_recorded", "A message with this id has been recorded before; nothing was changed.")

    def _decide(self, case: Case | None, message: Command[Answer], now: datetime, known: Known) -> Decision[Case]:
        return answers.answer(self.procedure, case, message, now, known)

    def _answer(self, agency: Agency, complaint: str, reply: Accept | Decline | Update | Complete) -> Answer:
        said = reply.data.model_dump()
        number, words, note = said.pop("referral"), said.pop("words", None), said.pop("note", None)
        seal = self.room.vault.seal
        return Answer(
            agency.slug,
            number,
            _VERBS[reply.type],
            words=seal("notice", complaint, {"agency": agency.name, "text": words}) if words else None,
            note=seal("narrative", complaint, {"text": note}) if note else None,
            **said,
        )

    async def _resend(self, agency: Agency, id_: str, complaint: str, number: str | None) -> Outcome:
        return await self._ask(agency, id_, complaint, Resend(agency.slug, number), answers.resend)

    async def _resend_all(self, agency: Agency, id_: str) -> None:
        last = ""
        while documents := await queries.of_agency(self.room, agency.slug, last):
            last = documents[-1].id
            await asyncio.gather(*(self._resend(agency, id_, document.id, None) for document in documents))

    async def _ask(
        self, agency: Agency, id_: str, complaint: str, data: Any, decide: Decide, gather: Gather | None = None
    ) -> Outcome:
        by = f"agency:{agency.slug}"
        command = Command(f"{by}:{id_}", complaint, self.room.settings.polres, data, by=by)
        with telemetry.span("agency_reply", None, complaint=complaint):
            return await self.room.unit().submit(Operation(command, decide, complaint, gather))


def problem_of(error: ValidationError) -> Problem:
    """What is wrong with which field; never what it held."""
    errors: Sequence[Any] = error.errors(include_input=False, include_context=False, include_url=False)
    fields = tuple(FieldProblem(field=_name(entry), detail=_detail(entry)) for entry in errors[:_ERRORS_NAMED])
    return Problem(slug="invalid", detail="Some fields are not as they must be.", errors=fields)


def _name(error: Any) -> str:
    if error["type"].startswith("union_tag"):
        return "type"
    # The discriminator's own value stands in the place of every field; the sender did not write it there.
    parts = [str(part)[:_NAME_SHOWN] for part in error["loc"] if part not in _VERBS and part != _RESEND]
    return ".".join(parts) or "body"


def _detail(error: Any) -> str:
    if error["type"] == "json_invalid":
        return "The body is not valid JSON."
    if error["type"].startswith("union_tag"):
        return "This is none of the known types."
    return str(error["msg"]).removeprefix("Value error, ")
