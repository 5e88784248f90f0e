"""The words of a report that led to its classification are found where they stand."""

from hypothesis import given
from hypothesis import strategies as st

from services.classification.highlight import pieces

SPELLINGS = {"duit": "uang", "tdk": "tidak"}


def marked(text: str, *grounds: str) -> list[str]:
    return [piece.text for piece in pieces(text, grounds, SPELLINGS) if piece.is_ground]


def test_words_are_found_however_they_were_written() -> None:
    assert marked("Polisi minta DUIT damai!", "minta uang damai") == ["minta", "DUIT", "damai"]


def test_a_ground_of_several_words_counts_where_they_stand_together() -> None:
    far = "Uang itu " + "sungguh " * 20 + "akhirnya damai"
    assert marked(far, "uang damai") == []


@given(st.text(max_size=300), st.lists(st.text(max_size=12), max_size=4))
def test_nothing_of_a_text_is_lost(text: str, grounds: list[str]) -> None:
    assert "".join(piece.text for piece in pieces(text, grounds, SPELLINGS)) == text
