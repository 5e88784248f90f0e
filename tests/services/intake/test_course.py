"""Whether a complaint has come to its end: the same in any order of what others say."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake import course
from services.intake.course import Course, End, end_of
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Track, Urgency
from shared.contracts.envelope import Envelope
from shared.contracts.internal_affairs import ConductCaseConcluded, ConductCaseReturned
from shared.contracts.investigation import InvestigationConcluded
from shared.contracts.mediation import MediationFailed, MediationSettled
from shared.contracts.referral import ReferralCompleted, ReferralDeclined
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from tests.services.intake.test_domain import NOW, complaint
from tests.services.intake.test_outcomes import event
from tests.support.order import deliveries

EARLIER = "01a20b90-258c-7b18-ba96-7d4e80e681b9"


def placed(sequence: int, *tracks: Track, reason: str | None = None) -> Envelope[Any]:
    said = Classification(category="theft", urgency="P3", tracks=tracks, mediation="allowed", units=(), confidence=1)
    report = complaint().report
    if reason is None:
        return event(ComplaintClassified(report=report, classification=said), sequence)
    again = ComplaintReclassified(report=report, classification=said, previous=said, reason=reason)
    return event(again, sequence)


def rejected(sequence: int, final: bool = False) -> Envelope[Any]:
    return event(ComplaintRejected(reason="incomplete", appeal_until=NOW, officer="o", final=final), sequence)


def linked(sequence: int) -> Envelope[Any]:
    return event(ComplaintLinked(linked_to=EARLIER, officer="o", report=complaint().report), sequence)


def concluded(sequence: int) -> Envelope[Any]:
    return event(InvestigationConcluded(outcome="stopped"), sequence)


def settled(sequence: int) -> Envelope[Any]:
    return event(MediationSettled(points=1), sequence)


def heard(*messages: Envelope[Any]) -> Course:
    found = Course()
    for message in messages:
        is_placing = isinstance(message.data, (ComplaintClassified, ComplaintReclassified))
        found = course.placed(found, message) if is_placing else course.told(found, message)
    return found


def at(sequence: int) -> Any:
    return NOW + timedelta(minutes=sequence)


def end(*messages: Envelope[Any], withdrawn: bool = False, appealed: bool = False) -> End | None:
    return end_of(heard(*messages), NOW if withdrawn else None, appealed)


def test_what_nobody_has_ended_is_open() -> None:
    assert end() is None
    assert end(placed(3, "mediation")) is None
    assert end(placed(3, "mediation"), concluded(5)) is None, "somebody else's end counts for nothing"


def test_a_complaint_ends_once_every_track_has_ended() -> None:
    both = placed(3, "investigation", "referral")
    assert end(both, concluded(5)) is None
    referred = event(ReferralCompleted(agency="pln", outcome="resolved"), 7)
    assert end(both, concluded(5), referred) == End(at(7), ("resolved", "stopped"))


def test_a_patrol_ends_with_what_stands_beside_it_and_alone_with_the_investigation() -> None:
    assert end(placed(3, "mediation", "dispatch"), settled(5)) == End(at(5), ("settled",))
    assert end(placed(3, "dispatch")) is None
    assert end(placed(3, "dispatch"), concluded(5)) == End(at(5), ("stopped",))


@pytest.mark.parametrize(
    ("track", "ends", "gives_back"),
    [
        ("mediation", MediationSettled(points=1), MediationFailed(recommended="mediation")),
        ("referral", ReferralCompleted(agency="pln", outcome="resolved"), ReferralDeclined(reason="x")),
        ("internal_affairs", ConductCaseConcluded(outcome="proven"), ConductCaseReturned()),
    ],
)
def test_what_is_given_back_is_open_again(track: Track, ends: Any, gives_back: Any) -> None:
    assert end(placed(3, track), event(ends, 5)) is not None
    assert end(placed(3, track), event(ends, 5), event(gives_back, 6)) is None
    assert end(placed(3, track), event(gives_back, 6), event(ends, 7)) is not None


def test_what_is_opened_again_needs_a_new_end() -> None:
    reopened = placed(6, "investigation", reason="reopened")
    assert end(placed(3, "investigation"), concluded(5), reopened) is None
    assert end(placed(3, "investigation"), concluded(5), reopened, concluded(8)) == End(at(8), ("stopped",))


def test_a_rejection_ends_it_unless_its_reporter_appeals_and_then_the_final_one_does() -> None:
    assert end(rejected(3)) == End(at(3), ("rejected",))
    assert end(rejected(3), appealed=True) is None
    assert end(rejected(3), rejected(6, final=True), appealed=True) == End(at(6), ("rejected",))
    assert end(rejected(3), placed(7, "mediation"), appealed=True) is None
    assert end(rejected(3), placed(7, "mediation"), settled(9), appealed=True) == End(at(9), ("settled",))


def test_a_linked_report_ends_here_and_is_led_on_in_the_earlier_complaint() -> None:
    assert end(linked(3)) == End(at(3), ("linked",), EARLIER)


def test_taking_a_report_back_ends_what_is_not_investigated() -> None:
    assert end(withdrawn=True) == End(NOW, ("withdrawn",))
    assert end(placed(3, "mediation"), withdrawn=True) == End(NOW, ("withdrawn",))


@pytest.mark.parametrize("track", ["investigation", "dispatch", "internal_affairs"])
def test_a_crime_or_conduct_is_looked_into_although_the_report_is_taken_back(track: Track) -> None:
    assert end(placed(3, track), withdrawn=True) is None
    last = concluded(5) if track != "internal_affairs" else event(ConductCaseConcluded(outcome="proven"), 5)
    found = end(placed(3, track), last, withdrawn=True)
    assert found is not None
    assert "withdrawn" in found.outcomes


def test_the_newest_classification_says_how_urgent_it_is_and_where_it_happened() -> None:
    found, report = Course(), complaint().report
    told: list[tuple[int, Urgency, str]] = [(5, "P1", "99.01.02.1001"), (3, "P4", "99.01.01.1001")]
    for sequence, urgency, village in told:
        said = Classification(
            category="theft", urgency=urgency, tracks=("mediation",), mediation="never", units=(), confidence=1
        )
        placed_there = report.model_copy(update={"village": village})
        found = course.placed(found, event(ComplaintClassified(report=placed_there, classification=said), sequence))
    assert (found.urgency, found.village) == ("P1", "99.01.02.1001")
    assert complaint(course=found).village == "99.01.02.1001"
    assert complaint().village == report.village


def _both(sequence: int) -> Envelope[Any]:
    return placed(sequence, "mediation", "investigation")


def _again(sequence: int) -> Envelope[Any]:
    return placed(sequence, "mediation", reason="reopened")


MESSAGES = st.lists(
    st.builds(
        lambda make, sequence: (make, sequence),
        st.sampled_from([rejected, linked, concluded, settled, _both, _again]),
        st.integers(1, 20),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda pair: pair[1],
).map(lambda pairs: [make(sequence) for make, sequence in pairs])


@given(deliveries(MESSAGES))
def test_the_order_of_arrival_and_repeats_do_not_matter(history: tuple[Sequence[Any], Sequence[Any]]) -> None:
    told, delivered = history
    assert heard(*delivered) == heard(*told)
