"""Investigation of a complaint on real servers: its detective, its course, its file and its end."""

import asyncio
import json
from typing import Any

import pytest

from shared.contracts.complaint import Sealed
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.investigation import (
    InvestigationAssigned,
    InvestigationConcluded,
    InvestigationProgressed,
)
from shared.contracts.verification import ComplaintLinked, ComplaintRejected
from tests.services.investigation.conftest import (
    STORY,
    classified,
    complaint_id,
    new_report,
    reclassified,
)
from tests.services.investigation.handling import Case, opened
from tests.support.room import Running, until

pytestmark = [pytest.mark.usefixtures("roster")]

CANARIES = (STORY, "Canary", "+6281200000000")


async def test_a_detective_is_found_and_named_to_the_reporter_with_the_office_phone(investigation: Running) -> None:
    case = await opened(investigation)
    event = investigation.of(InvestigationAssigned, case.id)[0]
    assert (event.data.detective, event.data.unit) == ("dimas-sudirja", "Pidum")  # whose speciality is assault
    notice = investigation.vault.open("notice", case.id, event.data.sealed.notice)
    assert notice == {"investigator": "Dimas Sudirja", "phone": "0264-000102"}
    mine = await investigation.http.get("/worklists/mine?limit=200", headers=case.detective)
    assert case.id in [row["complaint"] for row in mine.json()]


async def test_a_case_goes_its_whole_way_to_the_prosecutor(investigation: Running) -> None:
    case = await opened(investigation)
    first = await case.post("letters", {"letter": "A1", "words": "Laporan sedang diteliti."})
    assert first.status_code == 200
    for step in ("inquiry_opened", "case_conference", "investigation_opened", "prosecutor_notified", "file_sent"):
        body = {"milestone": step, "note": "Canary note", "words": f"Kami sampai pada {step}."}
        assert (await case.post("milestones", body)).status_code == 200
    assert (await case.put("difficulty", {"difficulty": "hard"})).json()["difficulty"] == "hard"
    for step in ("file_returned", "file_sent", "file_complete"):
        assert (await case.post("milestones", {"milestone": step})).status_code == 200
    ended = await case.post("conclusion", {"outcome": "handed_to_prosecutor", "words": "Berkas lengkap."})
    assert (ended.status_code, ended.json()["status"]) == (200, "concluded")
    concluded = await investigation.says(InvestigationConcluded, case.id)
    assert (concluded.data.outcome, concluded.data.letter) == ("handed_to_prosecutor", "A4")
    assert investigation.vault.open("notice", case.id, concluded.data.sealed.notice)["text"] == "Berkas lengkap."
    progressed = investigation.of(InvestigationProgressed, case.id)
    assert [event.data.letter or event.data.milestone for event in progressed][:2] == ["A1", "inquiry_opened"]
    assert len(progressed) == 9
    again = await case.post("milestones", {"milestone": "case_conference"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:aduan:problem:not_open")


async def test_letters_carry_the_words_the_name_and_the_phone(investigation: Running) -> None:
    case = await opened(investigation)
    await case.post("letters", {"letter": "A1", "words": "Kami memeriksa saksi."})
    event = await investigation.says(InvestigationProgressed, case.id)
    assert investigation.vault.open("notice", case.id, event.data.sealed.notice) == {
        "text": "Kami memeriksa saksi.",
        "investigator": "Dimas Sudirja",
        "phone": "0264-000102",
    }
    assert event.data.letter_due is not None


async def test_evidence_and_witnesses_are_sealed_and_read_on_record(investigation: Running) -> None:
    case = await opened(investigation)
    piece = {"kind": "object", "description": "Canary knife", "taken_at": "2026-01-02T03:04:05Z", "sha256": "a" * 64}
    view = (await case.post("evidence", piece)).json()
    evidence = view["evidence"][0]["id"]
    stored = await case.post(f"evidence/{evidence}/custody", {"action": "stored", "note": "Canary locker"})
    assert [entry["action"] for entry in stored.json()["evidence"][0]["custody"]] == ["taken", "stored"]
    named = await case.post("witnesses", {"name": "Canary Witness", "phone": "+6281200000000"})
    assert named.status_code == 201
    witness = named.json()["witnesses"][0]["id"]
    stated = await case.put(
        f"witnesses/{witness}/statement", {"at": "2026-01-02T03:04:05Z", "statement": "Canary statement"}
    )
    assert stated.status_code == 200
    assert "Canary" not in json.dumps(stated.json())

    contents = (await case.get("/contents", case.detective)).json()
    assert contents["narrative"]["text"] == STORY
    assert contents["identity"] == {"name": "Canary Reporter"}
    assert contents["evidence"][0]["narrative"] == {"text": "Canary knife"}
    assert contents["witnesses"][0] == {
        "id": witness,
        "identity": {"name": "Canary Witness", "phone": "+6281200000000"},
        "earlier": [],
        "statement": {"text": "Canary statement"},
    }
    assert [said["note"] for said in contents["said"]] == [{"text": "Canary locker"}]
    assert contents["unreadable"] == 0
    reading = await investigation.room.mongo["readings"].find_one({"complaint": case.id})
    assert (reading["person"], reading["what"]) == ("dimas-sudirja", "contents")


async def test_nothing_personal_is_kept_or_said_in_the_clear(investigation: Running) -> None:
    case = await opened(investigation)
    await case.post("letters", {"letter": "A1", "words": "Canary letter"})
    await case.post("milestones", {"milestone": "inquiry_opened", "note": "Canary note", "words": "Canary words"})
    await case.post("witnesses", {"name": "Canary Witness"})
    await investigation.says(InvestigationProgressed, case.id, 2)
    kept = str(await investigation.room.store().collection.find_one({"_id": case.id}))
    said = "".join(event.model_dump_json(serialize_as_any=True) for event in investigation.said)
    assert case.id in kept
    assert not [canary for canary in CANARIES if canary in kept or canary in said]


async def test_a_key_that_is_sent_twice_takes_effect_once(investigation: Running) -> None:
    case = await opened(investigation)
    body = {"kind": "document", "description": "Surat", "taken_at": "2026-01-02T03:04:05Z"}
    answers = await asyncio.gather(
        *(case.post("evidence", body, None, **{"Idempotency-Key": "key-000001"}) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len((await case.get()).json()["evidence"]) == 1


async def test_of_two_officers_who_saw_the_same_version_one_is_told_and_no_note_is_lost(investigation: Running) -> None:
    for _ in range(5):
        case = await opened(investigation)
        seen = (await case.get()).headers["ETag"]
        body = {"milestone": "inquiry_opened", "note": "by the detective"}
        answers = await asyncio.gather(
            case.post("milestones", body, case.detective, **{"If-Match": seen}),
            case.put("difficulty", {"difficulty": "hard"}, case.head, **{"If-Match": seen}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        refused = next(number for number, answer in enumerate(answers) if answer.status_code == 412)
        fresh = (await case.get()).headers["ETag"]
        again = (
            await case.post("milestones", body, case.detective, **{"If-Match": fresh})
            if refused == 0
            else await case.put("difficulty", {"difficulty": "hard"}, case.head, **{"If-Match": fresh})
        )
        view = again.json()
        assert (view["difficulty"], [entry["milestone"] for entry in view["milestones"]]) == (
            "hard",
            ["inquiry_opened"],
        )


async def test_notes_of_officers_who_write_at_once_without_a_version_are_all_kept(investigation: Running) -> None:
    case = await opened(investigation)
    witnesses = [case.post("witnesses", {"name": f"Saksi {number}"}) for number in range(20)]
    assert {answer.status_code for answer in await asyncio.gather(*witnesses)} == {201}
    assert len((await case.get()).json()["witnesses"]) == 20


async def test_events_in_any_order_and_twice_leave_the_same_case(investigation: Running) -> None:
    """The reclassification, a supplement, a link and a withdrawal all come before the classification they follow."""
    case, later = Case(investigation, complaint_id()), complaint_id()
    sealed = Sealed(narrative=investigation.vault.seal("narrative", case.id, {"text": "Canary addition"}))
    supplement = ComplaintSupplemented(supplement="supplement-1", sealed=sealed)
    link = ComplaintLinked(linked_to=case.id, officer="verifier-1", report=new_report(investigation, later))
    for _ in range(2):
        await investigation.hear(supplement, case.id)
        await investigation.hear(link, later, sequence=3)
        await investigation.hear(ComplaintWithdrawn(), case.id, sequence=4)
    moved = reclassified(investigation, case.id, category="theft")
    await investigation.hear(moved, case.id, sequence=7)
    view = await case.shown(category="theft", supplements=1, linked=1, withdrawn=True)
    await investigation.hear(classified(investigation, case.id), case.id, sequence=3)
    await investigation.hear(moved, case.id, sequence=7)
    await investigation.hear(ComplaintSupplemented(supplement="supplement-2", sealed=sealed), case.id)
    view = await case.shown(supplements=2)
    assert (view["category"], view["status"], view["linked_reports"][0]["complaint"]) == ("theft", "open", later)
    assert len(investigation.of(InvestigationAssigned, case.id)) == 1
    contents = (await case.get("/contents")).json()
    assert [part["narrative"]["text"] for part in contents["linked"]] == [STORY]
    assert await investigation.parked() == 0


async def test_a_complaint_that_is_not_ours_is_nobodys_to_see_and_is_not_parked(investigation: Running) -> None:
    case = Case(investigation, complaint_id())
    await investigation.hear(classified(investigation, case.id, tracks=("mediation",), mediation="allowed"), case.id)
    await investigation.hear(ComplaintWithdrawn(), case.id)

    async def remembered() -> Any:
        return await investigation.room.store().collection.find_one({"_id": case.id})

    kept = await until(remembered, "the withdrawal is remembered")
    assert (kept["case"]["status"], kept["case"]["due"]) == ("unclassified", None)
    assert kept["case"]["forget_at"] is not None
    assert (await case.get()).status_code == 404
    assert await investigation.parked() == 0
    assert not [event for event in investigation.said if event.subject == case.id]


async def test_a_rejected_and_a_moved_case_let_go(investigation: Running) -> None:
    rejected, moved = await opened(investigation), await opened(investigation)
    await investigation.hear(
        ComplaintRejected(reason="false_report", appeal_until="2027-01-01T00:00:00Z", officer="verifier-1"),
        rejected.id,
        sequence=9,
    )
    await rejected.shown(status="rejected")
    event = reclassified(investigation, moved.id, tracks=("mediation",), mediation="allowed")
    await investigation.hear(event, moved.id, sequence=9)
    view = await moved.shown(status="elsewhere", detective=None)
    assert view["assignments"][0]["until"] is not None
    assert (await moved.post("milestones", {"milestone": "inquiry_opened"}, moved.head)).status_code == 409
