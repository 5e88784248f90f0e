"""Every version of every event is pinned by examples. What breaks them breaks whoever says or hears the event.

`examples/<wire>.json` sets every field that there is, `examples/<wire>.minimal.json` only those that must be there.
A new optional field is added to the former; the latter is what older producers send, and never changes. Whatever else
needs a change here is a new version of the event, under a new wire name.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from shared.contracts import catalogue
from shared.contracts.catalogue import CONSUMERS, EVENTS, PRODUCERS
from shared.contracts.refusals import Invalid, TooEarly

EXAMPLES = Path(__file__).parent / "examples"
SCHEMAS = Path(__file__).parents[2] / "docs" / "events"
WIRES = sorted(EVENTS)
HEARD = sorted((service, wire) for service, hears in CONSUMERS.items() for wire in hears)
both_kinds = pytest.mark.parametrize("kind", ["", ".minimal"], ids=["full", "minimal"])


def example(wire: str, kind: str = "") -> Any:
    return json.loads((EXAMPLES / f"{wire}{kind}.json").read_text(encoding="utf-8"))


def read(wire: str, content: object) -> BaseModel:
    return catalogue.read(wire, json.dumps(content).encode())


def everywhere(content: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """The content with every object in it changed."""
    if isinstance(content, dict):
        return change({name: everywhere(value, change) for name, value in content.items()})
    return [everywhere(value, change) for value in content] if isinstance(content, list) else content


def unset(part: Any, where: str = "envelope") -> list[str]:
    """The fields of a message, however deep, that its bytes did not set."""
    if isinstance(part, tuple):
        return [name for n, value in enumerate(part) for name in unset(value, f"{where}.{n}")]
    if not isinstance(part, BaseModel):
        return []
    missing = [f"{where}.{name}" for name in type(part).model_fields.keys() - part.model_fields_set]
    return missing + [name for field, value in part for name in unset(value, f"{where}.{field}")]


def differing(schema: Any, content: Any, definitions: Any, where: str = "envelope") -> list[str]:
    """Where an example's fields, however deep, are not exactly those that the schema requires."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(content, list):
        items = schema.get("items", {})
        return [d for n, value in enumerate(content) for d in differing(items, value, definitions, f"{where}.{n}")]
    if not isinstance(content, dict):
        return []
    wrong = [f"{where}.{name}" for name in set(schema.get("required", ())) ^ content.keys()]
    inner = schema.get("properties", {})
    return wrong + [
        d
        for name, value in content.items()
        for d in differing(inner.get(name, {}), value, definitions, f"{where}.{name}")
    ]


def test_every_event_has_its_examples_and_every_example_its_event() -> None:
    expected = {f"{wire}{kind}.json" for wire in WIRES for kind in ("", ".minimal")}
    present = {path.name for path in EXAMPLES.iterdir()}
    assert present == expected, "each event has <wire>.json and <wire>.minimal.json in tests/contracts/examples"


def test_every_event_belongs_to_one_producer_and_has_a_version_in_its_name() -> None:
    said = [event for says in PRODUCERS.values() for event in says]
    assert len(said) == len({event.wire for event in said}) == len({event.__name__ for event in said})
    for event in said:
        name, _, version = event.wire.rpartition(".")
        assert version[0] == "v"
        assert version[1:].isdecimal()
        assert name.replace(".", "").replace("_", "").isalpha()
        assert name == name.lower()
        assert event.__doc__, f"{event.__name__} does not say what happened"


@both_kinds
@pytest.mark.parametrize("wire", WIRES)
def test_its_producer_says_the_example_exactly(wire: str, kind: str) -> None:
    content = example(wire, kind)
    envelope = read(wire, content)
    assert envelope.model_dump(mode="json", exclude_unset=True, serialize_as_any=True) == content
    (producer,) = (name for name, says in PRODUCERS.items() if EVENTS[wire] in says)
    assert content["source"] == producer


@pytest.mark.parametrize("wire", WIRES)
def test_the_full_example_sets_every_field(wire: str) -> None:
    missing = unset(read(wire, example(wire)))
    assert missing == [], f"add what is new and optional to examples/{wire}.json"


@pytest.mark.parametrize("wire", WIRES)
def test_the_minimal_example_has_exactly_what_is_required(wire: str) -> None:
    schema = catalogue.schema(wire)
    wrong = differing(schema, example(wire, ".minimal"), schema["$defs"])
    assert wrong == [], f"{wire} now requires other fields than before: that is a new version of the event"


@both_kinds
@pytest.mark.parametrize(("service", "wire"), HEARD)
def test_its_consumers_read_the_example_and_what_later_producers_add_to_it(service: str, wire: str, kind: str) -> None:
    content = example(wire, kind)
    later = everywhere(content, lambda part: {**part, "added_later": {"deep": [1, None]}, "note": "x"})
    with_defaults = json.loads(read(wire, content).model_dump_json(serialize_as_any=True))
    for body in (content, later, with_defaults):
        envelope = read(wire, body)
        assert envelope == read(wire, content), service
        assert "added_later" not in envelope.model_dump_json()


@pytest.mark.parametrize("wire", WIRES)
def test_without_any_one_of_the_required_fields_it_is_refused_by_the_fields_name(wire: str) -> None:
    content = example(wire, ".minimal")
    for part, where in ((content, ""), (content["data"], "data.")):
        for name in list(part):
            value = part.pop(name)
            with pytest.raises(Invalid) as refusal:
                read(wire, content)
            assert (refusal.value.field or "").startswith(f"{where}{name}")
            part[name] = value


@pytest.mark.parametrize("wire", WIRES)
def test_its_published_schema_is_up_to_date(wire: str) -> None:
    published = json.loads((SCHEMAS / f"{wire}.schema.json").read_text(encoding="utf-8"))
    assert published == catalogue.schema(wire), "run: make contracts"


def test_no_schema_is_published_of_an_event_that_is_gone() -> None:
    assert {path.name for path in SCHEMAS.iterdir()} == {f"{wire}.schema.json" for wire in WIRES}


def test_an_export_writes_each_events_schema(tmp_path: Path) -> None:
    catalogue.export(tmp_path)
    written = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()}
    assert written == {f"{wire}.schema.json": catalogue.schema(wire) for wire in WIRES}


def test_an_unknown_type_and_a_foreign_one_are_refused() -> None:
    content = example("complaint.withdrawn.v1")
    for wire in (None, "", "complaint.forgotten.v1", "complaint.reopen_requested.v1"):
        with pytest.raises(Invalid) as refusal:
            catalogue.read(wire, json.dumps(content).encode())
        assert refusal.value.slug in ("unknown_type", "type_mismatch")


def test_another_version_of_a_known_event_may_be_read_by_another_process() -> None:
    content = example("complaint.withdrawn.v1")
    with pytest.raises(TooEarly, match="other_version"):
        catalogue.read("complaint.withdrawn.v2", json.dumps(content).encode())


def test_a_refusal_names_fields_and_quotes_nothing() -> None:
    content = everywhere(example("complaint.submitted.v1"), lambda part: dict.fromkeys(part, "CANARY"))
    content["data"] = {"report": {"attachments": [{"size": "CANARY"}], "channel": "CANARY"}}
    with pytest.raises(Invalid) as refusal:
        read("complaint.submitted.v1", content)
    assert "data.report.channel" in refusal.value.detail
    assert "CANARY" not in f"{refusal.value} {refusal.value.detail} {refusal.value.field}"
    assert refusal.value.__cause__ is None
