"""What is found in a text, and what the words around it take away."""

import pytest

from services.classification.reading import Damping
from services.classification.scoring import WordScorer, evidence_of
from tests.services.classification.rulebook import reading


def dampings(text: str, category: str) -> set[Damping | None]:
    return {found.damped_by for found in evidence_of(reading(text)) if found.category == category}


def has_signal(text: str, signal: str) -> bool:
    return bool(reading(text).counting(signal))


@pytest.mark.parametrize(
    ("text", "category", "damping"),
    [
        ("Ini bukan penculikan", "kidnapping", "negated"),
        ("Saya tidak pernah diculik", "kidnapping", "negated"),
        ("Tidak ada perampokan atau penculikan", "kidnapping", "negated"),
        ("Belum ada yang diculik", "kidnapping", "negated"),
        ("Tanpa kekerasan", "assault", "negated"),
        ("Harga beras mencekik leher", "assault", "idiom"),
        ("Kami membunuh waktu", "homicide", "idiom"),
        ("Dia mencuri perhatian", "theft", "idiom"),
        ("Sekitar pukul 10 pagi", "assault", "idiom"),
        ("Ada begal payudara", "robbery", "idiom"),
        ("Saya mimpi dirampok", "robbery", "fiction"),
        ("Di film ada perampokan", "robbery", "fiction"),
        ("Jalan ini rawan perampokan", "robbery", "hypothetical"),
        ("Motor saya dicuri orang", "theft", "within_longer"),
        ("Dia mau bunuh diri", "homicide", "within_longer"),
    ],
)
def test_words_that_mean_something_else_are_damped(text: str, category: str, damping: Damping) -> None:
    assert dampings(text, category) == {damping}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Dia tidak hanya memukul saya", "assault"),
        ("Saya tidak kenal orang yang memukul saya", "assault"),
        ("Bukan soal uang, dia memukul saya", "assault"),
        ("Anak saya belum pulang", "missing_person"),
        ("Barang tidak dikirim", "online_fraud"),
        ("Ada begal payudara", "sexual_violence"),
        ("Ini bukan mimpi, saya dirampok", "robbery"),
        ("Itu cuma film. Tapi tadi saya dirampok", "robbery"),
        ("Saya lapor kalau saya dirampok", "robbery"),
    ],
)
def test_words_that_mean_what_they_say_count_fully(text: str, category: str) -> None:
    assert None in dampings(text, category)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("tidak ada korban luka", "injured"),
        ("tidak ada korban jiwa maupun luka", "injured"),
        ("tidak ada yang terluka", "injured"),
        ("luka hati saya", "injured"),
        ("dia tidak membawa senjata", "armed"),
        ("sampai sekarang belum ada kabar", "in_progress"),
        ("takut kalau nanti ada begal", "present"),
        ("bom waktu", "terrorism"),
    ],
)
def test_signals_are_damped_like_words(text: str, signal: str) -> None:
    assert not has_signal(text, signal)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("kepalanya berdarah", "injured"),
        ("dia bawa parang", "armed"),
        ("mereka sedang berkelahi", "in_progress"),
        ("ada tawuran", "present"),
        ("anak umur 7 tahun", "child"),
        ("nenek yang pikun", "vulnerable"),
        ("dia disekap", "victim_held"),
        ("diduga teroris", "terrorism"),
    ],
)
def test_signals_are_found(text: str, signal: str) -> None:
    assert has_signal(text, signal)


def test_a_phrase_does_not_reach_over_the_end_of_a_sentence() -> None:
    def words(text: str) -> set[str]:
        return {found.words for found in evidence_of(reading(text))}

    assert "debt collector" in words("Ada debt collector datang")
    assert "debt collector" in words("Ada debt yang collector datang")
    assert "debt collector" not in words("Ada debt. Collector datang")


def test_the_words_of_a_set_must_be_close_together() -> None:
    near = reading("motor saya kemarin sore dicuri")
    far = reading("motor " + "kata lain " * 10 + "dicuri")
    assert "vehicle_theft" in {match.term.target for match in near.matches}
    assert "vehicle_theft" not in {match.term.target for match in far.matches}


def test_the_same_words_count_once_however_many_terms_they_match() -> None:
    found = [
        (evidence.category, evidence.words) for evidence in evidence_of(reading("dia akan dibunuh, diancam dibunuh"))
    ]
    assert len(found) == len(set(found))


def test_repeating_a_word_does_not_make_it_stronger() -> None:
    once = WordScorer().score(reading("tadi di sana ada narkoba")).probabilities["narcotics"]
    often = WordScorer().score(reading("tadi di sana ada narkoba dan narkoba dan narkoba")).probabilities["narcotics"]
    assert often == pytest.approx(once)


def test_evidence_names_the_words_their_weight_and_why_they_are_damped() -> None:
    first, *rest = evidence_of(reading("motor saya dicuri"))
    assert (first.category, first.words, first.weight, first.damped_by) == ("vehicle_theft", "motor dicuri", 4.0, None)
    inside = next(found for found in rest if found.category == "theft")
    assert (inside.words, inside.weight, inside.full_weight) == ("dicuri", 0.0, 4.0)


def test_a_clear_text_is_surer_than_a_vague_one_and_a_short_one_less() -> None:
    def surest(text: str) -> float:
        return max(WordScorer().score(reading(text)).probabilities.values(), default=0.0)

    assert surest("Motor saya dicuri maling di parkiran") > 0.9
    assert surest("Ada barang hilang di sini tadi") < 0.6
    assert surest("begal") < 0.3
    assert surest("") == 0.0
    assert surest("selamat pagi bapak dan ibu") == 0.0


def test_two_categories_with_equal_evidence_share_the_confidence() -> None:
    shares = WordScorer().score(reading("Di sana ada narkoba. Di situ juga ada perjudian.")).probabilities
    assert shares["narcotics"] == pytest.approx(shares["gambling"], abs=0.1)
    assert max(shares.values()) < 0.6
