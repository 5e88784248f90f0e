"""An agency's endpoint for webhooks, as a test plays it: it can be slow, refuse, redirect or be away."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.processes import free_port


@dataclass
class Receiver:
    """Keeps what was posted, and answers with the status that a test has set."""

    port: int
    status: int = 204
    hangs: bool = False
    posts: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/referrals"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def close(self) -> None:
        if self._server:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    def of(self, type_: str, number: str) -> list[dict[str, Any]]:
        events = [json.loads(body) for _, _, body in self.posts]
        return [event for event in events if (event["type"], event["subject"]) == (type_, number)]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.posts.append((head[0].split()[1], headers, body))
        if self.hangs:
            await reader.read()  # until the other side gives up
        else:
            location = f"location: http://127.0.0.1:{self.port}/elsewhere\r\n" if self.status == 302 else ""
            writer.write(
                f"HTTP/1.1 {self.status} X\r\n{location}content-length: 0\r\nconnection: close\r\n\r\n".encode()
            )
            await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver(free_port())
    await receiver.open()
    yield receiver
    await receiver.close()
