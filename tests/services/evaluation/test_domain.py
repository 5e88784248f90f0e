"""What events make of a complaint's record, whatever the order of their arrival."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.course import ENDS
from services.evaluation.domain import month_before, month_of, noting, noting_names, record_of
from services.evaluation.facts import Facts, fact_of, united
from shared.contracts.catalogue import EVENTS
from shared.contracts.envelope import Envelope, Person
from shared.contracts.evaluation import HEARS
from shared.contracts.intake import CallLogged, ComplaintWithdrawn
from shared.contracts.internal_affairs import ConductCaseConcluded, ConductConflictFound
from shared.contracts.investigation import InvestigationProgressed, PatrolArrived, PatrolDispatched
from shared.contracts.mediation import GuidanceCompleted, MediationFailed, MediationSettled
from shared.contracts.referral import ReferralCompleted
from shared.contracts.verification import ComplaintLinked, ComplaintRejected, ComplaintVerified
from tests.contracts.test_examples import example
from tests.services.evaluation.samples import (
    MONTH,
    POLRES,
    START,
    SUBJECT,
    ZONE,
    assigned,
    classified,
    concluded,
    investigated,
    mediated,
    reclassified,
    recorded,
    report,
    said,
    submitted,
)

OTHER = "019caf3e-5a10-7c3e-9b41-2f6d8e0a7712"


def rejected(hours: float) -> Envelope[Any]:
    event = ComplaintRejected(reason="incomplete", appeal_until=START + timedelta(days=14), officer="officer-1")
    return said(event, hours)


def test_a_theft_goes_through_its_stages_to_its_end() -> None:
    record = recorded(investigated())
    assert {stage.name: stage.hours for stage in record.stages} == {
        "verification": 2,
        "classification": 1,
        "assignment": 5,
        "first_letter": 15,
        "settlement": 50,
    }
    assert (record.category, record.urgency, record.units) == ("theft", "P3", ("Pidum",))
    assert (record.channel, record.village, record.months) == ("web", "99.01.01.1001", (MONTH,))
    assert record.closed
    assert [closing.kind for closing in record.closings] == ["investigation.concluded"]


def test_a_settled_dispute_is_closed() -> None:
    record = recorded(mediated())
    assert record.closing
    assert record.closing.kind == "mediation.settled"


def test_a_complaint_on_two_tracks_is_closed_once_both_have_ended() -> None:
    messages = [
        said(submitted()),
        said(classified(tracks=("investigation", "referral")), 1),
        said(concluded(), 2),
    ]
    assert not recorded(messages).closed
    record = recorded([*messages, said(ReferralCompleted(agency="ojk", outcome="resolved"), 3)])
    assert record.closing
    assert record.closing.kind == "referral.completed"


@pytest.mark.parametrize(
    ("track", "end"),
    [
        ("investigation", concluded()),
        ("dispatch", concluded()),
        ("mediation", MediationSettled(points=1)),
        ("guidance", GuidanceCompleted(visits=1)),
        ("referral", ReferralCompleted(agency="damkar", outcome="resolved")),
        ("internal_affairs", ConductCaseConcluded(outcome="proven")),
    ],
)
def test_each_track_ends_in_its_own_way_and_in_no_other(track: Any, end: Any) -> None:
    begun = [said(submitted()), said(classified(tracks=(track,)), 1)]
    assert recorded([*begun, said(end, 2)]).closed
    others = [kind for kind, tracks in ENDS.items() if track not in tracks]
    for kind in others:
        other = EVENTS[f"{kind}.v1"].model_validate(example(f"{kind}.v1", ".minimal")["data"])
        assert not recorded([*begun, said(other, 2)]).closed, kind


def test_a_patrol_beside_another_track_needs_no_end_of_its_own() -> None:
    messages = [
        said(submitted()),
        said(classified(tracks=("dispatch", "referral")), 1),
        said(PatrolDispatched(patrol="patrol-1", attempt=1, acknowledge_by=START), 1.1),
        said(PatrolArrived(patrol="patrol-1", seconds=300), 1.2),
        said(ReferralCompleted(agency="damkar", outcome="resolved"), 5),
    ]
    record = recorded(messages)
    assert record.closed
    assert {stage.name for stage in record.stages} >= {"arrival", "settlement"}


def test_a_reopened_complaint_is_open_until_it_ends_again() -> None:
    messages = [*investigated(), said(reclassified("reopened"), 60)]
    assert not recorded(messages).closed
    record = recorded([*messages, said(concluded(), 70)])
    assert record.closed
    assert len(record.closings) == 2
    assert {s.name: s.hours for s in record.stages}["settlement"] == 50, "the first end counts for the stage"


def test_a_change_of_category_leaves_a_closed_complaint_closed() -> None:
    record = recorded([*investigated(), said(reclassified(category="burglary"), 60)])
    assert record.closed
    assert (record.category, len(record.closings)) == ("burglary", 1)


def test_leaving_the_last_open_track_closes_the_complaint() -> None:
    messages = [
        said(submitted()),
        said(classified(tracks=("investigation", "referral")), 1),
        said(concluded(), 2),
        said(reclassified(tracks=("investigation",)), 3),
    ]
    assert recorded(messages).closed


def test_a_broken_agreement_opens_the_complaint_again() -> None:
    failed = MediationFailed(recommended="investigation", reason="agreement_broken")
    assert not recorded([*mediated(), said(failed, 200)]).closed


def test_a_rejection_closes_and_an_appeal_that_is_heard_opens_again() -> None:
    messages = [said(submitted()), rejected(1)]
    assert recorded(messages).closed
    assert not recorded([*messages, said(ComplaintVerified(report=report()), 30)]).closed


def test_a_withdrawal_is_no_closing() -> None:
    messages = [*investigated()[:-1], said(ComplaintWithdrawn(), 30), said(concluded("withdrawn"), 30)]
    record = recorded(messages)
    assert (record.withdrawn, record.closed, record.closings) == (True, False, ())


def test_the_village_that_verification_found_is_taken_over() -> None:
    messages = [said(submitted(village=None)), said(ComplaintVerified(report=report(village="99.01.02.1001")), 1)]
    assert recorded(messages).village == "99.01.02.1001"


def test_the_unit_is_the_one_that_has_it_last() -> None:
    assert recorded([*investigated()[:4], said(assigned("Jatanras"), 8)]).units == ("Jatanras",)
    moved = said(reclassified(tracks=("mediation",), units=("Bhabinkamtibmas",)), 9)
    assert recorded([*investigated()[:4], moved]).units == ("Bhabinkamtibmas",)


def test_a_call_that_is_no_report_is_counted_as_a_call() -> None:
    record = recorded([said(CallLogged(kind="prank", operator="operator-1"))])
    assert (record.call, record.received_at) == ("prank", None)


def test_somebody_whom_it_is_about_never_sees_it_whatever_was_told_first() -> None:
    named = said(submitted(conflicts=("officer-9", "Propam")))
    for messages in ([named, *investigated()[1:]], [*investigated()[1:], named]):
        record = recorded(messages)
        assert not record.visible_to(Person("officer-9", units=frozenset({POLRES})))
        assert not record.visible_to(Person("officer-1", units=frozenset({POLRES, "Propam"})))
        assert record.visible_to(Person("officer-1", units=frozenset({POLRES})))
        assert not record.visible_to(Person("officer-1", units=frozenset({"polres-lain"})))


def test_months_are_those_of_the_office() -> None:
    late = START.replace(day=31, hour=18)  # 1 April in Jakarta
    assert month_of(late, ZONE) == "2026-04"
    assert month_before("2026-01") == "2025-12"
    assert month_before("2026-03", 3) == "2025-12"


def test_an_event_again_changes_nothing() -> None:
    messages = investigated()
    record = recorded(messages)
    for message in messages:
        decision = noting(ZONE)(record, message, START)
        assert decision.case is record
        assert decision.events == ()


def test_what_no_indicator_asks_for_is_not_kept() -> None:
    decision = noting(ZONE)(None, said(InvestigationProgressed(milestone="case_conference")), START)
    assert decision.case is None


@pytest.mark.parametrize("wire", HEARS)
@pytest.mark.parametrize("kind", ["", ".minimal"])
def test_every_event_that_is_heard_can_be_the_first(wire: str, kind: str) -> None:
    event = EVENTS[wire].model_validate(example(wire, kind)["data"])
    record = noting(ZONE)(None, said(event), START).case
    assert record is None or record == recorded([said(event, id_=record.facts[0].event)])


LONG: list[Envelope[Any]] = [
    *investigated(),
    said(ComplaintVerified(report=report(village="99.01.02.1001")), 2.5),
    said(PatrolDispatched(patrol="patrol-1", attempt=1, acknowledge_by=START), 3.1),
    said(PatrolDispatched(patrol="patrol-2", attempt=2, acknowledge_by=START), 3.2),
    said(PatrolArrived(patrol="patrol-2", seconds=600), 3.5),
    said(InvestigationProgressed(letter="A4"), 40),
    said(reclassified("reopened", tracks=("mediation",), units=("Bhabinkamtibmas",)), 60),
    said(MediationSettled(points=1), 90),
    said(MediationFailed(recommended="investigation", reason="agreement_broken"), 900),
    said(reclassified("mediation_failed"), 901),
    said(assigned("Jatanras"), 902),
    rejected(1.5),
    said(ComplaintLinked(linked_to=SUBJECT, officer="officer-1", report=report(conflicts=("Propam",))), 1.6),
    said(concluded(), 950),
]
ENDED = recorded(LONG)


@settings(max_examples=200, deadline=None)
@given(st.permutations(LONG), st.lists(st.sampled_from(LONG), max_size=5))
def test_events_in_any_order_and_again_lead_to_the_same_record(
    messages: list[Envelope[Any]], again: list[Envelope[Any]]
) -> None:
    assert recorded([*messages, *again]) == ENDED


@settings(max_examples=100, deadline=None)
@given(st.permutations(LONG), st.integers(0, len(LONG)), st.integers(0, len(LONG)))
def test_two_records_of_parts_make_the_whole_in_any_combination(
    messages: list[Envelope[Any]], cut: int, overlap: int
) -> None:
    def facts(part: list[Envelope[Any]]) -> Facts:
        return united((), filter(None, map(fact_of, part)))

    first, second = facts(messages[:cut]), facts(messages[max(0, cut - overlap) :])
    assert record_of(POLRES, united(first, second), ZONE) == ENDED


@pytest.mark.parametrize("backwards", [False, True])
def test_whoever_is_named_late_or_by_a_later_report_is_shut_out_in_any_order(backwards: bool) -> None:
    later = said(ComplaintLinked(linked_to=SUBJECT, officer="v-1", report=report(conflicts=("third",))), subject=OTHER)
    found = said(ConductConflictFound(names=("second",)), 900)
    told = [*investigated(conflicts=("first",)), found, later]
    record = None
    for message in (*(reversed(told) if backwards else told), later):
        decide = noting_names(ZONE) if message is later else noting(ZONE)
        record = decide(record, message, START).case
    assert record is not None
    assert (record.conflicts, record.linked_to, record.months) == (("first", "second", "third"), None, (MONTH,))
    assert all(not record.visible_to(Person(name, units=frozenset({POLRES}))) for name in record.conflicts)
