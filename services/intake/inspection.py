"""Has a file judged by a process apart, so that a hostile one can neither see our keys nor hold us up."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from shared.contracts.refusals import Invalid

MediaType = Literal["image/jpeg", "image/png", "application/pdf"]
MEDIA_TYPES: tuple[MediaType, ...] = ("image/jpeg", "image/png", "application/pdf")
_REFUSALS = {
    "unsupported_file": "The file is no JPEG, PNG or PDF.",
    "hidden_content": "The file holds another one inside it.",
    "too_many_pixels": "The picture has too many pixels.",
    "encrypted_file": "The PDF is encrypted; save it without a password.",
    "active_content": "The PDF holds scripts, forms that send data or other files; print it to a new PDF.",
    "too_complex": "The PDF has too many parts; print it to a new PDF.",
    "unreadable_file": "The file is damaged or not what it begins as.",
}
_SECONDS = 20.0
_LONGEST_ANSWER = 32 * 1024 * 1024  # bytes; a copy is far shorter, unless a file has taken the process over
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, repr=False)
class Inspected:
    """What a file is, and of a picture the copy that is shown."""

    media_type: MediaType
    shown: bytes | None


async def inspect(file: IO[bytes]) -> Inspected:
    """What the file is. Raises Invalid for what is not accepted, RuntimeError where the inspection itself fails."""
    file.seek(0)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.intake.content"),
        stdin=file,
        stdout=asyncio.subprocess.PIPE,
        # What a parser complains about may quote the file.
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_ROOT,
        env={},
    )
    try:
        async with asyncio.timeout(_SECONDS):
            output = await _answer(process)
    except TimeoutError:
        output = b"unreadable_file"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    verdict, _, copy = output.partition(b"\n")
    return Inspected(_verdict(verdict.decode(errors="replace"), process.returncode), copy or None)


async def _answer(process: asyncio.subprocess.Process) -> bytes:
    answer = bytearray()
    if process.stdout is None:
        raise TypeError("the answer of an inspection is piped")
    while len(answer) <= _LONGEST_ANSWER and (chunk := await process.stdout.read(65_536)):
        answer += chunk
    if len(answer) > _LONGEST_ANSWER:
        return b"unreadable_file"
    await process.wait()
    return bytes(answer)


def _verdict(output: str, returncode: int | None) -> MediaType:
    for media_type in MEDIA_TYPES:
        if output == media_type:
            return media_type
    if returncode is not None and returncode > 0:
        raise RuntimeError(f"the inspection of a file ended with {returncode}")
    # One that was killed had used up its memory or its time.
    slug = output if output in _REFUSALS else "unreadable_file"
    raise Invalid(slug, _REFUSALS[slug], "file")
