"""What the officers of the desk decide, as programs and pages say it, submitted to the case."""

from functools import partial, update_wrapper
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from services.internal_affairs import contents, desk, examiners, facts, queries
from services.internal_affairs.consumers import notices
from services.internal_affairs.procedure import Procedure
from shared.contracts.envelope import Person
from shared.contracts.internal_affairs import ConductOutcome
from shared.http import Ask
from shared.operation import Decide, Gather, Outcome
from shared.text import Line, Paragraphs, Slug

Names = Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FoundConflicts(Body):
    names: Names = Field(description="ids of persons and units that the complaint turned out to be about")


class CheckStep(Body):
    step: desk.Check
    note: Paragraphs | None = Field(default=None, description="for the file alone")


class NamedExaminer(Body):
    examiner: Slug


class Words(Body):
    words: Paragraphs = Field(description="for the reporter")


class Found(Body):
    text: Paragraphs = Field(description="for the file alone")


class ConductResult(Body):
    outcome: ConductOutcome
    words: Paragraphs = Field(description="for the reporter")
    note: Paragraphs | None = Field(default=None, description="for the file alone")


class GivenBack(Body):
    note: Paragraphs = Field(description="why it is no complaint about the police; for the file alone")


def procedure_of(request: Request) -> Procedure:
    procedure: Procedure = request.app.state.procedure
    return procedure


class Desk:
    """One officer's hands on one complaint."""

    def __init__(self, ask: Ask, procedure: Procedure, person: Person, complaint: str) -> None:
        self.room = ask.room
        self.person = person
        self.complaint = complaint
        self._ask = ask
        self._procedure = procedure

    async def read(self, reason: str) -> contents.Contents:
        """The sealed words; the case keeps who has read them."""
        outcome = await self._ask(self.complaint, reason, desk.read, actor=self.person)
        return contents.open_all(self.room.vault, self.complaint, outcome.case)

    async def name_conflicts(self, body: FoundConflicts) -> None:
        """Hides the complaint from more persons and units at once, and what was linked to it."""
        gather = notices(self._procedure, self.room, facts.found)
        named = await self._submit(body.names, desk.name_conflicts, gather)
        for report in named.case.linked:
            # Follows what an officer did to the complaint that it was linked to; nothing of it is shown.
            await self._ask(report.complaint, body.names, self._by_procedure(desk.name_in_linked))

    async def check(self, body: CheckStep) -> Outcome:
        return await self._submit(desk.Checked(body.step, self._note(body.note)), desk.check)

    async def examine(self, body: NamedExaminer) -> Outcome:
        return await self._submit(body.examiner, desk.examine, examiners.named(self.room))

    async def find(self, body: Found) -> Outcome:
        return await self._submit(self._seal("conduct", body.text), desk.find)

    async def write(self, body: Words) -> Outcome:
        return await self._submit(self._seal("notice", body.words), desk.write)

    async def conclude(self, body: ConductResult) -> Outcome:
        ending = desk.Ending(body.outcome, self._seal("notice", body.words), self._note(body.note))
        return await self._submit(ending, desk.conclude)

    async def forward(self, body: Words) -> Outcome:
        return await self._submit(self._seal("notice", body.words), desk.forward)

    async def give_back(self, body: GivenBack) -> Outcome:
        return await self._submit(self._note(body.note), desk.give_back)

    async def join(self) -> Outcome:
        return await self._submit(None, desk.join, queries.earlier(self.room))

    async def _submit(self, data: Any, decision: Any, gather: Gather | None = None) -> Outcome:
        return await self._ask(self.complaint, data, self._by_procedure(decision), actor=self.person, gather=gather)

    def _by_procedure(self, decision: Any) -> Decide:
        decide: Decide = update_wrapper(partial(decision, self._procedure), decision)
        return decide

    def _seal(self, part: str, text: str) -> str:
        """What somebody typed, sealed before it goes anywhere."""
        return self.room.vault.seal(part, self.complaint, {"text": text})

    def _note(self, text: str | None) -> str | None:
        return None if text is None else self._seal("conduct", text)
