"""The deadlines and lists of `procedure.toml` as the domain takes them."""

from dataclasses import dataclass
from typing import get_args

from services.mediation.case import Condition


@dataclass(frozen=True)
class Procedure:
    """What `procedure.toml` says. Raises ValueError, which names the entry, for what no case could be led by."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 (a mistyped name must not leave a default in force)

    forget_after_days: int
    act_within_days: int
    record_within_days: int
    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        for name in ("forget_after_days", "act_within_days", "record_within_days"):
            if not 1 <= getattr(self, name) <= 3_650:
                raise ValueError(f"{name} must be from 1 to 3650")
        if not self.conditions:
            raise ValueError(f"conditions must name some of {', '.join(get_args(Condition))}")
