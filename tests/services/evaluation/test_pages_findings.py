"""Findings on pages: raised, planned, closed and read, with what is wrong beside its field."""

import re
from typing import Any
from uuid import uuid4

from tests.services.evaluation.samples import POLRES
from tests.services.evaluation.telling import Headers, got
from tests.services.evaluation.test_findings import PLAN, raised
from tests.support.room import Running

FOUND = {"indicator": "observation", "scope": "unit:Pidum", "words": "Ruang tunggu sempit."}
RENDERED = 'aria-labelledby="finding"'


async def sent(evaluation: Running, path: str, headers: Headers, **form: Any) -> Any:
    """As the page's scripts send it."""
    return await sent_without_scripts(evaluation, path, {**headers, "HX-Request": "true"}, **form)


async def sent_without_scripts(evaluation: Running, path: str, headers: Headers, **form: Any) -> Any:
    body = {"key": str(uuid4()), **form}
    return await evaluation.http.post(f"/evaluation/actions{path}", data=body, headers=headers)


async def opened(evaluation: Running, path: str, headers: Headers, status: int = 200) -> str:
    answer = await evaluation.http.get(f"/evaluation/actions{path}", headers=headers)
    assert answer.status_code == status, answer.text
    return answer.text


async def test_a_finding_is_raised_once_and_leads_to_its_page(evaluation: Running, evaluator: Headers) -> None:
    key = str(uuid4())
    first = await sent(evaluation, "/new", evaluator, **{**FOUND, "key": key})
    again = await sent(evaluation, "/new", evaluator, **{**FOUND, "key": key})
    assert (first.status_code, first.headers["location"]) == (303, again.headers["location"])
    id_ = first.headers["location"].rsplit("/", 1)[1]
    shown = await opened(evaluation, f"/{id_}", evaluator)
    assert "Satuan: Pidum" in shown
    assert "sempit" not in shown, "the words rest sealed"
    assert id_ in await opened(evaluation, "", evaluator)
    assert id_ in await opened(evaluation, "?status=raised", evaluator)
    assert id_ not in await opened(evaluation, "?status=closed", evaluator)
    assert id_ in await opened(evaluation, "?status=", evaluator)


async def test_what_is_wrong_with_a_finding_stands_beside_it_and_nothing_is_lost(
    evaluation: Running, evaluator: Headers
) -> None:
    answer = await sent(evaluation, "/new", evaluator, words="Ruang tunggu sempit.", scope="unit:Pidum")
    assert answer.status_code == 422
    assert 'id="indicator-error"' in answer.text
    assert "Ruang tunggu sempit." in answer.text
    unknown = await sent(evaluation, "/new", evaluator, **{**FOUND, "indicator": "speed"})
    assert unknown.status_code == 422
    assert "Indikator ini tidak dikenal." in unknown.text


async def test_words_are_read_for_a_reason_alone(evaluation: Running, evaluator: Headers, chief: Headers) -> None:
    found = await raised(evaluation, evaluator)
    without = {name: value for name, value in chief.items() if name != "Access-Reason"}
    refused = await opened(evaluation, f"/{found['finding']}/words", without, 422)
    assert "sempit" not in refused
    assert "Ruang tunggu sempit." in await opened(evaluation, f"/{found['finding']}/words", chief)


async def test_it_is_planned_and_closed_on_its_page(evaluation: Running, evaluator: Headers, chief: Headers) -> None:
    found = await raised(evaluation, evaluator)
    path = f"/{found['finding']}"
    assert "Rencanakan tindakan" not in await opened(evaluation, path, chief), "evaluators decide"
    late = await sent(evaluation, f"{path}/plan", evaluator, version=found["version"], **{**PLAN, "by": "2020-01-01"})
    assert late.status_code == 422
    assert 'id="by-error"' in late.text
    assert PLAN["action"] in late.text
    planned = await sent(evaluation, f"{path}/plan", evaluator, version=found["version"], **PLAN)
    assert planned.status_code == 200, planned.text
    assert planned.text.lstrip().startswith("<section")
    assert "Tersimpan." in planned.text
    assert "Direncanakan" in planned.text
    stale = await sent(evaluation, f"{path}/close", evaluator, version=found["version"], note="Sudah diperluas.")
    assert stale.status_code == 412
    assert "Sudah diperluas." in stale.text, "what was typed is kept"
    assert "sudah berubah" in stale.text
    assert "<details open><summary>Tutup temuan" in stale.text, "and is seen without looking for it"
    assert "<details open><summary>Rencanakan" not in stale.text
    version = (await got(evaluation, f"/findings/{found['finding']}", evaluator))["version"]
    closed = await sent(evaluation, f"{path}/close", evaluator, version=version, note="Sudah diperluas.")
    assert closed.status_code == 200, closed.text
    assert "Rencanakan lagi" not in closed.text
    again = await sent(evaluation, f"{path}/plan", evaluator, **PLAN)
    assert again.status_code == 409
    assert "langkah itu tidak lagi mungkin" in again.text


async def test_what_is_typed_before_a_script_runs_is_sent_and_never_in_an_address(
    evaluation: Running, evaluator: Headers
) -> None:
    found = await raised(evaluation, evaluator)
    path = f"/{found['finding']}"
    forms = re.findall("<form[^>]+hx-post[^>]+>", await opened(evaluation, path, evaluator))
    assert len(forms) == 2
    assert all(f'action="/evaluation/actions{path}/' in form and 'method="post"' in form for form in forms)
    planned = await sent_without_scripts(evaluation, f"{path}/plan", evaluator, version=found["version"], **PLAN)
    assert "<main" in planned.text, "a whole page"
    assert "Tersimpan." in planned.text
    refused = await sent_without_scripts(evaluation, f"{path}/close", evaluator, note="")
    assert (refused.status_code, "Wajib diisi." in refused.text) == (422, True)


async def test_who_is_to_put_it_right_sees_it_and_nobody_else(evaluation: Running, evaluator: Headers) -> None:
    found = await raised(evaluation, evaluator)
    plan = {**PLAN, "owner": "head-pages"}
    await evaluation.http.post(f"/findings/{found['finding']}/plan", json=plan, headers=evaluator)
    owner = evaluation.token("unit_head", person="head-pages", units=(POLRES,))
    other = evaluation.token("unit_head", person="head-other", units=(POLRES,))
    assert found["finding"] in await opened(evaluation, "", owner)
    assert RENDERED in await opened(evaluation, f"/{found['finding']}", owner)
    assert found["finding"] not in await opened(evaluation, "", other)
    assert "Temuan itu tidak ada." in await opened(evaluation, f"/{found['finding']}", other, 404)
    summary = await evaluation.http.get("/evaluation/summary", headers=owner)
    assert "1 temuan belum selesai" in summary.text
    assert f'href="/evaluation/actions/{found["finding"]}"' in summary.text
    await evaluation.http.post(f"/findings/{found['finding']}/close", json={"note": "Selesai."}, headers=evaluator)
    summary = await evaluation.http.get("/evaluation/summary", headers=owner)
    assert "0 temuan belum selesai" in summary.text
    assert 'href="/evaluation/actions"' in summary.text, "the way to what is closed"
    assert (await evaluation.http.get("/evaluation/summary", headers=other)).status_code == 404
