import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random
from statistics import mean
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.verification.incident import (
    COMPARED_WITHIN,
    MAX_CONTENT_WORDS,
    SAME_INCIDENT,
    Fingerprint,
    Incident,
    estimated_likeness,
    fingerprint,
    likeness,
    most_alike,
    resemblance,
)
from services.verification.place import GeoPoint, cell_of, neighbourhood

KEY = bytes(range(32))
KEYS = tuple(bytes([number]) * 32 for number in range(4))
PAIRS: dict[str, Any] = json.loads((Path(__file__).parent / "incident_pairs.json").read_text(encoding="utf-8"))
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
CELL = cell_of(GeoPoint(-6.6, 107.4))
NEXT_CELL = neighbourhood(CELL)[1]
FAR_CELL = cell_of(GeoPoint(-6.7, 107.4))
BRAWL = "tawuran pelajar di jembatan cikao membawa celurit, satu terluka"
ANY_TEXT = st.text(st.characters())
SOME_WORDS = ["motor", "dicuri", "pasar", "tawuran", "jembatan", "hitam", "api", "rumah", "mabuk", "golok"]
WORDS = st.lists(st.sampled_from(SOME_WORDS)).map(" ".join)


def told(narrative: str, report_id: str = "earlier", key: bytes = KEY, **changes: Any) -> Incident:
    """A report of NOON in CELL, made a minute before the one called "report"."""
    reported_at = NOON if report_id == "report" else NOON - timedelta(minutes=1)
    return replace(Incident(report_id, reported_at, NOON, CELL, None, fingerprint(narrative, key)), **changes)


def score_of(pair: dict[str, Any], key: bytes) -> float:
    earlier = told(pair["a"], key=key, reported_at=NOON)
    later = NOON + timedelta(hours=pair["hours"])
    cell = (CELL, NEXT_CELL)[pair["cells"]]
    report = told(pair["b"], "report", key, reported_at=NOON + timedelta(days=2), occurred_at=later, cell=cell)
    return resemblance(report, earlier).score


def share_over_the_threshold(part: str, kind: str) -> float:
    return mean(score_of(pair, key) >= SAME_INCIDENT for pair in PAIRS[part][kind] for key in KEYS)


@pytest.mark.parametrize(("part", "found_at_least", "false_at_most"), [("tuned", 0.9, 0.22), ("held_out", 0.75, 0.1)])
def test_reports_of_one_incident_are_told_from_others_of_the_same_place_and_evening(
    part: str, found_at_least: float, false_at_most: float
) -> None:
    assert share_over_the_threshold(part, "same") >= found_at_least
    assert share_over_the_threshold(part, "different") <= false_at_most


def test_unrelated_reports_of_one_cell_and_hour_are_hardly_ever_taken_for_one_incident() -> None:
    stories = [pair["a"] for part in ("tuned", "held_out") for pair in PAIRS[part]["same"]]
    made = [told(story) for story in stories]
    pairs = list(combinations(made, 2))
    assert mean(resemblance(one, other).score >= SAME_INCIDENT for one, other in pairs) < 0.003


def test_there_are_at_least_twenty_pairs_of_each_kind() -> None:
    assert all(len(PAIRS[part][kind]) >= 20 for part in ("tuned", "held_out") for kind in ("same", "different"))


def spelled(number: int) -> str:
    """A word without a meaning that no affix rule touches."""
    return "x" + "".join("bdfghjlprv"[int(digit)] + "o" for digit in f"{number:05d}")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("size", "common"), [(10, 1), (20, 5), (40, 20), (60, 50), (100, 100), (150, 10), (30, 0)])
def test_fingerprints_estimate_jaccard_within_three_standard_errors(seed: int, size: int, common: int) -> None:
    random = Random(seed)
    drawn = random.sample(range(100_000), 2 * size - common)
    first, second = drawn[:size], drawn[size - common :]
    texts = [" ".join(map(spelled, numbers)) for numbers in (first, second)]
    exact = common / (2 * size - common)
    assert likeness(*texts).jaccard == pytest.approx(exact)
    estimate = estimated_likeness(*(fingerprint(text, KEY) for text in texts)).jaccard
    assert estimate == pytest.approx(exact, abs=3 * (exact * (1 - exact) / 128) ** 0.5 + 0.015)


def test_the_estimates_do_not_lean_to_either_side() -> None:
    texts = [(pair["a"], pair["b"]) for pair in PAIRS["tuned"]["same"] + PAIRS["tuned"]["different"]]
    errors = [
        estimated_likeness(fingerprint(a, key), fingerprint(b, key)).jaccard - likeness(a, b).jaccard
        for a, b in texts
        for key in KEYS
    ]
    assert abs(mean(errors)) < 0.01


@settings(deadline=None)
@given(ANY_TEXT | WORDS, ANY_TEXT | WORDS)
def test_likeness_is_symmetric_and_bounded_for_any_texts(first: str, second: str) -> None:
    one, other = fingerprint(first, KEY), fingerprint(second, KEY)
    assert likeness(first, second) == likeness(second, first)
    assert estimated_likeness(one, other) == estimated_likeness(other, one)
    for found in (likeness(first, second), estimated_likeness(one, other)):
        assert 0 <= found.value < 1
        assert 0 <= found.jaccard <= 1


@settings(deadline=None)
@given(ANY_TEXT | WORDS, ANY_TEXT | WORDS, st.timedeltas(-COMPARED_WITHIN * 2, COMPARED_WITHIN * 2))
def test_resemblance_is_symmetric_and_bounded(first: str, second: str, apart: timedelta) -> None:
    one, other = told(first, "a"), told(second, "b", occurred_at=NOON + apart)
    there, back = resemblance(one, other), resemblance(other, one)
    assert (there.score, there.hours_apart, there.nearness) == (back.score, back.hours_apart, back.nearness)
    assert 0 <= there.score < 1


@settings(deadline=None)
@given(WORDS)
def test_a_text_is_wholly_like_itself_whatever_the_order_of_its_words(text: str) -> None:
    found = estimated_likeness(fingerprint(text, KEY), fingerprint(" ".join(reversed(text.split())), KEY))
    assert found.jaccard == (1 if text else 0)


@pytest.mark.parametrize(
    "text",
    ["", "\x00", "\ud800", "\u202e\u202c", "saya mau lapor pak", "...", "\u200b" * 50],
)
def test_a_text_without_content_resembles_nothing_not_even_itself(text: str) -> None:
    empty = fingerprint(text, KEY)
    assert (empty.word_count, empty.slots) == (0, b"")
    assert estimated_likeness(empty, empty).value == 0
    assert estimated_likeness(empty, fingerprint(BRAWL, KEY)).value == 0


def test_one_common_word_alone_proves_little() -> None:
    assert likeness("tawuran", "tawuran").value == 0.5
    assert likeness(BRAWL, BRAWL).value > 0.85


def test_a_fingerprint_is_short_bounded_and_quickly_made_from_a_huge_text() -> None:
    huge = " ".join(map(spelled, range(200_000)))
    started = process_time()
    made = fingerprint(huge, KEY)
    assert process_time() - started < 1
    assert len(made.slots) == 128
    assert made.word_count <= MAX_CONTENT_WORDS


def test_the_same_text_and_key_give_the_same_fingerprint_which_survives_storing() -> None:
    made = fingerprint(BRAWL, KEY)
    assert made == fingerprint(BRAWL.upper(), KEY)
    assert Fingerprint(**asdict(made)) == made


def test_fingerprints_of_different_keys_share_no_slots_beyond_chance_and_are_never_compared() -> None:
    one, other = fingerprint(BRAWL, KEY), fingerprint(BRAWL, bytes(32))
    assert sum(a == b for a, b in zip(one.slots, other.slots, strict=True)) <= 5
    assert one.made_with != other.made_with
    assert estimated_likeness(one, other).value == 0


def test_a_fingerprint_holds_no_word_of_the_narrative() -> None:
    stored = repr(asdict(fingerprint(BRAWL, KEY))).encode() + fingerprint(BRAWL, KEY).slots
    assert not any(word.encode() in stored for word in ("tawuran", "tawur", "pelajar", "anak", "cikao", "jembat"))


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="fingerprint key must be 32 bytes long"):
        fingerprint(BRAWL, bytes(length))


@pytest.mark.parametrize(("count", "slots"), [(5, b""), (5, bytes(127)), (0, bytes(128))])
def test_a_damaged_fingerprint_is_refused(count: int, slots: bytes) -> None:
    with pytest.raises(ValueError, match="slots must be 128 bytes"):
        Fingerprint("00", count, slots)


@pytest.mark.parametrize(
    ("cell", "village", "other_cell", "other_village", "nearness"),
    [
        (CELL, None, CELL, None, "same_cell"),
        (CELL, None, NEXT_CELL, None, "next_cell"),
        (CELL, "99.01.01.2001", FAR_CELL, "99.01.01.2001", "far_or_unknown"),
        (CELL, "99.01.01.2001", None, "99.01.01.2001", "same_village"),
        (None, "99.01.01.2001", None, "99.01.01.2001", "same_village"),
        (None, "99.01.01.2001", None, "99.01.01.2002", "far_or_unknown"),
        (None, None, None, None, "far_or_unknown"),
        (CELL, None, None, None, "far_or_unknown"),
    ],
)
def test_nearness_is_told_by_cells_and_else_by_the_village(
    cell: str | None, village: str | None, other_cell: str | None, other_village: str | None, nearness: str
) -> None:
    report = told(BRAWL, "report", cell=cell, village=village)
    found = resemblance(report, told(BRAWL, cell=other_cell, village=other_village))
    assert found.nearness == nearness
    assert (found.score == 0) == (nearness == "far_or_unknown")


def test_the_score_falls_with_distance_and_with_time_and_ends_after_three_days() -> None:
    report = told(BRAWL, "report")
    hours = (0, 3, 6, 24, 48, 72, 73)
    scores = [resemblance(report, told(BRAWL, occurred_at=NOON - timedelta(hours=hour))).score for hour in hours]
    assert scores[0] == scores[1] > scores[2] > scores[3] > scores[4] > scores[5] > scores[6] == 0
    near = [resemblance(report, told(BRAWL, cell=cell)).score for cell in (CELL, NEXT_CELL, FAR_CELL)]
    assert near[0] > near[1] > near[2] == 0


def test_without_a_stated_time_the_time_of_the_report_counts() -> None:
    report = told(BRAWL, "report", occurred_at=None)
    earlier = told(BRAWL, occurred_at=None, reported_at=NOON - timedelta(hours=5))
    assert resemblance(report, earlier).hours_apart == 5


def test_the_most_alike_of_the_earlier_reports_is_named() -> None:
    report = told(BRAWL, "report")
    candidates = [
        told("motor hilang di pasar", "theft"),
        told("tawuran di jembatan cikao bawa celurit", "brawl"),
        told(BRAWL, "brawl far away", cell=FAR_CELL),
    ]
    found = most_alike(report, candidates)
    assert found is not None
    assert found.report_id == "brawl"
    assert found.score >= SAME_INCIDENT


def test_of_equally_alike_reports_the_oldest_is_named_in_any_order() -> None:
    report = told(BRAWL, "report")
    candidates = [told(BRAWL, name, reported_at=NOON - timedelta(minutes=age)) for name, age in (("b", 5), ("a", 9))]
    for order in (candidates, candidates[::-1]):
        found = most_alike(report, order)
        assert found is not None
        assert found.report_id == "a"


def test_neither_the_report_itself_nor_a_later_one_counts_as_earlier() -> None:
    report = told(BRAWL, "report")
    assert most_alike(report, []) is None
    assert most_alike(report, [report, told(BRAWL, "later", reported_at=NOON + timedelta(seconds=1))]) is None


def test_of_two_reports_of_one_instant_only_one_is_earlier() -> None:
    one, other = told(BRAWL, "a", reported_at=NOON), told(BRAWL, "b", reported_at=NOON)
    assert most_alike(one, [other]) is None
    found = most_alike(other, [one])
    assert found is not None
    assert found.report_id == "a"
