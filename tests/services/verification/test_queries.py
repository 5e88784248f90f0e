"""Finding earlier reports and filling worklists among a thousand stored cases."""

import random
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import pytest_asyncio
from pydantic import TypeAdapter
from uuid6 import uuid7

from services.verification import domain, earlier, queries
from services.verification.case import Trace, Verification
from services.verification.domain import Examination
from services.verification.earlier import Traced, most_alike_of, trace_of
from services.verification.incident import COMPARED_WITHIN, Incident, fingerprint
from services.verification.place import GeoPoint, cell_of
from shared.contracts.complaint import Report
from shared.contracts.envelope import Envelope, Person, instant
from shared.contracts.intake import ComplaintSubmitted
from tests.support.room import Running

NOW = instant(datetime.now(UTC))  # what is due by the real clock, the running service would wake
KEY = b"a key of thirty-two bytes, no le"
HERE = GeoPoint(-6.6, 107.4)
STORY = "Truk pasir menabrak pengendara motor di turunan Gandasoli, korban tergeletak tidak sadar."
POLRES = "polres-sukamaju"
OFFICER = Person("officer-1", frozenset({"verifier"}), frozenset({POLRES, "SPKT"}))
_CODEC = TypeAdapter(Verification)
_numbers = count()


def near(metres_north: float) -> GeoPoint:
    return GeoPoint(HERE.latitude + metres_north / 111_320, HERE.longitude)


def told(
    text: str = STORY,
    *,
    at: GeoPoint | None = HERE,
    village: str | None = None,
    hours_ago: float = 1,
    complaint: str | None = None,
) -> Trace:
    """The trace of a report."""
    moment = NOW - timedelta(hours=hours_ago)
    cell = cell_of(at) if at else None
    trace = trace_of(Incident(complaint or str(uuid7()), moment, None, cell, village, fingerprint(text, KEY)))
    assert trace
    return trace


def row(trace: Trace | None, polres: str = POLRES, **more: Any) -> dict[str, Any]:
    """A case as it is stored; it waits for an officer unless told otherwise."""
    report = Report(
        register_number=f"LP/B/{next(_numbers):06d}", channel="web", identity_level="claimed", received_at=NOW
    )
    case = Verification(polres, "normal", report, None, True, (), status="waiting", trace=trace, held_by=("place",))
    id_ = trace.incident.report_id if trace else str(uuid7())
    state = _CODEC.dump_python(case) | more
    return {"_id": id_, "version": 1, "sequence": 1, "polres": polres, "case": state, "seen": [], "outbox": []}


@pytest.fixture(scope="module")
def thousand() -> list[dict[str, Any]]:
    """Cases of a busy month: all over the area, most of them verified and too old to be compared."""
    chance = random.Random(7)
    rows = []
    for number in range(1_000):
        at = GeoPoint(HERE.latitude + chance.uniform(-0.2, 0.2), HERE.longitude + chance.uniform(-0.2, 0.2))
        trace = told(f"laporan nomor {number}", at=at, hours_ago=chance.uniform(0, 70)) if number % 5 == 0 else None
        status = "waiting" if number % 20 == 0 else "verified"
        due = trace and trace.until
        rows.append(row(trace, "polres-lain" if number % 7 == 0 else POLRES, status=status, due=due))
    return rows


@pytest_asyncio.fixture(autouse=True)
async def stored(verification: Running, thousand: list[dict[str, Any]]) -> None:
    collection = verification.room.store().collection
    await collection.delete_many({})
    await collection.insert_many(thousand)


async def store(verification: Running, *rows: dict[str, Any]) -> None:
    await verification.room.store().collection.insert_many(rows)


async def best(verification: Running, report: Trace) -> str | None:
    """The id of the earlier report that this one resembles, if it does."""
    (found,) = await most_alike_of(verification.room.store(), [Traced(POLRES, report, ())])
    return found[0].report_id if found and found[0].score > 0.44 else None


async def plan(verification: Running, query: dict[str, Any], *sort: tuple[str, int]) -> dict[str, Any]:
    cursor = verification.room.store().collection.find(query)
    explained: dict[str, Any] = await (cursor.sort(list(sort)) if sort else cursor).explain()
    assert "COLLSCAN" not in str(explained["queryPlanner"]["winningPlan"])
    return explained


async def test_looking_for_earlier_reports_reads_only_what_its_index_finds(verification: Running) -> None:
    await store(verification, row(told()))
    reports = [Traced(POLRES, told(), ()), Traced(POLRES, told(at=None, village="99.01.01.1001"), ())]
    for asked in (reports[:1], reports):
        explained = await plan(verification, earlier.query(asked))
        assert "'indexName': 'traces'" in str(explained["queryPlanner"]["winningPlan"])
        figures = explained["executionStats"]
        assert 1 <= figures["nReturned"] <= 20
        assert figures["totalDocsExamined"] == figures["nReturned"]


async def test_the_worklist_is_read_in_order_from_its_index(verification: Running) -> None:
    for check in (None, "place"):
        query = queries.waiting_for(OFFICER, check)
        explained = await plan(verification, query, ("case.lane", -1), ("case.report.received_at", 1))
        winner = str(explained["queryPlanner"]["winningPlan"])
        assert "'indexName': 'worklist'" in winner
        assert "'stage': 'SORT'" not in winner
        assert explained["executionStats"]["totalDocsExamined"] <= 50


async def test_what_is_due_is_found_by_its_index(verification: Running) -> None:
    explained = await plan(verification, {"case.due": {"$lte": NOW}}, ("case.due", 1))
    assert "'indexName': 'due'" in str(explained["queryPlanner"]["winningPlan"])


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ({}, {}, True),
        ({"at": near(450)}, {}, True),
        ({"at": near(-450)}, {}, True),
        ({"at": near(1_600)}, {}, False),
        ({"at": None, "village": "99.01.01.1001"}, {"village": "99.01.01.1001"}, True),
        ({"village": "99.01.01.1001"}, {"at": None, "village": "99.01.01.1001"}, True),
        ({"at": None, "village": "99.01.01.1001"}, {"at": None, "village": "99.01.01.1001"}, True),
        ({"at": near(1_600), "village": "99.01.01.1001"}, {"village": "99.01.01.1001"}, False),
        ({"at": None, "village": "99.01.01.1001"}, {"at": None, "village": "99.01.01.1002"}, False),
        ({"hours_ago": 2}, {}, True),
        ({"hours_ago": 80}, {}, False),
        ({"hours_ago": 0.5}, {}, False),
        ({"text": "Kambing warga digondol maling dari kandang."}, {}, False),
    ],
)
async def test_an_earlier_report_is_found_by_place_time_and_words(
    verification: Running, one: dict[str, Any], other: dict[str, Any], found: bool
) -> None:
    first = told(**({"hours_ago": 2} | one))
    await store(verification, row(first))
    assert await best(verification, told(**other)) == (first.incident.report_id if found else None)


async def test_of_another_polres_nothing_is_found(verification: Running) -> None:
    await store(verification, row(told(hours_ago=2), "polres-lain"))
    assert await best(verification, told()) is None


async def test_two_reports_that_come_together_see_each_other(verification: Running) -> None:
    first, second = told(hours_ago=2), told(hours_ago=1)
    results = await most_alike_of(verification.room.store(), [Traced(POLRES, t, ()) for t in (second, first)])
    ids = [found[0].report_id if found and found[0].score > 0.44 else None for found in results]
    assert ids == [first.incident.report_id, None]


async def test_reports_to_two_polres_that_come_together_do_not_see_each_other(verification: Running) -> None:
    here, elsewhere = told(hours_ago=2), told(hours_ago=1)
    reports = [Traced("polres-lain", elsewhere, ()), Traced(POLRES, here, ())]
    assert await most_alike_of(verification.room.store(), reports) == [None, None]


async def test_a_flood_at_one_place_is_compared_with_its_newest_and_stays_bounded(verification: Running) -> None:
    flood = [told(f"banjir kata{n} lain{n}", hours_ago=2 + n / 1_000) for n in range(2_500)]
    await store(verification, *(row(trace) for trace in flood))
    newest = told(hours_ago=1.5)
    await store(verification, row(newest))
    assert await best(verification, told()) == newest.incident.report_id


def test_a_report_without_any_place_is_not_compared() -> None:
    assert trace_of(Incident("x", NOW, None, None, None, fingerprint(STORY, KEY))) is None


def test_a_trace_is_kept_for_as_long_as_reports_are_compared() -> None:
    trace = told(hours_ago=0)
    assert trace.until - NOW == COMPARED_WITHIN
    data = ComplaintSubmitted(
        report=Report(register_number="1", channel="web", identity_level="claimed", received_at=NOW)
    )
    message = Envelope[Any](
        id="1",
        type=data.wire,
        source="intake",
        subject=str(uuid7()),
        time=NOW,
        sequence=1,
        polres=POLRES,
        lane="normal",
        data=data,
    )
    for late, kept in ((timedelta(0), True), (COMPARED_WITHIN, False)):
        decision: Any = domain.submitted(None, message, NOW + late, Examination((), timedelta(1), trace=trace))
        assert (decision.case.trace is not None) == kept
