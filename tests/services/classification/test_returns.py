"""What a track gives back and what a reporter asks to open again."""

from typing import Any

import pytest

from services.classification import domain
from services.classification.case import Matter
from shared.contracts.classification import ComplaintReclassified
from shared.contracts.complaint import Track
from tests.services.classification.samples import (
    DECLINED,
    FAILED,
    LATER,
    NOT_MISCONDUCT,
    NOW,
    REOPENED,
    classification,
    in_status,
    matter,
    only,
    ruling,
    taken,
)


@pytest.mark.parametrize(
    ("decide", "message", "tracks", "reason", "proposed"),
    [
        (domain.take_back_from_mediation, FAILED, ("mediation",), "mediation_failed", ("investigation",)),
        (domain.take_back_from_mediation, FAILED, ("guidance", "dispatch"), "mediation_failed", ("investigation",)),
        (domain.take_back_from_referral, DECLINED, ("referral",), "referral_declined", ("referral",)),
        (domain.reopen, REOPENED, ("investigation",), "reopened", ("investigation",)),
    ],
)
def test_what_comes_back_stays_in_force_until_an_officer_decides_and_then_is_told_with_its_reason(
    decide: Any, message: Any, tracks: tuple[Track, ...], reason: str, proposed: tuple[Track, ...]
) -> None:
    before = matter(classification(tracks=tracks))
    decision = decide(before, message, LATER)
    case = taken(decision)
    assert decision.events == ()
    assert (case.status, case.returned, case.in_force, case.since) == ("returned", reason, before.in_force, LATER)
    assert (case.proposal.classification.tracks, case.proposal.cautions) == (proposed, (reason,))
    assert case.proposal.grounds == before.proposal.grounds
    ruled = domain.rule(case, ruling(), LATER)
    said = only(ruled, ComplaintReclassified)
    assert (said.reason, said.previous, said.classification.tracks) == (reason, before.in_force, proposed)
    after = taken(ruled)
    assert (after.status, after.returned, after.history[-1].reason) == ("classified", None, reason)


def test_what_comes_back_is_told_even_if_the_officer_leaves_it_as_it_was() -> None:
    case = taken(domain.reopen(in_status("classified"), REOPENED, LATER))
    said = only(domain.rule(case, ruling(), LATER), ComplaintReclassified)
    assert said.classification.model_copy(update={"officer": None}) == said.previous


def misconduct() -> Matter:
    return matter(classification("police_misconduct", mediation="never", tracks=("internal_affairs",)))


def test_what_is_no_misconduct_waits_for_an_officer_who_gives_it_its_true_category() -> None:
    case = taken(domain.take_back_from_internal_affairs(misconduct(), NOT_MISCONDUCT, LATER))
    assert (case.status, case.returned, case.proposal.cautions) == ("returned", "not_misconduct", ("not_misconduct",))
    ruled = domain.rule(case, ruling(classification("noise")), LATER)
    said = only(ruled, ComplaintReclassified)
    assert (said.reason, said.previous.tracks, said.classification.tracks) == (
        "not_misconduct",
        ("internal_affairs",),
        ("mediation",),
    )
    assert taken(ruled).history[-1].reason == "not_misconduct"


def test_an_officer_may_insist_that_it_is_misconduct_and_internal_affairs_hears_it() -> None:
    case = taken(domain.take_back_from_internal_affairs(misconduct(), NOT_MISCONDUCT, LATER))
    said = only(domain.rule(case, ruling(), LATER), ComplaintReclassified)
    assert (said.reason, said.classification.tracks) == ("not_misconduct", ("internal_affairs",))


def test_no_agency_gives_back_what_is_with_internal_affairs() -> None:
    case = misconduct()
    assert domain.take_back_from_referral(case, DECLINED, LATER).case is case


@pytest.mark.parametrize(
    ("decide", "message"),
    [
        (domain.take_back_from_mediation, FAILED),
        (domain.take_back_from_referral, DECLINED),
        (domain.take_back_from_internal_affairs, NOT_MISCONDUCT),
    ],
)
def test_a_track_that_the_complaint_has_left_speaks_too_late(decide: Any, message: Any) -> None:
    case = matter(classification("theft", mediation="never", tracks=("investigation",)))
    decision = decide(case, message, LATER)
    assert decision.case is case
    assert decision.events == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((domain.take_back_from_mediation, FAILED), (domain.reopen, REOPENED)),
        ((domain.take_back_from_referral, DECLINED), (domain.reopen, REOPENED)),
        ((domain.take_back_from_mediation, FAILED), (domain.take_back_from_referral, DECLINED)),
    ],
)
def test_what_comes_back_twice_ends_alike_in_any_order(first: Any, second: Any) -> None:
    start, ends = in_status("classified"), []
    for steps in ((first, second), (second, first), (first, second, first, second)):
        case = start
        for decide, message in steps:
            case = taken(decide(case, message, LATER))
        ends.append(case)
    assert ends[0] == ends[1] == ends[2]
    assert ends[0].proposal.cautions != start.proposal.cautions


def test_that_a_complaint_is_reopened_outranks_every_other_reason_and_keeps_the_recommendation() -> None:
    case = taken(domain.take_back_from_mediation(in_status("classified"), FAILED, NOW))
    case = taken(domain.reopen(case, REOPENED, LATER))
    assert (case.returned, case.since) == ("reopened", NOW)
    assert case.proposal.cautions == ("reopened", "mediation_failed")
    said = only(domain.rule(case, ruling(), LATER), ComplaintReclassified)
    assert (said.reason, said.classification.tracks) == ("reopened", ("investigation",))


def test_asking_twice_to_reopen_changes_nothing() -> None:
    case = in_status("returned")
    assert domain.reopen(case, REOPENED, LATER).case is case
