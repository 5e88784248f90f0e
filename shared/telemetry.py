"""Logs, metrics and traces. None of them ever carries personal data: ids, names of things, counts and times alone."""

import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from time import perf_counter
from typing import Any

import structlog
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prometheus_client import Counter, Gauge, Histogram
from structlog.typing import EventDict

log: structlog.stdlib.BoundLogger = structlog.get_logger("aduan")

MESSAGES = Counter("aduan_messages_total", "Messages by how they ended", ["queue", "type", "outcome"])
HANDLING = Histogram("aduan_message_seconds", "From delivery to acknowledgement", ["queue"])
GROUPS = Histogram("aduan_group_size", "Messages committed together", ["store"], buckets=(1, 2, 5, 10, 25, 50, 100))
GROUP_WAIT = Histogram("aduan_group_seconds", "From the first message of a group to its commit", ["store"])
OUTBOX_AGE = Gauge(
    "aduan_outbox_oldest_seconds", "Age of the oldest event that is committed but not published", ["store"]
)
REQUESTS = Histogram("aduan_http_seconds", "Requests by route and status", ["method", "route", "status"])
PARKED = Counter("aduan_parked_total", "Messages parked for a person to look at", ["queue", "reason"])

_tracer = trace.get_tracer("aduan")
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def configure(service: str, level: str, otlp_endpoint: str | None) -> None:
    """Sets logs to JSON lines on standard output, and traces to the endpoint if there is one."""
    threshold = logging.getLevelNamesMapping()[level.upper()]

    def add_service(_: Any, __: str, entry: EventDict) -> EventDict:
        return {**entry, "service": service}

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            add_service,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            _drop_exception_values,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        cache_logger_on_first_use=True,
    )
    # Libraries log only their warnings, on standard error, where the supervisor keeps them apart from ours.
    logging.basicConfig(level=max(threshold, logging.WARNING), stream=sys.stderr)
    if otlp_endpoint:
        provider = TracerProvider(resource=Resource.create({"service.name": service}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=otlp_endpoint)))
        trace.set_tracer_provider(provider)
    _tracing.cache_clear()


@cache  # OpenTelemetry reads the environment each time it is asked
def _tracing() -> bool:
    return isinstance(trace.get_tracer_provider(), TracerProvider)


def shut_down() -> None:
    """Sends what traces are left."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


def current_traceparent() -> str | None:
    """The W3C trace context of the work at hand; None where nothing is traced."""
    if not _tracing():
        return None
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent")


@contextmanager
def span(name: str, traceparent: str | None, **attributes: str) -> Iterator[None]:
    """A span that continues the trace which the message brought along, where traces are on. From here on the log lines
    of the task carry the attributes and the trace id, also those about a failure that ends the span."""
    if not _tracing():
        _bind(traceparent, attributes)
        yield
        return
    context = propagate.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(
        name, context=context, attributes=attributes, record_exception=False, set_status_on_exception=False
    ):
        _bind(current_traceparent(), attributes)
        yield


def valid_traceparent(text: str | None) -> str | None:
    """The trace context that a sender gave; None where it is anything else, since it travels on in clear."""
    return text if text and _TRACEPARENT.fullmatch(text) else None


def observe_group(store: str, size: int, arrived: float) -> None:
    GROUPS.labels(store).observe(size)
    GROUP_WAIT.labels(store).observe(max(0.0, perf_counter() - arrived))


def _bind(traceparent: str | None, attributes: Mapping[str, str]) -> None:
    match = _TRACEPARENT.fullmatch(traceparent or "")
    structlog.contextvars.bind_contextvars(**attributes, **({"trace": match[1]} if match else {}))


def _drop_exception_values(_: Any, __: str, entry: EventDict) -> EventDict:
    """An exception's text may quote what a reporter wrote, so only its type and its frames are logged."""
    _drop_values(entry.get("exception") or ())
    return entry


def _drop_values(exceptions: Iterable[dict[str, Any]]) -> None:
    for exception in exceptions:
        for name in ("exc_value", "exc_notes", "syntax_error"):
            exception.pop(name, None)
        for group in exception.get("exceptions") or ():
            _drop_values(group)
