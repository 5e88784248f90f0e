"""Figures of a month, the rules that look at them, and what may be published."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation import rules
from services.evaluation.domain import Record
from services.evaluation.entry import said_in, share_in
from services.evaluation.feedback import Feedback, Survey
from services.evaluation.figures import Figures, Month, Times, figures, groups, percentile_90
from services.evaluation.open_data import LEAST, open_data, suppressed, withheld
from services.evaluation.rules import shortfalls, value_of
from services.evaluation.targets import TargetsError, read_targets
from services.evaluation.views import indicators
from services.evaluation.views import surveys as survey_views
from shared.contracts.intake import CallLogged, ComplaintWithdrawn
from shared.contracts.investigation import InvestigationEscalated
from shared.contracts.verification import ComplaintLinked
from tests.services.evaluation.samples import (
    MONTH,
    START,
    SUBJECT,
    TARGETS,
    assigned,
    classified,
    concluded,
    entry,
    investigated,
    mediated,
    month,
    reclassified,
    recorded,
    report,
    said,
    scores,
    submitted,
)
from tests.support.processes import ROOT


def slow(hours: float) -> Record:
    """A theft that somebody had only after so many hours."""
    return recorded([said(submitted()), said(classified(), 1), said(assigned(), hours), said(concluded(), hours + 1)])


def surveys(*answers: tuple[int, ...]) -> list[tuple[str, Survey]]:
    """One answer of each of the first complaints."""
    return [(f"c{n}", Survey("e", START, MONTH, scores(*values))) for n, values in enumerate(answers)]


def answered(*answers: tuple[int, ...]) -> Month:
    """A month with a theft for each of these answers."""
    return month(*(recorded(investigated()) for _ in answers), surveys=surveys(*answers))


def counted(*records: Record, **how: Any) -> Figures:
    """The figures of a month with these complaints."""
    return figures(month(*records, **how).total, TARGETS)


IN_AND_OUT: tuple[Times, ...] = (1, -1)
ANSWER = Survey("e", START, MONTH, scores(4, 3, 2, 1, 4, 3, 2, 1, 4))


def shown(of: Month) -> Any:
    """All that anybody is shown of a month."""
    return indicators(of, TARGETS), survey_views(of), +of.received_on, +of.closed_on


def test_a_month_is_counted() -> None:
    linked = ComplaintLinked(linked_to=SUBJECT, officer="officer-1", report=report())
    records = [
        recorded(investigated()),
        recorded([*mediated(), said(reclassified("reopened", tracks=("mediation",)), 90)]),
        recorded([said(submitted()), said(linked, 1)]),
        recorded([said(submitted()), said(ComplaintWithdrawn(), 1)]),
        recorded([said(submitted()), said(InvestigationEscalated(reason="unanswered", level=1), 1)]),
        recorded([said(CallLogged(kind="silent", operator="operator-1"))]),
    ]
    found = counted(*records, requests={"c1": 1})
    assert (found.received, found.closed, found.duplicates, found.withdrawn, found.alarms) == (5, 2, 1, 1, 1)
    assert (found.classified, found.changed, found.changes, found.reopenings) == (2, 1, 1, 1)
    assert (found.reopen_rate, found.change_rate, found.duplicate_rate) == (0.5, 0.5, 0.2)
    assert month(*records).calls == {"silent": 1}


def test_a_stage_counts_in_the_month_in_which_it_ended() -> None:
    record = recorded(investigated(shift=21 * 24 + 12))  # received on 31 March, ended on 3 April
    march, april = counted(record), counted(record, name="2026-04")
    assert (march.received, march.closed) == (1, 0)
    assert (april.received, april.closed, april.stage("settlement").count) == (0, 1, 1)


def test_medians_percentiles_and_shares_in_time_are_those_of_the_stage() -> None:
    found = counted(*(slow(hours) for hours in (2, 10, 20, 30, 100))).stage("assignment")
    assert (found.count, found.median, found.target) == (5, 20, 24)
    assert found.p90 == pytest.approx(72)
    assert found.in_time == pytest.approx(3 / 5)


def test_whether_it_is_in_time_depends_on_the_urgency_and_the_track() -> None:
    urgent = recorded([said(submitted()), said(classified(urgency="P2"), 0.5), said(assigned(), 2)])
    assert counted(urgent).stage("assignment").in_time == 0
    assert TARGETS.stages["settlement"].of(recorded(mediated())) == 336
    assert TARGETS.stages["settlement"].of(recorded(investigated())) == 2880


def test_the_ninetieth_percentile_of_one_value_is_that_value() -> None:
    assert percentile_90([7.0]) == 7.0
    assert percentile_90(list(range(11))) == 9


def test_a_month_without_anything_has_no_rates() -> None:
    found = counted()
    assert (found.received, found.reopen_rate, found.stage("settlement").median) == (0, None, None)


def test_a_breakdown_names_every_unit_and_what_is_unknown() -> None:
    found = dict(groups(month(recorded(investigated()), recorded([said(submitted())])), "unit"))
    assert {name: figures(own, TARGETS).received for name, own in found.items()} == {"Pidum": 1, "unknown": 1}


@settings(deadline=None)
@given(st.permutations([2, 10, 20, 30, 100]))
def test_figures_do_not_depend_on_the_order_of_the_records(hours: Sequence[float]) -> None:
    assert counted(*map(slow, hours)) == counted(*map(slow, sorted(hours)))


KINDS = {
    "theft": investigated(),
    "quarrel": mediated(),
    "by SMS": investigated(village="99.01.03.2001", channel="sms"),
    "opened again": [*mediated(), said(reclassified("reopened", tracks=("mediation",)), 90)],
    "call": [said(CallLogged(kind="silent", operator="operator-1"))],
}
RECORDS = {name: recorded(messages) for name, messages in KINDS.items()}
SOME = st.lists(st.sampled_from(sorted(RECORDS)), max_size=6).map(lambda names: [RECORDS[name] for name in names])


@settings(deadline=None)
@given(SOME, SOME)
def test_what_is_put_in_and_taken_out_again_leaves_no_trace(kept: list[Record], passing: list[Record]) -> None:
    found, gone = month(*kept), [entry(record) for record in passing]
    for times in IN_AND_OUT:
        for each in gone:
            found.count(each, share_in(MONTH, each, said_in(Feedback("p", surveys=(ANSWER,)))), times)
    assert shown(found) == shown(month(*kept))


@settings(deadline=None)
@given(SOME)
def test_a_copy_is_the_same_and_stays_so(kept: list[Record]) -> None:
    found = month(*kept, surveys=[("c0", ANSWER)])
    copy, before = found.copy(), shown(found)
    assert shown(copy) == before
    one = entry(recorded(investigated()))
    copy.count(one, share_in(MONTH, one, None), 1)
    assert shown(found) == before


def test_a_median_over_its_target_is_a_shortfall_of_unit_and_category() -> None:
    found = [s for s in shortfalls(month(*[slow(30)] * 5), month(), TARGETS) if s.indicator == "hours_to_assignment"]
    assert [(s.rule, s.scope, s.value, s.target) for s in found] == [
        ("median_over_target", "unit:Pidum", 30.0, 24.0),
        ("median_over_target", "category:theft", 30.0, 24.0),
    ]
    assert shortfalls(month(*[slow(30)] * 4), month(), TARGETS) == [], "of four no conclusion is drawn"
    assert shortfalls(month(*[slow(23)] * 5), month(), TARGETS) == []


def test_an_element_under_grade_b_is_a_shortfall() -> None:
    slow_service = (4, 4, 3, 4, 4, 4, 4, 4, 4)  # 3 × 25 = 75 is under 76.61
    (found,) = shortfalls(answered(*[slow_service] * 3), month(), TARGETS)
    assert (found.rule, found.indicator, found.scope) == ("element_under_b", "element_u3", "element:u3")
    assert (found.value, found.target) == (75.0, 76.61)
    assert shortfalls(answered(*[slow_service] * 2), month(), TARGETS) == []


def test_a_unit_whose_reopenings_rise_is_a_shortfall() -> None:
    records = [recorded(investigated()) for _ in range(6)]
    now = month(*records, requests={"c0": 1, "c1": 1, "c2": 1})
    earlier = [recorded(investigated(shift=-28 * 24)) for _ in range(6)]

    def before(requests: int) -> Month:
        return month(*earlier, requests={"c0": requests}, name="2026-02")

    (found,) = shortfalls(now, before(1), TARGETS)
    assert (found.rule, found.scope, found.value, found.target) == ("rising_reopens", "unit:Pidum", 0.5, 0.1667)
    assert shortfalls(now, before(3), TARGETS) == [], "they did not rise"
    assert shortfalls(month(*records, requests={"c0": 2}), before(0), TARGETS) == [], "there are too few"


@pytest.mark.parametrize("indicator", rules.INDICATORS)
def test_every_indicator_can_be_measured_in_its_scope_or_is_an_observation(indicator: str) -> None:
    known = answered((3,) * 9)
    value = value_of(indicator, "unit:Pidum", known, TARGETS)
    assert (value is None) == (indicator in ("observation", "hours_to_arrival"))
    assert value_of(indicator, "unit:Nobody", known, TARGETS) is None


def test_small_counts_are_withheld_and_none_at_all_is_not() -> None:
    assert [withheld(count) for count in (0, 1, LEAST - 1, LEAST)] == [0, None, None, LEAST]


def test_a_single_small_count_cannot_be_told_from_the_total() -> None:
    assert suppressed({"a": 20, "b": 9, "c": 2}) == {"a": 20, "b": None, "c": None}
    assert suppressed({"a": 20, "b": 3, "c": 2}) == {"a": 20, "b": None, "c": None}
    assert suppressed({"a": 20, "b": 9, "c": 1, "d": 1}) == {"a": 20, "b": None, "c": None, "d": None}
    assert suppressed({"a": 20, "b": 9}) == {"a": 20, "b": 9}
    assert suppressed({"a": 2}) == {"a": None}


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 30)))
def test_what_is_withheld_together_is_never_small(counts: dict[str, int]) -> None:
    shown = suppressed(counts)
    hidden = [counts[name] for name, count in shown.items() if count is None]
    assert all(not 0 < count < LEAST for count in shown.values() if count is not None)
    if any(shown.values()):
        assert not hidden or (len(hidden) > 1 and sum(hidden) >= LEAST)


def test_open_data_shows_no_small_group_and_no_small_survey() -> None:
    lonely = recorded(investigated(channel="sms", village="99.01.03.2001"))
    whole = month(*[recorded(investigated())] * 9, lonely, surveys=surveys(*[(4,) * 9] * 4))
    data = open_data(whole, TARGETS, "POLRES SUKAMAJU")
    assert (data.received, data.satisfaction_answers, data.satisfaction_index) == (10, None, None)
    assert {row.name: row.received for row in data.by["channel"]} == {"sms": None, "web": None}
    assert {row.name: row.median_hours_to_settlement for row in data.by["channel"]} == {"sms": None, "web": 50.0}
    assert "unit" not in data.by


@pytest.mark.parametrize(
    ("old", "new"),
    [("hours = 24\n", "hours = -1\n"), ("[stages.arrival]", "[stages.departure]"), ("at_least = 5", "at_least = 0")],
)
def test_targets_that_make_no_sense_are_refused_at_the_start(old: str, new: str) -> None:
    text = (ROOT / "services" / "evaluation" / "targets.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(TargetsError):
        read_targets(text.replace(old, new))
    with pytest.raises(TargetsError):
        read_targets("[stages")
