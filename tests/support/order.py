"""What a broker may make of a history of events: any order, and any of them more than once."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from hypothesis import strategies as st


@st.composite
def deliveries(draw: Any, histories: st.SearchStrategy[list[Any]]) -> tuple[list[Any], list[Any]]:
    """A history, and the same as it may arrive: in any order, some of it up to three times more."""
    history, random = draw(histories), draw(st.randoms(use_true_random=False))
    delivered = [*history, *(random.choice(history) for _ in range(draw(st.integers(0, 3))))]
    random.shuffle(delivered)
    return history, delivered


def changes_nothing_when_heard_again(hear: Callable[[Any, Any], Any], history: Sequence[Any], random: Random) -> None:
    """Raises AssertionError where a case that has heard a history makes anything of hearing it all again."""
    case = None
    for message in history:
        case = hear(case, message).case
    ours = case is not None and case.taken_at is not None
    for message in random.sample(history, len(history)):
        again = hear(case, message)
        assert again.events == ()
        assert again.case is case or not ours
        case = again.case
