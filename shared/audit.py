"""Chains of audit entries: each is bound by its hash to all before it, so that none can be changed, left out or added
unseen. What happened to a case or to an entry of a roster stands in its own document, who read a complaint in a
collection of its own.

An entry holds ids, names of things and times, and nothing of what a complaint tells.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Entry = Mapping[str, Any]

_UNHASHED = frozenset({"_id", "chain", "hash"})  # the chain's name is in what the first entry is bound to


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: its number and its hash, in which all before it are contained."""

    n: int = 0
    hash: str = ""


START = Head()


def chain_of_case(collection: str, case_id: str) -> str:
    """The name of the chain of what happened to a case."""
    return f"{collection}/{case_id}"


def chain_of_reads(complaint: str) -> str:
    """The name of the chain of who read a complaint."""
    return f"reads/{complaint}"


def head_in(row: Mapping[str, Any]) -> Head:
    """The head that is kept in a document; the start where there is none, or what there is can be none."""
    head = row.get("head")
    if isinstance(head, Mapping) and isinstance(head.get("n"), int) and isinstance(head.get("hash"), str):
        return Head(head["n"], head["hash"])
    return START


def link(chain: str, head: Head, entry: Entry) -> tuple[dict[str, Any], Head]:
    """The entry as it is stored behind the head, and the chain's new head."""
    numbered = {"n": head.n + 1, **entry}
    hashed = _hash(chain, head, numbered)
    return {**numbered, "hash": hashed}, Head(head.n + 1, hashed)


def fault(chain: str, entries: Iterable[Entry], head: Head | None, exported: Iterable[Head] = ()) -> str | None:
    """What is wrong with a chain, at the first entry that is not as it was written; None where nothing is.

    `head` is what is kept beside the chain, `exported` what was kept elsewhere.
    """
    last, hashes = START, dict[int, str]()
    for entry in entries:
        if wrong := _fault(chain, last, entry):
            return wrong
        last = Head(entry["n"], entry["hash"])
        hashes[last.n] = last.hash
    if head is not None and head != last:
        return f"it ends with entry {last.n}, and its head is that of entry {head.n}"
    for known in sorted(exported, key=lambda known: known.n):
        if known.n > last.n:
            return f"it ends with entry {last.n}, and entry {known.n} was exported"
        if known.n and hashes[known.n] != known.hash:
            return f"entry {known.n} is another than was exported"
    return None


def _fault(chain: str, last: Head, entry: Entry) -> str | None:
    """What is wrong with the entry that stands behind `last`."""
    try:
        if entry["n"] != last.n + 1:
            return f"entry {last.n + 1} is missing or out of order"
        written = {name: value for name, value in entry.items() if name not in _UNHASHED}
        return None if entry["hash"] == _hash(chain, last, written) else f"entry {last.n + 1} is not as it was written"
    except (KeyError, TypeError, ValueError, AttributeError):
        return f"entry {last.n + 1} is no entry"


def merged(kept: Sequence[Entry], moved: Sequence[Entry]) -> list[Entry]:
    """The whole chain of entries that were partly moved elsewhere; what stands in both places counts once."""
    here = {entry.get("n") for entry in kept}
    return [*(entry for entry in moved if entry.get("n") not in here), *kept]


def _hash(chain: str, head: Head, numbered: Entry) -> str:
    before = head.hash or hashlib.sha256(chain.encode()).hexdigest()
    written = json.dumps(numbered, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(f"{before}{written}".encode()).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        # Whole milliseconds are what the database keeps.
        return value.astimezone(UTC).isoformat(timespec="milliseconds")
    raise TypeError(f"an entry holds no {type(value).__name__}")
