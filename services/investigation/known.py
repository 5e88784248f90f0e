"""What is known of rosters and of other cases when a case decides: whom the gather steps have found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundDetective:
    """A detective who may have the case. `notice` names them to the reporter, sealed."""

    id: str
    unit: str
    notice: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found when looking for somebody; where nobody was looked for, nothing is decided about it."""

    looked_for_patrol: bool = False
    patrol: str | None = None
    looked_for_detective: bool = False
    detective: FoundDetective | None = None
    patrol_unit: str | None = None
