"""Properties that hold for any text at all."""

import dataclasses
from typing import get_args

from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.classification.rules import MAX_REASONS
from services.classification.scoring import WordScorer
from services.classification.taxonomy import GUARD_RAILS, SETTLING_TRACKS, STRICTNESS
from services.classification.words import MAX_CHARACTERS, words_of
from shared.contracts.complaint import MediationRule, Track, Urgency
from tests.services.classification.rulebook import lexicon, reading, sentences, suggest, taxonomy

KNOWN = sorted(lexicon().atoms)
COMPLAINTS = [row["text"] for name in ("golden.csv", "tricky.csv") for row in sentences(name)]

# Noise alone rarely meets the rules, so most texts are made of words that the lexicon knows and of whole complaints.
pieces = st.one_of(
    st.sampled_from(KNOWN),
    st.sampled_from(COMPLAINTS),
    st.sampled_from(
        ["tidak", "bukan", "tanpa", "atau", "kalau", ".", ",", "!", "\n", "sekarang", "tahun lalu", "2019"]
    ),
    st.text(max_size=20),
)
texts = st.one_of(st.text(max_size=300), st.lists(pieces, max_size=40).map(" ".join))
hints = st.one_of(st.none(), st.sampled_from(list(taxonomy().by_code)), st.text(max_size=10))
many = settings(max_examples=200, deadline=None)


@many
@given(text=texts, in_progress=st.booleans(), hint=hints)
def test_every_text_gets_a_whole_and_bounded_suggestion(text: str, in_progress: bool, hint: str | None) -> None:
    suggestion = suggest(text, in_progress=in_progress, hint=hint)
    assert suggestion.category in taxonomy()
    assert suggestion.urgency in get_args(Urgency)
    assert suggestion.tracks
    assert set(suggestion.tracks) <= set(get_args(Track))
    assert len(set(suggestion.tracks)) == len(suggestion.tracks)
    assert suggestion.mediation in get_args(MediationRule)
    assert 0.0 <= suggestion.confidence <= 1.0
    assert len(suggestion.reasons) <= MAX_REASONS
    assert suggestion.needs_review or suggestion.confidence > 0.5


@many
@given(text=texts, in_progress=st.booleans(), hint=hints)
def test_the_same_text_always_gets_the_same_suggestion(text: str, in_progress: bool, hint: str | None) -> None:
    first = suggest(text, in_progress=in_progress, hint=hint)
    assert first == suggest(text, in_progress=in_progress, hint=hint)
    assert dataclasses.asdict(first) == dataclasses.asdict(suggest(text, in_progress=in_progress, hint=hint))


@many
@given(text=texts, in_progress=st.booleans(), hint=hints)
def test_the_guard_rails_hold_for_any_text(text: str, in_progress: bool, hint: str | None) -> None:
    suggestion = suggest(text, in_progress=in_progress, hint=hint)
    floor = GUARD_RAILS.get(suggestion.category, "allowed")
    assert STRICTNESS[suggestion.mediation] >= STRICTNESS[floor]
    assert STRICTNESS[suggestion.mediation] >= STRICTNESS[taxonomy()[suggestion.category].mediation]
    if suggestion.mediation != "allowed":
        assert not SETTLING_TRACKS.intersection(suggestion.tracks)
    assert suggestion.is_hidden == (suggestion.category == "police_misconduct")
    assert suggestion.is_hidden == ("internal_affairs" in suggestion.tracks)
    if suggestion.is_hidden:
        assert suggestion.tracks == ("internal_affairs",)
    elif suggestion.urgency == "P1":
        assert "dispatch" in suggestion.tracks


@many
@given(text=texts, hint=hints)
def test_sexual_violence_is_never_settled_whatever_stands_before_it(text: str, hint: str | None) -> None:
    suggestion = suggest(f"{text}. Saya diperkosa.", hint=hint)
    assert suggestion.mediation == "never"
    assert not SETTLING_TRACKS.intersection(suggestion.tracks)


@many
@given(text=texts, hint=hints)
def test_a_complaint_about_police_stays_hidden_whatever_stands_before_it(text: str, hint: str | None) -> None:
    assert suggest(f"{text}. Oknum polisi.", hint=hint).is_hidden


@many
@example(text="Minggu lalu, tidak sekarang", hint=None)
@given(text=texts, hint=hints)
def test_a_life_in_danger_now_is_p1_whatever_stands_before_it(text: str, hint: str | None) -> None:
    assert suggest(f"{text}. Sekarang dia sekarat.", hint=hint).urgency == "P1"


@many
@given(text=texts)
def test_probabilities_leave_room_for_none_of_them(text: str) -> None:
    probabilities = WordScorer().score(reading(text)).probabilities.values()
    assert all(0.0 < probability < 1.0 for probability in probabilities)
    assert sum(probabilities) < 1.0


@many
@given(text=st.one_of(texts, st.text(min_size=1, max_size=5).map(lambda piece: piece * MAX_CHARACTERS)))
def test_no_text_is_read_beyond_the_limit(text: str) -> None:
    words = words_of(text, {})
    assert sum(len(word.text) for word in words) <= MAX_CHARACTERS
    assert words == words_of(text[:MAX_CHARACTERS], {})


@many
@given(text=texts)
def test_case_and_width_do_not_matter(text: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)
    assert suggest(wide) == suggest(text)
