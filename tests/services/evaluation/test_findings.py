"""Findings over HTTP and by themselves, on real servers."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.evaluation.domain import month_before, month_of
from shared.contracts.evaluation import FindingRaised
from tests.services.evaluation.samples import MONTH, ZONE
from tests.services.evaluation.telling import Headers, answers, closed, got
from tests.support.room import Running, until

TODAY = datetime.now(UTC).astimezone(ZONE).date()
NOW = month_of(datetime.now(UTC), ZONE)
PLAN = {
    "action": "Jadwal piket ditambah; Bu Kenanga memimpin.",
    "owner": "head-pidum",
    "by": str(TODAY + timedelta(days=10)),
    "measure_on": str(TODAY + timedelta(days=80)),
}


async def raised(evaluation: Running, evaluator: Headers, **changes: Any) -> Any:
    body = {"indicator": "observation", "scope": "unit:Pidum", "words": "Ruang tunggu sempit.", **changes}
    answer = await evaluation.http.post("/findings", json=body, headers=evaluator)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_element_under_b_raises_a_finding_once_a_month(evaluation: Running, evaluator: Headers) -> None:
    for _ in range(3):
        reporter = await closed(evaluation)
        assert (await answers(evaluation, reporter.code, 4, 4, 2, 4, 4, 4, 4, 4, 4)).status_code == 201
    path = f"/findings/examinations/{NOW}"
    first = (await evaluation.http.post(path, headers=evaluator)).json()
    second = (await evaluation.http.post(path, headers=evaluator)).json()
    (row,) = [row for row in first if row["rule"] == "element_under_b"]
    assert first == second
    assert (row["scope"], row["value"], row["target"], row["month"]) == ("element:u3", 50.0, 76.61, NOW)
    told = await evaluation.says(FindingRaised, row["finding"])
    assert (told.data.source, told.data.indicator, told.data.value) == ("rule", "element_u3", 50.0)
    assert len(evaluation.of(FindingRaised, row["finding"])) == 1
    assert row["finding"] in [row["finding"] for row in await got(evaluation, "/findings?status=raised", evaluator)]
    report = await got(evaluation, f"/reports/{NOW}", evaluator)
    assert row["finding"] in [row["finding"] for row in report["findings"]]


async def test_a_person_raises_plans_and_closes_and_the_words_rest_sealed(
    evaluation: Running, evaluator: Headers, chief: Headers
) -> None:
    found = await raised(evaluation, evaluator)
    told = await evaluation.says(FindingRaised, found["finding"])
    assert (told.data.source, told.data.rule, told.data.value) == ("person", "person", None)
    path = f"/findings/{found['finding']}"
    planned = (await evaluation.http.post(f"{path}/plan", json=PLAN, headers=evaluator)).json()
    assert (planned["status"], planned["owner"], planned["measure_on"]) == ("planned", "head-pidum", PLAN["measure_on"])
    shown = await got(evaluation, path, chief)
    assert (shown["words"], shown["plan"]["action"]) == ("Ruang tunggu sempit.", PLAN["action"])
    row = await evaluation.room.store("findings").collection.find_one({"_id": found["finding"]})
    assert not any(word in str(row) for word in ("sempit", "Kenanga"))
    closed_ = await evaluation.http.post(f"{path}/close", json={"note": "Sudah diperluas."}, headers=evaluator)
    assert closed_.json()["status"] == "closed"
    assert [step["note"] for step in closed_.json()["history"]][-1] == "Sudah diperluas."
    again = await evaluation.http.post(f"{path}/plan", json=PLAN, headers=evaluator)
    assert (again.status_code, again.json()["type"]) == (409, "urn:aduan:problem:wrong_state")


async def test_what_a_person_names_is_measured(evaluation: Running, evaluator: Headers) -> None:
    await closed(evaluation, village="99.01.02.2002")
    found = await raised(
        evaluation, evaluator, indicator="hours_to_settlement", scope="village:99.01.02.2002", month=MONTH
    )
    assert (found["value"], found["target"]) == (50.0, 720.0)


async def test_on_its_day_a_finding_is_measured_again_and_closed_or_renewed(
    evaluation: Running, evaluator: Headers
) -> None:
    last = month_before(NOW)
    shift = (datetime.fromisoformat(f"{last}-05T00:00:00+00:00") - datetime(2026, 3, 10, tzinfo=UTC)) / timedelta(
        hours=1
    )
    await closed(evaluation, shift=shift, village="99.01.02.2003")
    ids = []
    for name in ("village:99.01.02.2003", "village:99.01.09.9999"):
        found = await raised(evaluation, evaluator, indicator="hours_to_settlement", scope=name, month=MONTH)
        ids.append(found["finding"])
        planned = await evaluation.http.post(f"/findings/{ids[-1]}/plan", json=PLAN, headers=evaluator)
        assert planned.status_code == 200, planned.text
    # The day comes sooner than planned.
    past = {"$set": {"case.due": datetime.now(UTC) - timedelta(seconds=1)}}
    await evaluation.room.store("findings").collection.update_many({"_id": {"$in": ids}}, past)

    async def measured() -> Any:
        shown = [await got(evaluation, f"/findings/{id_}", evaluator) for id_ in ids]
        return shown if all(finding["status"] != "planned" for finding in shown) else None

    met, unknown = await until(measured, "both are measured again")
    assert (met["status"], met["history"][-1]["value"], met["history"][-1]["month"]) == ("closed", 50.0, last)
    assert (unknown["status"], unknown["history"][-1]["value"]) == ("renewed", None)
    assert len(evaluation.of(FindingRaised, ids[0])) == 1
    await evaluation.says(FindingRaised, ids[1], 2)


async def test_what_makes_no_sense_is_refused_by_its_field(evaluation: Running, evaluator: Headers) -> None:
    found = await raised(evaluation, evaluator, month=NOW)
    path = f"/findings/{found['finding']}/plan"
    for change, field in (
        ({"by": str(TODAY - timedelta(days=1))}, "by"),
        ({"measure_on": PLAN["by"]}, "measure_on"),
        ({"owner": "=cmd|' /C calc'!A0"}, "owner"),
        ({"by": "besok"}, "by"),
        ({"action": " "}, "action"),
    ):
        answer = await evaluation.http.post(path, json={**PLAN, **change}, headers=evaluator)
        assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field])
    for body in ({"indicator": "speed"}, {"scope": "officer:x"}, {"scope": "unit:=1+1"}, {"month": "2026-00"}):
        full = {"indicator": "observation", "scope": "unit:Pidum", "words": "Ya.", **body}
        answer = await evaluation.http.post("/findings", json=full, headers=evaluator)
        assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, list(body))


async def test_a_chief_reads_and_does_not_act_and_strangers_find_nothing(
    evaluation: Running, evaluator: Headers, chief: Headers
) -> None:
    found = await raised(evaluation, evaluator)
    path = f"/findings/{found['finding']}"
    assert (await evaluation.http.post(f"{path}/plan", json=PLAN, headers=chief)).status_code == 403
    stranger = evaluation.token("evaluator", units=("polres-lain",))
    hidden = await evaluation.http.get(path, headers=stranger)
    absent = await evaluation.http.get("/findings/019caf3e-5a10-7c3e-9b41-2f6d8e0a7799", headers=evaluator)
    assert (hidden.status_code, hidden.json()) == (absent.status_code, absent.json()) == (404, absent.json())
    assert await got(evaluation, "/findings", stranger) == []
    outside = {"indicator": "observation", "scope": "unit:Pidum", "words": "Ya."}
    assert (await evaluation.http.post("/findings", json=outside, headers=stranger)).status_code == 403


async def test_of_two_plans_on_the_same_version_one_is_stale(evaluation: Running, evaluator: Headers) -> None:
    found = await raised(evaluation, evaluator)
    headers = {**evaluator, "If-Match": f'"{found["version"]}"'}
    path = f"/findings/{found['finding']}/plan"
    codes = [(await evaluation.http.post(path, json=PLAN, headers=headers)).status_code for _ in range(2)]
    assert codes == [200, 412]


async def test_whoever_is_to_put_it_right_sees_that_finding_and_no_other(
    evaluation: Running, evaluator: Headers
) -> None:
    own, other = await raised(evaluation, evaluator), await raised(evaluation, evaluator)
    plan = {**PLAN, "owner": "head-tipidter"}
    assert (
        await evaluation.http.post(f"/findings/{own['finding']}/plan", json=plan, headers=evaluator)
    ).status_code == 200
    owner = evaluation.token("unit_head", person="head-tipidter", units=(evaluation.settings.polres, "Tipidter"))
    assert [row["finding"] for row in await got(evaluation, "/findings", owner)] == [own["finding"]]
    assert (await got(evaluation, f"/findings/{own['finding']}", owner))["plan"]["action"] == PLAN["action"]
    assert (await evaluation.http.get(f"/findings/{other['finding']}", headers=owner)).status_code == 404
    assert (await evaluation.http.get("/findings")).status_code == 401


async def test_what_somebody_may_not_know_of_is_measured_for_nobody_since_all_are_shown_the_value(
    evaluation: Running, evaluator: Headers
) -> None:
    scope = "village:99.01.03.2009"
    await closed(evaluation, village=scope.removeprefix("village:"), conflicts=("evaluator-8",))
    named = evaluation.token("evaluator", person="evaluator-8", units=(evaluation.settings.polres,))
    about = {"indicator": "hours_to_settlement", "scope": scope, "month": MONTH}
    assert (await raised(evaluation, named, **about))["value"] is None
    assert (await raised(evaluation, evaluator, **about))["value"] is None
    await closed(evaluation, village=scope.removeprefix("village:"))
    assert (await raised(evaluation, named, **about))["value"] == 50.0
