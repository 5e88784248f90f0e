"""What is open, what each complaint waits for, and what is late, from records alone."""

from datetime import timedelta
from typing import Any

import pytest

from services.evaluation.awaiting import awaits
from services.evaluation.standing import standing
from shared.contracts.envelope import Envelope
from shared.contracts.verification import ComplaintVerified
from tests.services.evaluation.samples import (
    START,
    TARGETS,
    ZONE,
    assigned,
    classified,
    concluded,
    entry,
    investigated,
    mediated,
    month,
    reclassified,
    recorded,
    report,
    said,
    submitted,
)

VERIFIED = ComplaintVerified(report=report())
WAY = [said(submitted(), 0), said(VERIFIED, 2, sequence=2), said(classified(), 3, sequence=3)]


@pytest.mark.parametrize(
    ("told", "stage", "hours"),
    [
        (WAY[:1], "verification", 24),
        (WAY[:2], "assignment", 24),  # counted from the receipt, and so due before the classification
        (WAY, "assignment", 24),
        ([*WAY, said(assigned(), 5, sequence=4)], "first_letter", 5 + 72),
        ([*investigated()[:6]], "settlement", 2880),
        (mediated()[:4], "settlement", 336),  # no letter is owed where neighbours are reconciled
    ],
)
def test_it_waits_for_what_is_due_first(told: list[Envelope[Any]], stage: str, hours: float) -> None:
    found = awaits(recorded(told), TARGETS)
    assert found is not None
    assert (found.stage, found.due) == (stage, START + timedelta(hours=hours))


def test_an_urgent_one_is_due_sooner() -> None:
    found = awaits(recorded([*WAY[:2], said(classified(urgency="P1"), 3, sequence=3)]), TARGETS)
    assert found is not None
    assert found.due == START + timedelta(hours=0.5)


def test_a_patrol_alone_is_given_to_nobody() -> None:
    record = recorded([*WAY[:2], said(classified(tracks=("dispatch",)), 3, sequence=3)])
    found = awaits(record, TARGETS)
    assert found is not None
    assert found.stage == "settlement"


def test_what_was_opened_again_is_owed_an_end_from_then_on() -> None:
    told = [*WAY, said(assigned(), 5, sequence=4), said(concluded(), 50, sequence=5)]
    record = recorded([*told, said(reclassified("reopened"), 60, sequence=6)])
    found = awaits(record, TARGETS)
    assert not record.closed
    assert found is not None
    assert (found.stage, found.due) == ("settlement", START + timedelta(hours=60 + 2880))


def test_the_office_stands_as_its_records_say() -> None:
    fresh = recorded(WAY[:1])
    ended = recorded(investigated())
    now = START + timedelta(hours=50, minutes=1)
    found = standing({"c0": entry(fresh)}, month(fresh, ended), TARGETS, now, ZONE)
    assert (found.open, [one.complaint for one in found.late]) == (1, ["c0"])
    assert (found.received_today, found.closed_today) == (0, 1)
    assert [(part.name, part.open, part.late, part.received, part.closed) for part in found.units] == [
        ("unknown", 1, 1, 1, 0),
        ("Pidum", 0, 0, 1, 1),
    ]
    assert [(part.name, part.open, part.received) for part in found.villages] == [("99.01.01.1001", 1, 2)]
    early = standing({"c0": entry(fresh)}, month(fresh, ended), TARGETS, START + timedelta(hours=1), ZONE)
    assert (early.late, early.received_today) == ([], 2)
