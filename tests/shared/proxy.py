"""A TCP link that a test can cut and mend, so that a server is away without being stopped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from pydantic import SecretStr
from pymongo.uri_parser import parse_uri
from yarl import URL

from shared.settings import Settings


class Link:
    """Listens on a port of its own and passes bytes on to the real one."""

    def __init__(self, host: str, port: int) -> None:
        self._target = host, port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self.delay = 0.0  # seconds that each piece takes longer, either way
        self.port = 0

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Closes every connection and refuses new ones."""
        if self._server:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def freeze(self) -> None:
        """Holds back what is sent either way, without a word to anybody."""
        self._flowing.clear()

    def thaw(self) -> None:
        self._flowing.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, far_writer}
        await asyncio.gather(self._pass_on(reader, far_writer), self._pass_on(far_reader, writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(65536):
                await asyncio.sleep(self.delay)
                await self._flowing.wait()
                writer.write(chunk)
                await writer.drain()
        with suppress(ConnectionError, RuntimeError):
            writer.close()


@asynccontextmanager
async def link(host: str, port: int) -> AsyncIterator[Link]:
    made = Link(host, port)
    await made.mend()
    try:
        yield made
    finally:
        await made.cut()


@asynccontextmanager
async def far_broker(settings: Settings) -> AsyncIterator[tuple[Settings, Link]]:
    """The same settings, but for a link to the broker."""
    url = URL(settings.amqp_url.get_secret_value())
    async with link(url.host or "", url.port or 5672) as cable:
        far = url.with_host("127.0.0.1").with_port(cable.port)
        yield settings.model_copy(update={"amqp_url": SecretStr(str(far))}), cable


@asynccontextmanager
async def far_database(settings: Settings) -> AsyncIterator[tuple[Settings, Link]]:
    """The same settings, but for a link to the database."""
    url = settings.mongo_url.get_secret_value()
    ((host, port),) = parse_uri(url)["nodelist"]
    account, at, _ = urlsplit(url).netloc.rpartition("@")
    async with link(host, port) as cable:
        far = f"mongodb://{account}{at}127.0.0.1:{cable.port}/?directConnection=true"
        yield settings.model_copy(update={"mongo_url": SecretStr(far)}), cable
