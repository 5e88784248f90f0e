"""Every event leads to the same decision: its fact joins the record of its subject."""

from collections.abc import Sequence
from datetime import tzinfo

from services.evaluation.domain import noting
from shared.contracts.catalogue import EVENTS
from shared.contracts.evaluation import HEARS
from shared.handlers import On


def handlers(zone: tzinfo) -> Sequence[On]:
    note = noting(zone)
    return [On(EVENTS[wire], note) for wire in HEARS]
