"""The decision: urgency from circumstances, guard rails, close rivals, hints, and when an officer looks first."""

import dataclasses
from types import MappingProxyType

import pytest

from services.classification.reading import Reading
from services.classification.rules import MAX_REASONS, REVIEW_BELOW, Reason, Suggestion, classify_text
from services.classification.scoring import Scorer, Scores
from services.classification.taxonomy import SETTLING_TRACKS
from services.classification.words import MAX_CHARACTERS
from tests.services.classification.rulebook import lexicon, suggest, taxonomy


class Scoring:
    """A scorer that answers with given probabilities, as a learnt model would."""

    def __init__(self, **probabilities: float) -> None:
        self._probabilities = probabilities

    def score(self, reading: Reading) -> Scores:
        return Scores(MappingProxyType(self._probabilities), ())


def by_model(text: str, scorer: Scorer, *, in_progress: bool = False) -> Suggestion:
    return classify_text(
        text, in_progress=in_progress, hint=None, taxonomy=taxonomy(), lexicon=lexicon(), scorer=scorer
    )


def kinds(suggestion: Suggestion) -> set[str]:
    return {reason.kind for reason in suggestion.reasons}


def test_a_suggestion_carries_what_the_taxonomy_says_of_its_category() -> None:
    suggestion = suggest("Barang yang saya beli online di Facebook tidak dikirim, saya ditipu penjual.")
    row = taxonomy()["online_fraud"]
    assert suggestion.category == row.code
    assert (suggestion.tracks, suggestion.mediation) == (row.tracks, row.mediation)
    assert (suggestion.units, suggestion.partners) == (row.units, row.partners)


def test_its_reasons_name_the_words() -> None:
    suggestion = suggest("Motor saya dicuri maling di parkiran stasiun")
    assert Reason("words", "vehicle_theft", "motor dicuri", 4.0) in suggestion.reasons
    assert any(reason.kind == "damped_words" and reason.about == "theft within_longer" for reason in suggestion.reasons)


# Urgency


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("Saya dirampok di jalan tol, pelaku membawa pistol, tolong sekarang", "P1"),
        ("Saya dirampok tahun lalu di jalan tol, pelaku membawa pistol", "P2"),
        ("Saya dipukul tetangga sampai luka", "P1"),
        ("Saya dipukul tetangga, tidak ada luka", "P2"),
        ("Saya dipukul tetangga kemarin sampai luka", "P2"),
        ("Tahun lalu saya dipukul sampai luka. Sekarang dia memukul saya lagi!", "P1"),
        ("Saya diancam tetangga lewat pesan", "P2"),
        ("Saya diancam tetangga, dia bawa golok", "P1"),
        ("Ada balap liar di jalan baru", "P2"),
        ("Sering ada balap liar di jalan baru", "P3"),
        ("Tadi pagi saya transfer uang ke penipu online", "P2"),
        ("Bulan lalu saya transfer uang ke penipu online", "P3"),
        ("Nenek saya ditipu orang sebesar 5 juta", "P2"),
        ("Saya ditipu orang sebesar 5 juta", "P3"),
    ],
)
def test_urgency_follows_the_circumstances(text: str, urgency: str) -> None:
    assert suggest(text).urgency == urgency


def test_the_reporters_own_word_that_it_is_happening_counts_like_the_text() -> None:
    text = "Maling masuk rumah tetangga lewat jendela"
    assert suggest(text).urgency == "P2"
    assert suggest(text, in_progress=True).urgency == "P1"


def test_it_is_happening_by_the_report_and_over_by_the_text_so_an_officer_looks() -> None:
    suggestion = suggest("Saya dirampok tahun lalu di jalan tol", in_progress=True)
    assert suggestion.urgency == "P1"
    assert "urgent_though_past" in kinds(suggestion)
    assert suggestion.needs_review


def test_what_is_always_urgent_stays_so_but_is_looked_at_when_it_is_long_past() -> None:
    suggestion = suggest("Kakak saya dibunuh lima tahun lalu dan pelakunya belum tertangkap")
    assert (suggestion.category, suggestion.urgency, suggestion.needs_review) == ("homicide", "P1", True)


@pytest.mark.parametrize(
    "text",
    ["Tolong dia sekarat bersimbah darah", "Tetangga mau bunuh diri", "Dia ditusuk, tolong", "sy mau gantung diri"],
)
def test_a_life_in_danger_is_p1_whatever_the_category(text: str) -> None:
    suggestion = suggest(text)
    assert suggestion.urgency == "P1"
    assert "dispatch" in suggestion.tracks


def test_p1_sends_somebody_and_settles_nothing() -> None:
    suggestion = suggest("Tetangga ribut soal pagar dan mengamuk bawa golok sekarang")
    assert suggestion.urgency == "P1"
    assert "dispatch" in suggestion.tracks
    assert not SETTLING_TRACKS.intersection(suggestion.tracks)


def test_of_two_close_categories_the_graver_sets_the_urgency() -> None:
    suggestion = by_model("apa saja", Scoring(defamation=0.45, traffic_accident=0.4))
    assert (suggestion.category, suggestion.urgency) == ("defamation", "P1")
    assert Reason("graver_rival", "traffic_accident") in suggestion.reasons


def test_a_distant_rival_does_not_set_the_urgency() -> None:
    assert by_model("apa saja", Scoring(defamation=0.8, traffic_accident=0.15)).urgency == "P4"


def test_of_two_equal_categories_the_graver_is_chosen() -> None:
    assert by_model("apa saja", Scoring(noise=0.4, assault=0.4)).category == "assault"
    assert by_model("apa saja", Scoring(assault=0.4, noise=0.4)).category == "assault"


def test_a_guess_neither_sends_a_patrol_nor_lets_the_complaint_wait() -> None:
    assert by_model("apa saja", Scoring(homicide=0.2)).urgency == "P2"
    assert by_model("apa saja", Scoring(defamation=0.2)).urgency == "P3"


# Guard rails


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Masalah keluarga, mau damai secara kekeluargaan, anak saya diperkosa pamannya", "sexual_violence"),
        ("Tetangga cekcok terus, suaminya memukul istrinya", "domestic_violence"),
        ("Warga ribut soal batas tanah dan korupsi dana desa oleh kepala desa", "corruption"),
    ],
)
def test_what_is_guarded_is_not_settled_as_the_quarrel_beside_it(text: str, category: str) -> None:
    suggestion = suggest(text)
    assert suggestion.category == category
    assert suggestion.mediation != "allowed"
    assert not SETTLING_TRACKS.intersection(suggestion.tracks)


def test_a_model_that_misses_sexual_violence_does_not_bring_it_to_mediation() -> None:
    suggestion = by_model("Saya diperkosa tetangga", Scoring(neighbour_dispute=0.99))
    assert (suggestion.category, suggestion.mediation) == ("sexual_violence", "never")
    assert Reason("guard_rail", "sexual_violence") in suggestion.reasons
    assert suggestion.needs_review


def test_a_close_guarded_rival_forbids_mediation() -> None:
    suggestion = by_model("apa saja", Scoring(noise=0.45, sexual_violence=0.4))
    assert suggestion.mediation == "never"
    assert suggestion.tracks == ("investigation",)


@pytest.mark.parametrize(
    "text",
    [
        "Anak saya dipukul oknum polisi saat ditangkap",
        "Polisi memeras pedagang pasar minta jatah setiap bulan",
        "Polisi memukul suami saya, sekarang dia sekarat",
    ],
)
def test_a_complaint_about_police_goes_to_internal_affairs_alone_and_is_hidden(text: str) -> None:
    suggestion = suggest(text)
    assert suggestion.category == "police_misconduct"
    assert suggestion.tracks == ("internal_affairs",)
    assert suggestion.is_hidden


def test_a_model_that_misses_police_misconduct_does_not_show_it_to_the_unit() -> None:
    suggestion = by_model("Saya dipukul oknum polisi", Scoring(assault=0.99))
    assert suggestion.is_hidden
    assert suggestion.tracks == ("internal_affairs",)


@pytest.mark.parametrize(
    "text", ["Saya lapor polisi karena dipukul", "Ada polisi gadungan menipu saya", "Ada polisi tidur rusak"]
)
def test_police_who_are_only_mentioned_hide_nothing(text: str) -> None:
    assert not suggest(text).is_hidden


def test_terrorism_goes_to_the_carrier_category_at_p1_and_an_officer_looks() -> None:
    suggestion = suggest("Tetangga kontrakan diduga teroris, merakit bom di kamarnya")
    assert (suggestion.category, suggestion.urgency, suggestion.mediation) == ("hate_or_hoax", "P1", "never")
    assert "Intelkam" in suggestion.units
    assert "dispatch" in suggestion.tracks
    assert suggestion.needs_review


# Hints and reviews


def test_a_hint_tips_the_scale_and_is_named() -> None:
    vague = "Ada barang yang hilang tadi malam di sini"
    assert suggest(vague, hint="theft").confidence > suggest(vague).confidence
    assert Reason("hint", "theft") in suggest(vague, hint="theft").reasons


def test_a_hint_does_not_outvote_a_clear_text() -> None:
    assert suggest("Saya diperkosa orang tak dikenal di kebun", hint="noise").category == "sexual_violence"


def test_a_hint_alone_is_reviewed() -> None:
    suggestion = suggest("", hint="noise")
    assert (suggestion.category, suggestion.needs_review) == ("noise", True)


def test_a_hint_that_the_taxonomy_does_not_have_is_named_and_changes_nothing() -> None:
    text = "Motor saya dicuri maling"
    assert suggest(text, hint="piracy").category == suggest(text).category
    assert Reason("unknown_hint", "piracy") in suggest(text, hint="piracy").reasons


@pytest.mark.parametrize("text", ["", "   ", "halo", "👍", "asdf qwer"])
def test_a_text_that_says_nothing_waits_for_an_officer(text: str) -> None:
    suggestion = suggest(text)
    assert (suggestion.category, suggestion.urgency) == ("outside_authority", "P3")
    assert (suggestion.confidence, suggestion.partners, suggestion.needs_review) == (0.0, (), True)
    assert "unrecognised" in kinds(suggestion)


def test_a_cry_for_help_that_names_nothing_is_met_within_the_hour() -> None:
    assert suggest("tolong cepat ke sini sekarang").urgency == "P2"


def test_an_unsure_suggestion_is_reviewed_and_a_sure_one_is_not() -> None:
    unsure, sure = suggest("Ada barang hilang di sini tadi"), suggest("Motor saya dicuri maling di parkiran")
    assert unsure.confidence < REVIEW_BELOW
    assert unsure.needs_review
    assert sure.confidence >= REVIEW_BELOW
    assert not sure.needs_review


def test_a_text_beyond_the_limit_is_reviewed_since_its_end_was_not_read() -> None:
    text = "Motor saya dicuri maling di parkiran. " + "lalu " * MAX_CHARACTERS + "Saya diperkosa."
    assert "text_cut" in kinds(suggest(text))
    assert suggest(text) == suggest(text[: MAX_CHARACTERS + 1])


def test_the_reasons_are_bounded_and_those_for_an_officer_come_first() -> None:
    suggestion = suggest("Pak, " + " ".join(row.name_id.replace("/", " ") for row in taxonomy()) + ", sekarang tolong!")
    assert len(suggestion.reasons) == MAX_REASONS
    assert [reason.kind for reason in suggestion.reasons[:2]] == ["guard_rail", "low_confidence"]


def test_a_taxonomy_without_a_category_that_a_model_knows_does_without_it() -> None:
    assert by_model("apa saja", Scoring(piracy=0.9, noise=0.05)).category == "noise"


def test_a_suggestion_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        suggest("Motor saya dicuri").category = "theft"  # type: ignore[misc]
