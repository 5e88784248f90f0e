"""Has a file looked at by ClamAV's daemon, where there is one. What cannot be looked at is not taken."""

import asyncio
from typing import IO

from clamav_client.clamd import ClamdError, ClamdNetworkSocket

from services.intake.settings import IntakeSettings
from shared import telemetry
from shared.contracts.refusals import Invalid, Unavailable


async def scan(settings: IntakeSettings, file: IO[bytes]) -> None:
    """Raises Invalid for a file in which something is found, Unavailable where the daemon does not say that it is well.

    The report does not wait for it: its reporter may hand it in without the file, and add that later.
    """
    if settings.clamd_host is None:
        return
    file.seek(0)
    try:
        # The time-out of the socket is for each of its steps, and a daemon may take many small ones.
        async with asyncio.timeout(settings.clamd_seconds):
            status, found = await asyncio.to_thread(_asked, settings, settings.clamd_host, file)
    except (ClamdError, OSError, UnicodeDecodeError) as error:
        telemetry.log.error("scanner_away", error=type(error).__name__)
        raise _not_now() from None
    if status == "FOUND":
        telemetry.log.warning("infected_upload", signature=found)
        raise Invalid("infected_file", "The file holds something that does harm; it is not taken.", "file")
    if status != "OK":
        telemetry.log.error("scanner_failed", status=status)
        raise _not_now()


def _asked(settings: IntakeSettings, host: str, file: IO[bytes]) -> tuple[str, str | None]:
    daemon = ClamdNetworkSocket(host, settings.clamd_port, settings.clamd_seconds)
    answers = daemon.instream(file)  # type: ignore[arg-type]
    return next(iter(answers.values()), ("nothing", None))


def _not_now() -> Unavailable:
    return Unavailable(
        "scanner_away",
        "Files cannot be checked at the moment. Send it again in a few minutes, or hand in your report without it and "
        "add the file later with your tracking code.",
        "file",
    )
