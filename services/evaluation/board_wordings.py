"""What people read on the boards for evaluation's codes, in Indonesian; `en.po` has the English."""

from collections.abc import Callable, Mapping
from typing import get_args

from services.evaluation.course import STAGES as STAGE_NAMES
from services.evaluation.rules import INDICATORS
from services.evaluation.survey import ELEMENTS as ELEMENT_NAMES
from services.evaluation.words import WORDS
from shared.contracts.intake import CallKind
from shared.languages import marked


def _of(*slugs: str) -> Mapping[str, str]:
    return {slug: WORDS[slug] for slug in slugs}


STAGES = _of(*STAGE_NAMES)
COUNTS = _of("received", "closed", "rejected", "withdrawn", "duplicates", "changes", "reopenings", "alarms")
ELEMENTS = _of(*ELEMENT_NAMES)
CALLS = _of(*get_args(CallKind))
GRADES: Mapping[str, str] = {
    "A": marked("Sangat baik"),
    "B": marked("Baik"),
    "C": marked("Kurang baik"),
    "D": marked("Tidak baik"),
}
STATUSES: Mapping[str, str] = {
    "raised": marked("Baru, belum ada rencana"),
    "planned": marked("Direncanakan"),
    "renewed": marked("Belum membaik"),
    "closed": marked("Ditutup"),
}
STEPS: Mapping[str, str] = {
    "raised": marked("Ditemukan"),
    "planned": marked("Tindakan direncanakan"),
    "closed": marked("Ditutup"),
    "improved": marked("Diukur lagi: target tercapai"),
    "renewed": marked("Diukur lagi: belum tercapai atau tidak terukur"),
}
RULES: Mapping[str, str] = {
    "person": marked("Ditemukan petugas"),
    "median_over_target": marked("Median melewati target"),
    "element_under_b": marked("Unsur survei di bawah mutu B"),
    "rising_reopens": marked("Permintaan dibuka kembali meningkat"),
}
_OF_STAGE = {f"hours_to_{name}": words for name, words in STAGES.items()}
_OF_ELEMENT = {f"element_{name}": words for name, words in ELEMENTS.items()}
_TIME = marked("Waktu: %(stage)s")


def indicator(slug: str, _: Callable[[str], str]) -> str:
    """An indicator in words, as `hours_to_assignment` or `element_u3`."""
    if stage := _OF_STAGE.get(slug):
        return _(_TIME) % {"stage": _(stage)}
    return _(_OF_ELEMENT.get(slug) or WORDS.get(slug, slug))


def indicators(_: Callable[[str], str]) -> list[tuple[str, str]]:
    """All that a finding can be about."""
    return [(slug, indicator(slug, _)) for slug in INDICATORS]
