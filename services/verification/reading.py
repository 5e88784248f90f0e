"""Opening what a reporter told for an officer."""

from services.verification.case import Verification
from services.verification.opened import Opened, open_parts
from services.verification.views import NarrativeView, Reporter, Telling
from shared.contracts.complaint import Sealed
from shared.contracts.refusals import Unavailable
from shared.sealing import Unsealable, Vault


def opened(vault: Vault, complaint: str, case: Verification) -> NarrativeView:
    """The narrative and the identity; contacts stay sealed. Raises Unavailable where a key is missing."""
    told = [(case.report.received_at, case.report.sealed), *((added.at, added.sealed) for added in case.supplements)]
    if case.appeal:
        told = sorted((*told, (case.appeal.at, case.appeal.sealed)), key=lambda one: one[0])
    try:
        pieces = [(at, _open(vault, complaint, [sealed])) for at, sealed in told]
        identity = _open(vault, complaint, [sealed for _, sealed in told]).identity
    except Unsealable:
        raise Unavailable("unsealable", "What was told cannot be opened with the keys that are here.") from None
    return NarrativeView(
        told=tuple(
            Telling(at=at, **piece.narrative.model_dump(include=set(Telling.model_fields)))
            for at, piece in pieces
            if piece.narrative
        ),
        reporter=Reporter(**identity.model_dump(include=set(Reporter.model_fields))) if identity else None,
    )


def _open(vault: Vault, complaint: str, told: list[Sealed]) -> Opened:
    return open_parts(vault, complaint, [Sealed(narrative=s.narrative, identity=s.identity) for s in told])
