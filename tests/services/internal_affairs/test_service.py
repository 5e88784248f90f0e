"""The desk end to end: from the classified complaint to its letters and its result."""

import json
from typing import Any

import pytest

from shared import telemetry
from shared.contracts.classification import ComplaintReclassified
from shared.contracts.complaint import Sealed
from shared.contracts.intake import ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.internal_affairs import (
    ConductCaseConcluded,
    ConductCaseRegistered,
    ConductCaseReturned,
    ConductLetterSent,
)
from shared.contracts.verification import ComplaintLinked
from tests.services.internal_affairs.cases import POLRES, classification
from tests.services.internal_affairs.conftest import (
    NAME,
    PHONE,
    STORY,
    Headers,
    ask,
    examined,
    sealed_report,
    tell,
)
from tests.support.room import Running, until


async def worklist(service: Running, who: Headers, **params: Any) -> list[str]:
    answer = await service.http.get("/worklist", params={"limit": 200, **params}, headers=who)
    assert answer.status_code == 200, answer.text
    return [row["complaint"] for row in answer.json()]


async def status(service: Running, who: Headers, complaint: str) -> Any:
    return (await service.http.get(f"/cases/{complaint}", headers=who)).json().get("status")


async def test_a_complaint_goes_from_the_desk_to_its_letter_and_its_result(
    internal_affairs: Running, head: Headers, examiner: Headers
) -> None:
    complaint = await tell(internal_affairs)
    registered = await internal_affairs.says(ConductCaseRegistered, complaint)
    assert (registered.source, registered.polres, registered.sequence) == ("internal_affairs", POLRES, 4)
    assert complaint in await worklist(internal_affairs, examiner)
    assert complaint not in await worklist(internal_affairs, examiner, overdue=True)
    await ask(internal_affairs, examiner, complaint, "steps", {"step": "clarify", "note": "Nama petugas?"})
    await examined(internal_affairs, complaint)
    await ask(internal_affairs, examiner, complaint, "letters", {"words": "Pengaduan Bapak kami periksa."})
    letter = await internal_affairs.says(ConductLetterSent, complaint)
    opened = internal_affairs.vault.open("notice", complaint, letter.data.sealed.notice)
    assert (letter.data.number, opened) == (1, {"text": "Pengaduan Bapak kami periksa."})
    await ask(internal_affairs, examiner, complaint, "findings", {"text": "Canary finding"})
    result = {"outcome": "proven", "words": "Pengaduan terbukti.", "note": "Sidang disiplin."}
    case = await ask(internal_affairs, head, complaint, "result", result)
    assert (case["status"], case["result"]["outcome"], case["findings"]) == ("concluded", "proven", 1)
    ended = await internal_affairs.says(ConductCaseConcluded, complaint)
    assert ended.data.outcome == "proven"
    assert complaint not in await worklist(internal_affairs, examiner)
    whats = [step["what"] for step in case["history"]]
    assert whats == ["registered", "clarify", "complete", "examine", "letter", "finding", "conclude"]
    assert [step["has_note"] for step in case["history"]] == [False, True, *[False] * 4, True]


async def test_who_reads_what_is_sealed_is_kept_in_the_case_with_the_reason(
    internal_affairs: Running, head: Headers, examiner: Headers
) -> None:
    complaint = await tell(internal_affairs)
    added = Sealed(narrative=internal_affairs.vault.seal("narrative", complaint, {"text": "Canary addition"}))
    await internal_affairs.hear(ComplaintSupplemented(supplement="s-1", sealed=added), complaint)
    await until(lambda: status_of(internal_affairs, head, complaint, "supplements", 1), "the supplement is there")
    await examined(internal_affairs, complaint)
    await ask(internal_affairs, examiner, complaint, "findings", {"text": "Canary finding"})
    path = f"/cases/{complaint}/contents"
    refused = await internal_affairs.http.get(path, headers={**examiner, "Access-Reason": ""})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "Access-Reason")
    reason = {"Access-Reason": "examination"}
    read = (await internal_affairs.http.get(path, headers=examiner | reason)).json()
    assert (read["narrative"]["text"], read["identity"]["name"], read["contact"]["phone"]) == (STORY, NAME, PHONE)
    words = {entry["entry"]: entry["words"]["text"] for entry in read["entries"]}
    assert words == {"supplement s-1": "Canary addition", "finding": "Canary finding"}
    assert read["unreadable"] == 0
    case = (await internal_affairs.http.get(f"/cases/{complaint}", headers=head)).json()
    assert [(r["officer"], r["reason"]) for r in case["readings"]] == [("examiner-1", "examination")]
    assert "Canary" not in json.dumps(case)


async def status_of(service: Running, who: Headers, complaint: str, field: str, wanted: object) -> bool:
    case = (await service.http.get(f"/cases/{complaint}", headers=who)).json()
    return bool(case.get(field) == wanted)


async def test_neither_events_nor_the_database_show_a_word_of_it(
    internal_affairs: Running, head: Headers, examiner: Headers
) -> None:
    complaint = await tell(internal_affairs)
    await examined(internal_affairs, complaint)
    await ask(internal_affairs, examiner, complaint, "findings", {"text": "Canary finding"})
    await ask(internal_affairs, examiner, complaint, "letters", {"words": "Canary letter"})
    await internal_affairs.says(ConductLetterSent, complaint)
    stored = await internal_affairs.room.store().collection.find_one({"_id": complaint})
    said = [envelope.model_dump_json() for envelope in internal_affairs.said if envelope.subject == complaint]
    for text in (str(stored), *said):
        assert "Canary" not in text
        assert PHONE not in text
    assert all("aipda-contoh" not in text for text in said)


async def test_what_is_not_worth_supervision_is_archived_and_its_reporter_told(
    internal_affairs: Running, head: Headers
) -> None:
    complaint = await tell(internal_affairs)
    await ask(internal_affairs, head, complaint, "steps", {"step": "complete"})
    await ask(internal_affairs, head, complaint, "result", {"outcome": "archived", "words": "Tidak cukup bukti."})
    ended = await internal_affairs.says(ConductCaseConcluded, complaint)
    opened = internal_affairs.vault.open("notice", complaint, ended.data.sealed.notice)
    assert (ended.data.outcome, opened["text"]) == ("archived", "Tidak cukup bukti.")


async def test_what_is_no_misconduct_is_given_back_and_may_come_again(internal_affairs: Running, head: Headers) -> None:
    complaint = await tell(internal_affairs)
    await ask(internal_affairs, head, complaint, "return", {"note": "Pelakunya satpam, bukan polisi."})
    returned = await internal_affairs.says(ConductCaseReturned, complaint)
    again = ComplaintReclassified(
        report=sealed_report(internal_affairs, complaint),
        classification=classification(),
        previous=classification(),
        reason="not_misconduct",
    )
    await internal_affairs.hear(again, complaint, sequence=returned.sequence + 1)
    await internal_affairs.says(ConductCaseRegistered, complaint, 2)
    assert await status(internal_affairs, head, complaint) == "received"


async def test_a_withdrawn_complaint_leaves_the_desk(internal_affairs: Running, head: Headers) -> None:
    complaint = await tell(internal_affairs)
    await internal_affairs.hear(ComplaintWithdrawn(), complaint)
    await until(lambda: status_of(internal_affairs, head, complaint, "status", "withdrawn"), "withdrawn")
    assert complaint not in await worklist(internal_affairs, head)


async def test_a_complaint_that_is_reclassified_first_and_classified_later_is_not_taken(
    internal_affairs: Running,
) -> None:
    complaint = await tell(internal_affairs)
    moved = ComplaintReclassified(
        report=sealed_report(internal_affairs, complaint),
        classification=classification(("mediation",)),
        previous=classification(),
        reason="officer_decision",
    )
    other = (await internal_affairs.hear(moved, sequence=9)).subject
    await until(lambda: stored(internal_affairs, other), "remembered")
    first = ComplaintReclassified(
        report=sealed_report(internal_affairs, other),
        classification=classification(),
        previous=classification(("mediation",)),
        reason="officer_decision",
    )
    before = handled(first.wire)
    await internal_affairs.hear(first, other, sequence=5)
    await until(lambda: handled(first.wire) == before + 1, "handled")
    assert internal_affairs.of(ConductCaseRegistered, other) == []


async def stored(service: Running, complaint: str) -> Any:
    return await service.room.store().collection.find_one({"_id": complaint})


def handled(wire: str) -> float:
    return float(telemetry.MESSAGES.labels("internal_affairs.normal", wire, "done")._value.get())


async def test_a_later_report_of_the_incident_joins_the_earlier_one_with_whom_it_names(
    internal_affairs: Running, head: Headers
) -> None:
    earlier, later = await tell(internal_affairs), await tell(internal_affairs)
    refused = await internal_affairs.http.post(f"/cases/{later}/join", headers=head)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:aduan:problem:not_joined")
    told = sealed_report(internal_affairs, later, conflicts=("bripka-contoh",))
    await internal_affairs.hear(ComplaintLinked(linked_to=earlier, officer="verifier-1", report=told), later)
    await until(lambda: status_of(internal_affairs, head, later, "joined", earlier), "joined")
    await until(lambda: status_of(internal_affairs, head, earlier, "linked", [later]), "linked")
    case = await ask(internal_affairs, head, later, "join")
    assert case["status"] == "joined"
    case = (await internal_affairs.http.get(f"/cases/{earlier}", headers=head)).json()
    assert case["conflicts"] == ["aipda-contoh", "bripka-contoh"]


@pytest.mark.parametrize(
    ("act", "body", "field"),
    [
        ("steps", {"step": "open"}, "step"),
        ("steps", {"step": "complete", "note": " "}, "note"),
        ("examiner", {"examiner": "Not A Slug"}, "examiner"),
        ("conflicts", {"names": []}, "names"),
        ("letters", {}, "words"),
        ("result", {"outcome": "guilty", "words": "x"}, "outcome"),
        ("return", {"note": "x", "to": "mediation"}, "to"),
        ("forwarding", {"words": {"$ne": None}}, "words"),
    ],
)
async def test_bad_input_is_a_problem_that_names_the_field_and_changes_nothing(
    internal_affairs: Running, head: Headers, act: str, body: Any, field: str
) -> None:
    complaint = await tell(internal_affairs)
    before = (await internal_affairs.http.get(f"/cases/{complaint}", headers=head)).json()
    method = "PUT" if act == "examiner" else "POST"
    answer = await internal_affairs.http.request(method, f"/cases/{complaint}/{act}", json=body, headers=head)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await internal_affairs.http.get(f"/cases/{complaint}", headers=head)).json() == before


async def test_a_letter_that_is_sent_twice_with_one_key_goes_out_once(internal_affairs: Running, head: Headers) -> None:
    complaint = await tell(internal_affairs)
    key = {"Idempotency-Key": f"letter-{complaint}"}
    for _ in range(2):
        path, body = f"/cases/{complaint}/letters", {"words": "Sedang diperiksa."}
        answer = await internal_affairs.http.post(path, json=body, headers=head | key)
        assert (answer.status_code, answer.json()["letters"]) == (201, 1)
    stale = {"If-Match": '"1"'}
    answer = await internal_affairs.http.post(
        f"/cases/{complaint}/steps", json={"step": "complete"}, headers=head | stale
    )
    assert answer.status_code == 412
