"""The invariants, read from outside: databases, audit stream, queues and the gateway's list, never a service's word.

I1 every acknowledged report is on its way or visibly waits. I2 one effect per event, and per form of a page. I3 each
step has its one entry in the audit. I4 one message per occasion and recipient. I5 what was told was heard. I6 nothing
personal lies open. Each function gives what it found wrong.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import aio_pika
from pydantic import SecretStr

from shared import audit, topology, tracking
from shared.contracts.catalogue import CONSUMERS
from tests.faults.broker import Told, read_audit
from tests.faults.build import COLLECTIONS
from tests.faults.load import Load, Receipt
from tests.faults.spine import Spine
from tests.support.room import key

Rows = Mapping[str, Mapping[str, Any]]
SUBMITTED, VERIFIED = "complaint.submitted.v1", "complaint.verified.v1"
CLASSIFIED, ASSIGNED = "complaint.classified.v1", "investigation.assigned.v1"
PROGRESSED = "investigation.progressed.v1"
# Who must have a complaint that is on a track.
HOLDERS: Mapping[str, str] = {
    "investigation": "investigation",
    "dispatch": "investigation",
    "mediation": "mediation",
    "guidance": "mediation",
    "referral": "referral",
    "internal_affairs": "internal_affairs",
}
# Services in which every event of the load that they hear changes something, and so is written down as seen. With
# holders that is so of the complaints that are theirs; what they hear of others leaves no trace.
WRITE_ALL_DOWN = ("verification", "classification", "notification", "evaluation")
NO_TRACE = frozenset({("evaluation", PROGRESSED)})  # but for these, which no figure is made of
WAITS = ("waiting", "clarifying", "rejected", "linked", "withdrawn")


@dataclass(frozen=True)
class Finding:
    kind: Literal["lost", "doubled", "left", "spilt", "broken"]
    what: str


@dataclass(frozen=True)
class Evidence:
    """All that was found, at a moment when nothing was under way."""

    receipts: Sequence[Receipt]
    cases: Mapping[str, Rows]
    seen: Mapping[str, frozenset[str]]
    spilt: Sequence[str]
    told: frozenset[Told]
    parked: frozenset[str]
    sms: Sequence[Mapping[str, str]]
    unpublished: int
    queued: Mapping[str, int]
    answered_otherwise: Sequence[str]
    unanswered: int
    doubled_receipts: Sequence[str]
    milestones: Mapping[str, int]  # how many of them a page has acknowledged, by complaint
    verified: frozenset[str]  # the complaints of which a page has acknowledged that they are


async def gather(spine: Spine, load: Load) -> Evidence:
    await load.read_replies()
    cases = {}
    for service in COLLECTIONS:
        rows = await spine.cases(service).find({}).to_list(None)
        cases[service] = {row["_id"]: row for row in rows}
    told = await read_audit(spine.local.amqp_url)
    personal = [text.encode() for text in load.personal]
    seen, spilt = await _search(spine, personal)
    spilt += [f"the audit has it in {event.wire} {event.id}" for event in told if _holds(event.body, personal)]
    async with await aio_pika.connect(spine.local.amqp_url) as connection:
        parked = frozenset(await _parked(connection))
    return Evidence(
        _identified(load.receipts.values(), cases["intake"]),
        cases,
        seen,
        spilt,
        told,
        parked,
        await spine.sms(),
        await spine.unpublished(),
        waiting(await spine.queues()),
        [*load.unexpected, *load.officers.unexpected],
        load.unanswered,
        load.doubled,
        dict(load.officers.milestones),
        frozenset(load.officers.verified),
    )


def _identified(receipts: Iterable[Receipt], cases: Rows) -> list[Receipt]:
    """The receipts with the ids of what their codes lead to. A code that leads nowhere is of no complaint."""
    by_lookup = {row["case"]["tracking_lookup"]: id_ for id_, row in cases.items()}
    code_key = SecretStr(key("code"))
    return [
        given if given.id else replace(given, id=by_lookup.get(tracking.lookup(given.tracking_code, code_key), ""))
        for given in receipts
    ]


async def _search(spine: Spine, personal: Sequence[bytes]) -> tuple[dict[str, frozenset[str]], list[str]]:
    """The ids of all messages that each service has processed, and where personal data lies open."""
    seen, spilt = {}, []
    for name, service in spine.services.items():
        ids = set[str]()
        async for collection, row in spine.rows(name):
            ids.update(row.get("seen", ()))
            if _holds(bytes(row.raw), personal):
                spilt.append(f"{name} has it in {collection} {row['_id']}")
        seen[name] = frozenset(ids)
        if _holds(service.log.encode(), personal):
            spilt.append(f"{name} has it in its log")
    return seen, spilt


def _holds(content: bytes, personal: Sequence[bytes]) -> bool:
    return any(text in content for text in personal)


def waiting(queues: Mapping[str, int]) -> dict[str, int]:
    """Queues with messages that a service has still to deal with."""
    kept = (topology.AUDIT_STREAM, "channel.")
    return {name: count for name, count in queues.items() if count and not name.startswith(kept)}


async def _parked(connection: aio_pika.abc.AbstractConnection) -> list[str]:
    ids = []
    for service in CONSUMERS:
        # What is read and not acknowledged goes back when the channel closes.
        async with connection.channel() as channel:
            queue = await channel.declare_queue(topology.parked_queue(service), passive=True)
            for _ in range(queue.declaration_result.message_count or 0):
                message = await queue.get(fail=False)
                if message is not None:
                    ids.append(message.message_id or "")
    return ids


def check(evidence: Evidence) -> list[Finding]:
    """Everything that is wrong; nothing where all invariants hold."""
    return [finding for checker in CHECKERS for finding in checker(evidence)]


def receipts_are_kept(e: Evidence) -> Iterator[Finding]:
    """I1 at the door: each receipt has its case, no case is without one, no number is given twice."""
    cases = e.cases["intake"]
    for receipt in e.receipts:
        case = cases.get(receipt.id)
        if case is None or case["case"]["report"]["register_number"] != receipt.register_number:
            yield Finding("lost", f"{receipt.register_number}: acknowledged, but intake has no such case")
    for id_ in cases.keys() - {receipt.id for receipt in e.receipts}:
        if not e.unanswered:
            yield Finding("doubled", f"{id_}: a second case of a report that has another")
    yield from _more_than_once(
        "register number", (case["case"]["report"]["register_number"] for case in cases.values())
    )
    yield from _more_than_once("complaint of a receipt", (receipt.id for receipt in e.receipts))
    yield from (Finding("doubled", what) for what in e.doubled_receipts)
    yield from (Finding("lost", what) for what in e.answered_otherwise)
    if e.unanswered:
        yield Finding("lost", f"{e.unanswered} reports were asked for and never answered")


def reports_go_their_way(e: Evidence) -> Iterator[Finding]:
    """I1 behind the door: each service that ought to have a case has one, or an earlier one visibly waits."""
    for receipt in e.receipts:
        for service in _route(e, receipt.id):
            if receipt.id not in e.cases[service]:
                yield Finding("lost", f"{receipt.register_number}: no case in {service}")
        case = e.cases["investigation"].get(receipt.id, {}).get("case")
        if case and case["status"] == "open" and not (case["detective"] or case["detective_search"]):
            yield Finding("lost", f"{receipt.register_number}: neither a detective nor a search for one")
        correspondence = e.cases["notification"].get(receipt.id, {}).get("case")
        if correspondence and not correspondence["timeline"]:
            yield Finding("lost", f"{receipt.register_number}: the reporter's timeline is empty")


def _route(e: Evidence, id_: str) -> list[str]:
    """The services that must have a case of this complaint, judged by what the one before has decided."""
    services = ["verification", "notification", "evaluation"]
    verification = e.cases["verification"].get(id_)
    if verification and verification["case"]["status"] not in WAITS:
        services.append("classification")
    matter = e.cases["classification"].get(id_)
    tracks = ((matter["case"]["in_force"] or {}).get("tracks") or ()) if matter else ()
    return services + [HOLDERS[track] for track in tracks]


def steps_are_told_once(e: Evidence) -> Iterator[Finding]:
    """I2 and I3: each step of a complaint has one event, however often it was published under its id."""
    counts = Counter((told.subject, told.wire) for told in e.told)
    for (subject, wire), count in counts.items():
        if wire in (SUBMITTED, VERIFIED, CLASSIFIED, ASSIGNED) and count > 1:
            yield Finding("doubled", f"{subject}: {wire} told {count} times")
    for subject, wire in _must_be_told(e):
        if not counts[subject, wire]:
            yield Finding("lost", f"{subject}: {wire} happened and was never told")


def _must_be_told(e: Evidence) -> Iterator[tuple[str, str]]:
    yield from ((id_, SUBMITTED) for id_ in e.cases["intake"])
    yield from ((id_, VERIFIED) for id_, row in e.cases["verification"].items() if row["case"]["status"] == "verified")
    yield from ((id_, CLASSIFIED) for id_, row in e.cases["classification"].items() if row["case"]["in_force"])
    yield from ((id_, ASSIGNED) for id_, row in e.cases["investigation"].items() if row["case"]["detective"])


def forms_count_once(e: Evidence) -> Iterator[Finding]:
    """I2 and I3 at pages: what a page has acknowledged stands in the case, a milestone once, and was told once."""
    told = Counter(each.subject for each in e.told if each.wire == PROGRESSED)
    cases = e.cases["investigation"]
    for id_ in {*e.milestones, *cases}:
        acknowledged = e.milestones.get(id_, 0)
        kept = len(cases[id_]["case"]["milestones"]) if id_ in cases else 0
        for count, what in ((kept, "kept"), (told[id_], "told")):
            if count != acknowledged:
                kind: Literal["lost", "doubled"] = "lost" if count < acknowledged else "doubled"
                yield Finding(kind, f"{id_}: {acknowledged} milestones acknowledged by a page, {count} {what}")
    for id_ in e.verified:
        row = e.cases["verification"].get(id_)
        if row is None or row["case"]["status"] in ("waiting", "clarifying"):
            yield Finding("lost", f"{id_}: a page has acknowledged that it is verified, and it still waits")


def steps_are_recorded_once(e: Evidence) -> Iterator[Finding]:
    """I3 in the cases: each message that changed one has its one entry, and the chain of entries is whole."""
    for service, rows in e.cases.items():
        for id_, row in rows.items():
            trail, chain = row.get("trail", []), audit.chain_of_case(COLLECTIONS[service], id_)
            if fault := audit.fault(chain, trail, audit.head_in(row)):
                yield Finding("broken", f"{service} {id_}: {fault}")
            if len(trail) != row["version"]:
                yield Finding("broken", f"{service} {id_}: {len(trail)} entries of {row['version']} steps")
            yield from _more_than_once(f"entry of {service} {id_}", (entry["message"] for entry in trail))


def reporters_are_told_once(e: Evidence) -> Iterator[Finding]:
    """I4: the gateway took each message once, and took every one that counts as sent."""
    yield from _more_than_once("SMS", (f"{sms['reference']} to a reporter" for sms in e.sms))
    taken = {sms["reference"] for sms in e.sms}
    for row in e.cases["notification"].values():
        for message in row["case"]["messages"]:
            if message["status"] in ("sent", "delivered") and message["id"] not in taken:
                yield Finding("lost", f"{message['id']}: counts as {message['status']}, the gateway never took it")
            if message["status"] in ("queued", "attempting"):
                yield Finding("left", f"{message['id']}: still {message['status']}")


def what_was_told_was_heard(e: Evidence) -> Iterator[Finding]:
    """I5: each event was processed by everybody who hears of it, or is parked."""
    for told in e.told:
        for service in {*WRITE_ALL_DOWN, *HOLDERS.values()}:
            if (service, told.wire) in NO_TRACE:
                continue
            ought = service in WRITE_ALL_DOWN or service in _route(e, told.subject)
            heard = told.id in e.seen[service] or told.id in e.parked
            if told.wire in CONSUMERS[service] and ought and not heard:
                yield Finding("lost", f"{told.subject}: {service} never heard {told.wire} {told.id}")


def nothing_personal_lies_open(e: Evidence) -> Iterator[Finding]:
    """I6: what a reporter wrote, and who it is, is sealed wherever it rests, and in no event and no log."""
    yield from (Finding("spilt", what) for what in e.spilt)


def nothing_is_left(e: Evidence) -> Iterator[Finding]:
    """No outbox and no queue holds anything once all is quiet."""
    if e.unpublished:
        yield Finding("left", f"{e.unpublished} cases with something in the outbox")
    yield from (Finding("left", f"{count} messages in {name}") for name, count in e.queued.items())


def _more_than_once(name: str, values: Iterator[str]) -> Iterator[Finding]:
    for value, count in Counter(values).items():
        if count > 1:
            yield Finding("doubled", f"{name} {value}: {count} times")


CHECKERS: Sequence[Callable[[Evidence], Iterator[Finding]]] = (
    receipts_are_kept,
    reports_go_their_way,
    steps_are_told_once,
    forms_count_once,
    steps_are_recorded_once,
    reporters_are_told_once,
    what_was_told_was_heard,
    nothing_personal_lies_open,
    nothing_is_left,
)
