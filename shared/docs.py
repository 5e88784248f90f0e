"""The pages that describe a service: OpenAPI for its routes, AsyncAPI for its events, from our own origin alone."""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from faststream.rabbit import ExchangeType, RabbitBroker, RabbitExchange, RabbitQueue
from faststream.specification import AsyncAPI
from faststream.specification.asyncapi import get_asyncapi_html

from shared.contracts.catalogue import CONSUMERS, EVENTS, PRODUCERS, envelope_of
from shared.contracts.envelope import routing_key
from shared.topology import EVENTS_EXCHANGE, lane_queue
from shared.web import serve_assets

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
    swagger = serve_assets(app, "swagger-ui-dist")
    react = serve_assets(app, "@asyncapi/react-component")
    specification = asyncapi(service)

    @app.get("/docs", include_in_schema=False)
    async def openapi_page() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=app.openapi_url or "",
            title=app.title,
            swagger_js_url=f"{swagger}/swagger-ui-bundle.js",
            swagger_css_url=f"{swagger}/swagger-ui.css",
            swagger_favicon_url=f"{swagger}/favicon-32x32.png",
        )

    @app.get("/asyncapi", include_in_schema=False)
    async def asyncapi_page() -> HTMLResponse:
        page = get_asyncapi_html(
            specification.to_specification(),
            asyncapi_js_url=f"{react}/browser/standalone/index.js",
            asyncapi_css_url=f"{react}/styles/default.min.css",
            try_it_out_path=None,
        )
        return HTMLResponse(re.sub('<link rel="icon"[^>]*>', "", page))  # they are on another origin

    @app.get("/asyncapi.json", include_in_schema=False)
    async def asyncapi_document() -> dict[str, Any]:
        document: dict[str, Any] = specification.to_specification().to_jsonable()
        return document


def _reader(wire: str) -> Any:
    async def heard(message: Any) -> None: ...

    heard.__annotations__["message"] = envelope_of(wire)
    return heard
