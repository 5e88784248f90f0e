"""What stands in the sealed parts of a report once they are opened. None of it is ever stored or logged.

A report and its supplements are read as one: words are joined in the order in which they came, of anything else the
latest counts. Members that this service does not know are kept, so that they reach whoever does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.contracts.complaint import Sealed
from shared.contracts.refusals import Invalid
from shared.sealing import Vault

_JOINED = ("text", "place_text")


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False, hide_input_in_errors=True)


class Narrative(_Content):
    """What happened, and where: in words and as a point in WGS 84 degrees. What is added may be a place alone."""

    text: str | None
    place_text: str | None = None
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)


class Identity(_Content):
    """Who reports."""

    name: str | None = None
    nik: str | None = None
    address: str | None = None


class Contact(_Content):
    """How the reporter can be reached."""

    phone: str | None = None
    email: str | None = None


C = TypeVar("C", bound=_Content)


@dataclass(frozen=True, repr=False)
class Opened:
    """The parts of one report, as far as it has them. No repr, since all of it is personal."""

    narrative: Narrative | None
    identity: Identity | None
    contact: Contact | None


def open_parts(vault: Vault, complaint: str, told: Sequence[Sealed]) -> Opened:
    """What a report and its supplements tell together.

    Raises Unsealable where a part cannot be opened, Invalid where what it holds is not of the agreed form.
    """
    return Opened(
        _open(vault, complaint, "narrative", [sealed.narrative for sealed in told], Narrative),
        _open(vault, complaint, "identity", [sealed.identity for sealed in told], Identity),
        _open(vault, complaint, "contact", [sealed.contact for sealed in told], Contact),
    )


def seal_parts(vault: Vault, complaint: str, opened: Opened) -> Sealed:
    """The parts sealed again, each as one."""

    def seal(part: str, content: _Content | None) -> str | None:
        return vault.seal(part, complaint, content.model_dump(exclude_none=True)) if content else None

    return Sealed(
        narrative=seal("narrative", opened.narrative),
        identity=seal("identity", opened.identity),
        contact=seal("contact", opened.contact),
    )


def _open(vault: Vault, complaint: str, part: str, pieces: Sequence[str | None], kind: type[C]) -> C | None:
    try:
        contents = [kind.model_validate(vault.open(part, complaint, piece)) for piece in pieces if piece]
    except ValidationError:
        raise Invalid("unreadable_content", f"What the sealed {part} holds is not of the agreed form.", part) from None
    if not contents:
        return None
    merged: dict[str, Any] = {name: None for name, field in kind.model_fields.items() if field.is_required()}
    for content in contents:
        for name, value in content.model_dump(exclude_none=True).items():
            earlier = merged.get(name)
            if value == "" and earlier:
                continue
            merged[name] = f"{earlier}\n\n{value}" if earlier and name in _JOINED else value
    return kind.model_validate(merged)
