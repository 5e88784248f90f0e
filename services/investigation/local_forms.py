"""Forms in which an officer writes a moment by the clock on the wall."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from services.investigation.case import EvidenceKind
from services.investigation.filing import NamedWitness, Sha256, TakenEvidence, TakenStatement
from shared.text import Line, Paragraphs


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EvidenceForm(_Form):
    kind: EvidenceKind
    description: Paragraphs
    taken_at: datetime
    sha256: Sha256 | None = None

    def meant(self, zone: ZoneInfo) -> TakenEvidence:
        """As it is put on file."""
        return TakenEvidence(
            kind=self.kind, description=self.description, taken_at=_in(self.taken_at, zone), sha256=self.sha256
        )


class WitnessForm(_Form):
    name: Line
    phone: Line | None = None
    address: Line | None = None
    statement_at: datetime | None = None
    statement: Paragraphs | None = None

    def meant(self, zone: ZoneInfo) -> NamedWitness:
        """As it is put on file."""
        at = _in(self.statement_at, zone) if self.statement_at else None
        return NamedWitness(
            name=self.name, phone=self.phone, address=self.address, statement_at=at, statement=self.statement
        )


class StatementForm(_Form):
    at: datetime
    statement: Paragraphs | None = None

    def meant(self, zone: ZoneInfo) -> TakenStatement:
        """As it is put on file."""
        return TakenStatement(at=_in(self.at, zone), statement=self.statement)


def _in(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment with the office's zone, where it was written without one."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
