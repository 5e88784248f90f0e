"""What of a complaint's way through the tracks is told: each thing once, in whatever order it comes in."""

from itertools import permutations
from typing import Any, get_args

import pytest

from services.notification import news, timeline
from services.notification.domain import Correspondence
from services.notification.statuses import ENDS, LEADS_TO, Status
from shared.contracts.envelope import Envelope
from tests.services.notification.samples import (
    EARLIER,
    FOLLOWER,
    ME,
    accepted,
    appealed,
    asked,
    assigned,
    classified,
    completed,
    concluded,
    conduct_concluded,
    conduct_letter,
    conduct_returned,
    declined,
    dispatched,
    failed,
    feedback,
    guided,
    mediator,
    offered,
    reclassified,
    registered,
    rejected,
    reopen_requested,
    said,
    session,
    settled,
    submitted,
    supplemented,
    templates,
    told,
    updated,
    verified,
    withdrawn,
)
from tests.services.notification.test_domain import sent

MEDIATION, REFERRAL = classified("P3", "mediation"), classified("P3", "referral")


def step_by_step(events: list[Any], audience: Any = (ME,)) -> Correspondence:
    """The case after the events, when each message went out before the next event."""
    case = None
    for minute, event in enumerate([submitted(), *events]):
        case = sent(told(said(event, minute), case=case, audience=audience))
    assert case is not None
    return case


@pytest.mark.parametrize(
    ("events", "expected", "status"),
    [
        (
            [MEDIATION, mediator(), session(), session(moved_from=session().at), settled(), feedback()],
            ["assigned", "appointment", "appointment", "concluded"],
            "settled",
        ),
        (
            [
                MEDIATION,
                mediator(),
                failed(),
                reclassified("P3", "investigation", reason="mediation_failed"),
                assigned(),
            ],
            ["assigned", "moved", "assigned"],
            "in_progress",
        ),
        ([MEDIATION, mediator(), mediator(previous="bhabin-0")], ["assigned"], "in_progress"),
        ([MEDIATION, settled(), failed()], ["concluded"], "returned"),
        ([classified("P3", "guidance"), mediator(kind="guidance"), guided()], ["assigned", "concluded"], "guided"),
        (
            [REFERRAL, offered(), offered(2), accepted(), updated(), completed()],
            ["taken_over", "letter", "concluded"],
            "completed",
        ),
        (
            [REFERRAL, offered(), declined(), reclassified("P3", "investigation", reason="referral_declined")],
            ["moved"],
            "moved",
        ),
        (
            [classified("P3", "internal_affairs"), registered(), conduct_letter(), conduct_concluded()],
            ["taken_over", "letter", "concluded"],
            "concluded",
        ),
        (
            [classified("P3", "internal_affairs"), registered(), conduct_returned(), reclassified()],
            ["taken_over", "moved"],
            "moved",
        ),
        # Nobody had it yet: a guess that is corrected is no news.
        ([MEDIATION, reclassified("P3", "investigation")], [], "moved"),
        # The same tracks with another urgency.
        ([classified(), assigned(), reclassified("P2")], ["assigned"], "in_progress"),
        # On two tracks, the end of one is news and the end of the other is the end.
        (
            [classified("P3", "investigation", "referral"), accepted(), assigned(), completed(), concluded()],
            ["taken_over", "assigned", "letter", "concluded"],
            "concluded",
        ),
        # Said by a track that had lost the complaint by then.
        (
            [MEDIATION, mediator(), reclassified(), assigned(), settled()],
            ["assigned", "moved", "assigned"],
            "in_progress",
        ),
        ([rejected(), appealed(), verified(), classified()], ["rejected", "requested", "upheld"], "classified"),
        (
            [rejected(), appealed(), rejected(final=True)],
            ["rejected", "requested", "rejected_finally"],
            "rejected",
        ),
        ([asked(), supplemented(), verified()], ["clarification", "verified"], "verified"),
        (
            [classified(), assigned(), concluded(), feedback(), reopen_requested(), reclassified(reason="reopened")],
            ["assigned", "concluded", "requested", "reopened"],
            "reopened",
        ),
        ([MEDIATION, mediator(), withdrawn(), settled()], ["assigned"], "withdrawn"),
    ],
)
def test_each_story_is_told_by_its_news(events: list[Any], expected: list[str], status: Status) -> None:
    case = step_by_step(events)
    assert templates(case) == ["received", *expected]
    assert timeline.status(case.timeline) == status


def test_followers_hear_how_the_incident_goes_on_but_are_not_invited() -> None:
    events = [
        MEDIATION,
        mediator(),
        session(),
        failed(),
        reclassified("P3", "referral"),
        offered(),
        accepted(),
        completed(),
    ]
    case = step_by_step(events, (ME, FOLLOWER))
    assert templates(case, EARLIER) == ["assigned", "moved", "taken_over", "concluded"]


def test_a_rejection_that_falls_is_told_to_followers_too() -> None:
    case = step_by_step([rejected(), appealed(), verified()], (ME, FOLLOWER))
    assert templates(case, EARLIER) == ["rejected", "upheld"]


def numbered(*events: Any) -> list[Envelope[Any]]:
    return [said(event, minute) for minute, event in enumerate(events)]


def test_a_move_is_told_at_most_once_in_whatever_order_it_becomes_known() -> None:
    first, classification, *rest = numbered(
        submitted(), MEDIATION, mediator(), failed(), reclassified("P3", "investigation"), assigned()
    )
    straight = told(first, classification, *rest)
    assert templates(straight).count("moved") == 1
    for order in permutations([classification, *rest]):
        case = None
        for event in (first, *order):
            case = sent(told(event, case=case))
        assert case is not None
        assert case.timeline == straight.timeline
        assert templates(case).count("moved") <= 1
        assert templates(case).count("assigned") <= 2


def test_an_appointment_that_fell_through_is_not_told_late() -> None:
    first, classification, meeting, failure = numbered(submitted(), MEDIATION, session(), failed())
    assert templates(told(first, classification, failure, meeting)) == ["received"]


def test_a_patrol_on_its_way_is_told_once_on_several_tracks() -> None:
    case = step_by_step([classified("P1", "dispatch", "referral"), dispatched(), dispatched(2), accepted()])
    assert templates(case) == ["received", "patrol_dispatched", "taken_over"]


def test_every_template_is_used_and_every_entry_has_one_or_is_silent() -> None:
    keys = set(LEADS_TO)
    silent = {"supplemented", "withdrawn", "forwarded", "classified", "patrol_arrived", "reassigned", "milestone"}
    silent |= {"mediator_changed", "mediation_failed", "referral_offered", "referral_declined", "conduct_returned"}
    silent |= {"feedback"}
    decided = {"verified", "reclassified", *ENDS}
    assert keys == set(news._TEMPLATES) | silent | decided
    assert set(news.TELLS) == {*news._TEMPLATES.values(), "verified", "upheld", "moved", "concluded"}
    assert set(get_args(Status)) >= set(LEADS_TO.values()) - {None}
