"""Referral on real servers: an agency that answers over the broker, and officers over HTTP."""

import json
from uuid import uuid4

import pytest

from shared.contracts.complaint import Sealed
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.referral import (
    ReferralAccepted,
    ReferralCompleted,
    ReferralDeclined,
    ReferralOffered,
    ReferralUpdated,
)
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from tests.services.referral.conftest import (
    complaint_id,
    new_report,
    reclassified,
)
from tests.services.referral.handling import asked, offered, shown
from tests.services.referral.sides import AgencySide
from tests.support.room import Running

CANARIES = ("Canary Reporter", "+6281200000000", "0812-3456-7890", "budi@example.org", "3602041211870001")


async def test_an_offer_is_a_cloud_event_that_holds_no_more_than_the_agency_needs(
    referral: Running, damkar: AgencySide
) -> None:
    complaint, number = await offered(referral, damkar)
    data = await damkar.hears("referral.offer.v1", number)
    message = next(m for m in damkar.told if json.loads(m.body).get("referral") == number)
    assert {name for name in message.headers if name.startswith("cloudEvents:")} == {
        f"cloudEvents:{name}" for name in ("specversion", "id", "type", "source", "subject", "time")
    }
    assert (message.message_id, message.content_type) == (message.headers["cloudEvents:id"], "application/json")
    assert set(data) == {
        *("referral", "category", "urgency", "what", "where", "when", "in_progress", "received_at"),
        *("supplements", "state", "answer_by", "complete_by"),
    }
    assert data["what"].startswith("Canary: atap rumah terbakar, saya Budi […], […], NIK […]")
    whole = message.body.decode() + json.dumps({k: str(v) for k, v in message.headers.items()})
    assert not [canary for canary in (*CANARIES, complaint) if canary in whole]
    event = await referral.says(ReferralOffered, complaint)
    assert (event.data.agency, event.data.attempt) == ("damkar-test", 1)


async def test_an_agency_accepts_tells_and_completes(referral: Running, damkar: AgencySide) -> None:
    complaint, number = await offered(referral, damkar)
    await damkar.say("accept", number, reference="DK-2026/31")
    accepted = await referral.says(ReferralAccepted, complaint)
    assert (accepted.data.agency, accepted.data.reference) == ("damkar-test", "DK-2026/31")
    await damkar.say("update", number, step="in_progress", words="Kami berangkat.", note="Canary note")
    updated = await referral.says(ReferralUpdated, complaint)
    words = referral.vault.open("notice", complaint, updated.data.sealed.notice)
    assert words == {"agency": "Damkar-Test", "text": "Kami berangkat."}
    await damkar.say("complete", number, outcome="resolved", words="Api padam.")
    completed = await referral.says(ReferralCompleted, complaint)
    assert completed.data.outcome == "resolved"
    view = await shown(referral, complaint, status="completed")
    assert [offer["reference"] for offer in view["offers"]] == ["DK-2026/31"]
    assert "Canary note" not in json.dumps(view)


async def test_declined_by_the_first_and_taken_by_the_second(
    referral: Running, damkar: AgencySide, bpbd: AgencySide
) -> None:
    complaint, number = await offered(referral, damkar)
    await damkar.say("decline", number, reason="no_capacity")
    second = await asked(referral, bpbd, complaint)
    assert second != number
    await bpbd.say("accept", second)
    assert (await referral.says(ReferralAccepted, complaint)).data.agency == "bpbd-test"
    assert not referral.of(ReferralDeclined, complaint)


async def test_declined_by_all_it_goes_back_to_classification(
    referral: Running, damkar: AgencySide, bpbd: AgencySide
) -> None:
    complaint, number = await offered(referral, damkar)
    await damkar.say("decline", number, reason="not_ours")
    await bpbd.say("decline", await asked(referral, bpbd, complaint), reason="outside_area")
    assert (await referral.says(ReferralDeclined, complaint)).data.reason == "outside_area"


@pytest.mark.parametrize("ending", ["reclassified", "withdrawn", "rejected", "linked"])
async def test_the_agency_is_told_when_the_complaint_is_no_longer_its_own(
    referral: Running, damkar: AgencySide, ending: str
) -> None:
    complaint, number = await offered(referral, damkar)
    events = {
        "reclassified": reclassified(referral, complaint, tracks=("mediation",)),
        "withdrawn": ComplaintWithdrawn(),
        "rejected": ComplaintRejected(reason="false_report", appeal_until="2027-01-01T00:00:00Z", officer="verifier-1"),
        "linked": ComplaintLinked(
            linked_to=complaint_id(), officer="verifier-1", report=new_report(referral, complaint)
        ),
    }
    await referral.hear(events[ending], complaint, sequence=5)
    assert (await damkar.hears("referral.withdrawn.v1", number))["reason"] == ending
    id_ = await damkar.say("accept", number)
    assert (await damkar.problem(id_))["slug"] == "already_withdrawn"
    assert not referral.of(ReferralAccepted, complaint)


async def test_what_the_reporter_adds_reaches_the_owner_without_the_reporters_number(
    referral: Running, damkar: AgencySide
) -> None:
    complaint, number = await offered(referral, damkar)
    added = referral.vault.seal("narrative", complaint, {"text": "Hubungi saya di 081234567890, apinya membesar"})
    await referral.hear(ComplaintSupplemented(supplement="s-1", sealed=Sealed(narrative=added)), complaint)
    data = await damkar.hears("referral.supplement.v1", number)
    assert data["what"] == "Hubungi saya di […], apinya membesar"


async def test_an_answer_for_anothers_referral_is_refused_and_changes_nothing(
    referral: Running, damkar: AgencySide, bpbd: AgencySide
) -> None:
    complaint, number = await offered(referral, damkar)
    stranger = await bpbd.problem(await bpbd.say("accept", number))
    nobody = await bpbd.problem(await bpbd.say("accept", "RJ-AAAA-AAAA-AAAA"))
    assert {**stranger, "reply": ""} == {**nobody, "reply": ""}
    assert stranger["slug"] == "unknown_referral"
    assert (await shown(referral, complaint))["status"] == "offered"


async def test_an_answer_that_comes_twice_is_recorded_once_and_refused_once(
    referral: Running, damkar: AgencySide
) -> None:
    complaint, number = await offered(referral, damkar)
    await damkar.say("accept", number)
    await referral.says(ReferralAccepted, complaint)
    id_ = await damkar.say("update", number, step="waiting")
    await referral.says(ReferralUpdated, complaint)
    await damkar.say("update", number, id_=id_, step="waiting")
    assert (await damkar.problem(id_))["slug"] == "already_recorded"
    assert len(referral.of(ReferralUpdated, complaint)) == 1
    again = await damkar.problem(await damkar.say("accept", number))
    assert again["slug"] == "already_accepted"


async def test_an_answer_after_completion_is_refused(referral: Running, damkar: AgencySide) -> None:
    complaint, number = await offered(referral, damkar)
    await damkar.say("accept", number)
    await referral.says(ReferralAccepted, complaint)
    await damkar.say("complete", number, outcome="resolved")
    await referral.says(ReferralCompleted, complaint)
    for verb, said in (("update", {"step": "waiting"}), ("decline", {"reason": "other"})):
        assert (await damkar.problem(await damkar.say(verb, number, **said)))["slug"] == "already_completed"
    assert len(referral.of(ReferralUpdated, complaint)) == 0


@pytest.mark.parametrize(
    ("body", "type_", "fields"),
    [
        (b"\xff\xfe", "referral.accept.v1", ["body"]),
        (b"{", "referral.accept.v1", ["body"]),
        (b"[" * 10_000, "referral.accept.v1", ["body"]),
        (b"[]", "referral.accept.v1", ["data"]),
        (b"{}", "referral.accept.v1", ["data.referral"]),
        (b'{"referral":"canary"}', "referral.accept.v1", ["data.referral"]),
        (b'{"referral":{"$ne":1}}', "referral.accept.v1", ["data.referral"]),
        (b'{"referral":"RJ-AAAA-AAAA-AAAA","owner":"canary"}', "referral.accept.v1", ["data.owner"]),
        (b'{"referral":"RJ-AAAA-AAAA-AAAA","reason":"canary"}', "referral.decline.v1", ["data.reason"]),
        (b'{"referral":"RJ-AAAA-AAAA-AAAA","step":"waiting","words":"\\u0000"}', "referral.update.v1", ["data.words"]),
        (b'{"referral":"RJ-AAAA-AAAA-AAAA"}', "complaint.submitted.v1", ["type"]),
        (b'{"referral":"RJ-AAAA-AAAA-AAAA"}', None, ["type"]),
    ],
)
async def test_nonsense_is_a_problem_of_its_sender_and_is_not_repeated(
    referral: Running, damkar: AgencySide, body: bytes, type_: str | None, fields: list[str]
) -> None:
    gone, id_ = await referral.parked(), str(uuid4())
    await damkar.publish(body, type_, id_, correlation_id=id_)
    problem = await damkar.problem(id_)
    assert [error["field"] for error in problem["errors"]] == fields
    assert "canary" not in json.dumps(problem)
    assert await referral.parked() == gone


async def test_an_answer_that_is_too_large_is_a_problem(referral: Running, damkar: AgencySide) -> None:
    id_ = await damkar.say("update", "RJ-AAAA-AAAA-AAAA", step="waiting", words="x" * 100_000)
    assert (await damkar.problem(id_))["slug"] == "too_large"


async def test_an_agency_that_has_lost_its_queue_asks_for_all_it_has(
    referral: Running, damkar: AgencySide, bpbd: AgencySide
) -> None:
    _, number = await offered(referral, damkar)
    other, second = await offered(referral, damkar)
    await damkar.say("accept", second)
    await referral.says(ReferralAccepted, other)
    await damkar.say("resend")
    await damkar.hears("referral.offer.v1", number, 2)
    assert (await damkar.hears("referral.offer.v1", second, 2))["state"] == "accepted"
    await damkar.say("resend", number)
    await damkar.hears("referral.offer.v1", number, 3)
    assert (await bpbd.problem(await bpbd.say("resend", number)))["slug"] == "unknown_referral"
