"""Which decision each event leads to."""

from collections.abc import Sequence

from services.classification import domain
from services.classification.judgement import Judgement, proposals
from shared.contracts.evaluation import ComplaintReopenRequested
from shared.contracts.internal_affairs import ConductCaseReturned
from shared.contracts.mediation import MediationFailed
from shared.contracts.referral import ReferralDeclined
from shared.contracts.verification import ComplaintLinked, ComplaintRejected, ComplaintVerified
from shared.handlers import On
from shared.room import Room


def handlers(room: Room, judgement: Judgement) -> Sequence[On]:
    return (
        On(ComplaintVerified, domain.classify, gather=proposals(judgement, room.vault)),
        On(ComplaintRejected, domain.end),
        On(ComplaintLinked, domain.end),
        On(MediationFailed, domain.take_back_from_mediation),
        On(ReferralDeclined, domain.take_back_from_referral),
        On(ConductCaseReturned, domain.take_back_from_internal_affairs),
        On(ComplaintReopenRequested, domain.reopen),
    )
