"""What must be true of a history once it has calmed down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from shared import audit
from shared.contracts import catalogue
from tests.simulation.trial import BOARD, BROKEN, COUNT, DESK, PAGE, REFUSED, RINGS, TRIALS

if TYPE_CHECKING:
    from tests.simulation.history import History


def check(history: History) -> None:
    """Reports every invariant that does not hold as a fault of the world."""
    for text in (*_commands(history), *_events(history), *_deliveries(history), *_states(history), *_audit(history)):
        history.world.fault(text)
    for slot in history.slots:
        if slot.process and not slot.process.workers_live():
            history.world.fault(f"a worker of {slot.process.name} has died")


def _commands(history: History) -> Iterable[str]:
    """Each accepted command has exactly one effect; one whose client gave up, at most one; a refused one, none."""
    ledger, rows = history.ledger, history.rows[DESK.name].rows
    for complaint in ledger.accepted.keys() | ledger.uncertain.keys() | rows.keys():
        notes = Counter(rows[complaint]["case"]["notes"] if complaint in rows else ())
        accepted, uncertain = ledger.accepted.get(complaint, set()), ledger.uncertain.get(complaint, set())
        for text in sorted(accepted | uncertain | notes.keys()):
            least, most = int(text in accepted), int(text in accepted | uncertain)
            if not least <= notes[text] <= most:
                yield f"the command {text!r} has {notes[text]} effects"
    numbers = [row["case"]["number"] for row in rows.values()]
    if len(set(numbers)) < len(numbers):
        yield "two complaints have the same number"


def _events(history: History) -> Iterable[str]:
    """Every committed event was published, as it was committed, and no other."""
    emitted = {id_: body for rows in history.rows.values() for id_, body in rows.emitted.items()}
    published = history.broker.published
    for id_ in sorted(emitted.keys() - published.keys()):
        yield f"the event {id_[:8]} was never published"
    for id_ in sorted(published.keys() - emitted.keys()):
        yield f"the event {id_[:8]} was published but never committed"
    for id_ in sorted(published.keys() & emitted.keys()):
        if published[id_] != {emitted[id_].encode()}:
            yield f"the event {id_[:8]} was published in {len(published[id_])} forms"


def _deliveries(history: History) -> Iterable[str]:
    """Emitted = processed + parked: each event has one effect for each handler, or none and is parked."""
    bodies = {id_: body for rows in history.rows.values() for id_, body in rows.emitted.items()}
    events = [catalogue.read(_wire(body), body.encode()) for body in bodies.values()]
    for trial in (COUNT, BOARD):
        parked = Counter(stored.message_id for stored in history.broker.ready.get(f"{trial.name}.parked", ()))
        seen = Counter(id_ for row in history.rows[trial.name].rows.values() for id_ in row["seen"])
        for event in events:
            handlers = sum(on.event.wire == event.type for on in trial.hears)
            fails = trial is COUNT and getattr(event.data, "reason", "").startswith((REFUSED, BROKEN))
            effects = 0 if fails else handlers
            if seen[event.id] != effects:
                yield f"{trial.name} has {seen[event.id]} effects of {event.type} {event.id[:8]} instead of {effects}"
            if handlers and bool(parked[event.id]) != fails:
                yield f"{trial.name} has parked {event.type} {event.id[:8]} {parked[event.id]} times"
            if history.world.quiet and not history.world.crash_at and parked[event.id] > 1:
                yield f"{trial.name} has parked {event.id[:8]} {parked[event.id]} times on a quiet day"


def _wire(body: str) -> str:
    # The type stands before anything that a sender could have written.
    return body.split('"type":"', 1)[1].split('"', 1)[0]


def _states(history: History) -> Iterable[str]:
    """The final state follows from the notes alone, whatever the order of the messages was."""
    listed: list[str] = []
    for complaint, row in history.rows[DESK.name].rows.items():
        notes = sorted(n for n in row["case"]["notes"] if not n.startswith((REFUSED, BROKEN)))
        listed += notes
        rings = len(RINGS) if notes else 0
        yield from _compare(history, COUNT.name, complaint, {"notes": notes, "rings": rings} if notes else {})
        board = {"opened": 1, "notes": notes, "rings": list(range(1, rings + 1))}
        yield from _compare(history, BOARD.name, complaint, board)
    if listed:
        yield from _compare(history, BOARD.name, PAGE, {"notes": sorted(listed)})
    for trial in TRIALS:
        for row in history.rows[trial.name].rows.values():
            if row["version"] != len(row["seen"]):
                yield f"version {row['version']} of a case of {trial.name} after {len(row['seen'])} messages"


def _audit(history: History) -> Iterable[str]:
    """Each message that had an effect has its one entry, in its turn, and the chain is whole."""
    for trial in TRIALS:
        for id_, row in history.rows[trial.name].rows.items():
            if [entry["message"] for entry in row["trail"]] != row["seen"]:
                count, messages = len(row["trail"]), len(row["seen"])
                yield f"{count} entries in the audit of a case of {trial.name} after {messages} messages"
            if fault := audit.fault(audit.chain_of_case(trial.name, id_), row["trail"], audit.head_in(row)):
                yield f"the audit of a case of {trial.name} is broken: {fault}"


def _compare(history: History, service: str, complaint: str, expected: dict[str, Any]) -> Iterable[str]:
    row = history.rows[service].rows.get(complaint)
    if row is None or not expected:
        if row is not None or expected:
            yield f"{service} has {'no' if expected else 'a'} case {complaint[:4]}"
        return
    for name, value in expected.items():
        actual = row["case"][name]
        actual = sorted(actual) if isinstance(actual, tuple) else actual
        if actual != value:
            yield f"{service} has {name} {actual} of {complaint[:4]} instead of {value}"
