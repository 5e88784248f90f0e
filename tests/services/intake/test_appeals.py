"""Appeals of a rejection at the front desk, decided and over HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.intake import outcomes
from services.intake.outcomes import Objection
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Envelope
from shared.contracts.intake import ComplaintAppealed
from shared.contracts.refusals import Conflict, TooEarly
from shared.contracts.verification import ComplaintRejected
from tests.services.intake.test_domain import COMPLAINT, NOW, command, complaint
from tests.services.intake.test_service import ABSENT, submit
from tests.support.room import Running, until

OBJECTION = Objection(Sealed(narrative="jwe"), "fingerprint")
GROUNDS = "Kejadiannya di Canary, itu masih wilayah Sukamaju."


def rejection(*, final: bool = False, days: int = 14, sequence: int = 3) -> Envelope[Any]:
    data = ComplaintRejected(
        reason="implausible", appeal_until=NOW + timedelta(days=days), officer="verifier-1", final=final
    )
    return Envelope[Any](
        id=str(uuid4()), type=data.wire, source="verification", subject=COMPLAINT, time=NOW, sequence=sequence,
        polres="polres-sukamaju", lane="normal", data=data,
    )  # fmt: skip


def test_a_rejection_opens_the_way_to_one_appeal() -> None:
    case = outcomes.rejected(complaint(), rejection(), NOW).case
    assert case is not None
    decision = outcomes.appeal(case, command(OBJECTION), NOW + timedelta(days=14))
    assert decision.events == (ComplaintAppealed(sealed=OBJECTION.sealed),)
    with pytest.raises(Conflict) as refusal:
        outcomes.appeal(decision.case, command(OBJECTION, message_id="m-2"), NOW)
    assert refusal.value.slug == "appealed_before"


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({}, "not_rejected"),
        ({"appeal_until": NOW - timedelta(seconds=1)}, "too_late"),
        ({"appeal_until": NOW, "status": "withdrawn"}, "withdrawn"),
    ],
)
def test_what_cannot_be_appealed_says_why(changes: Any, slug: str) -> None:
    with pytest.raises(Conflict) as refusal:
        outcomes.appeal(complaint(**changes), command(OBJECTION), NOW)
    assert refusal.value.slug == slug


def test_neither_a_repeated_nor_a_final_rejection_moves_the_deadline() -> None:
    case = complaint(appeal_until=NOW)
    again = outcomes.rejected(case, rejection(days=30), NOW).case
    assert again
    assert again.appeal_until == NOW
    final = outcomes.rejected(complaint(), rejection(final=True), NOW).case
    assert final
    assert final.appeal_until is None


def test_a_rejection_of_what_is_not_here_yet_waits() -> None:
    with pytest.raises(TooEarly):
        outcomes.rejected(None, rejection(), NOW)


# --- over HTTP --------------------------------------------------------------------------------------------------------


async def _rejected(intake: Running, until_when: datetime | None = None) -> dict[str, Any]:
    receipt = await submit(intake)
    ends = until_when or datetime.now(UTC) + timedelta(days=14)
    event = ComplaintRejected(reason="outside_jurisdiction", appeal_until=ends, officer="verifier-1")
    await intake.hear(event, receipt["id"], sequence=3)

    async def known() -> bool:
        case = (await intake.room.store().load([receipt["id"]]))[receipt["id"]].case
        return case is not None and case.appeal_until is not None

    await until(known, "intake knows of the rejection")
    return receipt


async def _appeal(intake: Running, code: str, grounds: str = GROUNDS, **headers: str) -> httpx.Response:
    return await intake.http.post("/tracking/appeals", json={"code": code, "grounds": grounds}, headers=headers)


async def test_an_appeal_gets_a_receipt_and_its_grounds_travel_sealed(intake: Running) -> None:
    receipt = await _rejected(intake)
    response = await _appeal(intake, receipt["tracking_code"])
    assert response.status_code == 201, response.text
    assert response.json()["register_number"] == receipt["register_number"]
    appealed = await intake.says(ComplaintAppealed, receipt["id"])
    assert "Canary" not in appealed.model_dump_json()
    opened = intake.vault.open("narrative", receipt["id"], appealed.data.sealed.narrative)
    assert opened["text"] == GROUNDS
    assert appealed.sequence == 4


async def test_an_appeal_that_is_repeated_with_its_key_is_made_once(intake: Running) -> None:
    receipt = await _rejected(intake)
    key = {"Idempotency-Key": str(uuid4())}
    first, again = [await _appeal(intake, receipt["tracking_code"], **key) for _ in range(2)]
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    other = await _appeal(intake, receipt["tracking_code"], "Lain.", **key)
    assert other.json()["type"] == "urn:aduan:problem:idempotency_key_reused"
    anew = await _appeal(intake, receipt["tracking_code"])
    assert (anew.status_code, anew.json()["type"]) == (409, "urn:aduan:problem:appealed_before")
    assert len(intake.of(ComplaintAppealed, receipt["id"])) == 1


async def test_a_late_appeal_is_refused_with_the_reason(intake: Running) -> None:
    receipt = await _rejected(intake, datetime.now(UTC) - timedelta(hours=1))
    late = await _appeal(intake, receipt["tracking_code"])
    assert (late.status_code, late.json()["type"]) == (409, "urn:aduan:problem:too_late")
    assert "ended on" in late.json()["detail"]


async def test_a_report_that_is_not_rejected_and_a_code_that_is_none_are_refused(intake: Running) -> None:
    receipt = await submit(intake)
    early = await _appeal(intake, receipt["tracking_code"])
    assert (early.status_code, early.json()["type"]) == (409, "urn:aduan:problem:not_rejected")
    assert (await _appeal(intake, "ABCD-EFGH")).json() == ABSENT
    empty = await _appeal(intake, receipt["tracking_code"], "  ")
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (422, "grounds")


def test_an_appeal_leaves_the_facts_of_the_report_alone() -> None:
    case = complaint(appeal_until=NOW)
    after = outcomes.appeal(case, command(OBJECTION), NOW).case
    assert after is not None
    assert replace(after, appeal=None) == case
