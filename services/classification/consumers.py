"""Which decision each event leads to."""

from collections.abc import Sequence

from services.classification import conflicts, domain
from services.classification.judgement import Judgement, proposals
from shared.contracts.evaluation import ComplaintReopenRequested
from shared.contracts.internal_affairs import ConductCaseReturned, ConductConflictFound
from shared.contracts.mediation import MediationFailed
from shared.contracts.referral import ReferralDeclined
from shared.contracts.verification import ComplaintLinked, ComplaintRejected, ComplaintVerified
from shared.handlers import On
from shared.room import Room
from shared.told import earlier


def handlers(room: Room, judgement: Judgement) -> Sequence[On]:
    return (
        On(ComplaintVerified, conflicts.led_on(domain.classify), gather=proposals(judgement, room.vault)),
        On(ComplaintRejected, domain.end),
        On(ComplaintLinked, conflicts.joined),
        On(ComplaintLinked, conflicts.led_on(conflicts.named), case_id=earlier),
        On(ConductConflictFound, conflicts.led_on(conflicts.named)),
        On(MediationFailed, conflicts.led_on(domain.take_back_from_mediation)),
        On(ReferralDeclined, conflicts.led_on(domain.take_back_from_referral)),
        On(ConductCaseReturned, conflicts.led_on(domain.take_back_from_internal_affairs)),
        On(ComplaintReopenRequested, conflicts.led_on(domain.reopen)),
    )
