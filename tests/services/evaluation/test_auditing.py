"""What an auditor is shown of a complaint here: its record, and beside it what its reporter said after the end."""

from tests.services.evaluation.samples import POLRES
from tests.services.evaluation.telling import answers, closed, got
from tests.support.room import Running


async def test_the_audit_of_a_complaint_goes_on_after_its_reporter_has_answered(evaluation: Running) -> None:
    auditor = evaluation.token("auditor", person="auditor-1", units=(POLRES,))
    reporter = await closed(evaluation)
    assert (await answers(evaluation, reporter.code)).status_code == 201
    trail = await got(evaluation, f"/audit/{reporter.complaint}", auditor)
    assert {entry["cases"] for entry in trail["done"]} == {"records", "feedback"}
    assert trail["faults"] == []


async def test_what_was_said_of_a_complaint_is_hidden_with_its_record(evaluation: Running) -> None:
    auditor = evaluation.token("auditor", person="auditor-1", units=(POLRES,))
    reporter = await closed(evaluation, conflicts=("auditor-1",))
    assert (await answers(evaluation, reporter.code)).status_code == 201
    assert (await evaluation.http.get(f"/audit/{reporter.complaint}", headers=auditor)).status_code == 404
