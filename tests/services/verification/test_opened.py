import json
import traceback
from typing import Any

import pytest
from pydantic import SecretStr
from uuid6 import uuid7

from services.verification.opened import open_parts, seal_parts
from shared.contracts.complaint import Sealed
from shared.contracts.refusals import Invalid
from shared.sealing import Unsealable, Vault
from tests.support.room import SEALING_KEYS

VAULT = Vault({kid: SecretStr(key) for kid, key in SEALING_KEYS.items()})
COMPLAINT = str(uuid7())


def narrative(complaint: str = COMPLAINT, **content: Any) -> Sealed:
    return Sealed(narrative=VAULT.seal("narrative", complaint, content))


def merged(*told: Sealed) -> dict[str, Any]:
    opened = open_parts(VAULT, COMPLAINT, told).narrative
    assert opened
    return opened.model_dump(exclude_none=True)


def test_words_are_joined_in_their_order_and_of_a_point_the_latest_counts() -> None:
    first = narrative(text="Ada maling", place_text="dekat pasar", lat=-6.1, lon=107.1)
    added = narrative(text="Sudah lari", place_text="ke terminal", lat=0.0, lon=109.3)
    assert merged(first, added) == {
        "text": "Ada maling\n\nSudah lari",
        "place_text": "dekat pasar\n\nke terminal",
        "lat": 0.0,
        "lon": 109.3,
    }


@pytest.mark.parametrize("nothing", [None, ""])
def test_what_is_added_empty_takes_nothing_away(nothing: str | None) -> None:
    first = narrative(text="Ada maling", place_text="dekat pasar", lat=-6.1, lon=107.1)
    assert merged(first, narrative(text=nothing, place_text=nothing, lat=None, lon=None)) == merged(first)
    assert merged(narrative(text=nothing), narrative(text="Ada maling")) == {"text": "Ada maling"}


def test_members_that_this_service_does_not_know_reach_those_who_do() -> None:
    told = [narrative(text="Ada maling", weather="rain"), narrative(text=None)]
    sealed = seal_parts(VAULT, COMPLAINT, open_parts(VAULT, COMPLAINT, told))
    assert VAULT.open("narrative", COMPLAINT, sealed.narrative or "") == {"text": "Ada maling", "weather": "rain"}
    assert (sealed.identity, sealed.contact) == (None, None)


def test_a_corrected_identity_replaces_only_what_it_names() -> None:
    told = [
        Sealed(identity=VAULT.seal("identity", COMPLAINT, {"name": "Budi Uji", "nik": "1"})),
        Sealed(identity=VAULT.seal("identity", COMPLAINT, {"nik": "3602041211870001"})),
    ]
    identity = open_parts(VAULT, COMPLAINT, told).identity
    assert identity
    assert (identity.name, identity.nik) == ("Budi Uji", "3602041211870001")


@pytest.mark.parametrize(
    "content",
    [
        {"words": "canary"},
        {"text": ["canary"]},
        {"text": "canary", "lat": 91.0},
        {"text": "canary", "lat": "canary"},
        {"text": "canary", "lon": 181.0},
    ],
    ids=json.dumps,
)
def test_content_of_another_form_is_refused_without_showing_it(content: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        open_parts(VAULT, COMPLAINT, [narrative(**content)])
    assert refusal.value.field == "narrative"
    assert "canary" not in "".join(traceback.format_exception(refusal.value))


def test_what_was_sealed_for_another_complaint_or_part_is_not_opened() -> None:
    foreign = narrative(str(uuid7()), text="canary")
    misplaced = Sealed(identity=narrative(text="canary").narrative)
    for sealed in (foreign, misplaced):
        with pytest.raises(Unsealable):
            open_parts(VAULT, COMPLAINT, [sealed])


def test_what_was_opened_does_not_show_itself() -> None:
    assert "canary" not in repr(open_parts(VAULT, COMPLAINT, [narrative(text="canary")]))
