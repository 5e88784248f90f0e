"""A panel has words for everything that a case can come to; a code without any would cost its reader all of it."""

from typing import get_args

from services.investigation.case import Status
from services.investigation.wordings import HAPPENINGS, STATUSES


def test_each_status_has_words_for_what_it_is_and_for_coming_into_it() -> None:
    statuses = set(get_args(Status))
    assert statuses == STATUSES.keys()
    assert statuses <= HAPPENINGS.keys(), "also of what is heard of a case before its classification"
