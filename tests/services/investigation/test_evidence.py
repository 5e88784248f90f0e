"""Evidence with its chain of custody, and witnesses."""

from dataclasses import replace
from typing import get_args

import pytest

from services.investigation.case import CustodyAction
from services.investigation.evidence import (
    MOST,
    Exhibit,
    Handling,
    Statement,
    handle,
    name_witness,
    state,
    take,
)
from services.investigation.evidence import (
    Testimony as NamedTestimony,
)
from shared.contracts.refusals import Absent, Conflict, Invalid
from tests.services.investigation.cases import (
    CHIEF,
    CREW,
    DEWI,
    HEAD,
    NOW,
    OPERATOR,
    PROCEDURE,
    at,
    case_at,
    command,
    hear,
    rejected,
)

PIECE = Exhibit("piece-1", "object", "sealed description", at(-1), "a" * 64)
WITNESS = NamedTestimony("witness-1", "sealed identity")


def with_piece():
    return take(PROCEDURE, case_at("inquiry"), command(PIECE, DEWI), NOW).case


def test_a_piece_is_kept_with_the_beginning_of_its_chain():
    (piece,) = with_piece().evidence
    assert (piece.kind, piece.description, piece.sha256) == ("object", "sealed description", "a" * 64)
    assert [(entry.action, entry.at, entry.officer) for entry in piece.custody] == [("taken", at(-1), "dewi")]


def test_the_chain_grows_and_ends_when_the_piece_leaves():
    case = with_piece()
    for number, action in enumerate(["stored", "examined", "returned"]):
        case = handle(PROCEDURE, case, command(Handling(f"entry-{number}", "piece-1", action), HEAD), at(number)).case
    assert [entry.action for entry in case.evidence[0].custody] == ["taken", "stored", "examined", "returned"]
    with pytest.raises(Conflict):
        handle(PROCEDURE, case, command(Handling("entry-9", "piece-1", "stored"), HEAD), at(9))


@pytest.mark.parametrize("action", get_args(CustodyAction))
def test_an_entry_that_is_sent_twice_is_kept_once(action):
    handling = command(Handling("entry-1", "piece-1", action), DEWI)
    case = handle(PROCEDURE, with_piece(), handling, NOW).case
    assert handle(PROCEDURE, case, handling, NOW).case is case
    assert take(PROCEDURE, case, command(PIECE, DEWI), NOW).case is case


def test_a_witness_is_kept_sealed_and_states_once():
    case = name_witness(PROCEDURE, case_at("inquiry"), command(WITNESS, DEWI), NOW).case
    assert name_witness(PROCEDURE, case, command(WITNESS, DEWI), NOW).case is case
    case = state(PROCEDURE, case, command(Statement("witness-1", at(-0.5), "sealed words"), DEWI), NOW).case
    (witness,) = case.witnesses
    assert (witness.identity, witness.statement_at, witness.statement) == ("sealed identity", at(-0.5), "sealed words")
    with pytest.raises(Conflict):
        state(PROCEDURE, case, command(Statement("witness-1", NOW), DEWI), NOW)


@pytest.mark.parametrize(
    ("decide", "data", "field"),
    [
        (take, replace(PIECE, taken_at=at(1)), "taken_at"),
        (handle, Handling("entry-1", "piece-9", "stored"), "evidence"),
        (name_witness, replace(WITNESS, statement_at=at(1)), "statement_at"),
        (state, Statement("witness-9", NOW), "witness"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(decide, data, field):
    with pytest.raises(Invalid) as refusal:
        decide(PROCEDURE, case_at("inquiry"), command(data, DEWI), NOW)
    assert refusal.value.field == field


@pytest.mark.parametrize("person", [CREW, OPERATOR])
@pytest.mark.parametrize(("decide", "data"), [(take, PIECE), (name_witness, WITNESS)])
def test_nobody_else_adds_to_a_case(person, decide, data):
    with pytest.raises(Absent):
        decide(PROCEDURE, case_at("inquiry"), command(data, person), NOW)


def test_nothing_is_added_to_a_case_that_is_not_open_nor_without_end():
    with pytest.raises(Conflict):
        take(PROCEDURE, hear(case_at("inquiry"), rejected()).case, command(PIECE, CHIEF), NOW)
    full = replace(with_piece(), evidence=with_piece().evidence * MOST)
    with pytest.raises(Conflict):
        take(PROCEDURE, full, command(replace(PIECE, id="one-more"), CHIEF), NOW)
