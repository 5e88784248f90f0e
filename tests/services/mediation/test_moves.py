"""Every move of a mediation and of a guidance, tried at every position."""

from typing import Any, get_args

import pytest

from services.mediation import agreement, failing, guidance, meetings, opening, parties
from services.mediation.case import Round
from services.mediation.moves import ENDS, FIRST, MOVES, Move, advanced
from services.mediation.sessions import Cancelled, Held, Minutes, Moved
from shared.contracts.refusals import Conflict, Refusal
from tests.services.mediation.cases import (
    APPOINTED,
    DRAFT,
    JOKO,
    SARI,
    act,
    at,
    guidance_at,
    mediation_at,
    party_id,
)

MEDIATION_POSITIONS = ["preparing", "scheduled", "met", "agreeing", "settled", "kept", "failed"]
GUIDANCE_POSITIONS = ["planning", "planned", "scheduled", "visited", "completed"]
TRIED: dict[str, tuple[Any, Any, bool]] = {
    "invite": (parties.invite, parties.Invitation(party_id("third"), "respondent", "sealed"), False),
    "answer": (parties.answer, parties.Answered(SARI, "refused"), False),
    "schedule": (meetings.schedule, APPOINTED.__class__(at(30), "Balai desa", "sealed"), True),
    "move": (meetings.move, Moved(1, APPOINTED.__class__(at(30), "Balai desa", "sealed")), True),
    "cancel": (meetings.cancel, Cancelled(1, "party_asked"), True),
    "hold": (meetings.hold, Held(1), True),
    "draft": (agreement.draft, DRAFT, False),
    "sign": (agreement.sign, SARI, False),
    "judge": (agreement.judge, agreement.Judgement(1, True), False),
    "plan": (guidance.plan, "sealed plan", False),
    "complete": (guidance.complete, guidance.Advice("sealed advice"), False),
    "fail": (failing.fail, failing.Failing("not_suitable", "investigation"), False),
}


@pytest.mark.parametrize("kind", ["mediation", "guidance"])
def test_the_table_leads_from_the_first_position_to_every_other_and_from_no_end_on(kind: str) -> None:
    moves = MOVES[kind]  # type: ignore[index]
    reached, frontier = set(), {FIRST[kind]}  # type: ignore[index]
    while frontier:
        reached |= frontier
        frontier = {to for (position, _), to in moves.items() if position in reached} - reached
    assert reached == {position for position, _ in moves} | set(moves.values())
    assert not ENDS & {position for position, _ in moves}


@pytest.mark.parametrize("kind", ["mediation", "guidance"])
def test_a_move_leads_where_the_table_says_and_no_other_is_taken(kind: Any) -> None:
    moves = MOVES[kind]
    for position in {position for position, _ in moves} | set(moves.values()):
        for move in get_args(Move):
            round_ = Round(kind, 0, position)
            if (position, move) in moves:
                after = advanced(round_, move, at(1))
                assert (after.position, after.acted_at) == (moves[position, move], at(1))
            else:
                with pytest.raises(Conflict, match="cannot"):
                    advanced(round_, move, at(1))


@pytest.mark.parametrize("move", TRIED)
@pytest.mark.parametrize("position", MEDIATION_POSITIONS)
def test_what_people_do_in_a_mediation_keeps_to_the_table(position: str, move: str) -> None:
    _tried("mediation", mediation_at(position), position, move)


@pytest.mark.parametrize("move", TRIED)
@pytest.mark.parametrize("position", GUIDANCE_POSITIONS)
def test_what_people_do_in_a_guidance_keeps_to_the_table(position: str, move: str) -> None:
    _tried("guidance", guidance_at(position), position, move)


def _tried(kind: Any, case: Any, position: Any, move: Any) -> None:
    assert case.round.position == position
    decide, data, of_kind = TRIED[move]
    expected = MOVES[kind].get((position, move))
    if expected is None or (move, position) == ("draft", "preparing"):  # they have not met
        with pytest.raises(Refusal):
            act(decide, case, data, *([kind] if of_kind else []), now=at(3))
    else:
        after = act(decide, case, data, *([kind] if of_kind else []), now=at(3)).case
        assert after.round.position == expected


def test_minutes_are_written_of_what_was_held_alone() -> None:
    case = mediation_at("met")
    after = act(meetings.write_down, case, Minutes(1, "sealed minutes"), "mediation").case
    assert after.round.sessions[0].minutes == "sealed minutes"
    with pytest.raises(Conflict, match="write down"):
        act(meetings.write_down, mediation_at("scheduled"), Minutes(1, "sealed"), "mediation")


@pytest.mark.parametrize(
    ("consent", "answer", "expected"),
    [
        ("invited", "agreed", "agreed"),
        ("invited", "refused", "refused"),
        ("refused", "agreed", "agreed"),
        ("agreed", "refused", "refused"),
        ("agreed", "agreed", None),
        ("refused", "refused", None),
    ],
)
def test_consent_moves_by_its_table(consent: Any, answer: Any, expected: Any) -> None:
    assert parties.ANSWERS.get((consent, answer)) == expected


def test_an_approval_and_a_confirmation_are_moves_too() -> None:
    case = mediation_at("preparing")
    with pytest.raises(Conflict, match="not tied"):
        act(opening.confirm, case, "first_offence")
    assert JOKO in {party.id for party in case.round.agreed}
