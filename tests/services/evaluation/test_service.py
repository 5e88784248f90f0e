"""What evaluation hears, shows and says, on real servers."""

import secrets
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError
from uuid6 import uuid7

from services.evaluation.domain import month_of
from shared import tracking
from shared.contracts.evaluation import ComplaintReopenRequested, FeedbackReceived
from shared.contracts.intake import CallLogged, ComplaintErased
from shared.contracts.verification import ComplaintLinked
from shared.quotas import WRONG_CODES
from tests.services.evaluation.samples import (
    MONTH,
    ZONE,
    investigated,
    reclassified,
    recorded,
    report,
    said,
    scores,
    submitted,
)
from tests.services.evaluation.telling import Headers, Reporter, answers, closed, got, objects, stored, tell
from tests.support.room import Running, until

NOW = month_of(datetime.now(UTC), ZONE)


async def test_the_record_is_that_of_the_events(evaluation: Running) -> None:
    messages = investigated(str(uuid7()))
    await tell(evaluation, [*reversed(messages), *messages])
    assert await stored(evaluation, messages[0].subject) == recorded(messages)


async def test_a_survey_is_taken_told_and_counted_and_its_words_rest_sealed(
    evaluation: Running, evaluator: Headers
) -> None:
    before = await got(evaluation, f"/surveys?month={NOW}", evaluator)
    reporter = await closed(evaluation)
    answer = await answers(evaluation, reporter.code, 4, 4, 3, 4, 4, 4, 4, 4, 4, comment="Cepat, Bu Kenanga ramah.")
    assert answer.status_code == 201, answer.text
    said_ = await evaluation.says(FeedbackReceived, reporter.complaint)
    assert (said_.data.scores, said_.data.commented) == (scores(4, 4, 3, 4, 4, 4, 4, 4, 4), True)
    found = await got(evaluation, f"/surveys?month={NOW}", evaluator)
    assert found["total"]["answers"] == before["total"]["answers"] + 1
    assert [group["name"] for group in found["by"]["unit"]] == ["Pidum"]
    row = await evaluation.room.store("feedback").collection.find_one({"_id": reporter.complaint})
    assert "Kenanga" not in str(row)
    reading = await evaluation.http.get(
        f"/surveys/comments?month={NOW}", headers={**evaluator, "Access-Reason": "monthly-report"}
    )
    assert "Cepat, Bu Kenanga ramah." in [entry["text"] for entry in reading.json()]
    without = {**evaluator, "Access-Reason": ""}
    assert (await evaluation.http.get(f"/surveys/comments?month={NOW}", headers=without)).status_code == 422


async def test_a_survey_twice_is_refused_and_changes_nothing(evaluation: Running) -> None:
    reporter = await closed(evaluation)
    assert (await answers(evaluation, reporter.code)).status_code == 201
    again = await answers(evaluation, reporter.code, *[1] * 9)
    assert (again.status_code, again.json()["type"]) == (409, "urn:aduan:problem:already_answered")
    kept = (await evaluation.room.store("feedback").load([reporter.complaint]))[reporter.complaint].case
    assert kept
    assert [survey.scores for survey in kept.surveys] == [scores()]
    await evaluation.says(FeedbackReceived, reporter.complaint)
    assert len(evaluation.of(FeedbackReceived, reporter.complaint)) == 1


async def test_the_same_request_again_gets_the_same_answer(evaluation: Running) -> None:
    reporter = await closed(evaluation)
    body = {"code": reporter.code, "scores": scores().model_dump()}
    key = {"Idempotency-Key": f"survey-{reporter.complaint}"}
    first = await evaluation.http.post("/tracking/survey", json=body, headers=key)
    second = await evaluation.http.post("/tracking/survey", json=body, headers=key)
    assert (first.status_code, first.json()) == (second.status_code, second.json())


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"u3": 0}, "scores.u3"),
        ({"u3": 5}, "scores.u3"),
        ({"u3": 2.5}, "scores.u3"),
        ({"u3": "4"}, "scores.u3"),
        ({"u3": True}, "scores.u3"),
        ({"u3": None}, "scores.u3"),
        ({"u3": {"$gt": 0}}, "scores.u3"),
        ({"u10": 3}, "scores.u10"),
    ],
)
async def test_scores_out_of_range_are_refused_by_the_name_of_their_field(
    evaluation: Running, values: dict[str, Any], field: str
) -> None:
    reporter = await closed(evaluation)
    body = {"code": reporter.code, "scores": {**scores().model_dump(), **values}}
    answer = await evaluation.http.post("/tracking/survey", json=body)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await evaluation.room.store("feedback").load([reporter.complaint]))[reporter.complaint].case is None


async def test_before_the_end_neither_a_survey_nor_a_reopening_is_taken(evaluation: Running) -> None:
    reporter = Reporter()
    lookup = reporter.lookup(evaluation.settings.code_key)  # type: ignore[attr-defined]
    await tell(evaluation, [said(submitted(lookup=lookup), subject=reporter.complaint)])
    for answer in (await answers(evaluation, reporter.code), await objects(evaluation, reporter.code)):
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:aduan:problem:not_closed")
    assert (await evaluation.room.store("feedback").load([reporter.complaint]))[reporter.complaint].case is None


async def test_after_a_second_end_the_survey_may_be_answered_again(evaluation: Running) -> None:
    reporter = await closed(evaluation)
    assert (await answers(evaluation, reporter.code)).status_code == 201
    await tell(evaluation, [said(reclassified("reopened"), 60, subject=reporter.complaint)])
    assert (await answers(evaluation, reporter.code)).status_code == 409
    end = investigated(reporter.complaint, shift=100)[-1]
    await evaluation.raw(end.model_dump_json(serialize_as_any=True).encode(), end.type, "normal", end.id)

    async def closed_again() -> bool:
        record = await stored(evaluation, reporter.complaint)
        return record is not None and record.closed

    await until(closed_again, "the second end is known")
    assert (await answers(evaluation, reporter.code)).status_code == 201


async def test_an_erased_complaint_goes_on_counting_and_nobody_finds_it_or_reads_what_its_reporter_wrote(
    evaluation: Running, evaluator: Headers
) -> None:
    reporter = await closed(evaluation)
    assert (await answers(evaluation, reporter.code, comment="Bu Canary ramah.")).status_code == 201
    before = await got(evaluation, f"/surveys?month={NOW}", evaluator)
    figures = await got(evaluation, f"/indicators?month={MONTH}", evaluator)
    erased = ComplaintErased(reason="retention", register_number="LP/B/1/III/2026/SPKT/POLRES SUKAMAJU")
    await evaluation.hear(erased, reporter.complaint, sequence=20)

    async def forgotten() -> bool:
        record = await stored(evaluation, reporter.complaint)
        return record is not None and record.erased

    await until(forgotten, "it is erased")
    row = await evaluation.room.store("feedback").collection.find_one({"_id": reporter.complaint})
    assert [survey["comment"] for survey in row["case"]["surveys"]] == [None]
    assert (await answers(evaluation, reporter.code)).status_code == 404
    assert await got(evaluation, f"/surveys?month={NOW}", evaluator) == before
    assert await got(evaluation, f"/indicators?month={MONTH}", evaluator) == figures
    listed = await got(evaluation, f"/complaints?month={MONTH}", evaluator)
    assert reporter.complaint not in str(listed)
    assert (await evaluation.http.get(f"/complaints/{reporter.complaint}", headers=evaluator)).status_code == 404


async def test_a_wish_to_open_again_is_told_with_its_reason_sealed_and_counted(
    evaluation: Running, evaluator: Headers
) -> None:
    reporter = await closed(evaluation, channel="sms")
    assert (await objects(evaluation, reporter.code, "Pelaku masih berkeliaran.")).status_code == 201
    told = await evaluation.says(ComplaintReopenRequested, reporter.complaint)
    opened = evaluation.vault.open("narrative", reporter.complaint, told.data.sealed.narrative)
    assert opened == {"text": "Pelaku masih berkeliaran."}
    again = await objects(evaluation, reporter.code)
    assert (again.status_code, again.json()["type"]) == (409, "urn:aduan:problem:already_requested")
    found = await got(evaluation, f"/indicators?month={NOW}", evaluator)
    (group,) = [group for group in found["by"]["channel"] if group["name"] == "sms"]
    assert group["figures"]["reopenings"] == 1


async def test_the_reporter_of_a_linked_complaint_judges_the_common_end(evaluation: Running) -> None:
    earlier, later = await closed(evaluation), Reporter()
    lookup = later.lookup(evaluation.settings.code_key)  # type: ignore[attr-defined]
    linked = ComplaintLinked(linked_to=earlier.complaint, officer="officer-1", report=report())
    messages = [said(submitted(lookup=lookup), subject=later.complaint), said(linked, 1, subject=later.complaint)]
    await tell(evaluation, messages)
    assert (await answers(evaluation, later.code)).status_code == 201
    assert (await objects(evaluation, later.code)).json()["type"] == "urn:aduan:problem:joined"


async def test_an_unknown_code_and_what_is_no_code_get_the_same_answer(evaluation: Running) -> None:
    unknown = tracking.encode(secrets.token_bytes(10))
    for path in ("survey", "reopening"):
        given = [{"code": code, "scores": scores().model_dump(), "reason": "Ya."} for code in (unknown, "kode", "")]
        bodies = [
            {k: v for k, v in body.items() if k != ("reason" if path == "survey" else "scores")} for body in given
        ]
        replies = [await evaluation.http.post(f"/tracking/{path}", json=body) for body in bodies]
        assert {reply.status_code for reply in replies} == {404}
        assert len({reply.text for reply in replies}) == 1


async def test_whoever_guesses_is_told_to_stop(evaluation: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation.app.state.quotas, "factor", 1)
    statuses = []
    for _ in range(2 * WRONG_CODES.most + 2):
        body = {"code": tracking.encode(secrets.token_bytes(10)), "reason": "Ya."}
        statuses.append((await evaluation.http.post("/tracking/reopening", json=body)).status_code)
    assert set(statuses) == {404, 429}


async def test_indicators_name_units_categories_villages_channels_and_calls(
    evaluation: Running, evaluator: Headers, chief: Headers
) -> None:
    village = "99.01.03.2002"
    await closed(evaluation, village=village)
    for kind in ("prank", "wrong_number", "prank"):
        await tell(evaluation, [said(CallLogged(kind=kind, operator="operator-1"), subject=str(uuid7()))])
    found = await got(evaluation, f"/indicators?month={MONTH}", evaluator)
    assert found["calls"] == {"prank": 2, "wrong_number": 1}
    (group,) = [group for group in found["by"]["village"] if group["name"] == village]
    stages = {stage["stage"]: stage for stage in group["figures"]["stages"]}
    assert stages["settlement"]["median_hours"] == 50
    assert (stages["assignment"]["target_hours"], stages["assignment"]["in_time"]) == (24, 1)
    assert {"unit", "category", "village", "channel"} == set(found["by"])
    assert await got(evaluation, f"/indicators?month={MONTH}", chief) == found
    (row,) = await got(evaluation, f"/complaints?month={MONTH}&village={village}", evaluator)
    assert (row["units"], row["closed"], len(row["stages"])) == (["Pidum"], True, 5)
    assert row == await got(evaluation, f"/complaints/{row['complaint']}", evaluator)


async def test_months_stand_side_by_side(evaluation: Running, chief: Headers) -> None:
    await closed(evaluation)
    found = await got(evaluation, "/indicators/months?until=2026-04&count=3", chief)
    assert [month["month"] for month in found] == ["2026-02", MONTH, "2026-04"]
    assert [month["total"]["received"] > 0 for month in found] == [False, True, False]
    assert (await evaluation.http.get("/indicators/months?until=2026-04&count=25", headers=chief)).status_code == 422


async def test_a_complaint_is_invisible_to_whom_it_is_about_in_lists_counts_reports_and_by_id(
    evaluation: Running, evaluator: Headers
) -> None:
    village = "99.01.03.2003"
    reporter = await closed(evaluation, village=village, conflicts=("evaluator-9", "Propam"))
    assert (await answers(evaluation, reporter.code, comment="Tentang petugas.")).status_code == 201
    named = evaluation.token("evaluator", person="evaluator-9", units=(evaluation.settings.polres,))
    of_unit = evaluation.token("chief", person="chief-9", units=(evaluation.settings.polres, "Propam"))
    absent = await evaluation.http.get(f"/complaints/{uuid7()}", headers=named)
    for headers in (named, of_unit):
        assert await got(evaluation, f"/complaints?month={MONTH}&village={village}", headers) == []
        hidden = await evaluation.http.get(f"/complaints/{reporter.complaint}", headers=headers)
        assert (hidden.status_code, hidden.json()) == (404, absent.json())
        for path in (f"/indicators?month={MONTH}", f"/reports/{MONTH}", f"/surveys?month={NOW}"):
            answer = await evaluation.http.get(path, headers=headers)
            assert village not in answer.text, path
        reading = {**headers, "Access-Reason": "curiosity"}
        assert (
            "Tentang petugas."
            not in (await evaluation.http.get(f"/surveys/comments?month={NOW}", headers=reading)).text
        )
    assert len(await got(evaluation, f"/complaints?month={MONTH}&village={village}", evaluator)) == 1


@pytest.mark.parametrize(
    "path",
    [
        f"/indicators?month={MONTH}",
        f"/surveys?month={MONTH}",
        f"/complaints?month={MONTH}",
        f"/indicators/months?until={MONTH}",
        f"/reports/{MONTH}",
        f"/reports/{MONTH}/csv",
        f"/reports/{MONTH}/pdf",
    ],
)
async def test_only_evaluators_and_chiefs_of_the_office_read(evaluation: Running, path: str) -> None:
    assert (await evaluation.http.get(path)).status_code == 401
    detective = evaluation.token("detective", units=(evaluation.settings.polres,))
    assert (await evaluation.http.get(path, headers=detective)).status_code == 403


async def test_somebody_of_another_office_sees_nothing_of_this_one(evaluation: Running) -> None:
    await closed(evaluation)
    stranger = evaluation.token("evaluator", units=("polres-lain",))
    found = await got(evaluation, f"/indicators?month={MONTH}", stranger)
    assert (found["total"]["received"], found["by"]["unit"]) == (0, [])
    assert await got(evaluation, f"/complaints?month={MONTH}", stranger) == []


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "march", "2026-03-01", "9999-01"])
async def test_what_is_no_month_is_refused(evaluation: Running, evaluator: Headers, month: str) -> None:
    for path in (f"/indicators?month={month}", f"/reports/{month}", f"/open-data/{month}"):
        assert (await evaluation.http.get(path, headers=evaluator)).status_code == 422


async def test_an_event_that_cannot_be_read_is_parked_and_the_others_go_on(evaluation: Running) -> None:
    parked = await evaluation.parked()
    await evaluation.raw(b'{"what": "Kenanga"}', "complaint.submitted.v1")

    async def one_more() -> bool:
        return await evaluation.parked() == parked + 1

    await until(one_more, "the message is parked")
    assert await closed(evaluation)


async def test_every_query_uses_an_index(evaluation: Running, evaluator: Headers) -> None:
    database = evaluation.room.mongo.database
    await database.command({"profile": 2})
    try:
        reporter = await closed(evaluation)
        await answers(evaluation, reporter.code)
        await objects(evaluation, reporter.code)
        await evaluation.http.post(f"/findings/examinations/{MONTH}", headers=evaluator)
        for path in (
            f"/indicators?month={MONTH}",
            f"/surveys?month={NOW}",
            f"/complaints?month={MONTH}&unit=Pidum",
            "/findings",
            "/findings?status=raised",
            f"/reports/{MONTH}",
            f"/open-data/{MONTH}",
        ):
            await got(evaluation, path, evaluator)
        await got(evaluation, "/findings", evaluation.token("unit_head", units=(evaluation.settings.polres,)))
    finally:
        await database.command({"profile": 0})
    profile = database["system.profile"]
    asked = {"ns": {"$not": {"$regex": "system"}}, "planSummary": {"$exists": True}}
    assert await profile.count_documents(asked) > 10
    scans = await profile.find({**asked, "planSummary": {"$regex": "COLLSCAN"}}).to_list(None)
    assert [(scan["ns"], scan.get("command", {}).get("filter")) for scan in scans] == []


def test_the_settings_need_the_key_of_the_codes(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.delenv("ADUAN_CODE_KEY")
    with pytest.raises(ValidationError, match="code_key"):
        type(settings)()
