"""A reporter who has proven to be reachable is better known."""

from dataclasses import replace
from typing import Any

import pytest

from services.verification.case import Finding, Verification
from services.verification.checks import check_identity
from services.verification.contact import contact_confirmed
from shared.contracts.intake import ContactConfirmed
from shared.contracts.refusals import TooEarly
from shared.contracts.verification import ComplaintVerified
from tests.services.verification.conftest import add, tell
from tests.services.verification.test_checks import TODAY, but
from tests.services.verification.test_domain import NOW, found, heard, submission
from tests.support.room import Running, until

VAGUE = Finding("identity", "warning", "identity_without_nik_or_phone")
IMPOSSIBLE = Finding("identity", "failed", "identity_implausible", ("nik_date",), ("nik",))
CONFIRMED = ContactConfirmed(medium="sms")


def case_of(*findings: Finding, **report: Any) -> Verification:
    case: Verification = submission(found(*findings), **report).case
    return case


def confirmed(case: Verification) -> Verification:
    after = contact_confirmed(case, heard(CONFIRMED), NOW).case
    assert after is not None
    return after


@pytest.mark.parametrize(
    ("told", "raised"),
    [("anonymous", "contact_confirmed"), ("claimed", "contact_confirmed"), ("seen_in_person", "seen_in_person")],
)
def test_the_level_of_the_identity_rises_and_never_falls(told: Any, raised: str) -> None:
    after = confirmed(case_of(identity_level=told))
    assert after.identity_level == raised == after.complete_report.identity_level
    assert after.report.identity_level == told


def test_a_vague_identity_is_plausible_once_it_is_confirmed_and_an_impossible_one_is_not() -> None:
    def identity(finding: Finding) -> Finding:
        after = confirmed(case_of(finding))
        return next(kept for kept in after.findings if kept.check == "identity")

    assert identity(VAGUE) == Finding("identity", "passed", "contact_confirmed")
    assert identity(IMPOSSIBLE) == IMPOSSIBLE


def test_what_is_told_twice_counts_once_and_what_comes_too_early_waits() -> None:
    after = confirmed(case_of())
    assert contact_confirmed(after, heard(ContactConfirmed(medium="email")), NOW).case is after
    assert [step.what for step in after.history] == ["submitted", "contact_confirmed"]
    with pytest.raises(TooEarly):
        contact_confirmed(None, heard(CONFIRMED), NOW)


def test_the_status_stays_whatever_it_is() -> None:
    for case in (case_of(), case_of(IMPOSSIBLE), replace(case_of(), status="rejected")):
        assert (confirmed(case).status, confirmed(case).held_by) == (case.status, case.held_by)


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"nik": "", "phone": ""}, ("passed", "contact_confirmed")),
        ({"anonymous": True}, ("passed", "contact_confirmed")),
        ({"nik": "3602047211870001"}, ("failed", "identity_implausible")),
    ],
)
def test_the_check_of_the_identity_knows_a_confirmed_contact(changes: dict[str, Any], outcome: tuple[str, str]) -> None:
    check = check_identity(but(**changes, contact_confirmed=True), TODAY)
    assert (check.outcome, check.reason) == outcome


async def test_a_confirmed_contact_counts_in_all_that_is_checked_and_told_after(
    verification: Running, officer: dict[str, str]
) -> None:
    complaint = await tell(verification, "Ada.", identity_level="anonymous")

    async def shown() -> dict[str, Any]:
        response = await verification.http.get(f"/complaints/{complaint}", headers=officer)
        view: dict[str, Any] = response.json() if response.status_code == 200 else {}
        return view

    await until(shown, "it is here")
    await verification.hear(CONFIRMED, complaint, sequence=2)
    view = await until(lambda: _at_level(shown, "contact_confirmed"), "the level rises")
    assert "contact_confirmed" in [step["what"] for step in view["history"]]
    story = "Motor Honda Beat hitam saya hilang di parkiran pasar Mekarsari tadi pagi, kunci stang dirusak."
    await add(verification, complaint, story)
    told = await verification.says(ComplaintVerified, complaint)
    assert told.data.report.identity_level == "contact_confirmed"


async def _at_level(shown: Any, level: str) -> Any:
    view = await shown()
    return view if view.get("identity_level") == level else None
