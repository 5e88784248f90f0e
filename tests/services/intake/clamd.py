"""A daemon that speaks clamd's protocol over TCP, for tests: there is no ClamAV here.

It reads `nINSTREAM`, then chunks that begin with their length, then an empty one, and answers as told.
"""

import asyncio
import struct
from dataclasses import dataclass, field
from typing import Literal

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

Mood = Literal["well", "silent", "hangs_up", "full", "error", "nonsense", "drips"]


@dataclass
class Clamd:
    """What it was given, and how it behaves."""

    mood: Mood = "well"
    given: list[bytes] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if await reader.readline() == b"nINSTREAM\n":
                await self._answer(await self._stream(reader), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _stream(self, reader: asyncio.StreamReader) -> bytes:
        content = b""
        while length := struct.unpack("!L", await reader.readexactly(4))[0]:
            content += await reader.readexactly(length)
            if self.mood == "hangs_up":
                raise ConnectionError
        self.given.append(content)
        return content

    async def _answer(self, content: bytes, writer: asyncio.StreamWriter) -> None:
        found = b"stream: Win.Test.EICAR_HDB-1 FOUND\n" if EICAR in content else b"stream: OK\n"
        answers = {
            "well": found,
            "full": b"INSTREAM size limit exceeded. ERROR\n",
            "error": b"stream: Can't allocate memory ERROR\n",
            "nonsense": b"\xff\xfe\n",
        }
        if self.mood == "silent":
            await asyncio.sleep(30)
        if self.mood == "drips":
            for _ in range(100):
                writer.write(b"s")
                await writer.drain()
                await asyncio.sleep(0.1)
        writer.write(answers.get(self.mood, b""))
        await writer.drain()
