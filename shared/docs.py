"""The pages that describe a service: OpenAPI for its routes, AsyncAPI for its events, from our own origin alone."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from faststream.rabbit import ExchangeType, RabbitBroker, RabbitExchange, RabbitQueue
from faststream.specification import AsyncAPI

from shared.assets import asset
from shared.browsers import policy
from shared.contracts.catalogue import CONSUMERS, EVENTS, PRODUCERS, envelope_of
from shared.contracts.envelope import routing_key
from shared.topology import EVENTS_EXCHANGE, lane_queue

_EXCHANGE = RabbitExchange(EVENTS_EXCHANGE, type=ExchangeType.TOPIC, durable=True, declare=False)


def asyncapi(service: str) -> AsyncAPI:
    """What the service hears and says, as FastStream describes it. The broker here is never connected."""
    broker = RabbitBroker(logger=None)
    for wire in CONSUMERS.get(service, ()):
        queue = RabbitQueue(lane_queue(service, "normal"), routing_key=routing_key(wire, "normal"), declare=False)
        broker.subscriber(queue, _EXCHANGE, title=f"{wire} heard", description=EVENTS[wire].__doc__)(_reader(wire))
    for event in PRODUCERS.get(service, ()):
        broker.publisher(
            exchange=_EXCHANGE,
            routing_key=routing_key(event.wire, "normal"),
            title=f"{event.wire} said",
            description=event.__doc__,
            schema=envelope_of(event.wire),
        )
    return AsyncAPI(broker, title=f"Aduan: {service}", version="1", description="The urgent lane is alike.")


def install(app: FastAPI, service: str) -> None:
    """Serves the pages at /docs and /asyncapi."""
    document: dict[str, Any] = asyncapi(service).to_specification().to_jsonable()
    events = _events_page(document)

    @app.get("/docs", include_in_schema=False)
    async def openapi_page() -> HTMLResponse:
        shown = '<main id="shown"></main>'
        scripts = (asset("swagger-ui-dist/swagger-ui-bundle.js"), asset("aduan/openapi.js"))
        page = _page(app.title, asset("swagger-ui-dist/swagger-ui.css"), shown, *scripts)
        # It draws its icons from `data:` images.
        return HTMLResponse(page, headers={"Content-Security-Policy": policy(img_src="data:")})

    @app.get("/asyncapi", include_in_schema=False)
    async def asyncapi_page() -> HTMLResponse:
        return HTMLResponse(events)

    @app.get("/asyncapi.json", include_in_schema=False)
    async def asyncapi_document() -> dict[str, Any]:
        return document


def _page(title: str, style: str, content: str, *scripts: str) -> str:
    loaded = "".join(f'<script src="{script}" defer></script>' for script in scripts)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<link rel="icon" href="{asset("aduan/icon.svg")}"><link rel="stylesheet" href="{style}">{loaded}'
        f"</head><body>{content}</body></html>"
    )


def _events_page(document: Mapping[str, Any]) -> str:
    """What AsyncAPI's own page would show; that one compiles code from text, which the pages' policy forbids."""
    title, components = document["info"]["title"], document["components"]
    sections = []
    for name, channel in document["channels"].items():
        (message,) = (components["messages"][_named(told)] for told in channel["messages"].values())
        envelope = components["schemas"][_named(message["payload"])]
        data = components["schemas"][_named(envelope["properties"]["data"])]
        sections.append(
            f"<section><h2>{escape(name)}</h2><p>{escape(channel['description'])}</p>"
            f"<p>Routing key <code>{escape(channel['address'])}</code></p>"
            f"<details><summary>data</summary><pre>{escape(json.dumps(data, indent=2))}</pre></details></section>"
        )
    told = f'<p>{escape(document["info"]["description"])} <a href="/asyncapi.json">AsyncAPI document</a></p>'
    return _page(title, asset("aduan/events.css"), f"<main><h1>{escape(title)}</h1>{told}{''.join(sections)}</main>")


def _named(reference: Mapping[str, str]) -> str:
    """The name that a reference within the document ends in."""
    return unquote(reference["$ref"].rpartition("/")[2])


def _reader(wire: str) -> Any:
    async def heard(message: Any) -> None: ...

    heard.__annotations__["message"] = envelope_of(wire)
    return heard
