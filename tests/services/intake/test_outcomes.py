"""What the public list is told of a request, in any order."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake import domain, outcomes
from services.intake.case import Complaint, Handling, Listing
from shared.contracts.classification import Classification, ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import Report
from shared.contracts.envelope import Envelope, Event, Person
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.investigation import InvestigationAssigned, InvestigationConcluded
from shared.contracts.mediation import MediationSettled
from shared.contracts.refusals import TooEarly
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from tests.services.intake.test_domain import COMPLAINT, NOW, OFFICER, command, complaint

EARLIER = "019caf3e-5a10-7c3e-9b41-2f6d8e0a7711"
WITH = (("Pidum", 5), ("Tipidter", 6))
LISTING = Listing("noise", NOW, shown=False, village="99.01.02.2001")


def event(data: Event, sequence: int) -> Envelope[Any]:
    return Envelope[Any](
        id=str(uuid4()), type=data.wire, source="test", subject=COMPLAINT, time=NOW + timedelta(minutes=sequence),
        sequence=sequence, polres="polres-sukamaju", lane="normal", data=data,
    )  # fmt: skip


def classified(sequence: int, category: str, reason: str | None = None) -> Envelope[Any]:
    kind = Classification(
        category=category,
        urgency="P3",
        tracks=("mediation",),
        mediation="allowed",
        units=(f"Unit of {category}",),
        confidence=1,
    )
    report = complaint().report
    if reason is None:
        return event(ComplaintClassified(report=report, classification=kind), sequence)
    data = ComplaintReclassified(report=report, classification=kind, previous=kind, reason=reason)
    return event(data, sequence)


REJECTED = ComplaintRejected(reason="implausible", appeal_until=NOW + timedelta(days=14), officer="verifier-1")
HISTORIES = st.tuples(
    st.sampled_from(["noise", "domestic_violence"]).map(lambda category: classified(3, category)),
    st.sampled_from([event(InvestigationConcluded(outcome="not_a_crime"), 5), event(REJECTED, 5)]),
    st.sampled_from(["noise", "theft"]).map(lambda category: classified(7, category, "reopened")),
    st.sampled_from([event(MediationSettled(points=2), 9), classified(9, "noise", "officer_decision")]),
)


def after(case: Complaint | None, message: Envelope[Any]) -> Complaint | None:
    if isinstance(message.data, ComplaintRejected):
        return outcomes.rejected(case, message, NOW).case
    if isinstance(message.data, ComplaintClassified | ComplaintReclassified):
        return outcomes.classified(case, message, NOW).case
    if isinstance(message.data, InvestigationAssigned):
        return outcomes.assigned(case, message, NOW).case
    if isinstance(message.data, ComplaintLinked):
        return outcomes.linked(case, message, NOW).case
    return outcomes.ended(case, message, NOW).case


@given(st.permutations(range(6)))
def test_whose_work_a_complaint_is_does_not_depend_on_the_order_in_which_it_is_told(order: list[int]) -> None:
    linked = ComplaintLinked(linked_to=EARLIER, officer="verifier-1", report=complaint().report)
    history = [
        classified(3, "noise"),
        *(event(InvestigationAssigned(detective="d", unit=unit, letter_due=NOW), n) for unit, n in WITH),
        classified(7, "theft", "officer_decision"),
        event(linked, 9),
        event(linked, 9),
    ]
    case: Complaint | None = complaint()
    for place in order:
        case = after(case, history[place])
    assert case is not None
    assert case.handling == Handling(("Unit of theft",), 7, "Tipidter", 6, EARLIER)
    for unit, reads in (("Unit of theft", True), ("Tipidter", True), ("Pidum", False), ("Unit of noise", False)):
        assert case.handling.is_with(Person("d", units=frozenset({"polres-sukamaju", unit}))) == reads


@given(HISTORIES, st.data())
def test_any_order_and_repetition_of_what_others_say_leads_to_the_same_listing(history: Any, data: Any) -> None:
    expected: Complaint | None = complaint(listing=LISTING)
    case = expected
    for message in history:
        expected = after(expected, message)
    for message in data.draw(st.permutations([*history, *history[:2]])):
        case = after(case, message)
    assert case == expected


@pytest.mark.parametrize(
    ("filed", "found", "shown"),
    [("noise", "noise", True), ("noise", "assault", False), ("theft", "noise", False), ("noise", "gambling", False)],
)
def test_what_is_listed_is_harmless_by_filing_and_by_classification(filed: str, found: str, shown: bool) -> None:
    listing = Listing(filed, NOW, shown=False)
    case = outcomes.classified(complaint(listing=listing), classified(3, found), NOW).case
    assert case is not None
    assert case.listing is not None
    assert case.listing.shown == shown


def test_a_complaint_of_another_channel_is_not_listed_and_written_once_for_each_word() -> None:
    case: Complaint | None = complaint()
    for hear, told in (
        (outcomes.classified, classified(3, "noise")),
        (outcomes.ended, event(InvestigationConcluded(outcome="not_a_crime"), 5)),
    ):
        case = hear(case, told, NOW).case
        assert case
        assert case.listing is None
        assert hear(case, told, NOW).case is case
    assert outcomes.ended(None, event(InvestigationConcluded(outcome="not_a_crime"), 5), NOW).case is None


def test_a_request_that_is_taken_back_is_closed_for_good() -> None:
    case = domain.withdraw(complaint(listing=LISTING), command(None), NOW).case
    case = after(case, classified(7, "noise", "reopened"))
    assert case is not None
    assert case.listing is not None
    assert case.listing.status == "closed"


def test_whom_internal_affairs_or_a_later_report_names_may_not_know_of_it_and_it_leaves_the_public_list() -> None:
    shown = outcomes.classified(complaint(listing=LISTING), classified(3, "noise"), NOW).case
    assert shown is not None
    assert shown.listing is not None
    assert (shown.listing.shown, shown.visible_to(OFFICER)) == (True, True)
    named = event(ConductConflictFound(names=(OFFICER.id,)), 9)
    later = event(ComplaintLinked(linked_to=COMPLAINT, officer="v-1", report=_about(OFFICER.id)), 9)
    for message in (named, later):
        case = outcomes.named(shown, message, NOW).case
        assert case is not None
        assert case.listing is not None
        assert (case.visible_to(OFFICER), case.listing.shown) == (False, False)
        assert outcomes.named(case, message, NOW).case is case
        again = outcomes.classified(case, classified(11, "noise", "reopened"), NOW).case
        assert again is not None
        assert again.listing is not None
        assert not again.listing.shown
        with pytest.raises(TooEarly):
            outcomes.named(None, message, NOW)
    assert outcomes.linked(None, later, NOW).case is None
    joined = outcomes.linked(shown, later, NOW).case
    assert joined is not None
    assert joined.listing is not None
    assert (joined.visible_to(OFFICER), joined.listing.status) == (False, "closed")


def _about(*names: str) -> Report:
    return complaint().report.model_copy(update={"conflicts": names})
