"""Reports, proposals and rulings for tests. The people and the places are invented."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from uuid6 import uuid7

from services.classification.case import Matter, Proposal, Status
from services.classification.domain import Ruling, classify, end, reopen
from shared.contracts.classification import Classification
from shared.contracts.complaint import Report, Sealed
from shared.contracts.envelope import Command, Decision, Envelope, Event, Lane, Person
from shared.contracts.evaluation import ComplaintReopenRequested
from shared.contracts.internal_affairs import ConductCaseReturned
from shared.contracts.mediation import MediationFailed
from shared.contracts.referral import ReferralDeclined
from shared.contracts.verification import ComplaintRejected, ComplaintVerified
from shared.sealing import Vault

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
POLRES = "polres-sukamaju"
OFFICER = Person("officer-1", frozenset({"classifier"}), frozenset({POLRES}))
PPA_OFFICER = Person("officer-ppa", frozenset({"classifier", "ppa_approver"}), frozenset({POLRES, "PPA"}))

# What the lexicon cannot mistake, so that the tests do not hang on its weights. The last is no language at all.
NOISE = "Tetangga menyetel musik keras sampai larut malam, sangat berisik dan mengganggu warga."
KILLING = "Paman saya dibunuh tetangganya sendiri karena rebutan air sawah."
FLOOD = "Banjir bandang dan tanah longsor menimpa desa kami, banyak rumah hanyut dan warga terjebak."
BRIBE = "Polisi lalu lintas minta uang damai saat menilang saya di simpang pasar."
GIBBERISH = "qwrt zxcv bnmp wqty plkj"


def report(**changes: Any) -> Report:
    """A report from the counter."""
    content = {
        "register_number": f"LP/B/{uuid4().hex[:6]}/XI/2026/SPKT/POLRES SUKAMAJU",
        "channel": "counter",
        "identity_level": "seen_in_person",
        "received_at": NOW,
    }
    return Report.model_validate(content | changes)


def sealed_report(vault: Vault, complaint: str, text: str, **changes: Any) -> Report:
    """A report that tells this."""
    return report(sealed=Sealed(narrative=vault.seal("narrative", complaint, {"text": text})), **changes)


def classification(category: str = "noise", **changes: Any) -> Classification:
    """A classification, by default of a matter that may be mediated."""
    content = {
        "category": category,
        "urgency": "P3",
        "tracks": ("mediation",),
        "mediation": "allowed",
        "units": ("Bhabinkamtibmas",),
        "partners": ("Satpol PP",),
        "confidence": 0.9,
    }
    return Classification.model_validate(content | changes)


def event(data: Event, sequence: int = 2, lane: Lane = "normal") -> Envelope[Any]:
    return Envelope[Any](
        id=str(uuid4()),
        type=data.wire,
        source="test",
        subject=str(uuid7()),
        time=NOW,
        sequence=sequence,
        polres=POLRES,
        lane=lane,
        data=data,
    )


def verified(told: Report | None = None, *, provisional: bool = False) -> Envelope[ComplaintVerified]:
    return event(ComplaintVerified(report=told or report(), provisional=provisional))


def ruling(
    chosen: Classification | None = None, *, officer: Person | None = OFFICER, note: str | None = None
) -> Command[Ruling]:
    return Command(f"http:{uuid4()}", str(uuid7()), POLRES, Ruling(chosen, note), officer)


def matter(proposed: Classification | None = None, *cautions: str, **told: Any) -> Matter:
    """A complaint that was taken in with this proposal."""
    proposal = Proposal(proposed or classification(), cautions, "sealed-grounds")
    case = classify(None, verified(report(**told)), NOW, proposal).case
    assert case is not None
    return case


LATER = NOW + timedelta(hours=1)
FAILED = event(MediationFailed(recommended="investigation"))
DECLINED = event(ReferralDeclined(reason="not_ours"))
NOT_MISCONDUCT = event(ConductCaseReturned())
REOPENED = event(ComplaintReopenRequested())
REJECTED = event(ComplaintRejected(reason="implausible", appeal_until=NOW, officer="verifier-1"))


def in_status(status: Status) -> Matter:
    """A complaint on mediation and referral in this status, reached by messages alone."""
    proposed = classification(tracks=("mediation", "referral"))
    match status:
        case "waiting":
            case = matter(proposed, "low_confidence")
        case "checking":
            case = matter(proposed, "low_confidence", in_progress=True)
        case "classified":
            case = matter(proposed)
        case "returned":
            case = taken(reopen(matter(proposed), REOPENED, NOW))
        case "ended":
            case = taken(end(matter(proposed, "low_confidence", in_progress=True), REJECTED, NOW))
    assert case.status == status
    return case


def taken(decision: Decision[Matter]) -> Matter:
    assert decision.case is not None
    return decision.case


def only(decision: Decision[Matter], kind: type[Event]) -> Any:
    (said,) = decision.events
    assert type(said) is kind
    return said
