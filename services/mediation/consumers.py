"""Which decision each event leads to, and what happens by itself as time goes by."""

from collections.abc import Sequence

from services.mediation import facts
from services.mediation.finder import Finder
from services.mediation.procedure import Procedure
from services.mediation.settle import hearing
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from shared.handlers import On
from shared.room import Room
from shared.told import earlier


def handlers(procedure: Procedure, room: Room) -> Sequence[On]:
    """The events that mediation hears."""
    finder = Finder(room, procedure)
    about_subject: list[tuple[type, facts.Learn]] = [
        (ComplaintClassified, facts.classified),
        (ComplaintReclassified, facts.reclassified),
        (ComplaintLinked, facts.joined),
        (ComplaintSupplemented, facts.supplemented),
        (ComplaintWithdrawn, facts.withdrawn),
        (ComplaintRejected, facts.rejected),
        (ConductConflictFound, facts.named),
    ]
    heard = [On(event, hearing(procedure, learn), finder.whom(learn)) for event, learn in about_subject]
    link = On(ComplaintLinked, hearing(procedure, facts.linked), finder.whom(facts.linked, earlier), earlier)
    return [*heard, link]
