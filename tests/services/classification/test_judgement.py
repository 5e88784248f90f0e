"""The rules at work: what is read and proposed, what an officer may choose, and where a learnt model would stand."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import pytest

from services.classification.case import Matter
from services.classification.judgement import GROUNDS, Judgement, proposals
from services.classification.lexicon import LexiconError, parse_lexicon
from services.classification.reading import Reading
from services.classification.rules import ReasonKind, Suggestion
from services.classification.scoring import Scorer, Scores, WordScorer
from services.classification.settings import ClassificationSettings
from services.classification.taxonomy import TaxonomyError, parse_taxonomy
from shared.contracts.complaint import Track, Urgency
from shared.contracts.envelope import Envelope
from shared.contracts.refusals import Invalid
from shared.contracts.verification import ComplaintVerified
from shared.sealing import Unsealable, Vault
from tests.services.classification.samples import (
    GIBBERISH,
    KILLING,
    NOISE,
    POLRES,
    matter,
    report,
    sealed_report,
    verified,
)
from tests.support.room import SEALING_KEYS

HERE = Path(__file__).parents[3] / "services" / "classification"


@pytest.fixture(scope="module")
def settings() -> ClassificationSettings:
    return made()


def made(**changes: Any) -> ClassificationSettings:
    content = {
        "amqp_url": "amqp://nowhere",
        "mongo_url": "mongodb://nowhere",
        "sealing_keys": SEALING_KEYS,
        "oidc_issuer": "http://nowhere",
    }
    return ClassificationSettings.model_validate(content | changes)


@pytest.fixture(scope="module")
def vault(settings: ClassificationSettings) -> Vault:
    return Vault(settings.sealing_keys)


@pytest.fixture(scope="module")
def judgement(settings: ClassificationSettings) -> Judgement:
    return Judgement.load(settings)


def judging_by(settings: ClassificationSettings, scorer: Scorer) -> Judgement:
    taxonomy = parse_taxonomy(settings.taxonomy.read_text("utf-8"))
    return Judgement(taxonomy, parse_lexicon(settings.lexicon.read_text("utf-8"), list(taxonomy.by_code)), scorer)


class Model:
    """A scorer that is sure of one category whatever it reads, as a learnt model may be."""

    def __init__(self, category: str, before: Callable[[], None] = lambda: None) -> None:
        self._category = category
        self._before = before

    def score(self, reading: Reading) -> Scores:
        self._before()
        return Scores(MappingProxyType({self._category: 0.97}), ())


def telling(vault: Vault, text: str, **changes: Any) -> Envelope[ComplaintVerified]:
    message = verified()
    told = sealed_report(vault, message.subject, text, **changes)
    return message.model_copy(update={"data": message.data.model_copy(update={"report": told})})


# --- the files -------------------------------------------------------------------------------------------------------


def test_a_bad_taxonomy_stops_the_start_and_names_the_place(tmp_path: Path) -> None:
    broken = tmp_path / "taxonomy.csv"
    rows = (
        (HERE / "taxonomy.csv").read_text("utf-8").replace("homicide,Pembunuhan,Homicide,yes", "homicide,,Homicide,yes")
    )
    broken.write_text(rows, "utf-8")
    with pytest.raises(TaxonomyError, match="row 2, column nama"):
        Judgement.load(made(taxonomy=broken))


def test_a_bad_lexicon_stops_the_start_and_names_the_place(tmp_path: Path) -> None:
    broken = tmp_path / "lexicon.toml"
    broken.write_text((HERE / "lexicon.toml").read_text("utf-8") + "\n[synonyms]\n", "utf-8")
    with pytest.raises(LexiconError, match="lexicon, synonyms"):
        Judgement.load(made(lexicon=broken))


# --- the seam --------------------------------------------------------------------------------------------------------


def test_a_learnt_model_takes_the_place_of_the_words_without_any_other_change(
    settings: ClassificationSettings,
) -> None:
    suggestion = judging_by(settings, Model("forgery")).suggest(NOISE, in_progress=False, hint=None)
    assert (suggestion.category, suggestion.confidence, suggestion.needs_review) == ("forgery", 0.97, False)
    by_words = judging_by(settings, WordScorer()).suggest(NOISE, in_progress=False, hint=None)
    assert by_words.category == "noise"


def test_a_model_that_is_sure_does_not_cross_the_guard_rails(settings: ClassificationSettings) -> None:
    told = "Anak perempuan saya diperkosa pamannya sendiri."
    suggestion = judging_by(settings, Model("neighbour_dispute")).suggest(told, in_progress=False, hint=None)
    assert suggestion.mediation == "never"
    assert not {"mediation", "guidance"}.intersection(suggestion.tracks)
    assert suggestion.needs_review


# --- proposals -------------------------------------------------------------------------------------------------------


async def test_each_message_gets_the_proposal_of_its_own_narrative(judgement: Judgement, vault: Vault) -> None:
    messages = [telling(vault, text) for text in (NOISE, KILLING, GIBBERISH)]
    noise, killing, gibberish = await proposals(judgement, vault)([(message, None) for message in messages])
    assert (noise.classification.category, noise.cautions) == ("noise", ())
    assert (killing.classification.category, killing.classification.urgency) == ("homicide", "P1")
    assert (gibberish.classification.category, gibberish.cautions) == ("outside_authority", ("unrecognised",))


async def test_a_report_without_words_is_for_an_officer(judgement: Judgement, vault: Vault) -> None:
    (proposal,) = await proposals(judgement, vault)([(verified(report()), None)])
    assert proposal.cautions == ("unrecognised",)


async def test_a_report_about_the_whole_office_goes_to_internal_affairs_whatever_it_tells(
    judgement: Judgement, vault: Vault
) -> None:
    message = verified(sealed_report(vault, "x", KILLING, conflicts=(POLRES,), in_progress=True))
    (proposal,) = await proposals(judgement, vault)([(message, None)])
    assert (proposal.classification.category, proposal.classification.tracks) == (
        "police_misconduct",
        ("internal_affairs",),
    )
    assert proposal.cautions == ()


async def test_what_is_happening_and_the_reporters_own_choice_are_considered(
    judgement: Judgement, vault: Vault
) -> None:
    told = "Pencurian motor di depan pasar."
    calm, happening = telling(vault, told), telling(vault, told, in_progress=True)
    hinted = telling(vault, GIBBERISH)
    hinted = hinted.model_copy(update={"data": hinted.data.model_copy(update={"category_hint": "forgery"})})
    before, during, by_hint = await proposals(judgement, vault)([(m, None) for m in (calm, happening, hinted)])
    assert (before.classification.urgency, during.classification.urgency) == ("P2", "P1")
    assert by_hint.classification.category == "forgery"
    assert by_hint.cautions == ("low_confidence",)


async def test_the_words_that_led_to_a_proposal_rest_under_the_seal(judgement: Judgement, vault: Vault) -> None:
    message = telling(vault, KILLING)
    (proposal,) = await proposals(judgement, vault)([(message, None)])
    assert "bunuh" not in repr(proposal)
    assert proposal.grounds is not None
    reasons = vault.open("narrative", message.subject, proposal.grounds)["reasons"]
    assert any("bunuh" in reason["words"] for reason in reasons)
    with pytest.raises(Unsealable):
        vault.open("narrative", verified().subject, proposal.grounds)


async def test_a_narrative_that_belongs_to_another_complaint_is_not_read(judgement: Judgement, vault: Vault) -> None:
    strange = verified(sealed_report(vault, verified().subject, NOISE))
    with pytest.raises(Unsealable) as refused:
        await proposals(judgement, vault)([(strange, None)])
    assert "musik" not in str(refused.value)


async def test_a_complaint_that_was_taken_in_is_not_read_again(settings: ClassificationSettings, vault: Vault) -> None:
    def read() -> None:
        raise AssertionError("read again")

    case: Matter = matter()
    known = await proposals(judging_by(settings, Model("theft", read)), vault)([(telling(vault, NOISE), case)])
    assert known == [case.proposal]


async def test_reading_a_long_story_keeps_nobody_else_waiting(settings: ClassificationSettings, vault: Vault) -> None:
    others_had_their_turn = threading.Event()

    def wait_for_others() -> None:
        assert others_had_their_turn.wait(10)

    read = proposals(judging_by(settings, Model("theft", wait_for_others)), vault)
    reading = asyncio.ensure_future(read([(telling(vault, NOISE), None)]))
    # Only reached while the story is being read if that does not happen on the loop.
    asyncio.get_running_loop().call_later(0.05, others_had_their_turn.set)
    (proposal,) = await reading
    assert proposal.classification.category == "theft"


@pytest.mark.parametrize(
    "text",
    ["", " \n\t", "\x00", "\ud800 maling \udfff", "\u202emaling\u2066", "\u0301" * 5000, "🚔" * 3000, "a" * 40_000],
    ids=["empty", "blank", "nul", "surrogates", "bidi", "marks", "emoji", "long"],
)
async def test_no_text_is_too_strange_to_be_judged(judgement: Judgement, vault: Vault, text: str) -> None:
    suggestion = judgement.suggest(text, in_progress=False, hint="$where\x00")
    assert suggestion.needs_review
    if "\ud800" not in text:  # which no seal takes
        (proposal,) = await proposals(judgement, vault)([(telling(vault, text), None)])
        assert proposal.cautions


# --- cautions --------------------------------------------------------------------------------------------------------


def test_every_kind_of_reason_is_either_a_ground_or_a_caution(judgement: Judgement) -> None:
    cautions = set(get_args(ReasonKind)) - GROUNDS
    assert cautions == {"guard_rail", "terrorism", "urgent_though_past", "low_confidence", "unrecognised", "text_cut"}


async def test_every_suggestion_that_needs_a_review_gives_a_caution(
    judgement: Judgement, vault: Vault, settings: ClassificationSettings
) -> None:
    texts = [row.rsplit(",", 1)[-1] for row in (Path(__file__).parent / "tricky.csv").read_text("utf-8").splitlines()]
    suggestions: list[Suggestion] = [judgement.suggest(text, in_progress=False, hint=None) for text in texts]
    assert any(suggestion.needs_review for suggestion in suggestions)
    found = await proposals(judgement, vault)([(telling(vault, text), None) for text in texts])
    assert [bool(proposal.cautions) for proposal in found] == [s.needs_review for s in suggestions]


# --- an officer's choice ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_progress", [True, False])
def test_what_an_officer_leaves_out_is_the_categorys_own(judgement: Judgement, in_progress: bool) -> None:
    for row in judgement.taxonomy:
        chosen = judgement.choice(row.code, None, None, in_progress=in_progress)
        assert (chosen.mediation, chosen.units, chosen.partners) == (row.mediation, row.units, row.partners)
        assert (chosen.confidence, chosen.officer) == (1, None)
        if chosen.urgency == row.urgency != "P1":
            assert chosen.tracks == row.tracks


@pytest.mark.parametrize(
    ("category", "urgency", "in_progress", "becomes", "tracks"),
    [
        ("assault", None, False, "P2", ("investigation",)),
        ("assault", None, True, "P1", ("investigation", "dispatch")),
        ("assault", "P1", False, "P1", ("investigation", "dispatch")),
        ("assault", "P3", True, "P3", ("investigation",)),
        ("trespass", None, True, "P2", ("investigation",)),
        ("noise", None, True, "P2", ("mediation",)),
        ("noise", "P1", False, "P1", ("dispatch",)),
        ("homicide", None, False, "P1", ("investigation", "dispatch")),
        ("police_misconduct", "P1", True, "P1", ("internal_affairs",)),
    ],
)
def test_a_choice_is_as_urgent_as_its_row_says_and_p1_sends_somebody(
    judgement: Judgement,
    category: str,
    urgency: Urgency | None,
    in_progress: bool,
    becomes: Urgency,
    tracks: tuple[Track, ...],
) -> None:
    chosen = judgement.choice(category, urgency, None, in_progress=in_progress)
    assert (chosen.urgency, chosen.tracks) == (becomes, tracks)


def test_tracks_that_an_officer_names_stand(judgement: Judgement) -> None:
    chosen = judgement.choice("noise", "P1", ("mediation", "referral"), in_progress=True)
    assert chosen.tracks == ("mediation", "referral")


@pytest.mark.parametrize("category", ["terrorism", "Homicide", "", "$ne", "outside_authority "])
def test_a_category_that_the_taxonomy_does_not_have_is_refused_by_name(judgement: Judgement, category: str) -> None:
    with pytest.raises(Invalid) as refused:
        judgement.choice(category, None, None, in_progress=False)
    assert refused.value.field == "category"
    assert not category or category not in str(refused.value)
