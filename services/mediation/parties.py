"""The parties: who is invited, and whether they consent. Nobody is mediated against their will."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.mediation import access
from services.mediation.case import Case, Consent, Party, Round, Side
from services.mediation.known import Known
from services.mediation.moves import advanced
from services.mediation.procedure import Procedure
from services.mediation.settle import settle
from shared.contracts.envelope import Command, Decision
from shared.contracts.refusals import Absent, Conflict

Answer = Literal["agreed", "refused"]
MOST = 50

# Who refused may be won over, and who agreed may step back, until there is something to sign.
ANSWERS: Mapping[tuple[Consent, Answer], Consent] = {
    ("invited", "agreed"): "agreed",
    ("invited", "refused"): "refused",
    ("refused", "agreed"): "agreed",
    ("agreed", "refused"): "refused",
}


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody is asked to take part. `identity` is sealed as settlement."""

    id: str
    side: Side
    identity: str


@dataclass(frozen=True, slots=True)
class Answered:
    party: str
    answer: Answer


def invite(
    procedure: Procedure, case: Case | None, command: Command[Invitation], now: datetime, known: Known
) -> Decision[Case]:
    """A party is invited."""
    before, round_, _ = access.led(case, command, known)
    if len(round_.parties) >= MOST:
        raise Conflict("too_many_parties", f"A matter has at most {MOST} parties.")
    invitation = command.data
    party = Party(invitation.id, invitation.side, "invited", now, invitation.identity)
    after = replace(advanced(round_, "invite", now), parties=(*round_.parties, party))
    return settle(procedure, before, replace(before, round=after), now)


def answer(
    procedure: Procedure, case: Case | None, command: Command[Answered], now: datetime, known: Known
) -> Decision[Case]:
    """A party agrees to take part, or refuses."""
    before, round_, _ = access.led(case, command, known)
    said = command.data
    party = named(round_, said.party)
    consent = ANSWERS.get((party.consent, said.answer))
    if consent is None:
        raise Conflict("answered_already", f"The party has {said.answer} already.")
    answered = replace(party, consent=consent, answered_at=now)
    parties = tuple(answered if one.id == party.id else one for one in round_.parties)
    after = replace(advanced(round_, "answer", now), parties=parties)
    return settle(procedure, before, replace(before, round=after), now)


def named(round_: Round, party: str) -> Party:
    """Raises Absent."""
    found = next((one for one in round_.parties if one.id == party), None)
    if found is None:
        raise Absent("no_such_party", "There is no such party.")
    return found


def check_both_sides(round_: Round) -> None:
    """Raises Conflict unless somebody of either side has agreed to take part."""
    sides: set[Side] = {party.side for party in round_.agreed}
    lacking = sorted({"complainant", "respondent"} - sides)
    if lacking:
        raise Conflict("consent_missing", f"Nobody has agreed to take part as {' or as '.join(lacking)}.")
