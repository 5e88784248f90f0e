"""Forms: what somebody typed, read into a model, with what is wrong beside each field and nothing lost."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, get_args, get_origin
from uuid import uuid4

from fastapi import Depends, Form, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from starlette.datastructures import FormData, UploadFile

from shared.http import KEY_PATTERN, Ask, InRoom
from shared.wordings import field_words

M = TypeVar("M", bound=BaseModel)
# What a form says beside its fields: so that it takes effect once, and on what its sender saw.
KEY, VERSION = "key", "version"
# For a filter in an address: one that is left open is sent as an empty word.
LEFT_OPEN = BeforeValidator(lambda value: value or None)


class Nothing(BaseModel):
    """A form without fields."""

    model_config = ConfigDict(extra="forbid")


def lines(sent: Iterable[str]) -> list[str]:
    """What was ticked, and what was typed below each other."""
    return [line for text in sent for line in text.splitlines() if line.strip()]


# For a field that takes several texts, typed one below the other.
BY_LINE = BeforeValidator(lines)


def fresh_key() -> str:
    """What makes a form take effect once, however often it is sent."""
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Filled(Generic[M]):
    """A form that was sent. `value` is None where something is wrong with it; `errors` say what, by field."""

    value: M | None
    typed: Mapping[str, Any] = field(repr=False)
    errors: Mapping[str, str]


async def read(request: Request, model: type[M], words: Callable[[str], str]) -> Filled[M]:
    """The form of a request. An empty field counts as not filled in; files are left out."""
    return judge(typed_in(await request.form(), model), model, words)


def judge(typed: Mapping[str, Any], model: type[M], words: Callable[[str], str]) -> Filled[M]:
    """What was typed, read into its model."""
    try:
        return Filled(model.model_validate(typed), typed, {})
    except ValidationError as wrong:
        errors = {_field(error["loc"]): field_words(error, words) for error in wrong.errors(include_url=False)}
        return Filled(None, typed, errors)


def typed_in(form: FormData, model: type[BaseModel]) -> dict[str, Any]:
    """What was typed, by field; a field that takes several has them all."""
    typed: dict[str, Any] = {}
    for name in form:
        if name in (KEY, VERSION):
            continue
        texts = [value.strip() for value in form.getlist(name) if not isinstance(value, UploadFile)]
        # A browser sends a line's end as two characters and counts it as one against the field's longest.
        values = [text.replace("\r\n", "\n") for text in texts if text]
        if values:
            typed[name] = values if _takes_several(model, name) else values[-1]
    return typed


def _takes_several(model: type[BaseModel], name: str) -> bool:
    known = model.model_fields.get(name)
    kind = known.annotation if known else None
    kinds = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    return any(get_origin(one) in (list, tuple, set, frozenset) for one in kinds)


def _field(location: tuple[int | str, ...]) -> str:
    return str(location[0]) if location else ""


def _form_asking(
    request: Request,
    response: Response,
    room: InRoom,
    key: Annotated[str, Form(pattern=KEY_PATTERN)],
    version: Annotated[int | None, Form(ge=0)] = None,
) -> Ask:
    return Ask(request, response, room, key, None if version is None else f'"{version}"')


# Submits what a form asks: once for its `key`, and only on the `version` that its sender saw.
FormAsking = Annotated[Ask, Depends(_form_asking)]
