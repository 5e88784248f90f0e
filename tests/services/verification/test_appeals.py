"""Appeals against a rejection: decided by another officer, once, and the same in every order of arrival."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.verification import decisions, domain
from services.verification.case import Verification
from services.verification.decisions import Clarify, Link, Reject
from shared.contracts.complaint import Sealed
from shared.contracts.envelope import Envelope, Person
from shared.contracts.intake import ComplaintAppealed, ComplaintWithdrawn
from shared.contracts.refusals import Conflict, TooEarly
from shared.contracts.verification import ComplaintRejected, ComplaintVerified
from tests.services.verification.conftest import OUTSIDE, add, tell
from tests.services.verification.test_domain import (
    EARLIER,
    FORTNIGHT,
    NOW,
    POLRES,
    VAGUE,
    commanded,
    found,
    heard,
    submission,
    supplement,
    target,
)
from tests.services.verification.test_domain import OUTSIDE as FAR_AWAY
from tests.services.verification.test_service import do, listed, reaches, show
from tests.support.room import Running

FIRST = Person("officer-1", frozenset({"verifier"}), frozenset({POLRES}))
OTHER = Person("officer-2", frozenset({"verifier"}), frozenset({POLRES}))
GROUNDS = Sealed(narrative="sealed-grounds")


def rejected(**more: Any) -> Verification:
    case: Verification = submission(found(FAR_AWAY, **more)).case
    after = decisions.reject(case, commanded(Reject("implausible", FORTNIGHT), FIRST), NOW).case
    assert after is not None
    return after


def appeal(known: Any = None, case: Verification | None = None) -> Any:
    known = known or found(FAR_AWAY)
    return domain.appealed(case or rejected(), heard(ComplaintAppealed(sealed=GROUNDS)), NOW, known)


def test_an_appealed_rejection_waits_again_and_says_nothing_yet() -> None:
    decision = appeal()
    assert (decision.case.status, decision.events) == ("waiting", ())
    assert (decision.case.appeal.rejected_by, decision.case.appeal.sealed) == ("officer-1", GROUNDS)
    assert decision.case.history[-1].what == "appealed"


def test_an_appeal_waits_for_a_person_even_if_every_check_passes_now() -> None:
    case = appeal(found()).case
    assert (case.status, case.held_by) == ("waiting", ())
    answered = domain.supplemented(case, supplement(), NOW, found())
    assert (answered.case and answered.case.status, answered.events) == ("waiting", ())


@pytest.mark.parametrize(
    ("decide", "data"),
    [
        (decisions.verify, None),
        (decisions.reject, Reject("implausible", FORTNIGHT)),
        (decisions.clarify, Clarify(("what",), FORTNIGHT)),
    ],
)
def test_whoever_rejected_the_report_decides_nothing_on_its_appeal(decide: Any, data: Any) -> None:
    with pytest.raises(Conflict) as refusal:
        decide(appeal().case, commanded(data, FIRST), NOW)
    assert refusal.value.slug == "own_rejection"
    with pytest.raises(Conflict):
        decisions.link(appeal().case, commanded(Link(EARLIER), FIRST), NOW, target())


def test_another_officer_upholds_the_appeal_and_others_are_told_that_it_is_one() -> None:
    decision = decisions.verify(appeal().case, commanded(actor=OTHER), NOW)
    (event,) = decision.events
    assert isinstance(event, ComplaintVerified)
    assert (event.on_appeal, event.officer, event.provisional) == (True, "officer-2", False)


def test_a_second_rejection_is_final_and_opens_no_other_appeal() -> None:
    decision = decisions.reject(appeal().case, commanded(Reject("implausible", FORTNIGHT), OTHER), NOW)
    (event,) = decision.events
    assert isinstance(event, ComplaintRejected)
    assert (event.final, event.appeal_until) == (True, NOW)
    assert appeal(case=decision.case).case is decision.case


def test_a_first_rejection_is_not_final() -> None:
    case = submission(found(FAR_AWAY)).case
    (event,) = decisions.reject(case, commanded(Reject("implausible", FORTNIGHT), FIRST), NOW).events
    assert isinstance(event, ComplaintRejected)
    assert (event.final, event.appeal_until) == (False, NOW + FORTNIGHT)


def test_an_appeal_that_comes_before_the_report_waits_for_it() -> None:
    with pytest.raises(TooEarly):
        domain.appealed(None, heard(ComplaintAppealed(sealed=GROUNDS)), NOW, None)


@pytest.mark.parametrize("status", ["waiting", "clarifying", "verified", "linked", "withdrawn"])
def test_an_appeal_against_what_is_not_rejected_changes_nothing(status: Any) -> None:
    case: Verification = submission(found(VAGUE)).case
    case = replace(case, status=status)
    assert appeal(case=case).case is case


def _arrive(case: Verification, message: Envelope[Any]) -> Verification:
    match message.data:
        case ComplaintAppealed():
            after = domain.appealed(case, message, NOW, found(FAR_AWAY) if case.status == "rejected" else None)
        case ComplaintWithdrawn():
            after = domain.withdrawn(case, message, NOW)
        case _:
            known = found(FAR_AWAY) if case.status in ("waiting", "clarifying") else None
            after = domain.supplemented(case, message, NOW, known)
    assert after.case is not None
    return after.case


@pytest.mark.parametrize("withdraws", [True, False])
@given(data=st.data())
def test_what_a_reporter_says_after_a_rejection_ends_alike_in_every_order(withdraws: bool, data: Any) -> None:
    said = [heard(ComplaintAppealed(sealed=GROUNDS)), supplement("s-1"), supplement("s-2")]
    said += [heard(ComplaintWithdrawn())] if withdraws else []
    order = data.draw(st.permutations(said + said[:2]))
    case = rejected()
    for message in order:
        case = _arrive(case, message)
    assert case.status == ("withdrawn" if withdraws else "waiting")
    if not withdraws:
        assert {added.id for added in case.supplements} == {"s-1", "s-2"}
        assert case.appeal is not None


def test_every_order_of_a_withdrawal_and_an_appeal_is_withdrawn() -> None:
    for order in permutations([heard(ComplaintAppealed(sealed=GROUNDS)), heard(ComplaintWithdrawn())]):
        case = rejected()
        for message in order:
            case = _arrive(case, message)
        assert case.status == "withdrawn"


# --- on real servers --------------------------------------------------------------------------------------------------


async def _appealed(running: Running, officer: dict[str, str]) -> str:
    complaint = await tell(running, at=OUTSIDE)
    await reaches(running, complaint, "waiting")
    response = await do(running, complaint, "reject", officer, {"reason": "outside_jurisdiction"})
    assert response.status_code == 200, response.text
    await add(running, complaint, "Fotonya menyusul.", supplement="after-rejection")
    grounds = {"text": "Batas desa di sana salah.", "place_text": None, "lat": None, "lon": None}
    sealed = Sealed(narrative=running.vault.seal("narrative", complaint, grounds))
    await running.hear(ComplaintAppealed(sealed=sealed), complaint, sequence=4)
    await reaches(running, complaint, "waiting")
    return complaint


async def test_an_appeal_is_on_the_worklist_of_every_officer_but_the_one_who_rejected(
    verification: Running, officer: dict[str, str]
) -> None:
    complaint = await _appealed(verification, officer)
    second = verification.token("verifier", person="officer-2", units=(POLRES,))
    assert complaint not in await listed(verification, officer)
    assert complaint in await listed(verification, second)
    assert (await show(verification, complaint, second))["appealed_at"]
    told = await verification.http.get(
        f"/complaints/{complaint}/narrative", headers=second | {"Access-Reason": "appeal"}
    )
    texts = [one["text"] for one in told.json()["told"]]
    assert set(texts[1:]) == {"Fotonya menyusul.", "Batas desa di sana salah."}


async def test_an_appeal_is_decided_by_another_officer_and_passes_on_its_grounds(
    verification: Running, officer: dict[str, str]
) -> None:
    complaint = await _appealed(verification, officer)
    own = await do(verification, complaint, "verify", officer)
    assert (own.status_code, own.json()["type"]) == (409, "urn:aduan:problem:own_rejection")
    second = verification.token("verifier", person="officer-2", units=(POLRES,))
    assert (await do(verification, complaint, "verify", second)).status_code == 200
    verified = await verification.says(ComplaintVerified, complaint)
    assert (verified.data.on_appeal, verified.sequence) == (True, 5)
    told = verification.vault.open("narrative", complaint, verified.data.report.sealed.narrative)
    assert "Batas desa di sana salah." in told["text"]


async def test_an_appeal_that_is_rejected_again_ends_the_report_for_good(
    verification: Running, officer: dict[str, str]
) -> None:
    complaint = await _appealed(verification, officer)
    second = verification.token("verifier", person="officer-2", units=(POLRES,))
    await do(verification, complaint, "reject", second, {"reason": "outside_jurisdiction"})
    final = await verification.says(ComplaintRejected, complaint, 2)
    assert final.data.final
    assert final.data.appeal_until - final.time < timedelta(seconds=1)
    again = verification.vault.seal("narrative", complaint, {"text": "Sekali lagi."})
    await verification.hear(ComplaintAppealed(sealed=Sealed(narrative=again)), complaint, sequence=7)
    another = await tell(verification)
    await reaches(verification, another, "verified")
    assert (await show(verification, complaint, second))["status"] == "rejected"
