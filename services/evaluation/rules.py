"""What falls short: the indicators that a finding can be about, and the rules that raise one by themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from services.evaluation.course import STAGES, StageName
from services.evaluation.dimensions import DIMENSIONS
from services.evaluation.figures import Month, Tally, figures, groups, part, satisfaction_of, stage_figures
from services.evaluation.survey import B_FROM, ELEMENTS
from services.evaluation.targets import Targets

RuleName = Literal["median_over_target", "element_under_b", "rising_reopens"]
OBSERVATION = "observation"  # what a person saw, and no figure measures
REOPEN_RATE, SATISFACTION = "reopen_rate", "satisfaction"
_HOURS, _ELEMENT = "hours_to_", "element_"
INDICATORS: tuple[str, ...] = (
    *(f"{_HOURS}{stage}" for stage in STAGES),
    *(f"{_ELEMENT}{element}" for element in ELEMENTS),
    SATISFACTION,
    REOPEN_RATE,
    OBSERVATION,
)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a rule found in a month."""

    rule: RuleName
    indicator: str
    scope: str
    value: float
    target: float
    month: str


def shortfalls(month: Month, before: Month, targets: Targets) -> list[Shortfall]:
    """All that the rules find in a month; `before` is the month before it."""
    return [*_medians(month, targets), *_elements(month, targets), *_reopens(month, before, targets)]


def value_of(indicator: str, scope: str, month: Month, targets: Targets) -> float | None:
    """An indicator in its scope in a month; None where nothing of it was measured."""
    kind, _, name = scope.partition(":")
    own = part(month, kind, name) if kind in DIMENSIONS else month.total
    if indicator.startswith(_HOURS):
        return stage_figures(own, _stage(indicator), targets).median
    if indicator == REOPEN_RATE:
        return figures(own, targets).reopen_rate
    found = satisfaction_of(own)
    if indicator == SATISFACTION:
        return None if found.index is None else float(found.index)
    named = indicator.removeprefix(_ELEMENT)
    return next((float(element.index) for element in found.elements if element.name == named), None)


def target_of(indicator: str, targets: Targets) -> float | None:
    """What the office holds an indicator against; None where that is no fixed figure."""
    if indicator.startswith(_HOURS):
        return targets.stages[_stage(indicator)].hours
    return float(B_FROM) if indicator == SATISFACTION or indicator.startswith(_ELEMENT) else None


def falls_short(indicator: str, value: float, target: float) -> bool:
    """Whether the value misses the target: the satisfaction from below, all else from above."""
    low_is_bad = indicator == SATISFACTION or indicator.startswith(_ELEMENT)
    return value < target if low_is_bad else value > target


def _medians(month: Month, targets: Targets) -> Iterator[Shortfall]:
    rule = targets.rules.median_over_target
    for dimension in rule.scopes:
        for name, own in groups(month, dimension):
            for stage in figures(own, targets).stages:
                if stage.median is not None and stage.count >= rule.at_least and stage.median > stage.target:
                    indicator, scope = f"{_HOURS}{stage.stage}", f"{dimension}:{name}"
                    value = round(stage.median, 4)
                    yield Shortfall("median_over_target", indicator, scope, value, stage.target, month.name)


def _elements(month: Month, targets: Targets) -> Iterator[Shortfall]:
    found = satisfaction_of(month.total)
    if found.answers < targets.rules.element_under_b.at_least:
        return
    for element in found.elements:
        if element.index < B_FROM:
            indicator, scope = f"{_ELEMENT}{element.name}", f"element:{element.name}"
            yield Shortfall("element_under_b", indicator, scope, float(element.index), float(B_FROM), month.name)


def _reopens(month: Month, before: Month, targets: Targets) -> Iterator[Shortfall]:
    earlier: Mapping[str, Tally] = dict(groups(before, "unit"))
    for name, own in groups(month, "unit"):
        now = figures(own, targets)
        then = figures(earlier[name], targets).reopen_rate if name in earlier else None
        if now.reopenings < targets.rules.rising_reopens.at_least or now.reopen_rate is None:
            continue
        if now.reopen_rate > (then or 0.0):
            value, target = round(now.reopen_rate, 4), round(then or 0.0, 4)
            yield Shortfall("rising_reopens", REOPEN_RATE, f"unit:{name}", value, target, month.name)


def _stage(indicator: str) -> StageName:
    return cast(StageName, indicator.removeprefix(_HOURS))
