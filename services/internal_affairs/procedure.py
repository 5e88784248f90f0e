"""The clocks and the offices of `procedure.toml` as the domain takes them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.internal_affairs.case import Case
from shared.contracts.complaint import Language


@dataclass(frozen=True)
class Procedure:
    """`end_after(moment, days)` is the end of the last of so many working days after the moment."""

    letter_days: int
    result_days: int
    alarm_days: int
    forget_after_days: int
    desk_units: frozenset[str]
    superiors: tuple[str, ...]
    outside: str
    forwarded: Mapping[Language, str]
    end_after: Callable[[datetime, int], datetime]

    def next_desk(self, case: Case) -> str | None:
        """The office above the one that has the case, if need be the one above that. None at the top."""
        above = self.superiors[self.superiors.index(case.desk) + 1 :] if case.desk in self.superiors else self.superiors
        return next((office for office in above if office not in case.conflicts), None)

    def is_barred(self, case: Case) -> bool:
        """Whether the complaint names the office that has it, or the units that man its desk."""
        own = {case.desk, *(self.desk_units if case.desk == case.polres else ())}
        return not own.isdisjoint(case.conflicts)

    def fit_desk(self, case: Case) -> str:
        """The office that may have the case: not one that is named in it, or whose desk's own units are.

        Where every office above is named too it goes to the body outside the police. Where that is named as well it
        stays, seen by nobody, which raises an alarm of its own.
        """
        if not self.is_barred(case):
            return case.desk
        return self.next_desk(case) or (case.desk if self.outside in case.conflicts else self.outside)
