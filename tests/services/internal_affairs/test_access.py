"""Who may know of a complaint about the police. For everybody else it is as absent as one that never was."""

from typing import Any

import pytest
from uuid6 import uuid7

from shared.contracts.internal_affairs import ConductLetterSent
from tests.services.internal_affairs.cases import POLRES
from tests.services.internal_affairs.conftest import Headers, ask, examined, tell
from tests.support.room import Running

HEAD = "internal_affairs_head"
REQUESTS: list[tuple[str, str, Any]] = [
    ("GET", "", None),
    ("GET", "/contents", None),
    ("POST", "/conflicts", {"names": ["somebody"]}),
    ("POST", "/steps", {"step": "complete"}),
    ("PUT", "/examiner", {"examiner": "examiner-1"}),
    ("POST", "/findings", {"text": "x"}),
    ("POST", "/letters", {"words": "x"}),
    ("POST", "/result", {"outcome": "archived", "words": "x"}),
    ("POST", "/forwarding", {"words": "x"}),
    ("POST", "/return", {"note": "x"}),
    ("POST", "/join", None),
]
HEADS_ALONE = ("/examiner", "/result", "/forwarding", "/return")


async def answer(service: Running, who: Headers, complaint: str, method: str, path: str, body: Any = None) -> Any:
    reason = {"Access-Reason": "examination"}
    return await service.http.request(method, f"/cases/{complaint}{path}", json=body, headers=who | reason)


async def is_absent(service: Running, who: Headers, complaint: str) -> None:
    listed = await service.http.get("/worklist", params={"limit": 200}, headers=who)
    assert complaint not in [row["complaint"] for row in listed.json()]
    for method, path, body in REQUESTS:
        hidden = await answer(service, who, complaint, method, path, body)
        absent = await answer(service, who, str(uuid7()), method, path, body)
        # An officer of the desk without the head's role is refused before anything is looked up.
        assert hidden.status_code in ((404, 403) if path in HEADS_ALONE else (404,)), path
        assert (hidden.status_code, hidden.json()) == (absent.status_code, absent.json()), path
        assert "etag" not in hidden.headers


@pytest.mark.parametrize(
    ("person", "units"),
    [
        ("aipda-contoh", (POLRES, "Sipropam")),
        ("head-lantas", (POLRES, "Satlantas")),
        ("head-elsewhere", ("polres-lain", "Sipropam")),
        ("head-polda", ("polda",)),
    ],
)
async def test_it_is_absent_for_whom_it_is_about_and_for_other_offices_whatever_their_role(
    internal_affairs: Running, head: Headers, person: str, units: tuple[str, ...]
) -> None:
    complaint = await tell(internal_affairs, conflicts=("aipda-contoh", "Satlantas"))
    before = (await internal_affairs.http.get(f"/cases/{complaint}", headers=head)).json()
    who = internal_affairs.token("internal_affairs", HEAD, "chief", person=person, units=units)
    await is_absent(internal_affairs, who, complaint)
    assert (await internal_affairs.http.get(f"/cases/{complaint}", headers=head)).json() == before


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
async def test_nobody_without_a_role_of_the_desk_gets_in(
    internal_affairs: Running, method: str, path: str, body: Any
) -> None:
    complaint = await tell(internal_affairs)
    chief = internal_affairs.token("chief", "detective", "classifier", person="chief-1", units=(POLRES,))
    assert (await answer(internal_affairs, chief, complaint, method, path, body)).status_code == 403
    assert (await answer(internal_affairs, {}, complaint, method, path, body)).status_code == 401


async def test_what_the_head_decides_is_not_for_every_officer_of_the_desk(
    internal_affairs: Running, examiner: Headers
) -> None:
    complaint = await tell(internal_affairs)
    for method, path, body in REQUESTS:
        if path in HEADS_ALONE:
            refused = await answer(internal_affairs, examiner, complaint, method, path, body)
            assert (refused.status_code, refused.json()["type"]) == (403, "urn:aduan:problem:role_missing")


async def test_a_conflict_that_is_found_later_hides_it_at_once_and_takes_it_from_its_examiner(
    internal_affairs: Running, head: Headers, examiner: Headers
) -> None:
    complaint = await tell(internal_affairs)
    await examined(internal_affairs, complaint)
    key = {"Idempotency-Key": f"finding-{complaint}"}
    path, body = f"/cases/{complaint}/findings", {"text": "Canary"}
    first = await internal_affairs.http.post(path, json=body, headers=examiner | key)
    assert first.status_code == 201
    await ask(internal_affairs, head, complaint, "conflicts", {"names": ["examiner-1"]})
    await is_absent(internal_affairs, examiner, complaint)
    # What was answered before is not answered again.
    again = await internal_affairs.http.post(path, json=body, headers=examiner | key)
    assert again.status_code == 404
    case = (await internal_affairs.http.get(f"/cases/{complaint}", headers=head)).json()
    assert (case["examiner"], case["status"]) == (None, "examination")


async def test_whoever_finds_out_that_it_is_about_themselves_sees_it_no_more(
    internal_affairs: Running, examiner: Headers
) -> None:
    complaint = await tell(internal_affairs)
    await ask(internal_affairs, examiner, complaint, "conflicts", {"names": ["examiner-1"]})
    await is_absent(internal_affairs, examiner, complaint)


async def test_an_examiner_of_a_named_unit_or_of_no_roster_is_refused(internal_affairs: Running, head: Headers) -> None:
    complaint = await tell(internal_affairs, conflicts=("Satlantas",))
    await ask(internal_affairs, head, complaint, "steps", {"step": "complete"})
    for name, slug in (("examiner-2", "conflict_of_interest"), ("examiner-9", "unknown_examiner")):
        refused = await answer(internal_affairs, head, complaint, "PUT", "/examiner", {"examiner": name})
        assert (refused.status_code, refused.json()["type"]) == (422, f"urn:aduan:problem:{slug}")
        assert refused.json()["errors"][0]["field"] == "examiner"


async def test_a_complaint_about_the_whole_office_is_seen_by_nobody_here_and_led_on_by_the_office_above(
    internal_affairs: Running, head: Headers, polda: Headers
) -> None:
    complaint = await tell(internal_affairs, conflicts=(POLRES,))
    letter = await internal_affairs.says(ConductLetterSent, complaint)
    words = internal_affairs.vault.open("notice", complaint, letter.data.sealed.notice)["text"]
    assert "kami teruskan ke Polda." in words, "an office has a name, and no code"
    await is_absent(internal_affairs, head, complaint)
    rows = (await internal_affairs.http.get("/worklist", params={"limit": 200}, headers=polda)).json()
    (row,) = [row for row in rows if row["complaint"] == complaint]
    assert (row["desk"], row["status"]) == ("polda", "received")
    case = await ask(internal_affairs, polda, complaint, "steps", {"step": "complete"})
    assert case["status"] == "complete"


async def test_a_head_forwards_what_should_not_be_judged_here(
    internal_affairs: Running, head: Headers, polda: Headers
) -> None:
    complaint = await tell(internal_affairs)
    await ask(internal_affairs, head, complaint, "forwarding", {"words": "Kami teruskan ke Polda."})
    await internal_affairs.says(ConductLetterSent, complaint)
    await is_absent(internal_affairs, head, complaint)
    assert (await answer(internal_affairs, polda, complaint, "GET", "")).json()["desk"] == "polda"


async def test_a_desk_that_turns_out_to_be_named_loses_it_to_the_office_above(
    internal_affairs: Running, head: Headers, polda: Headers
) -> None:
    complaint = await tell(internal_affairs)
    await ask(internal_affairs, head, complaint, "conflicts", {"names": ["Sipropam"]})
    await internal_affairs.says(ConductLetterSent, complaint)
    await is_absent(internal_affairs, head, complaint)
    assert (await answer(internal_affairs, polda, complaint, "GET", "")).status_code == 200


async def test_a_head_keeps_the_roster_of_the_own_office_alone(internal_affairs: Running, head: Headers) -> None:
    listed = (await internal_affairs.http.get("/examiners", headers=head)).json()
    assert {entry["id"] for entry in listed} == {"examiner-1", "examiner-2"}
    body = {"units": ["polres-lain"]}
    refused = await internal_affairs.http.put("/examiners/examiner-3", json=body, headers=head)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "units")
