"""Errors as RFC 9457 problems: what is wrong and with which field, never a value that was sent."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pymongo.errors import PyMongoError
from starlette.exceptions import HTTPException

from shared import telemetry
from shared.contracts.refusals import Refusal, TooMany
from shared.gate import note_refused
from shared.people import NotSignedIn
from shared.store import Taken, WriteFailed

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5

# pydantic's own messages of these kinds quote what was sent.
_ECHOES = {
    "json_invalid": "The body is not valid JSON.",
    "union_tag_invalid": "This is none of the known kinds.",
    "uuid_parsing": "Input should be a valid UUID.",
    "timezone_offset": "Input has another time zone than it should.",
}

RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "A problem with the request (RFC 9457)",
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "required": ["type", "title", "status"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                        "errors": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
                            },
                        },
                    },
                }
            }
        },
    }
}


def problem(
    status: int, slug: str, detail: str, errors: Sequence[tuple[str, str]] = (), headers: dict[str, str] | None = None
) -> JSONResponse:
    """A problem document. `errors` are (field, what is wrong with it)."""
    content: dict[str, Any] = {
        "type": f"urn:aduan:problem:{slug}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        content["errors"] = [{"field": field, "detail": text} for field, text in errors]
    return JSONResponse(content, status, headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Makes every error of the app a problem."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(Taken, _taken)
    app.add_exception_handler(PyMongoError, _database)
    app.add_exception_handler(WriteFailed, _database)
    app.add_exception_handler(Exception, _unexpected)


async def _refusal(request: Request, error: Exception) -> JSONResponse:
    error = cast(Refusal, error)
    note_refused(request, error)
    errors = [(error.field, error.detail)] if error.field else []
    headers = {"Retry-After": str(RETRY_SECONDS)} if error.status == HTTPStatus.SERVICE_UNAVAILABLE else None
    if isinstance(error, TooMany):
        headers = {"Retry-After": str(error.seconds)}
    return problem(error.status, error.slug, error.detail, errors, headers)


async def _validation(_: Request, error: Exception) -> JSONResponse:
    error = cast(RequestValidationError, error)
    errors = [(_field(e), _safe(e)) for e in error.errors()]
    return problem(422, "invalid", "Some fields are not as they must be.", errors[:20])


def _field(error: dict[str, Any]) -> str:
    location = error["loc"]
    if error["type"] == "json_invalid":
        return str(location[0])  # what follows is a position in the text
    # The last part of an unknown field's location is a name that the sender chose.
    return ".".join(str(part)[:64] for part in location[1:] or location[:1])


def _safe(error: dict[str, Any]) -> str:
    """The message of an error, unless it repeats what was sent."""
    return _ECHOES.get(error["type"]) or str(error["msg"]).removeprefix("Value error, ")


async def of_http(_: Request, error: Exception) -> JSONResponse:
    """The problem that an HTTPException of the framework is."""
    error = cast(HTTPException, error)
    if error.status_code == HTTPStatus.BAD_REQUEST and error.__cause__ is not None:
        # The framework's answer to a body that its JSON parser gave up on: too deep, a number too long, no UTF-8.
        return problem(422, "invalid", "The body cannot be read.", [("body", _ECHOES["json_invalid"])])
    slug = HTTPStatus(error.status_code).name.lower()
    return problem(error.status_code, slug, str(error.detail), headers=dict(error.headers or {}))


async def _not_signed_in(_: Request, error: Exception) -> JSONResponse:
    return problem(401, "not_signed_in", "Sign in first.", headers={"WWW-Authenticate": "Bearer"})


async def _taken(_: Request, error: Exception) -> JSONResponse:
    return problem(409, "taken", "This exists already.")


async def _database(_: Request, error: Exception) -> JSONResponse:
    telemetry.log.error("database_failed", error=type(error).__name__)
    return problem(
        503,
        "database_away",
        "The request could not be stored safely; send it again with the same Idempotency-Key.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    telemetry.log.error("request_failed", method=request.method, exc_info=error)
    return problem(500, "unexpected", "Something went wrong on our side; it has been recorded.")
