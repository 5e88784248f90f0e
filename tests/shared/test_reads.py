"""Whoever opens what is sealed says why, and the audit has it before the answer leaves."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from structlog.typing import EventDict

from shared import audit
from shared.chains import READS, Chains
from shared.contracts.refusals import Absent
from shared.gate import Acting
from shared.http import Asking, ComplaintId, InRoom, Reasoned
from shared.policy import Rule, by_route
from shared.service import create_app
from shared.settings import Settings
from tests.shared.small import small_service
from tests.shared.tally import SERVICE, Tally, asking, command, new_id, note
from tests.support.room import Running, running, until

router = APIRouter()
_OPENING = ("told", "told-in-a-thread", "streamed", "hidden")
_DOING = ("gathered", "acted")
RULES = by_route(
    (
        Rule(
            routes=(
                "GET /list",
                *(f"GET /{name}/{{case_id}}" for name in _OPENING),
                *(f"POST /{name}/{{case_id}}" for name in _DOING),
            ),
            may={"verifier": "polres"},
        ),
        Rule(routes=("GET /tracked/{case_id}",), proof="anyone"),
    )
)
WORDS = {"text": "Budi Santoso saw it"}


@router.get("/told/{case_id}")
async def told(case_id: ComplaintId, room: InRoom, person: Acting) -> dict[str, Any]:
    """Opens two parts."""
    for part in ("narrative", "identity"):
        opened = room.vault.open(part, case_id, room.vault.seal(part, case_id, WORDS))
    return opened


@router.get("/told-in-a-thread/{case_id}")
def told_in_a_thread(case_id: ComplaintId, room: InRoom, person: Acting) -> dict[str, Any]:
    """Is no coroutine, so that it runs in a thread with a copy of the context."""
    assert threading.current_thread() is not threading.main_thread()
    return room.vault.open("narrative", case_id, room.vault.seal("narrative", case_id, WORDS))


@router.get("/list")
async def listed(ids: str, room: InRoom, person: Acting) -> int:
    """Opens a part of many complaints."""
    for id_ in ids.split(","):
        room.vault.open("narrative", id_, room.vault.seal("narrative", id_, WORDS))
    return len(ids.split(","))


@router.get("/streamed/{case_id}")
async def streamed(case_id: ComplaintId, room: InRoom, person: Acting) -> StreamingResponse:
    """Opens what it sends when the answer has begun."""

    async def chunks() -> AsyncIterator[str]:
        yield "first "
        yield room.vault.open("narrative", case_id, room.vault.seal("narrative", case_id, WORDS))["text"]

    return StreamingResponse(chunks())


@router.get("/tracked/{case_id}")
async def tracked(case_id: ComplaintId, room: InRoom) -> dict[str, Any]:
    """What a reporter sees, who does not sign in."""
    return room.vault.open("notice", case_id, room.vault.seal("notice", case_id, WORDS))


@router.post("/gathered/{case_id}")
async def gathered(case_id: ComplaintId, ask: Asking, person: Acting) -> str:
    """Has a gather step open something."""
    vault = ask.room.vault

    async def step(asked: Any) -> list[str]:
        return [vault.open("narrative", case_id, vault.seal("narrative", case_id, WORDS))["text"] for _ in asked]

    def decide(case: Tally | None, message: Any, now: Any, known: str) -> Any:
        return note(case, message, now)

    await ask(case_id, "gathered", decide, actor=person, gather=step)
    return "done"


@router.post("/acted/{case_id}", dependencies=[Reasoned])
async def acted(case_id: ComplaintId, ask: Asking, person: Acting) -> dict[str, Any]:
    """Acts, and then shows what is sealed."""
    await ask(case_id, "acted", note, actor=person)
    return ask.room.vault.open("narrative", case_id, ask.room.vault.seal("narrative", case_id, WORDS))


@router.get("/hidden/{case_id}")
async def hidden(case_id: ComplaintId, room: InRoom, person: Acting) -> None:
    """Shows nobody anything."""
    raise Absent


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def it(settings: Settings) -> AsyncIterator[Running]:
    service = small_service(settings)
    more = replace(service, routers=(*service.routers, router), rules={**service.rules, **RULES})
    async with running(create_app(more), settings, SERVICE) as started:
        yield started


def someone(it: Running, reason: str | bytes | None = "for the hearing") -> dict[str, Any]:
    headers: dict[str, Any] = it.token("verifier", person="officer-7")
    del headers["Access-Reason"]
    return headers if reason is None else {**headers, "Access-Reason": reason}


async def entries(it: Running, case_id: str) -> list[audit.Entry]:
    """What is recorded of a complaint's readers, once the chain is known to be whole."""
    chain = audit.chain_of_reads(case_id)
    found = await Chains(it.room.mongo, READS).entries(chain)
    assert audit.fault(chain, found, None) is None
    return found


def stated(it: Running, case_id: str, entry: audit.Entry) -> str:
    return str(it.vault.open("audit", case_id, entry["reason"])["reason"])


def slug(answer: httpx.Response) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


async def test_a_reading_is_recorded_with_person_route_parts_and_sealed_reason(it: Running) -> None:
    case_id = new_id()
    answer = await it.http.get(f"/told/{case_id}", headers=someone(it, b"Untuk sidang, kata Budi Santoso"))
    assert answer.json() == WORDS
    (entry,) = await entries(it, case_id)
    assert (entry["n"], entry["who"], entry["what"]) == (1, "officer-7", "read")
    assert (entry["route"], entry["parts"]) == ("GET /told/{case_id}", ["identity", "narrative"])
    assert "Budi" not in str(entry)
    assert stated(it, case_id, entry) == "Untuk sidang, kata Budi Santoso"


@pytest.mark.parametrize("path", ["told", "told-in-a-thread"])
@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (None, "reason_missing"),
        ("", "reason_missing"),
        ("   ", "reason_invalid"),
        ("x" * 201, "reason_invalid"),
        (b"\xff\xfe", "reason_invalid"),
        ("\u200b".encode(), "reason_invalid"),
        (b"bell \xc2\x87", "reason_invalid"),
    ],
)
async def test_without_a_reason_nothing_is_opened(
    it: Running, path: str, reason: str | bytes | None, expected: str
) -> None:
    case_id = new_id()
    answer = await it.http.get(f"/{path}/{case_id}", headers=someone(it, reason))
    assert (answer.status_code, slug(answer)) == (422, expected)
    assert answer.json()["errors"][0]["field"] == "Access-Reason"
    assert await entries(it, case_id) == []


async def test_a_route_in_a_thread_and_a_stream_are_recorded_alike(it: Running) -> None:
    for path in ("told-in-a-thread", "streamed"):
        case_id = new_id()
        answer = await it.http.get(f"/{path}/{case_id}", headers=someone(it))
        assert "Budi" in answer.text
        (entry,) = await entries(it, case_id)
        assert entry["parts"] == ["narrative"]


async def test_a_list_leaves_an_entry_for_each_complaint_with_one_write(it: Running) -> None:
    ids = [new_id() for _ in range(40)]
    await it.room.mongo.database.command({"profile": 2})
    answer = await it.http.get("/list", params={"ids": ",".join(ids)}, headers=someone(it))
    await it.room.mongo.database.command({"profile": 0})
    assert answer.status_code == 200
    assert [len(await entries(it, id_)) for id_ in ids] == [1] * 40
    inserts = {"op": "insert", "ns": {"$regex": f"{READS}$"}}
    assert await it.room.mongo["system.profile"].count_documents({**inserts, "ninserted": 40}) == 1


async def test_many_who_read_at_once_leave_one_whole_chain(it: Running) -> None:
    case_id, other = new_id(), new_id()
    paths = [f"/told/{case_id}", f"/list?ids={other},{case_id}"] * 8
    answers = await asyncio.gather(*(it.http.get(path, headers=someone(it)) for path in paths))
    assert {answer.status_code for answer in answers} == {200}
    assert (len(await entries(it, case_id)), len(await entries(it, other))) == (16, 8)


async def test_what_cannot_be_recorded_is_not_answered(
    it: Running, monkeypatch: pytest.MonkeyPatch, lines: list[EventDict]
) -> None:
    case_id, stream = new_id(), new_id()

    async def fail(*_: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(Chains, "append", fail)
        answer = await it.http.get(f"/told/{case_id}", headers=someone(it))
        # An answer that has begun never ends, on which a server closes the connection.
        with pytest.raises(AssertionError, match=r"^$|response_complete"):
            await it.http.get(f"/streamed/{stream}", headers=someone(it))
    assert (answer.status_code, slug(answer)) == (503, "audit_away")
    assert answer.headers["Retry-After"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Budi" not in answer.text
    assert "hearing" not in str(lines)
    again = await it.http.get(f"/told/{case_id}", headers=someone(it))
    assert again.status_code == 200
    assert len(await entries(it, case_id)) == 1


async def test_a_reporter_and_a_gather_step_and_a_consumer_are_no_readers(it: Running) -> None:
    case_id = new_id()
    assert (await it.http.get(f"/tracked/{case_id}")).json() == WORDS
    assert (await it.http.post(f"/gathered/{case_id}", headers=someone(it, None))).status_code == 200
    assert await entries(it, case_id) == []


async def test_what_acts_first_and_shows_then_asks_for_the_reason_first(it: Running) -> None:
    case_id = new_id()
    answer = await it.http.post(f"/acted/{case_id}", headers=someone(it, None))
    assert (answer.status_code, slug(answer)) == (422, "reason_missing")
    assert (await it.room.store().load([case_id]))[case_id].version == 0
    assert (await it.http.post(f"/acted/{case_id}", headers=someone(it))).json() == WORDS
    assert len(await entries(it, case_id)) == 1


async def test_who_is_kept_away_from_a_complaint_that_there_is_is_recorded(it: Running) -> None:
    there, nowhere = new_id(), new_id()
    await it.http.post(f"/notes/{there}", json={"text": "first"}, headers=it.token("verifier"))
    answers = [await it.http.get(f"/hidden/{id_}", headers=someone(it, None)) for id_ in (there, nowhere)]
    assert answers[0].content == answers[1].content
    assert (await it.http.post(f"/notes/{there}", json={"text": "no"}, headers=it.token("nobody"))).status_code == 403
    await until(lambda: _count(it, there, 2), "both refusals are recorded")
    first, second = await entries(it, there)
    assert (first["who"], first["what"], first["route"], first["status"]) == (
        "officer-7", "refused", "GET /hidden/{case_id}", 404,
    )  # fmt: skip
    assert second["status"] == 403
    assert await entries(it, nowhere) == []


async def _count(it: Running, case_id: str, count: int) -> bool:
    return len(await entries(it, case_id)) == count


async def test_an_auditor_sees_what_was_done_and_who_read_it(it: Running) -> None:
    case_id = new_id()
    await it.http.post(f"/notes/{case_id}", json={"text": "first"}, headers=it.token("verifier"))
    await it.http.get(f"/told/{case_id}", headers=someone(it))
    auditor = it.token("auditor", person="auditor-1", units=("polres-sukamaju",))
    seen = (await it.http.get(f"/audit/{case_id}", headers=auditor)).json()
    (done,), (read,) = seen["done"], seen["reads"]
    assert (done["who"], done["what"], done["cases"], done["said"]) == (
        "officer-1", "note", "tallies", ["patrol.arrived.v1"],
    )  # fmt: skip
    assert (read["who"], read["parts"], read["reason"]) == ("officer-7", ["identity", "narrative"], "for the hearing")
    assert seen["faults"] == []
    assert [(entry["who"], entry["parts"]) for entry in await entries(it, case_id)][1:] == [("auditor-1", ["audit"])]


async def test_an_auditor_is_told_of_a_broken_chain(it: Running) -> None:
    case_id = new_id()
    await it.http.post(f"/notes/{case_id}", json={"text": "first"}, headers=it.token("verifier"))
    await it.room.store().collection.update_one({"_id": case_id}, {"$set": {"trail.0.who": "somebody else"}})
    seen = (await it.http.get(f"/audit/{case_id}", headers=it.token("auditor", units=("polres-sukamaju",)))).json()
    assert seen["faults"] == [f"tallies/{case_id}: entry 1 is not as it was written"]


async def test_the_audit_is_hidden_from_other_roles_and_from_whom_the_complaint_is_about(it: Running) -> None:
    case_id = new_id()
    await it.room.unit().submit(asking(command("about auditor-2", case_id)))
    path, office = f"/audit/{case_id}", ("polres-sukamaju",)
    named = await it.http.get(path, headers=it.token("auditor", person="auditor-2", units=office))
    absent = await it.http.get(f"/audit/{new_id()}", headers=it.token("auditor", units=office))
    elsewhere = await it.http.get(path, headers=it.token("auditor", units=("polres-lain",)))
    assert named.status_code == absent.status_code == elsewhere.status_code == 404
    assert named.content == absent.content == elsewhere.content
    assert (await it.http.get(path, headers=it.token("verifier", units=office))).status_code == 403
