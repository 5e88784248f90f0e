"""A report that was rejected and, on appeal, verified after all."""

from itertools import permutations

import pytest

from services.classification import domain
from services.classification.case import Matter, Proposal, Status
from shared.contracts.classification import ComplaintReclassified
from shared.contracts.envelope import Envelope
from shared.contracts.verification import ComplaintRejected, ComplaintVerified
from tests.services.classification.samples import (
    LATER,
    NOW,
    classification,
    event,
    in_status,
    only,
    report,
    ruling,
    taken,
)

SURE, UNSURE = Proposal(classification()), Proposal(classification(), ("low_confidence",))
UPHELD = event(ComplaintVerified(report=report(), officer="verifier-2", on_appeal=True), sequence=5)
REJECTED = event(ComplaintRejected(reason="implausible", appeal_until=NOW, officer="verifier-1"), sequence=3)


def test_a_report_that_nobody_acted_on_before_is_classified_as_any_other() -> None:
    case = taken(domain.classify(None, UPHELD, NOW, SURE))
    assert (case.status, case.in_force) == ("classified", classification())


def test_a_late_rejection_does_not_end_what_an_appeal_has_upheld() -> None:
    case = taken(domain.classify(None, UPHELD, NOW, UNSURE))
    assert domain.end(case, REJECTED, LATER).case is case
    assert case.status == "waiting"


@pytest.mark.parametrize("status", ["checking", "classified", "ended", "returned"])
def test_a_report_that_others_acted_on_goes_to_an_officer_as_one_that_is_opened_again(status: Status) -> None:
    decision = domain.classify(in_status(status), UPHELD, LATER, SURE)
    case = taken(decision)
    assert (case.status, case.returned, case.provisional, decision.events) == ("returned", "reopened", False, ())
    told = only(domain.rule(case, ruling(), LATER), ComplaintReclassified)
    assert told.reason == "reopened"


def test_the_same_word_twice_opens_it_once() -> None:
    once = taken(domain.classify(in_status("ended"), UPHELD, LATER, SURE))
    ruled = taken(domain.rule(once, ruling(), LATER))
    assert domain.classify(ruled, UPHELD, LATER, SURE).case is ruled


@pytest.mark.parametrize("proposal", [SURE, UNSURE])
def test_whatever_the_order_of_arrival_the_report_is_alive_in_the_end(proposal: Proposal) -> None:
    first = event(ComplaintVerified(report=report(in_progress=True), provisional=True), sequence=2)
    for order in permutations([first, REJECTED, UPHELD]):
        case: Matter | None = None
        for message in order:
            case = _arrive(case, message, proposal)
        assert case is not None
        assert case.status != "ended"
        assert not case.provisional


def _arrive(
    case: Matter | None, message: Envelope[ComplaintVerified] | Envelope[ComplaintRejected], proposal: Proposal
) -> Matter | None:
    if isinstance(message.data, ComplaintRejected):
        return domain.end(case, message, NOW).case
    return domain.classify(case, message, NOW, proposal).case
