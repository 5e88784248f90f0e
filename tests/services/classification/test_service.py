"""What classification hears and says, on real servers."""

import asyncio

import pytest
from uuid6 import uuid7

from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.envelope import Event
from shared.contracts.evaluation import ComplaintReopenRequested
from shared.contracts.internal_affairs import ConductCaseReturned
from shared.contracts.mediation import MediationFailed
from shared.contracts.referral import ReferralDeclined
from shared.contracts.verification import ComplaintVerified
from tests.services.classification.desk import (
    Headers,
    ask,
    handled,
    queue,
    row,
    settled,
    tell,
    told,
    waiting,
)
from tests.services.classification.samples import BRIBE, FLOOD, GIBBERISH, KILLING, NOISE, POLRES, sealed_report
from tests.support.room import Running, until


async def test_a_clear_complaint_is_classified_and_not_reviewed(classification: Running, officer: Headers) -> None:
    subject = await tell(classification, NOISE)
    said = await classification.says(ComplaintClassified, subject)
    assert (said.lane, said.sequence, said.polres, said.source) == ("normal", 3, POLRES, "classification")
    ruled = said.data.classification
    assert (ruled.category, ruled.tracks, ruled.officer) == ("noise", ("mediation",), None)
    assert subject not in [entry["complaint"] for entry in await queue(classification, officer)]


async def test_p1_takes_the_urgent_lane(classification: Running) -> None:
    said = await classification.says(ComplaintClassified, await tell(classification, KILLING))
    assert (said.data.classification.urgency, said.lane) == ("P1", "urgent")
    assert "dispatch" in said.data.classification.tracks


async def test_an_unsure_complaint_waits_and_an_officer_confirms_it(classification: Running, officer: Headers) -> None:
    subject = await waiting(classification, officer)
    (entry,) = [entry for entry in await queue(classification, officer) if entry["complaint"] == subject]
    assert (entry["status"], entry["cautions"], entry["in_force"]) == ("waiting", ["unrecognised"], None)
    assert told(classification, ComplaintClassified, subject) == 0
    confirmed = await ask(classification, officer, subject, "confirm", {"note": "Bukan urusan polisi."})
    assert confirmed.status_code == 200
    assert confirmed.json()["status"] == "classified"
    said = await classification.says(ComplaintClassified, subject)
    assert said.data.classification.officer == "officer-1"
    assert subject not in [entry["complaint"] for entry in await queue(classification, officer)]


async def test_an_unsure_complaint_in_progress_sends_a_patrol_at_once_and_is_reviewed_too(
    classification: Running, officer: Headers
) -> None:
    subject = await tell(classification, GIBBERISH, in_progress=True)
    said = await classification.says(ComplaintClassified, subject)
    assert (said.lane, said.data.classification.tracks) == ("urgent", ("dispatch",))
    (entry,) = [entry for entry in await queue(classification, officer) if entry["complaint"] == subject]
    assert entry["status"] == "checking"
    change = {"category": "assault", "note": "Pelapor ditelepon kembali."}
    moved = await ask(classification, officer, subject, "change", change)
    assert moved.status_code == 200, moved.text
    again = await classification.says(ComplaintReclassified, subject)
    assert (again.data.reason, again.data.previous, again.lane) == (
        "officer_decision",
        said.data.classification,
        "urgent",
    )
    # The row of the taxonomy makes an assault in progress P1, whatever the officer left out.
    assert (again.data.classification.urgency, again.data.classification.tracks) == (
        "P1",
        ("investigation", "dispatch"),
    )
    assert again.sequence > said.sequence


@pytest.mark.parametrize("order", [(True, False), (False, True)], ids=["provisional first", "final first"])
async def test_a_complaint_that_is_verified_twice_is_classified_once(
    classification: Running, order: tuple[bool, bool]
) -> None:
    subject, before = str(uuid7()), handled(ComplaintVerified.wire)
    for provisional in order:
        report = sealed_report(classification.vault, subject, NOISE, village=None if provisional else "35.09.01.2003")
        verified = ComplaintVerified(report=report, provisional=provisional)
        for _ in range(2):  # the broker delivers at least once
            await classification.hear(verified, subject, event_id=f"{subject}-{provisional}")
        await until(lambda: row(classification, subject), "taken in")
    await until(lambda: handled(ComplaintVerified.wire) == before + 4, "all four handled")
    stored = await settled(classification, ComplaintClassified, subject)
    assert told(classification, ComplaintClassified, subject) == 1
    assert stored["case"]["provisional"] is False
    assert stored["case"]["report"]["village"] == "35.09.01.2003"


async def test_both_reports_at_the_same_moment_end_alike(classification: Running) -> None:
    subject, before = str(uuid7()), handled(ComplaintVerified.wire) + handled(ComplaintVerified.wire, lane="urgent")
    report = sealed_report(classification.vault, subject, NOISE, in_progress=True)
    await asyncio.gather(
        classification.hear(ComplaintVerified(report=report, provisional=True), subject, lane="urgent"),
        classification.hear(ComplaintVerified(report=report), subject, lane="normal"),
    )
    await until(
        lambda: handled(ComplaintVerified.wire) + handled(ComplaintVerified.wire, lane="urgent") == before + 2,
        "both handled",
    )
    stored = await settled(classification, ComplaintClassified, subject)
    assert told(classification, ComplaintClassified, subject) == 1
    assert stored["case"]["provisional"] is False


@pytest.mark.parametrize(
    ("returns", "text", "reason"),
    [
        (MediationFailed(recommended="mediation"), NOISE, "mediation_failed"),
        (ReferralDeclined(reason="not_ours"), FLOOD, "referral_declined"),
        (ConductCaseReturned(), BRIBE, "not_misconduct"),
        (ComplaintReopenRequested(), KILLING, "reopened"),
    ],
)
async def test_what_comes_back_is_decided_by_an_officer_and_told_with_its_reason(
    classification: Running, officer: Headers, returns: Event, text: str, reason: str
) -> None:
    subject = await tell(classification, text)
    first = await classification.says(ComplaintClassified, subject)
    before = handled(returns.wire)
    sent = await classification.hear(returns, subject, sequence=7)
    await classification.hear(returns, subject, sequence=7, event_id=sent.id)
    await until(lambda: handled(returns.wire) == before + 2, "handled twice")
    (entry,) = [entry for entry in await queue(classification, officer) if entry["complaint"] == subject]
    assert (entry["status"], entry["cautions"]) == ("returned", [reason])
    assert told(classification, ComplaintReclassified, subject) == 0
    confirmed = await ask(classification, officer, subject, "confirm", {})
    assert confirmed.status_code == 200, confirmed.text
    said = await classification.says(ComplaintReclassified, subject)
    assert (said.data.reason, said.data.previous) == (reason, first.data.classification)
    assert said.data.classification.model_copy(update={"officer": None}) == first.data.classification
    assert (said.data.classification.officer, said.sequence > 7) == ("officer-1", True)


async def test_what_comes_back_too_early_is_tried_again_and_then_succeeds(classification: Running) -> None:
    subject, before = str(uuid7()), handled(MediationFailed.wire, "retried")
    await classification.hear(MediationFailed(recommended="investigation"), subject, sequence=5)
    await until(lambda: handled(MediationFailed.wire, "retried") == before + 1, "sent to a retry tier")
    assert await row(classification, subject) is None
    await tell(classification, NOISE, subject)

    async def returned() -> bool:
        found = await row(classification, subject)
        return found is not None and found["case"]["status"] == "returned"

    await until(returned, "returned after the tier's five seconds", 20)
    assert await classification.parked() == 0


async def test_a_narrative_that_cannot_be_opened_keeps_no_other_from_being_classified(classification: Running) -> None:
    before = handled(ComplaintVerified.wire, "retried")
    foreign = sealed_report(classification.vault, str(uuid7()), NOISE)
    await classification.hear(ComplaintVerified(report=foreign))
    clear = [await tell(classification, NOISE) for _ in range(5)]
    for subject in clear:
        await classification.says(ComplaintClassified, subject)
    await until(lambda: handled(ComplaintVerified.wire, "retried") == before + 1, "tried again later")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>" * 50, "{'$ne': null}", "\u202ebegal\u2066", "\x00", "🚔" * 9000]
)
async def test_hostile_words_are_judged_like_any_others(classification: Running, officer: Headers, text: str) -> None:
    subject = await waiting(classification, officer, text)
    response = await classification.http.get(f"/complaints/{subject}", headers=officer)
    assert response.status_code == 200
    assert response.json()["cautions"]


async def test_a_burst_is_classified_while_others_are_still_answered_and_the_urgent_goes_ahead(
    classification: Running,
) -> None:
    long_story = f"{NOISE} " * 20
    subjects = await asyncio.gather(*(tell(classification, long_story) for _ in range(200)))
    urgent = await tell(classification, KILLING, lane="urgent")
    answers, left_when_urgent = 0, None

    def left() -> int:
        return sum(not classification.of(ComplaintClassified, subject) for subject in subjects)

    async with asyncio.timeout(120):
        while left():
            async with asyncio.timeout(5):
                assert (await classification.http.get("/health/ready")).status_code == 200
            answers += 1
            if left_when_urgent is None and classification.of(ComplaintClassified, urgent):
                left_when_urgent = left()
    assert answers > 1
    assert left_when_urgent
    assert {told(classification, ComplaintClassified, subject) for subject in (*subjects, urgent)} == {1}
    assert await classification.parked() == 0
