"""Logs, metrics and traces. None of them ever carries personal data: ids, names of things, counts and times alone."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


def configure(service: str, level: str, otlp_endpoint: str | None) -> None:
    """Sets logs to JSON lines on standard output, and traces to the endpoint if there is one."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_trace,
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            _drop_exception_values,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    # Libraries log only their warnings, on standard error, where the supervisor keeps them apart from ours.
    logging.basicConfig(level=max(threshold, logging.WARNING), stream=sys.stderr)
    if otlp_endpoint:
        provider = TracerProvider(resource=Resource.create({"service.name": service}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=otlp_endpoint)))
        trace.set_tracer_provider(provider)


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
    """A span that continues the trace which the message brought along; costs nothing where traces are off."""
    if not _tracing():
        yield
        return
    context = propagate.extract({"traceparent": traceparent}) if traceparent else None
    with _tracer.start_as_current_span(
        name, context=context, attributes=attributes, record_exception=False, set_status_on_exception=False
    ):
        yield


def observe_group(store: str, size: int, arrived: float) -> None:
    GROUPS.labels(store).observe(size)
    GROUP_WAIT.labels(store).observe(max(0.0, perf_counter() - arrived))


def _add_trace(_: Any, __: str, entry: EventDict) -> EventDict:
    traceparent = current_traceparent()
    if traceparent:
        entry["trace"] = traceparent.split("-")[1]
    return entry


def _drop_exception_values(_: Any, __: str, entry: EventDict) -> EventDict:
    """An exception's text may quote what a reporter wrote, so only its type and its frames are logged."""
    for exception in entry.get("exception") or ():
        exception.pop("exc_value", None)
        exception.pop("exc_notes", None)
    return entry
