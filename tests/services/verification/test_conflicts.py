"""Whom a report turns out to be about, and what rests on it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.verification import conflicts, decisions
from services.verification.case import OPEN
from services.verification.decisions import Link
from shared.contracts.envelope import Command
from shared.contracts.internal_affairs import ConductConflictFound
from shared.contracts.refusals import TooEarly
from shared.contracts.verification import ComplaintLinked, ComplaintVerified
from tests.services.verification.conftest import tell
from tests.services.verification.test_domain import EARLIER, NOW, OFFICER, POLRES, commanded, heard, in_status, target
from tests.services.verification.test_service import ACCIDENT, SAME_ACCIDENT, do, listed, reaches, show
from tests.support.room import Running, until


def named(case: Any, *names: str) -> Any:
    return conflicts.named(case, heard(ConductConflictFound(names=names)), NOW)


def test_it_is_hidden_from_them_and_goes_on_with_their_names() -> None:
    decision = named(in_status("waiting"), OFFICER.id)
    assert not decision.case.visible_to(OFFICER)
    assert decision.case.complete_report.conflicts == (OFFICER.id,)
    assert decision.events == ()
    assert named(decision.case, OFFICER.id).case is decision.case
    with pytest.raises(TooEarly):
        named(None, OFFICER.id)


@pytest.mark.parametrize("status", OPEN)
def test_what_turns_out_to_be_about_the_whole_office_waits_for_none_of_its_officers(status: Any) -> None:
    decision = named(in_status(status), POLRES)
    (event,) = decision.events
    assert isinstance(event, ComplaintVerified)
    assert (decision.case.status, event.report.conflicts) == ("verified", (POLRES,))
    assert named(in_status("rejected"), POLRES).events == ()


def test_a_link_takes_the_names_of_the_earlier_report_along() -> None:
    earlier = target(hidden_from=("u-1", "u-2"))
    earlier = replace(earlier, report=earlier.report.model_copy(update={"conflicts": ("u-1",)}))
    decision = decisions.link(in_status("waiting"), commanded(Link(EARLIER)), NOW, earlier)
    (event,) = decision.events
    assert isinstance(event, ComplaintLinked)
    assert event.report.conflicts == ("u-1",)
    assert decision.case is not None
    assert decision.case.hidden_from == ("u-1", "u-2")


def test_what_rests_on_a_report_is_hidden_with_it() -> None:
    resting = in_status("waiting", hidden_from=("u-1",))
    message: Command[Any] = Command("event", EARLIER, POLRES, ("u-2",))
    case = conflicts.tells_of(resting, message, NOW).case
    assert case is not None
    assert case.hidden_from == ("u-1", "u-2")
    assert conflicts.tells_of(case, message, NOW).case is case
    assert conflicts.tells_of(None, message, NOW).case is None


async def test_a_report_that_resembles_or_is_linked_to_one_is_hidden_with_it_from_whom_is_found_out_later(
    verification: Running, officer: dict[str, str]
) -> None:
    there, now = (-6.585, 107.39), datetime.now(UTC)
    first = await tell(verification, ACCIDENT, at=there, occurred_at=now)
    await verification.says(ComplaintVerified, first)
    second, third = [await tell(verification, SAME_ACCIDENT, at=there, occurred_at=now) for _ in range(2)]
    for complaint in (second, third):
        await reaches(verification, complaint, "waiting")
    assert (await do(verification, second, "link", officer, {"to": first})).status_code == 200
    found = verification.token("verifier", person="officer-found", units=("polres-sukamaju",))
    assert third in await listed(verification, found)
    assert (await show(verification, second, found))["linked_to"] == first
    await verification.hear(ConductConflictFound(names=("officer-found",)), first, sequence=9)

    async def absent() -> bool:
        answers = [await verification.http.get(f"/complaints/{c}", headers=found) for c in (first, second, third)]
        return all(answer.status_code == 404 for answer in answers)

    await until(absent, "none of the three is there for the officer")
    assert third not in await listed(verification, found)
    assert third in await listed(verification, officer)
