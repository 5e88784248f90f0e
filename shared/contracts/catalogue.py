"""Every event of the product, by its wire name, and how to read one from bytes."""

import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, cast

from pydantic import ValidationError

import shared.contracts
from shared.contracts.envelope import Envelope, Event
from shared.contracts.refusals import Invalid, TooEarly

# A module of this package that has SAYS or HEARS is a service's: a new service is found by adding its module.
_MODULES: Mapping[str, ModuleType] = {
    module.name: import_module(f"shared.contracts.{module.name}")
    for module in iter_modules(shared.contracts.__path__)
    if module.name != "catalogue"
}
PRODUCERS: Mapping[str, tuple[type[Event], ...]] = {
    name: module.SAYS for name, module in _MODULES.items() if hasattr(module, "SAYS")
}
CONSUMERS: Mapping[str, tuple[str, ...]] = {
    name: module.HEARS for name, module in _MODULES.items() if hasattr(module, "HEARS")
}
EVENTS: Mapping[str, type[Event]] = {event.wire: event for says in PRODUCERS.values() for event in says}
for _name, _hears in CONSUMERS.items():
    if _unsaid := set(_hears) - EVENTS.keys():
        raise LookupError(f"shared/contracts/{_name}.py hears what nobody says: {', '.join(sorted(_unsaid))}")


@cache
def envelope_of(wire: str) -> type[Envelope[Any]]:
    """The envelope of one event, for reading and for its schema."""
    return cast(type[Envelope[Any]], Envelope.__class_getitem__(EVENTS[wire]))


def read(wire: str | None, body: bytes) -> Envelope[Any]:
    """The envelope in a message's body. Raises Invalid, which names the fields but never shows their values.

    Raises TooEarly for another version of an event that is known: while a service is upgraded process by process, its
    older ones hand what they cannot read to the retry tiers, from where a newer one gets it.
    """
    if wire not in EVENTS:
        if wire and wire.rpartition(".")[0] in {known.rpartition(".")[0] for known in EVENTS}:
            raise TooEarly("other_version", "The message is another version of an event than is known here.")
        raise Invalid("unknown_type", "The message's type is not one that this version knows.", "type")
    try:
        envelope = envelope_of(wire).model_validate_json(body)
    except ValidationError as error:
        where = ", ".join(sorted({".".join(map(str, e["loc"])) or "body" for e in error.errors(include_input=False)}))
        raise Invalid("invalid_message", f"The message is not a valid {wire}: {where[:300]}.", where[:300]) from None
    if envelope.type != wire:
        raise Invalid("type_mismatch", "The envelope's type differs from the message's.", "type")
    return envelope


def schema(wire: str) -> dict[str, Any]:
    """The JSON Schema of an event with its envelope."""
    return envelope_of(wire).model_json_schema()


def export(folder: Path) -> None:
    """Writes each event's JSON Schema, for partners and for the record."""
    for wire in EVENTS:
        text = json.dumps(schema(wire), indent=2, ensure_ascii=False)
        (folder / f"{wire}.schema.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    # After a change of contracts: python -m shared.contracts.catalogue export docs/events
    if sys.argv[1:2] != ["export"] or len(sys.argv) != 3:
        sys.exit("usage: python -m shared.contracts.catalogue export <folder>")
    export(Path(sys.argv[2]))
