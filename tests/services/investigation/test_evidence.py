"""Evidence with its chain of custody, and witnesses."""

from dataclasses import replace
from typing import Any, get_args

import pytest

from services.investigation.case import Corrected, CustodyAction
from services.investigation.evidence import (
    MOST,
    Correction,
    Exhibit,
    Handling,
    Statement,
    correct_witness,
    handle,
    name_witness,
    state,
    take,
)
from services.investigation.evidence import (
    Testimony as NamedTestimony,
)
from shared.contracts.envelope import Person
from shared.contracts.refusals import Absent, Conflict, Invalid
from tests.services.investigation.cases import (
    CHIEF,
    CREW,
    DEWI,
    HEAD,
    NOW,
    OPERATOR,
    act,
    at,
    case_at,
    command,
    hear,
    rejected,
)

PIECE = Exhibit("piece-1", "object", "sealed description", at(-1), "a" * 64)
WITNESS = NamedTestimony("witness-1", "sealed identity")


def with_piece() -> Any:
    return act(take, case_at("inquiry"), command(PIECE, DEWI), NOW).case


def test_a_piece_is_kept_with_the_beginning_of_its_chain() -> None:
    (piece,) = with_piece().evidence
    assert (piece.kind, piece.description, piece.sha256) == ("object", "sealed description", "a" * 64)
    assert [(entry.action, entry.at, entry.officer) for entry in piece.custody] == [("taken", at(-1), "dewi")]


def test_the_chain_grows_and_ends_when_the_piece_leaves() -> None:
    case = with_piece()
    actions: list[CustodyAction] = ["stored", "examined", "returned"]
    for number, action in enumerate(actions):
        case = act(handle, case, command(Handling(f"entry-{number}", "piece-1", action), HEAD), at(number)).case
    assert [entry.action for entry in case.evidence[0].custody] == ["taken", "stored", "examined", "returned"]
    with pytest.raises(Conflict):
        act(handle, case, command(Handling("entry-9", "piece-1", "stored"), HEAD), at(9))


@pytest.mark.parametrize("action", get_args(CustodyAction))
def test_an_entry_that_is_sent_twice_is_kept_once(action: Any) -> None:
    handling = command(Handling("entry-1", "piece-1", action), DEWI)
    case = act(handle, with_piece(), handling, NOW).case
    assert act(handle, case, handling, NOW).case is case
    assert act(take, case, command(PIECE, DEWI), NOW).case is case


def test_a_witness_is_kept_sealed_and_states_once() -> None:
    case = act(name_witness, case_at("inquiry"), command(WITNESS, DEWI), NOW).case
    assert act(name_witness, case, command(WITNESS, DEWI), NOW).case is case
    case = act(state, case, command(Statement("witness-1", at(-0.5), "sealed words"), DEWI), NOW).case
    (witness,) = case.witnesses
    assert (witness.identity, witness.statement_at, witness.statement) == ("sealed identity", at(-0.5), "sealed words")
    with pytest.raises(Conflict):
        act(state, case, command(Statement("witness-1", NOW), DEWI), NOW)


def test_who_a_witness_is_can_be_put_right_and_what_stood_is_kept() -> None:
    case = act(name_witness, case_at("inquiry"), command(WITNESS, DEWI), NOW).case
    case = act(name_witness, case, command(replace(WITNESS, id="witness-2"), DEWI), NOW).case
    decided = act(correct_witness, case, command(Correction("witness-1", "sealed anew"), DEWI), at(1))
    first, second = decided.case.witnesses
    assert decided.events == ()
    assert (first.identity, second.identity) == ("sealed anew", "sealed identity")
    assert first.corrected == (Corrected("sealed identity", at(1), "dewi"),)
    assert second.corrected == ()


@pytest.mark.parametrize(
    ("decide", "data", "field"),
    [
        (take, replace(PIECE, taken_at=at(1)), "taken_at"),
        (handle, Handling("entry-1", "piece-9", "stored"), "evidence"),
        (name_witness, replace(WITNESS, statement_at=at(1)), "statement_at"),
        (state, Statement("witness-9", NOW), "witness"),
        (correct_witness, Correction("witness-9", "sealed identity"), "witness"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(decide: Any, data: Any, field: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        act(decide, case_at("inquiry"), command(data, DEWI), NOW)
    assert refusal.value.field == field


@pytest.mark.parametrize("person", [CREW, OPERATOR])
@pytest.mark.parametrize(("decide", "data"), [(take, PIECE), (name_witness, WITNESS)])
def test_nobody_else_adds_to_a_case(person: Person, decide: Any, data: Any) -> None:
    with pytest.raises(Absent):
        act(decide, case_at("inquiry"), command(data, person), NOW)


def test_nothing_is_added_to_a_case_that_is_not_open_nor_without_end() -> None:
    with pytest.raises(Conflict):
        act(take, hear(case_at("inquiry"), rejected()).case, command(PIECE, CHIEF), NOW)
    full = replace(with_piece(), evidence=with_piece().evidence * MOST)
    with pytest.raises(Conflict):
        act(take, full, command(replace(PIECE, id="one-more"), CHIEF), NOW)
