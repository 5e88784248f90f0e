"""Verification from the event to the officer and back, on real servers."""

import asyncio
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from bson import encode
from uuid6 import uuid7

from services.verification.case import Verification
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Event
from shared.contracts.intake import ComplaintSubmitted, ComplaintSupplemented, ComplaintWithdrawn
from shared.contracts.verification import (
    ComplaintClarificationRequested,
    ComplaintLinked,
    ComplaintRejected,
    ComplaintVerified,
)
from tests.services.verification.conftest import (
    INSIDE,
    NAME,
    NIK,
    OUTSIDE,
    PHONE,
    STORY,
    VILLAGE,
    add,
    submission,
    tell,
)
from tests.support.room import Running, until

VAGUE = "tolong pak"
ACCIDENT = "Truk pasir menabrak pengendara motor di turunan Gandasoli, korban tergeletak tidak sadar."
SAME_ACCIDENT = "Ada laka di turunan Gandasoli, motor ditabrak truk pasir, pengendaranya tidak sadar, butuh ambulans."


async def case_of(running: Running, complaint: str) -> Verification:
    """The stored case; raises AssertionError where there is none."""
    case = (await running.room.store().load([complaint]))[complaint].case
    assert case is not None
    found: Verification = case
    return found


async def reaches(running: Running, complaint: str, status: str) -> Verification:
    """Waits till the complaint has the status."""

    async def there() -> Verification | None:
        case: Verification | None = (await running.room.store().load([complaint]))[complaint].case
        return case if case and case.status == status else None

    found: Verification = await until(there, f"{complaint} is {status}")
    return found


async def show(running: Running, complaint: str, who: dict[str, str]) -> dict[str, Any]:
    response = await running.http.get(f"/complaints/{complaint}", headers=who)
    assert response.status_code == 200, response.text
    shown: dict[str, Any] = response.json()
    assert response.headers["etag"] == f'"{shown["version"]}"'
    return shown


async def listed(running: Running, who: dict[str, str], **query: Any) -> list[str]:
    response = await running.http.get("/worklist", headers=who, params={"limit": 200, **query})
    assert response.status_code == 200, response.text
    return [item["complaint"] for item in response.json()]


async def do(
    running: Running, complaint: str, action: str, who: dict[str, str], body: Any = None, **headers: str
) -> Any:
    return await running.http.post(
        f"/complaints/{complaint}/{action}",
        headers=who | {k.replace("_", "-"): v for k, v in headers.items()},
        json=body,
    )


# --- golden journeys --------------------------------------------------------------------------------------------------


async def test_a_complete_report_is_verified_by_itself_and_gets_its_village(verification: Running) -> None:
    complaint = await tell(verification)
    verified = await verification.says(ComplaintVerified, complaint)
    assert (verified.data.officer, verified.data.provisional, verified.data.warnings) == (None, False, ())
    assert verified.data.report.village == VILLAGE
    assert verified.sequence == 2
    assert (await case_of(verification, complaint)).status == "verified"


async def test_a_vague_report_is_asked_about_and_its_answer_verifies_it(
    verification: Running, officer: dict[str, str]
) -> None:
    complaint = await tell(verification, VAGUE, at=None, occurred_at=None)
    asked = await verification.says(ComplaintClarificationRequested, complaint)
    assert asked.data.missing == ("what", "where", "when")
    assert timedelta(days=13, hours=23) < asked.data.answer_by - datetime.now(UTC) <= timedelta(days=14)
    assert complaint not in await listed(verification, officer)

    await add(verification, complaint, STORY, lat=INSIDE[0], lon=INSIDE[1])
    verified = await verification.says(ComplaintVerified, complaint)
    assert (verified.data.officer, verified.data.report.village) == (None, VILLAGE)
    # Those who read the report after have the answer with it.
    told = verification.vault.open("narrative", complaint, verified.data.report.sealed.narrative)
    assert told == {"text": f"{VAGUE}\n\n{STORY}", "lat": INSIDE[0], "lon": INSIDE[1]}
    assert verification.vault.open("identity", complaint, verified.data.report.sealed.identity)["name"] == NAME


async def test_a_report_from_outside_the_area_waits_and_is_rejected_with_a_reason(
    verification: Running, officer: dict[str, str]
) -> None:
    complaint = await tell(verification, at=OUTSIDE)
    await reaches(verification, complaint, "waiting")
    assert complaint in await listed(verification, officer)
    assert complaint in await listed(verification, officer, check="place")
    assert complaint not in await listed(verification, officer, check="identity")
    shown = await show(verification, complaint, officer)
    assert shown["held_by"] == ["place"]
    assert {"check": "place", "outcome": "failed", "reason": "outside_jurisdiction"}.items() <= shown["findings"][
        2
    ].items()

    response = await do(
        verification, complaint, "reject", officer, {"reason": "outside_jurisdiction", "words": "Lapor ke Polres lain."}
    )
    assert (response.status_code, response.json()["status"]) == (200, "rejected")
    rejected = await verification.says(ComplaintRejected, complaint)
    assert (rejected.data.reason, rejected.data.officer) == ("outside_jurisdiction", "officer-1")
    assert timedelta(days=13, hours=23) < rejected.data.appeal_until - datetime.now(UTC) <= timedelta(days=14)
    notice = verification.vault.open("notice", complaint, rejected.data.sealed.notice)
    assert notice == {"text": "Lapor ke Polres lain."}
    assert complaint not in await listed(verification, officer)


async def test_the_second_report_of_an_accident_is_suggested_and_linked(
    verification: Running, officer: dict[str, str]
) -> None:
    there, now = (-6.575, 107.38), datetime.now(UTC)
    first = await tell(verification, ACCIDENT, at=there, occurred_at=now)
    await verification.says(ComplaintVerified, first)
    second = await tell(verification, SAME_ACCIDENT, at=there, occurred_at=now)
    await reaches(verification, second, "waiting")
    shown = await show(verification, second, officer)
    assert shown["held_by"] == ["reported_before"]
    assert shown["suggestion"]["complaint"] == first
    assert 0.44 <= shown["suggestion"]["score"] <= 1

    response = await do(verification, second, "link", officer, {"to": first})
    assert (response.status_code, response.json()["linked_to"]) == (200, first)
    linked = await verification.says(ComplaintLinked, second)
    assert (linked.data.linked_to, linked.data.officer) == (first, "officer-1")
    text = verification.vault.open("narrative", second, linked.data.report.sealed.narrative)["text"]
    assert text == SAME_ACCIDENT
    assert (await do(verification, first, "link", officer, {"to": second})).status_code == 422
    assert not verification.of(ComplaintVerified, second)


async def test_a_crime_in_progress_is_passed_on_at_once_and_confirmed_by_an_officer(
    verification: Running, officer: dict[str, str]
) -> None:
    complaint = await tell(verification, "Ada begal bawa celurit!", at=OUTSIDE, in_progress=True, occurred_at=None)
    at_once = await verification.says(ComplaintVerified, complaint)
    assert (at_once.lane, at_once.data.provisional, at_once.data.officer) == ("urgent", True, None)
    assert "place" in at_once.data.warnings
    others = await tell(verification, at=OUTSIDE)
    await reaches(verification, others, "waiting")
    order = await listed(verification, officer)
    assert order.index(complaint) < order.index(others)

    response = await do(verification, complaint, "verify", officer)
    assert (response.status_code, response.json()["status"]) == (200, "verified")
    confirmed = await verification.says(ComplaintVerified, complaint, 2)
    assert (confirmed.data.provisional, confirmed.data.officer) == (False, "officer-1")
    assert confirmed.id != at_once.id
    assert confirmed.sequence > at_once.sequence


async def test_what_was_passed_on_in_haste_can_still_be_rejected(
    verification: Running, officer: dict[str, str]
) -> None:
    complaint = await tell(verification, "Ada begal bawa celurit!", at=OUTSIDE, in_progress=True)
    await verification.says(ComplaintVerified, complaint)
    assert (await do(verification, complaint, "reject", officer, {"reason": "false_report"})).status_code == 200
    rejected = await verification.says(ComplaintRejected, complaint)
    assert (rejected.lane, rejected.data.sealed.notice) == ("urgent", None)


async def test_an_officer_asks_in_own_words_and_judges_the_answer(
    verification: Running, officer: dict[str, str]
) -> None:
    complaint = await tell(verification, nik="3602041211870000")
    await reaches(verification, complaint, "waiting")
    assert (await show(verification, complaint, officer))["missing"] == ["who"]
    body = {"missing": ["who", "other", "who"], "words": "Mohon foto KTP."}
    assert (await do(verification, complaint, "clarify", officer, body)).status_code == 200
    asked = await verification.says(ComplaintClarificationRequested, complaint)
    assert asked.data.missing == ("who", "other")
    assert verification.vault.open("notice", complaint, asked.data.sealed.notice) == {"text": "Mohon foto KTP."}

    identity = verification.vault.seal("identity", complaint, {"name": NAME, "nik": NIK})
    answer = ComplaintSupplemented(supplement="s-1", village="99.01.01.1001", sealed=Sealed(identity=identity))
    await verification.hear(answer, complaint)
    case = await reaches(verification, complaint, "waiting")
    assert (case.held_by, case.village) == ((), "99.01.01.1001")
    assert complaint in await listed(verification, officer)
    assert (await do(verification, complaint, "verify", officer)).status_code == 200
    verified = await verification.says(ComplaintVerified, complaint)
    assert verification.vault.open("identity", complaint, verified.data.report.sealed.identity)["nik"] == NIK


async def test_a_question_without_an_answer_comes_back_to_the_officers(
    verification: Running, officer: dict[str, str]
) -> None:
    complaint = await tell(verification, VAGUE, at=None, occurred_at=None)
    await reaches(verification, complaint, "clarifying")
    past = datetime.now(UTC) - timedelta(seconds=1)
    await verification.room.store().collection.update_one(
        {"_id": complaint}, {"$set": {"case.due": past, "case.question.answer_by": past}, "$inc": {"version": 1}}
    )
    case = await reaches(verification, complaint, "waiting")
    assert (case.due, case.history[-1].what) == (None, "unanswered")
    assert complaint in await listed(verification, officer)


async def test_the_trace_of_a_report_is_erased_when_it_is_too_old_to_compare(verification: Running) -> None:
    complaint = await tell(verification)
    case = await reaches(verification, complaint, "verified")
    assert case.trace
    past = datetime.now(UTC) - timedelta(seconds=1)
    await verification.room.store().collection.update_one(
        {"_id": complaint}, {"$set": {"case.due": past, "case.trace.until": past}, "$inc": {"version": 1}}
    )

    async def erased() -> bool:
        case = await case_of(verification, complaint)
        return case.trace is None and case.due is None

    await until(erased, "the trace is erased")


# --- twice, late, out of order ----------------------------------------------------------------------------------------


async def test_a_message_that_comes_three_times_has_one_effect(verification: Running) -> None:
    complaint, event = str(uuid7()), str(uuid4())
    data = submission(verification, complaint)
    for _ in range(3):
        await verification.hear(data, complaint, event_id=event)
    await verification.hear(data, complaint)
    await all_before_is_handled(verification)
    # What comes again while its event is on its way may publish that again, under the id that it has.
    assert len({event.id for event in verification.of(ComplaintVerified, complaint)}) == 1
    assert len((await case_of(verification, complaint)).history) == 1


async def test_what_overtakes_its_report_waits_for_it_and_then_counts(verification: Running) -> None:
    answered, withdrawn = str(uuid7()), str(uuid7())
    await add(verification, answered, STORY, lat=INSIDE[0], lon=INSIDE[1])
    await verification.hear(ComplaintWithdrawn(), withdrawn)
    await until(lambda: retried(verification), "both messages are on their way around")
    vague = submission(verification, answered, VAGUE, at=None)
    await verification.hear(vague, answered)
    await verification.hear(submission(verification, withdrawn, at=OUTSIDE), withdrawn)
    await verification.says(ComplaintClarificationRequested, answered)
    await verification.says(ComplaintVerified, answered)
    case = await reaches(verification, withdrawn, "withdrawn")
    assert [step.what for step in case.history] == ["submitted", "withdrawn"]
    assert case.trace is None


async def test_however_messages_are_shuffled_and_repeated_every_complaint_ends_alike(verification: Running) -> None:
    chance, complaints = random.Random(11), [str(uuid7()) for _ in range(12)]
    messages: list[tuple[str, Event, str]] = []
    for complaint in complaints:
        answer = Sealed(narrative=verification.vault.seal("narrative", complaint, {"text": "tidak tahu"}))
        events: list[Event] = [
            submission(verification, complaint, VAGUE, at=None),
            ComplaintSupplemented(supplement="s-1", sealed=answer),
            ComplaintWithdrawn(),
        ]
        messages += [(complaint, event, str(uuid4())) for event in events]
    messages += chance.sample(messages, 18)
    chance.shuffle(messages)
    for complaint, event, event_id in messages:
        await verification.hear(event, complaint, event_id=event_id)

    async def ended() -> bool:
        cases = [document.case for document in (await verification.room.store().load(complaints)).values()]
        return all(case and len(case.history) == 3 for case in cases)

    await until(ended, "everything has been heard")
    for complaint in complaints:
        case = await case_of(verification, complaint)
        assert case.status == "withdrawn"
        assert {step.what for step in case.history} == {"submitted", "supplemented", "withdrawn"}
        assert len({event.id for event in verification.of(ComplaintClarificationRequested, complaint)}) == 1
        assert not verification.of(ComplaintVerified, complaint)


async def test_a_supplement_after_the_end_is_noted_once_and_says_nothing(verification: Running) -> None:
    complaint = await tell(verification)
    await verification.says(ComplaintVerified, complaint)
    await add(verification, complaint, "Warnanya hitam.")
    await add(verification, complaint, "Warnanya hitam.")

    async def noted() -> bool:
        return len((await case_of(verification, complaint)).history) == 2

    await until(noted, "the supplement is noted")
    await all_before_is_handled(verification)
    case = await case_of(verification, complaint)
    assert [step.what for step in case.history] == ["submitted", "supplemented"]
    assert (case.status, len(verification.of(ComplaintVerified, complaint))) == ("verified", 1)


async def all_before_is_handled(running: Running) -> None:
    """Waits till a report that is told now has gone through the same lane."""
    await running.says(ComplaintVerified, await tell(running))


async def retried(running: Running) -> bool:
    queue = await running.channel.declare_queue("retry.5s", passive=True)
    return (queue.declaration_result.message_count or 0) >= 2


# --- what the checks are told ---------------------------------------------------------------------------------------


async def test_what_happens_now_needs_no_time_and_goes_on_for_good(verification: Running) -> None:
    complaint = await tell(verification, "Ada begal bawa celurit!", at=INSIDE, in_progress=True, occurred_at=None)
    verified = await verification.says(ComplaintVerified, complaint)
    assert (verified.data.provisional, verified.data.warnings, verified.lane) == (False, (), "urgent")


async def test_an_officers_own_finding_has_no_reporter_who_could_be_asked(verification: Running) -> None:
    complaint = str(uuid7())
    data = submission(verification, complaint, author="officer-9", identity_level="seen_in_person", channel="counter")
    sealed = Sealed(narrative=data.report.sealed.narrative)
    own = data.model_copy(update={"report": data.report.model_copy(update={"sealed": sealed})})
    await verification.hear(own, complaint)
    await verification.says(ComplaintVerified, complaint)


async def test_a_place_that_nobody_knows_waits_and_a_village_that_words_name_is_found(
    verification: Running, officer: dict[str, str]
) -> None:
    unknown = await tell(verification, at=None, place_text="di depan toko bangunan")
    await reaches(verification, unknown, "waiting")
    shown = await show(verification, unknown, officer)
    assert (shown["held_by"], shown["missing"], shown["village"]) == (["place"], ["where"], None)
    named = await tell(verification, at=None, place_text="Desa Leuwigoong Wetan")
    assert (await verification.says(ComplaintVerified, named)).data.report.village == "99.01.02.2003"


async def test_the_village_that_a_reporter_chose_stays(verification: Running) -> None:
    complaint = await tell(verification, village="99.01.01.1001")
    assert (await verification.says(ComplaintVerified, complaint)).data.report.village == "99.01.01.1001"


# --- what cannot be checked is not passed -----------------------------------------------------------------------------


async def test_what_cannot_be_opened_is_retried_and_never_passed(verification: Running) -> None:
    foreign, complaint = str(uuid7()), str(uuid7())
    await verification.hear(submission(verification, foreign, in_progress=True), complaint, lane="urgent")
    await all_before_is_handled(verification)

    async def put_aside() -> bool:
        queue = await verification.channel.declare_queue("retry.5s", passive=True)
        return bool(queue.declaration_result.message_count)

    await until(put_aside, "the message waits for another attempt")
    assert (await verification.room.store().load([complaint]))[complaint].case is None
    assert not verification.of(ComplaintVerified, complaint)


async def test_content_of_another_form_is_parked_and_its_neighbours_go_on(verification: Running) -> None:
    parked = await verification.parked()
    bad = str(uuid7())
    data = submission(verification, bad)
    odd = verification.vault.seal("narrative", bad, {"words": "not as agreed"})
    report = data.report.model_copy(update={"sealed": data.report.sealed.model_copy(update={"narrative": odd})})
    ids = [str(uuid7()) for _ in range(5)]
    good = [submission(verification, id_) for id_ in ids]
    await asyncio.gather(
        verification.hear(ComplaintSubmitted(report=report), bad),
        *(verification.hear(one, id_) for one, id_ in zip(good, ids, strict=True)),
    )
    for id_ in ids:
        await reaches(verification, id_, "verified")

    async def is_parked() -> bool:
        return await verification.parked() == parked + 1

    await until(is_parked, "the bad one is parked")


# --- officers ---------------------------------------------------------------------------------------------------------


async def waiting(running: Running, **facts: Any) -> str:
    """A report that waits for an officer."""
    complaint = await tell(running, at=OUTSIDE, **facts)
    await reaches(running, complaint, "waiting")
    return complaint


async def test_of_two_officers_who_decide_at_once_on_what_they_saw_one_has_to_look_again(verification: Running) -> None:
    who = [verification.token("verifier", person=f"officer-{n}", units=("polres-sukamaju",)) for n in (1, 2)]
    for _ in range(5):
        complaint = await waiting(verification)
        tag = f'"{(await show(verification, complaint, who[0]))["version"]}"'
        answers = await asyncio.gather(
            do(verification, complaint, "verify", who[0], If_Match=tag),
            do(verification, complaint, "reject", who[1], {"reason": "outside_jurisdiction"}, If_Match=tag),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        case = await case_of(verification, complaint)
        assert len(case.history) == 2


async def test_of_two_officers_who_do_not_say_what_they_saw_one_finds_the_complaint_decided(
    verification: Running,
) -> None:
    who = [verification.token("verifier", person=f"officer-{n}", units=("polres-sukamaju",)) for n in (1, 2)]
    complaint = await waiting(verification)
    answers = await asyncio.gather(*(do(verification, complaint, "verify", one) for one in who))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    await verification.says(ComplaintVerified, complaint)
    assert len(verification.of(ComplaintVerified, complaint)) == 1


async def test_a_decision_that_is_sent_again_takes_effect_once(verification: Running, officer: dict[str, str]) -> None:
    complaint = await waiting(verification)
    body = {"reason": "implausible", "words": "Mohon maaf."}
    answers = [
        await do(verification, complaint, "reject", officer, body, Idempotency_Key="the-same-key") for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    await verification.says(ComplaintRejected, complaint)
    assert len(verification.of(ComplaintRejected, complaint)) == 1


ABSENT = {
    "type": "urn:aduan:problem:not_found",
    "title": "Not Found",
    "status": 404,
    "detail": "There is no such complaint.",
}


@pytest.mark.parametrize(
    ("person", "units"),
    [
        ("named", ("polres-sukamaju",)),
        ("of-named-unit", ("polres-sukamaju", "Satlantas")),
        ("stranger", ("polres-lain",)),
    ],
)
async def test_a_complaint_does_not_exist_for_whoever_it_is_about_and_for_other_units(
    verification: Running, person: str, units: tuple[str, ...]
) -> None:
    about = ("named", "Satlantas")
    complaint = await waiting(verification, conflicts=about)
    target = await tell(verification, conflicts=about)
    await reaches(verification, target, "verified")
    who = verification.token("verifier", person=person, units=units)
    bodies = {
        "verify": None,
        "reject": {"reason": "implausible"},
        "clarify": {"missing": ["what"]},
        "link": {"to": target},
    }
    for response in [
        await verification.http.get(f"/complaints/{complaint}", headers=who),
        await verification.http.get(f"/complaints/{complaint}/narrative", headers=who | {"Access-Reason": "duty"}),
        *[await do(verification, complaint, action, who, body) for action, body in bodies.items()],
    ]:
        assert (response.status_code, response.json()) == (404, ABSENT)
    assert complaint not in await listed(verification, who)
    mine = await waiting(verification)
    if "polres-sukamaju" in units:
        hidden = await do(verification, mine, "link", who, {"to": target})
        absent = await do(verification, mine, "link", who, {"to": str(uuid7())})
        assert (hidden.status_code, hidden.json()) == (absent.status_code, absent.json())
        assert hidden.json()["errors"][0]["field"] == "to"


async def test_a_report_that_resembles_a_hidden_one_is_hidden_too(
    verification: Running, officer: dict[str, str]
) -> None:
    there, now = (-6.605, 107.445), datetime.now(UTC)
    hidden = await tell(verification, ACCIDENT, at=there, occurred_at=now, conflicts=("officer-x",))
    await reaches(verification, hidden, "verified")
    like = await tell(verification, SAME_ACCIDENT, at=there, occurred_at=now)
    await reaches(verification, like, "waiting")
    named = verification.token("verifier", person="officer-x", units=("polres-sukamaju",))
    assert (await verification.http.get(f"/complaints/{like}", headers=named)).status_code == 404
    assert like not in await listed(verification, named)
    assert (await show(verification, like, officer))["suggestion"]["complaint"] == hidden


async def test_only_verifiers_who_are_signed_in_get_anywhere(verification: Running) -> None:
    complaint = await waiting(verification)
    detective = verification.token("detective", units=("polres-sukamaju",))
    for path in ("/worklist", f"/complaints/{complaint}", f"/complaints/{complaint}/narrative"):
        assert (await verification.http.get(path)).status_code == 401
        response = await verification.http.get(path, headers=detective | {"Access-Reason": "duty"})
        assert response.status_code == 403
    for action in ("verify", "reject", "clarify", "link"):
        assert (await do(verification, complaint, action, {})).status_code == 401


async def readers(verification: Running, complaint: str) -> list[str]:
    rows = await verification.room.mongo["audit_reads"].find({"chain": f"reads/{complaint}"}).to_list(None)
    return [row["who"] for row in rows if row["parts"] == ["identity", "narrative"] and VAGUE not in str(row)]


async def test_reading_what_is_sealed_takes_a_reason_and_is_recorded_without_the_content(
    verification: Running, officer: dict[str, str]
) -> None:
    complaint = await tell(verification, VAGUE, at=None, occurred_at=None, place_text="rumah canary")
    await reaches(verification, complaint, "clarifying")
    await add(verification, complaint, "Masih bingung.")
    await reaches(verification, complaint, "waiting")
    path = f"/complaints/{complaint}/narrative"
    refused = await verification.http.get(path, headers={**officer, "Access-Reason": ""})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "Access-Reason")
    assert await readers(verification, complaint) == []
    response = await verification.http.get(path, headers=officer | {"Access-Reason": "verification"})
    assert response.status_code == 200
    told = response.json()
    assert [(piece["text"], piece["place_text"]) for piece in told["told"]] == [
        (VAGUE, "rumah canary"),
        ("Masih bingung.", None),
    ]
    assert told["reporter"] == {"name": NAME, "nik": NIK, "address": None}
    assert await readers(verification, complaint) == ["officer-1"]


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("reject", {}, "reason"),
        ("reject", {"reason": "because"}, "reason"),
        ("reject", {"reason": {"$ne": None}}, "reason"),
        ("reject", {"reason": "implausible", "status": "verified"}, "status"),
        ("reject", {"reason": "implausible", "words": "a\x00b"}, "words"),
        ("reject", {"reason": "implausible", "words": "x" * 10_001}, "words"),
        ("reject", {"reason": "implausible", "words": " \u200b "}, "words"),
        ("clarify", {"missing": []}, "missing"),
        ("clarify", {"missing": ["nik"]}, "missing.0"),
        ("clarify", {"missing": ["what"] * 6}, "missing"),
        ("clarify", {"missing": ["other"]}, "words"),
        ("link", {"to": "nowhere"}, "to"),
        ("link", {"to": {"$gt": ""}}, "to"),
        ("link", {"to": "01936000-0000-7000-8000-000000000001"}, "to"),
    ],
)
async def test_a_bad_decision_names_its_field_and_changes_nothing(
    verification: Running, officer: dict[str, str], action: str, body: Any, field: str
) -> None:
    complaint = await waiting(verification)
    response = await do(verification, complaint, action, officer, body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["errors"][0]["field"] == field
    assert (await case_of(verification, complaint)).status == "waiting"


async def test_no_person_and_no_word_of_a_report_is_kept_or_told_in_the_clear(
    verification: Running, officer: dict[str, str]
) -> None:
    told = [
        await tell(verification, "Canarytext dicuri maling semalam."),
        await tell(verification, "Canarytext aneh", at=None, occurred_at=None, place_text="Canaryplace 7"),
        await tell(verification, "Canarytext begal!", at=OUTSIDE, in_progress=True),
    ]
    for complaint, status in zip(told, ("verified", "clarifying", "waiting"), strict=True):
        await reaches(verification, complaint, status)
    await add(verification, told[1], "Canaryanswer kemarin")
    await reaches(verification, told[1], "waiting")
    body = {"missing": ["what"], "words": "Canarywords"}
    assert (await do(verification, told[2], "clarify", officer, body)).status_code == 200
    await verification.says(ComplaintClarificationRequested, told[2])
    rows = [row async for row in verification.room.store().collection.find({"_id": {"$in": told}})]
    kept = b"".join(encode(row) for row in rows)
    said = "".join(e.model_dump_json(serialize_as_any=True) for e in verification.said if e.subject in told)
    shown = json.dumps([await show(verification, complaint, officer) for complaint in told])
    for canary in ("canary", NIK, PHONE, "81234567890", str(INSIDE[0])):
        assert canary.encode() not in kept.lower()
        assert canary not in said.lower()
        assert canary not in shown.lower()
