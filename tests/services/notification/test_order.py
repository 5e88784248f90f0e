"""However a case's events are shuffled and repeated, its timeline ends alike."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification import timeline
from services.notification.domain import Correspondence, hear
from shared.contracts.envelope import Envelope
from shared.contracts.refusals import TooEarly
from tests.services.notification import samples
from tests.services.notification.every_event import ONE_OF_EACH
from tests.services.notification.samples import NOON, said

EVENTS = st.lists(st.sampled_from(ONE_OF_EACH), min_size=1, max_size=12)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Envelope[Any]], list[Envelope[Any]]]:
    """Events of all services in their order, and the same shuffled with repeats."""
    first = said(samples.submitted(), 0)
    rest = [said(event, draw(st.integers(0, 5))) for event in draw(EVENTS)]
    repeats = draw(st.lists(st.sampled_from([first, *rest]), max_size=8))
    return [first, *rest], draw(st.permutations([first, *rest, *repeats]))


def heard(events: list[Envelope[Any]]) -> Correspondence:
    """The case after the events; what comes too early comes again later, as the broker has it."""
    case: Correspondence | None = None
    while events:
        too_early = []
        for event in events:
            try:
                case = hear(samples.POLICY, case, event, NOON, (samples.ME,)).case
            except TooEarly:
                too_early.append(event)
        events = too_early
    assert case is not None
    return case


@settings(max_examples=300, deadline=None)
@given(stories())
def test_any_order_and_any_repeat_lead_to_the_same_timeline(
    story: tuple[list[Envelope[Any]], list[Envelope[Any]]],
) -> None:
    straight, shuffled = (heard(events) for events in story)
    assert straight.timeline == shuffled.timeline
    assert timeline.status(straight.timeline) == timeline.status(shuffled.timeline)
    assert timeline.due_next(straight.timeline) == timeline.due_next(shuffled.timeline)
    assert straight.linked_to == shuffled.linked_to
    assert straight.urgency == shuffled.urgency
    for case in (straight, shuffled):
        ids = [message.id for message in case.messages]
        assert len(ids) == len(set(ids))
    again = samples.told(*story[1], *story[0], case=shuffled)
    assert again == shuffled
