"""The words: complete in both languages, and fit for a lock screen."""

import csv
import re
import string
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from services.notification import timeline
from services.notification.entries import entries
from services.notification.message import CODE, Message
from services.notification.news import DIGEST, TELLS
from services.notification.statuses import LEADS_TO, Status
from services.notification.words import Words, short, table
from shared.contracts import catalogue
from shared.contracts.complaint import Language, Track
from shared.contracts.envelope import Event
from shared.contracts.internal_affairs import ConductOutcome
from shared.contracts.investigation import Milestone, Outcome, ProgressLetter
from shared.contracts.referral import ReferralOutcome, ReferralStep
from shared.contracts.verification import Missing, RejectionReason
from tests.services.notification.every_event import ONE_OF_EACH
from tests.services.notification.samples import (
    POLICY,
    REGISTER,
    accepted,
    classified,
    completed,
    conduct_concluded,
    conduct_letter,
    conduct_returned,
    declined,
    offered,
    reclassified,
    registered,
    said,
    submitted,
    told,
    updated,
)
from tests.services.notification.test_timeline import NEXT

LANGUAGES: tuple[Language, ...] = get_args(Language)
PROMISED = {"session", "arrangement", "agency_answer", "result"}
TEMPLATES = (*TELLS, DIGEST, CODE)
SITE = "aduan.polres-sukamaju-timur.polri.go.id"  # about as long as the settings allow
GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"
TAXONOMY = Path(__file__).parents[3] / "services/classification/taxonomy.csv"
# Words that tell who deals with it, which tells what it is about: above all, that it is about the police.
OF_A_TRACK = (
    "polisi|police|propam|siwas|internal|disiplin|conduct|mediasi|mediat|bhabin|pembinaan|guidance|rujuk|referr|"
    "instansi|agenc|damkar|penyidik|penyelidik|investigat|detective|sp2hp|sp3d|victim|korban"
)
# Words in the names of categories that say nothing of a category.
HARMLESS = {
    *("about", "baik", "between", "biasa", "dengan", "informasi", "information", "layanan", "luar", "nama"),
    *("outside", "person", "public", "service", "surat", "tanpa", "tempat", "termasuk", "umum"),
}
# After an erasure there is nothing left to tell, nor anybody to tell it to.
TOLD = [wire for wire in catalogue.CONSUMERS["notification"] if wire != "complaint.erased.v1"]


def words(language: Language) -> Words:
    return Words(language, POLICY.zone, SITE)


def message(template: str, language: Language) -> Message:
    (some,) = told(said(submitted())).messages
    by = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
    return replace(some, template=template, language=language, register_number=REGISTER, by=by)


def shape(words: object) -> object:
    if isinstance(words, dict):
        return {name: shape(value) for name, value in words.items()}
    return {name for _, name, _, _ in string.Formatter().parse(str(words)) if name}


def test_both_languages_have_the_same_words_with_the_same_parameters() -> None:
    assert shape(dict(table("id"))) == shape(dict(table("en")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "slugs"),
    [
        ("sms", set(TEMPLATES)),
        ("subject", set(TEMPLATES)),
        ("body", set(TEMPLATES)),
        ("status", set(get_args(Status))),
        ("timeline", set(LEADS_TO)),
        ("joined", set(timeline.JOINED)),
        ("missing", set(get_args(Missing))),
        ("reason", set(get_args(RejectionReason))),
        ("track", set(get_args(Track))),
        ("milestone", set(get_args(Milestone))),
        ("letter", set(get_args(ProgressLetter))),
        ("outcome", set(get_args(Outcome))),
        ("step", set(get_args(ReferralStep))),
        ("referral_outcome", set(get_args(ReferralOutcome))),
        ("conduct_outcome", set(get_args(ConductOutcome))),
        ("next", PROMISED | set(NEXT.values())),
    ],
)
def test_there_is_a_word_for_everything_and_none_too_many(language: Language, kind: str, slugs: set[str]) -> None:
    assert set(table(language)[kind]) == slugs


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_an_sms_is_one_sms_that_a_stranger_may_read(template: str, language: Language) -> None:
    text = words(language).sms(message(template, language))
    assert len(text) <= 160
    assert set(text) <= GSM_7
    assert SITE in text
    assert template == CODE or "002811/2026" in text
    refuse_what_strangers_may_not_read(text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_mails_subject_and_beginning_may_be_read_by_a_stranger_too(template: str, language: Language) -> None:
    subject, body = words(language).mail(message(template, language))
    assert len(subject) <= 78
    assert "\n" not in subject
    refuse_what_strangers_may_not_read(subject)
    refuse_what_strangers_may_not_read(body)
    assert SITE in body
    assert "{" not in body


def refuse_what_strangers_may_not_read(text: str) -> None:
    plain = text.replace(SITE, "").lower()
    assert not re.search(r"polres|polda|sukamaju|spkt|lp/b|p[1-4]\b", plain)
    assert not re.search(OF_A_TRACK, plain)
    assert not re.search(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}", plain)
    said_words = set(re.findall(r"[a-z]+", plain))
    assert not said_words & category_words()


def category_words() -> set[str]:
    """Every longer word in the names of the categories, in both languages."""
    with TAXONOMY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 40
    names = " ".join(f"{row['code']} {row['nama']} {row['english']}" for row in rows).lower()
    return set(re.findall(r"[a-z]{4,}", names)) - HARMLESS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: str(event.wire))
def test_every_line_of_the_timeline_can_be_said(event: object, language: Language) -> None:
    for entry in entries(said(event)):  # type: ignore[arg-type]
        text = words(language).entry(entry, joined=False)
        assert text.endswith(".")
        assert "{" not in text
        assert ": ." not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["", ".minimal"], ids=["full", "minimal"])
@pytest.mark.parametrize("wire", TOLD)
def test_every_event_as_its_producer_says_it_can_be_told(wire: str, kind: str, language: Language) -> None:
    envelope = catalogue.read(wire, (EXAMPLES / f"{wire}{kind}.json").read_bytes())
    for entry in entries(envelope):
        assert re.fullmatch(r"[A-Z][^{}]*[^:, ]\.", words(language).entry(entry, joined=False))
        if entry.key in timeline.JOINED:
            assert words(language).entry(entry, joined=True).endswith(".")


def test_a_stranger_cannot_tell_a_complaint_about_the_police_from_any_other() -> None:
    def by(*events: Event) -> set[str]:
        case = told(said(submitted()), *(said(event, n) for n, event in enumerate(events, 1)))
        return {message.template for message in case.messages}

    about_police = by(classified("P3", "internal_affairs"), registered(), conduct_letter(), conduct_concluded())
    assert about_police == by(classified("P3", "referral"), offered(), accepted(), updated(), completed())
    returned = by(classified("P3", "internal_affairs"), registered(), conduct_returned(), reclassified())
    assert returned == by(classified("P3", "referral"), accepted(), declined(), reclassified())


def test_an_agency_has_the_name_that_it_was_given_or_its_own_words() -> None:
    (line,) = entries(said(accepted()))
    named = Words("id", POLICY.zone, SITE, {"damkar-sukamaju": "Dinas Pemadam Kebakaran {x}"})
    assert named.entry(line, joined=False) == "Diambil alih oleh: Dinas Pemadam Kebakaran {x}, Bpbd Sukamaju."
    assert words("en").entry(line, joined=False) == "Taken over by: Damkar Sukamaju, Bpbd Sukamaju."
    assert "Damkar" not in words("en").entry(line, joined=True)


def test_which_agency_was_asked_is_not_said_before_it_accepts() -> None:
    (line,) = entries(said(offered()))
    assert "amkar" not in words("id").entry(line, joined=False)
    assert line.details == ()


def test_a_line_names_its_particulars_and_its_date() -> None:
    (asked,) = entries(said(ONE_OF_EACH[5]))
    assert words("id").entry(asked, joined=False) == (
        "Kami bertanya tentang: di mana terjadi, kapan terjadi. Mohon jawab sebelum 27-11-2026 12.00 WIB."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_line_of_the_earlier_complaint_names_no_particulars(language: Language) -> None:
    for event in ONE_OF_EACH:
        for entry in entries(said(event)):
            if entry.key in timeline.JOINED:
                text = words(language).entry(entry, joined=True)
                assert not any(w in text for w in ("2026", "handed", "diserahkan", "settled", "selesai:"))


@pytest.mark.parametrize(
    ("register_number", "expected"),
    [
        ("LP/B/2811/IX/2024/SPKT/Polres X/Polda Y", "2811/2024"),
        ("LP/B/000123/XI/2026/SPKT/POLRES SUKAMAJU", "000123/2026"),
        ("LP/A/2024/IX/2026/SPKT/POLRES X", "2024/2026"),
        ("LP/B/2026/XI/2026/SPKT/POLRES X", "2026/2026"),
        ("LP/B/SPKT/POLRES X", ""),
        ("LP/B/17/SPKT/POLRES X", "17"),
        ("B-17", "B-17"),
        ("", ""),
        ("LP/B/123456789012/XI/2026/POLRES X", "56789012/2026"),
    ],
)
def test_the_short_register_number_names_no_office(register_number: str, expected: str) -> None:
    assert short(register_number) == expected
