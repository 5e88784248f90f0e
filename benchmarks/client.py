"""An HTTP client that is light enough not to be what is measured: raw connections, requests made beforehand."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Result:
    """The seconds that each request took, and how each was answered."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        """Seconds within which that share of the requests was answered."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(method: str, path: str, body: bytes, headers: Sequence[tuple[str, str]] = ()) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: bench",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def send(port: int, requests: Sequence[bytes], connections: int, rate: float | None = None) -> Result:
    """Sends all requests over so many connections: as fast as they are answered, or at a steady rate a second.

    At a rate, a request's time counts from when it was due, so that a service that stalls cannot hide it.
    """
    result, queue, start = Result(), iter(enumerate(requests)), time.perf_counter()

    async def work() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for nth, content in queue:
            due = start + nth / rate if rate else time.perf_counter()
            if (pause := due - time.perf_counter()) > 0:
                await asyncio.sleep(pause)
            writer.write(content)
            status, body = await _answer(reader)
            result.latencies.append(time.perf_counter() - due)
            result.statuses[status] = result.statuses.get(status, 0) + 1
            result.bodies.append(body)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(work() for _ in range(connections)))
    result.seconds = time.perf_counter() - start
    return result


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return int(head[9:12]), await reader.readexactly(length)
