"""Whom a complaint turns out to be about while it is classified, and what nobody in the office may look at."""

from typing import Any

import pytest
from uuid6 import uuid7

from services.classification import conflicts, domain
from services.classification.case import Proposal, Status
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.refusals import TooEarly
from shared.contracts.verification import ComplaintLinked
from tests.services.classification.samples import (
    FAILED,
    LATER,
    NOW,
    OFFICER,
    POLRES,
    REOPENED,
    classification,
    event,
    in_status,
    matter,
    only,
    report,
    ruling,
    taken,
    verified,
)

STATUSES: tuple[Status, ...] = ("waiting", "checking", "classified", "returned", "ended")


def found(*names: str) -> Any:
    return event(ConductConflictFound(names=names), 9)


def linked(*names: str) -> Any:
    return event(ComplaintLinked(linked_to=str(uuid7()), officer="v-1", report=report(conflicts=names)), 4)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("message", [found("officer-1"), linked("officer-1")])
def test_it_is_hidden_from_them_and_goes_on_with_their_names(status: Status, message: Any) -> None:
    decision = conflicts.led_on(conflicts.named)(in_status(status), message, LATER)
    case = taken(decision)
    assert (case.status, decision.events) == (status, ())
    assert not case.visible_to(OFFICER)
    assert conflicts.named(case, message, LATER).case is case


def test_the_names_stay_when_the_report_is_verified_for_good_and_are_told_with_every_decision() -> None:
    case = taken(domain.classify(None, verified(provisional=True), NOW, Proposal(classification())))
    case = taken(conflicts.named(case, found("somebody"), LATER))
    case = taken(domain.classify(case, verified(report(conflicts=("other",))), LATER, case.proposal))
    assert case.report.conflicts == ("somebody", "other")
    said = only(
        domain.rule(case, ruling(classification("theft", tracks=("investigation",))), LATER), ComplaintReclassified
    )
    assert said.report.conflicts == ("somebody", "other")


def test_what_comes_before_the_complaint_is_too_early_unless_it_names_nobody() -> None:
    with pytest.raises(TooEarly):
        conflicts.named(None, found("somebody"), LATER)
    assert conflicts.named(None, linked(), LATER).case is None


def test_a_report_that_goes_on_in_an_earlier_one_is_hidden_from_whom_that_is_about() -> None:
    case = taken(conflicts.joined(in_status("checking"), linked("officer-1"), LATER))
    assert (case.status, case.visible_to(OFFICER)) == ("ended", False)
    assert conflicts.joined(None, linked("officer-1"), LATER).case is None


@pytest.mark.parametrize("status", ["waiting", "checking", "returned"])
def test_what_turns_out_to_be_about_the_whole_office_goes_to_internal_affairs_by_itself(status: Status) -> None:
    before = in_status(status)
    decision = conflicts.led_on(conflicts.named)(before, found(POLRES), LATER)
    said = only(decision, ComplaintClassified if status == "waiting" else ComplaintReclassified)
    assert (said.classification.tracks, said.classification.category) == (("internal_affairs",), "police_misconduct")
    assert said.report.conflicts == (POLRES,)
    assert (taken(decision).status, taken(decision).in_force) == ("classified", said.classification)


@pytest.mark.parametrize(
    ("take_back", "message", "reason"),
    [(domain.reopen, REOPENED, "reopened"), (domain.take_back_from_mediation, FAILED, "mediation_failed")],
)
def test_what_comes_back_and_is_about_the_whole_office_waits_for_none_of_its_officers(
    take_back: Any, message: Any, reason: str
) -> None:
    case = matter(classification(), conflicts=(POLRES,))
    said = only(conflicts.led_on(take_back)(case, message, LATER), ComplaintReclassified)
    assert (said.reason, said.classification.tracks) == (reason, ("internal_affairs",))
