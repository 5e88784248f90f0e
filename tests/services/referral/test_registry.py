"""The registry of agencies: what may be registered, and what is kept of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from deploy import agency
from services.referral.registry import Registration

WHOLE = {"slug": "damkar", "name": "Damkar", "partners": ["Damkar"]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "Damkar"}, "slug"),
        ({"slug": "damkar.reply"}, "slug"),
        ({"slug": "*"}, "slug"),
        ({"partners": []}, "partners"),
        ({"villages": ["99.01.xx"]}, "villages"),
        ({"hours": {"days": ["mon"], "opens": "16:00", "closes": "08:00"}}, "hours"),
        ({"hours": {"days": [], "opens": "08:00", "closes": "16:00"}}, "hours"),
        ({"zone": "Asia/Nowhere"}, ""),
        ({"transport": "webhook"}, ""),
        ({"url": "https://agency.example/"}, ""),
        ({"transport": "webhook", "url": "ftp://agency.example/"}, "url"),
        ({"owner": "somebody"}, "owner"),
    ],
)
def test_an_agency_that_is_not_whole_is_not_registered(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Registration.model_validate(WHOLE | changes)
    assert [str(error["loc"][0]) if error["loc"] else "" for error in refused.value.errors()][:1] == [field]


def test_the_sample_agencies_are_whole() -> None:
    listed = json.loads(Path("deploy/samples/agencies.json").read_text("utf-8"))
    found = [Registration.model_validate(entry) for entry in listed]
    assert len({entry.slug for entry in found}) == len(found)


def test_what_make_agency_takes_becomes_a_registration() -> None:
    given = ["add", "--name", "dinsos", "--title", "Dinas Sosial", "--partners", "Dinsos; UPTD PPA"]
    hours = ["--hours", "mon,tue 08:00-16:00", "--villages", "99.01;99.02", "--webhook", "https://dinsos.example/x"]
    made = agency.registration(agency.parser().parse_args([*given, *hours]))
    assert (made.partners, made.villages, made.transport) == (("Dinsos", "UPTD PPA"), ("99.01", "99.02"), "webhook")
    assert made.agency("polres-sukamaju").hours is not None
    assert agency.registration(agency.parser().parse_args(given)).hours is None


@pytest.mark.parametrize("hours", ["8-16", "someday 08:00-16:00", "mon 16:00-08:00", ""])
def test_hours_that_cannot_be_read_name_the_field(hours: str) -> None:
    given = agency.parser().parse_args(["add", "--name", "dinsos", "--partners", "Dinsos", "--hours", hours])
    with pytest.raises(ValidationError, match="hours"):
        agency.registration(given)
