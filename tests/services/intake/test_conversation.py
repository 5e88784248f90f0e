"""A conversation's decisions, without any server."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake import conversation, sms_words
from services.intake.conversation import MOVES, Conversation, Part, State, Text
from shared.contracts.envelope import Command
from shared.contracts.refusals import Unavailable
from tests.services.intake.test_domain import NOW, command

PATIENCE = timedelta(hours=24)


def text(*tells: Part, id_: str = "sms-1", **changes: Any) -> Text:
    made = Text(id_, tells, None, "jwe", "jwe-number", "2026-11-24", 20, PATIENCE)
    return replace(made, **changes)


def hear(case: Conversation | None, said: Text) -> Conversation:
    after = conversation.hear(case, command(said), NOW).case
    assert after is not None
    return after


def in_state(state: State) -> Conversation:
    asking = hear(None, text("what"))
    return {"idle": Conversation("polres-sukamaju", "normal"), "asking": asking}.get(state) or hear(
        None, text("what", "where", "when")
    )


def moves(case: Conversation) -> dict[str, Any]:
    return {
        "told": lambda: [hear(case, text("what", id_="x")), hear(case, text("what", "where", "when", id_="x"))],
        "cancel": lambda: [hear(case, text(order="cancel", id_="x"))],
        "expired": lambda: [conversation.expire(case, command(None), NOW).case],
        "filed": lambda: [conversation.filed(case, command((case.nth, "complaint-1")), NOW).case],
    }


@pytest.mark.parametrize(("state", "move"), list(product(get_args(State), ["told", "cancel", "expired", "filed"])))
def test_every_move_ends_where_the_table_says_and_any_other_changes_nothing(state: State, move: str) -> None:
    case = in_state(state)
    assert case.state == state
    expected = MOVES.get((state, move))
    if expected is None and move in ("told", "cancel"):
        with pytest.raises(Unavailable):
            moves(case)[move]()
    elif expected is None:
        assert moves(case)[move]() == [case]
    else:
        assert {after.state for after in moves(case)[move]()} == set(expected)


def test_it_asks_for_what_is_missing_in_the_order_of_importance() -> None:
    case = hear(None, text())
    assert case.reply == "ask_what"
    case = hear(case, text("what", "when", id_="sms-2"))
    assert case.reply == "ask_where"
    case = hear(case, text(id_="sms-3"))
    assert (case.reply, case.state, len(case.answers)) == ("received", "complete", 3)
    assert [answer.asked for answer in case.answers] == [None, "what", "where"]


def test_an_empty_message_answers_nothing() -> None:
    case = hear(None, text("what"))
    assert hear(case, text(words=None, id_="sms-2")).reply == "ask_where"


def test_a_conversation_that_leads_nowhere_is_filed_with_what_there_is() -> None:
    case = None
    for nth in range(conversation.MESSAGES_KEPT):
        case = hear(case, text(id_=f"sms-{nth}"))
    assert case is not None
    assert case.state == "complete"


def test_silence_for_too_long_leaves_no_word_behind() -> None:
    case = conversation.expire(hear(None, text("what")), command(None), NOW + PATIENCE).case
    assert case is not None
    assert (case.state, case.answers, case.number, case.due) == ("idle", (), None, None)


def test_a_number_that_writes_too_often_is_told_so_once() -> None:
    case = None
    replies = []
    for nth in range(5):
        case = hear(case, text(id_=f"sms-{nth}", order="status", per_day=3))
        replies.append(case.reply)
    assert replies == ["status", "status", "status", "limit", None]
    assert hear(case, text(order="status", per_day=3, day="2026-11-25")).reply == "status"


def test_a_report_is_marked_as_filed_once_and_only_while_it_is_the_one_that_waits() -> None:
    case = hear(None, text("what", "where", "when"))
    done = conversation.filed(case, command((1, "complaint-1")), NOW).case
    assert done is not None
    assert (done.state, done.filed, done.filed_nth, done.answers) == ("idle", "complaint-1", 1, ())
    later = hear(done, text("what", "where", "when"))
    assert later.nth == 2
    assert conversation.filed(later, command((1, "complaint-1")), NOW).case is later


@given(st.lists(st.tuples(st.sets(st.sampled_from(get_args(Part))), st.sampled_from([None, "cancel", "status"]))))
def test_whatever_a_phone_writes_there_is_an_answer_and_words_are_kept_only_while_asking(messages: Any) -> None:
    case: Conversation | None = None
    for nth, (tells, order) in enumerate(messages):
        case = hear(case, text(*sorted(tells), id_=f"sms-{nth}", order=order, per_day=1000))
        assert case.reply is not None
        assert bool(case.answers) == (case.state != "idle")
        assert (case.due is None) == (case.state == "idle")
        if case.state == "complete":
            asked: Command[Any] = command((case.nth, "complaint-1"))
            case = conversation.filed(case, asked, NOW).case


# --- the words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("halo", ()),
        ("tolong pak", ()),
        ("motor saya hilang", ("what",)),
        ("Motor saya dicuri di pasar Tanjungrasa", ("what", "where")),
        ("Motor saya dicuri kemarin sore", ("what", "when")),
        ("Rumah dibobol di kampung Melati tadi malam jam 2", ("what", "where", "when")),
        ("di mana saya lapor pak", ("what",)),
        ("", ()),
    ],
)
def test_what_words_tell_is_found_in_them(words: str, told: tuple[Part, ...]) -> None:
    assert sms_words.tells(words) == told


@pytest.mark.parametrize(
    ("words", "order"), [("BATAL", "cancel"), (" batal. ", "cancel"), ("Status", "status"), ("batal saja ya", None)]
)
def test_a_command_stands_alone(words: str, order: Any) -> None:
    assert sms_words.order_of(words) == order


@pytest.mark.parametrize("reply", sms_words.REPLIES)
def test_a_reply_is_one_sms_and_says_nothing_of_the_case(reply: Any) -> None:
    said = sms_words.said(reply, "aduan.sukamaju.example", "ABCD-EFGH-JKMN-PQRS-T")
    assert len(said) <= 160
    assert said.isascii()
    code = said.find("ABCD")
    assert code == -1 or (said.endswith("ABCD-EFGH-JKMN-PQRS-T") and code > 60), "a lock screen shows how a text begins"
