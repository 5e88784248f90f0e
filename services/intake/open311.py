"""How GeoReport v2 of Open311 speaks: JSON and XML of the same content, and its own form of errors.

Neither a code nor a description repeats what was sent.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Literal
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from shared.contracts.refusals import Refusal, TooMany

Form = Literal["json", "xml"]
# What the items of a list are called in XML; in JSON they have no name.
_ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
}
# The specification knows no other statuses; 429 and 503 are ours, so that a client knows to try again.
_STATUS = {403: 403, 404: 404, 429: 429, 503: 503}


class GeoReportError(Exception):
    """What is wrong with a request, one sentence each."""

    def __init__(self, status: int, *descriptions: str) -> None:
        super().__init__(status)
        self.status = status
        self.descriptions = descriptions


def answer(form: str, root: str, content: Any, status: int = 200) -> Response:
    """The content in the form that the address ends with. XML is the one that every client can read."""
    if form == "json":
        return Response(json.dumps(content, ensure_ascii=False), status, media_type="application/json; charset=utf-8")
    element = Element(root)
    _fill(element, content)
    body = tostring(element, encoding="utf-8", xml_declaration=True)
    return Response(body, status, media_type="text/xml; charset=utf-8")


def _fill(element: Element, content: Any) -> None:
    if isinstance(content, dict):
        for name, value in content.items():
            _fill(SubElement(element, name), value)
    elif isinstance(content, list):
        for item in content:
            _fill(SubElement(element, _ITEMS[element.tag]), item)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = str(content)


class GeoReportRoute(APIRoute):
    """A route whose errors are answered as the specification has them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except GeoReportError as error:
                return _errors(request, error.status, error.descriptions)
            except RequestValidationError as error:
                if any(part["loc"][:2] == ("path", "form") for part in error.errors()):
                    return _errors(request, 404, ("The formats are json and xml.",))
                names = dict.fromkeys(str(part["loc"][-1])[:64] for part in error.errors())
                return _errors(request, 400, [f"{name} is not as it must be." for name in names])
            except Refusal as refusal:
                response = _errors(request, _STATUS.get(refusal.status, 400), (refusal.detail,))
                if isinstance(refusal, TooMany):
                    response.headers["Retry-After"] = str(refusal.seconds)
                return response

        return answered


def _errors(request: Request, status: int, descriptions: Any) -> Response:
    content = [{"code": status, "description": description} for description in descriptions]
    return answer(request.path_params.get("form", "xml"), "errors", content, status)
