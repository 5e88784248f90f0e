"""The controls of the search: something personal put into a place of each kind, as a mistake would."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import aio_pika
import gridfs
import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pymongo import MongoClient

from deploy.local.state import Noted
from shared.topology import AUDIT_STREAM
from tests.journeys.places import Run

QUEUES = (
    "verification.parked",
    "retry.900s",
    "partner.dinsos-sukamaju.referrals",
    "channel.lapor-kota.replies",
    AUDIT_STREAM,
)


async def plant(run: Run, canary: str) -> None:
    (run.folder / "logs" / "planted.log").write_text(f'{{"event": "submitted", "name": "{canary}"}}\n')
    run.urls.append(str(httpx.URL("http://aduan.test/track", params={"name": canary})))
    run.collector.take(_span(canary))
    await _plant_messages(run, canary)
    _plant_documents(run, canary)
    environment = run.state.environment
    token = {"Authorization": f"Bearer {environment['ADUAN_SMS_TOKEN']}"}
    message = {"reference": "planted", "to": "+628110000000", "text": canary}
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{run.state.url('sms_gateway')}/messages", json=message, headers=token)
        answer.raise_for_status()
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "planted@example.org", "nobody@example.org", "planted"
    mail.set_content(canary)
    with smtplib.SMTP("127.0.0.1", int(environment["ADUAN_SMTP_PORT"])) as server:
        server.send_message(mail)


async def _plant_messages(run: Run, canary: str) -> None:
    async with await aio_pika.connect(run.state.environment["ADUAN_AMQP_URL"]) as connection:
        channel = await connection.channel(publisher_confirms=True)
        for queue in QUEUES:
            message = aio_pika.Message(
                b"{}", type="planted", headers={"x-reason": canary}, message_id=f"planted-{queue}"
            )
            await channel.default_exchange.publish(message, queue)


def _plant_documents(run: Run, canary: str) -> None:
    with MongoClient[dict[str, Any]](run.state.environment["ADUAN_MONGO_URL"]) as client:
        client["aduan_mediation"]["planted"].insert_one({"deep": [{"in": {"a": ["list", canary]}}]})
        gridfs.GridFS(client["aduan_intake"], "planted").put(b"\xff\xd8" + canary.encode(), filename="a.jpg")


def _span(canary: str) -> bytes:
    request = ExportTraceServiceRequest()
    traced = request.resource_spans.add()
    named = traced.resource.attributes.add()
    named.key, named.value.string_value = "service.name", "planted"
    said = traced.scope_spans.add().spans.add().attributes.add()
    said.key, said.value.string_value = "reporter", canary
    body: bytes = request.SerializeToString()
    return body


@contextmanager
def telling_metrics(run: Run, canary: str) -> Iterator[Run]:
    """The run as it would be if classification's metrics had a label of somebody's name."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f'aduan_http_seconds_count{{route="{canary}"}} 1\n'.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    others = [noted for noted in run.state.processes if noted.name != "classification"]
    leaking = Noted("classification", 0, "", f"http://127.0.0.1:{server.server_port}")
    try:
        yield replace(run, state=replace(run.state, processes=[*others, leaking]))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
