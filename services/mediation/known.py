"""What a decision is told beside its case and its message: whom the roster has, and words sealed for the reporter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundMediator:
    """The officer who is to have a matter. `notice` names them to the reporter, sealed."""

    id: str
    units: tuple[str, ...]
    notice: str


@dataclass(frozen=True, slots=True)
class Found:
    """Whom the roster has for the village; where nobody was looked for, nothing is decided about it."""

    looked: bool = False
    mediator: FoundMediator | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a command must know beside its case: who stands in for an absent mediator, and its words for the reporter,
    sealed."""

    stand_in: str | None = None
    notice: str | None = None
