"""Every event leads to the same decision: its fact joins the record of its subject.

A report that is linked to an earlier one also tells that one's record whom the matter is about.
"""

from collections.abc import Sequence
from datetime import tzinfo

from services.evaluation.domain import noting, noting_names
from shared.contracts.catalogue import EVENTS
from shared.contracts.evaluation import HEARS
from shared.contracts.verification import ComplaintLinked
from shared.handlers import On
from shared.told import earlier


def handlers(zone: tzinfo) -> Sequence[On]:
    note = noting(zone)
    return [*(On(EVENTS[wire], note) for wire in HEARS), On(ComplaintLinked, noting_names(zone), case_id=earlier)]
