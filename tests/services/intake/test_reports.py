"""What a report may hold, field by field."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from services.intake.reports import CounterReport, PublicReport, SupplementBody
from tests.services.intake.samples import report, spoken


def faults(model: type[BaseModel], body: Any) -> list[str]:
    """The fields that are refused, alike in the JSON of a request and in that of a broker message."""
    of_request = _faults(lambda: model.model_validate(body))
    of_message = _faults(lambda: model.model_validate_json(json.dumps(body)))
    assert of_request == of_message
    return of_request


def _faults(read: Callable[[], Any]) -> list[str]:
    try:
        read()
    except ValidationError as error:
        return sorted({".".join(map(str, e["loc"])) for e in error.errors()})
    return []


def test_a_whole_report_is_accepted() -> None:
    assert faults(PublicReport, report()) == []
    assert faults(CounterReport, spoken(conflicts=["officer-9", "Unit Reskrim"])) == []


def test_a_report_needs_no_more_than_what_happened() -> None:
    read = PublicReport.model_validate({"channel": "app", "what": "Ada orang mencuri motor."})
    assert not read.reporter.is_identified
    assert read.language == "id"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": ""}, "what"),
        ({"what": " \n\t "}, "what"),
        ({"what": "\u200b\ufeff"}, "what"),
        ({"what": "a\x00b"}, "what"),
        ({"what": "a\x1b[31mb"}, "what"),
        ({"what": "x" * 10_001}, "what"),
        ({"what": 5}, "what"),
        ({"what": None}, "what"),
        ({"what": ["a"]}, "what"),
        ({"what": {"$ne": ""}}, "what"),
        ({"where": {"text": {"$gt": ""}}}, "where.text"),
        ({"where": {"village": "3509012003"}}, "where.village"),
        ({"where": {"village": "٣٥.09.01.2003"}}, "where.village"),
        ({"where": {"lat": "8", "lon": 1}}, "where.lat"),
        ({"where": {"lat": True, "lon": 1}}, "where.lat"),
        ({"where": {"lat": 91, "lon": 1}}, "where.lat"),
        ({"where": {"lat": 1, "lon": -180.01}}, "where.lon"),
        ({"where": {"lat": float("nan"), "lon": 1}}, "where.lat"),
        ({"where": {"lat": float("inf"), "lon": 1}}, "where.lat"),
        ({"where": {"lat": 10**400, "lon": 1}}, "where.lat"),
        ({"where": {"lat": -8.1}}, "where"),
        ({"where": []}, "where"),
        ({"when": 1_700_000_000}, "when"),
        ({"when": "1700000000"}, "when"),
        ({"when": "2026-11-24"}, "when"),
        ({"when": "2026-11-24T19:30:00"}, "when"),
        ({"when": "2026-13-24T19:30:00Z"}, "when"),
        ({"when": "0001-01-01T00:00:00+14:00"}, "when"),
        ({"when": "9999-12-31T23:59:59-14:00"}, "when"),
        ({"in_progress": "true"}, "in_progress"),
        ({"in_progress": 1}, "in_progress"),
        ({"category_hint": "../theft"}, "category_hint"),
        ({"language": "fr"}, "language"),
        ({"channel": "counter"}, "channel"),
        ({"channel": ["web"]}, "channel"),
        ({"reporter": {"nik": "12"}}, "reporter.nik"),
        ({"reporter": {"nik": 3509014107900001}}, "reporter.nik"),
        ({"reporter": {"phone": "call me"}}, "reporter.phone"),
        ({"reporter": {"phone": "0812\n345"}}, "reporter.phone"),
        ({"reporter": {"email": "nobody"}}, "reporter.email"),
        ({"reporter": {"email": "a@b.test\r\nBcc: c@d.test"}}, "reporter.email"),
        ({"reporter": {"name": "x" * 201}}, "reporter.name"),
        ({"reporter": {"role": "chief"}}, "reporter.role"),
        ({"attachments": ["no-uuid"]}, "attachments.0"),
        ({"attachments": "no-list"}, "attachments"),
        ({"attachments": [f"00000000-0000-4000-8000-{n:012}" for n in range(51)]}, "attachments"),
        ({"attachments": ["00000000-0000-4000-8000-000000000001"] * 2}, "attachments"),
        ({"register_number": "LP/A/1"}, "register_number"),
        ({"status": "verified"}, "status"),
        ({"author": "chief"}, "author"),
        ({"identity_level": "seen_in_person"}, "identity_level"),
        ({"conflicts": ["officer-1"]}, "conflicts"),
        ({"own_finding": True}, "own_finding"),
    ],
)
def test_a_report_that_is_not_as_it_must_be_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    assert faults(PublicReport, report(**changes)) == [field]


def test_invisible_and_directional_marks_are_taken_out_and_letters_composed() -> None:
    read = PublicReport.model_validate(
        report(what="e\u0301\u202e evil\u200b\u2066 text\r\nnext", where={"text": "a\nb"})
    )
    assert read.what == "é evil text\nnext"
    assert read.where.text == "a b"


def test_markup_is_kept_as_the_text_that_it_is() -> None:
    text = "<script>alert(1)</script> {{7*7}} =HYPERLINK() '; DROP TABLE"
    assert PublicReport.model_validate(report(what=text)).what == text


def test_times_are_read_with_their_zone() -> None:
    read = PublicReport.model_validate(report(when="2026-01-03T21:30:00.123456+07:00"))
    assert read.when is not None
    assert read.when.isoformat() == "2026-01-03T14:30:00.123456+00:00"


def test_an_own_finding_has_no_reporter() -> None:
    assert faults(CounterReport, spoken(own_finding=True)) == [""]
    assert faults(CounterReport, spoken(own_finding=True, reporter={})) == []


@pytest.mark.parametrize(
    "conflicts", [["a"] * 2, [""], ["x" * 65], [f"officer-{n}" for n in range(21)], [7], "officer"]
)
def test_conflicts_are_a_few_distinct_ids(conflicts: Any) -> None:
    assert faults(CounterReport, spoken(conflicts=conflicts))


def test_a_supplement_adds_something() -> None:
    assert faults(SupplementBody, {"code": "x"}) == [""]
    assert faults(SupplementBody, {"code": "x", "where": {}}) == [""]
    assert faults(SupplementBody, {"code": "x", "where": {"village": "35.09.01.2003"}}) == []
    assert faults(SupplementBody, {"code": {"$ne": ""}, "what": "x"}) == ["code"]
