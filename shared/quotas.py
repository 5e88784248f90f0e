"""How much one caller may do in a while, counted across processes, without a note of who it was.

A counter's id is an HMAC of the caller, the quota and the window, so that neither an address nor a phone stands in the
database, no two windows of one caller can be laid side by side, and after the window the counter is deleted. Nobody is
shut out for good, since many people may share an address: beyond `free` each request is answered more slowly, beyond
`most` it is told when to come again. Where the counters do not answer, everybody is let through.
"""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Annotated, NoReturn

from fastapi import Depends, Request
from prometheus_client import Counter
from pydantic import SecretStr
from pymongo import IndexModel, ReturnDocument, WriteConcern
from pymongo.errors import PyMongoError

from shared import telemetry
from shared.contracts.refusals import Absent, TooMany
from shared.room import Room
from shared.settings import key_bytes

COLLECTION = "quotas"
SLOW_SECONDS = 1.0
_PATIENCE = 2.0  # seconds that a counter may take
_ATTACHED_BITS = 64  # of an IPv6 address; whoever has one has all that begin alike

UNKNOWN_CODES = Counter("aduan_unknown_codes_total", "Tracking codes that lead to no complaint")
TURNED_AWAY = Counter("aduan_turned_away_total", "Requests beyond what one caller may ask", ["quota"])


@dataclass(frozen=True, slots=True)
class Quota:
    """So many of one thing in a window. `advice` is said to whoever has to come again."""

    name: str
    free: int
    most: int
    window: timedelta
    advice: str = ""


_MINUTE = timedelta(minutes=1)
LOOKUPS = Quota("lookups", 120, 600, _MINUTE)  # by tracking code, right or wrong
WRONG_CODES = Quota("wrong_codes", 30, 30, _MINUTE)


class Quotas:
    """The counters of one service. `factor` widens all quotas of callers behind one address."""

    def __init__(self, key: SecretStr, factor: float) -> None:
        self._key = key_bytes(key)
        self.factor = factor

    async def pass_one(self, room: Room, quota: Quota, who: str, factor: float = 1.0) -> None:
        """Counts one, slowly beyond what is free. Raises TooMany beyond the most."""
        now = room.clock()
        number = await self._counted(room, quota, who, now)
        if number > quota.most * factor:
            TURNED_AWAY.labels(quota.name).inc()
            left = quota.window - (now - _start(quota, now))
            raise TooMany(f"Too many requests of this kind.{quota.advice}", max(1, round(left.total_seconds())))
        if number > quota.free * factor:
            await asyncio.sleep(SLOW_SECONDS)

    async def _counted(self, room: Room, quota: Quota, who: str, now: datetime) -> int:
        start = _start(quota, now)
        text = f"quota|{quota.name}|{start.isoformat()}|{who}"
        # A counter that a crash takes back by one does no harm, and a fifth of the time of one that lasts.
        counters = room.mongo[COLLECTION].with_options(write_concern=WriteConcern(w=1))
        try:
            async with asyncio.timeout(_PATIENCE):
                row = await counters.find_one_and_update(
                    {"_id": hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()},
                    {"$inc": {"count": 1}, "$setOnInsert": {"expires_at": start + quota.window}},
                    upsert=True,
                    return_document=ReturnDocument.AFTER,
                )
        except (PyMongoError, TimeoutError) as error:
            telemetry.log.warning("quota_unknown", quota=quota.name, error=type(error).__name__)
            return 0
        return int(row["count"])


def _start(quota: Quota, now: datetime) -> datetime:
    return now - (now - datetime.fromtimestamp(0, UTC)) % quota.window


async def prepare(room: Room) -> None:
    """Has the database delete counters whose window is over."""
    index = IndexModel([("expires_at", 1)], name="expires", expireAfterSeconds=0)
    await room.mongo[COLLECTION].create_indexes([index])


class Caller:
    """Whoever sends a request, known by their address for as long as it takes to count."""

    def __init__(self, request: Request) -> None:
        self._room: Room = request.app.state.room
        self._quotas: Quotas = request.app.state.quotas
        self._address = _address(request)

    async def passes(self, quota: Quota) -> None:
        """Raises TooMany where the caller has to come again."""
        await self._quotas.pass_one(self._room, quota, self._address, self._quotas.factor)

    async def looks_up(self) -> None:
        """To be called before a tracking code is looked for. Raises TooMany."""
        await self.passes(LOOKUPS)

    async def knows_no_code(self) -> NoReturn:
        """To be called for a tracking code that leads to nothing, whatever is wrong with it: one that is mistyped, that
        was never given, that is erased. Raises Absent, or TooMany for whoever has guessed too often; somebody behind
        the same address who has a code is still served."""
        UNKNOWN_CODES.inc()
        await self.passes(WRONG_CODES)
        raise Absent


Calling = Annotated[Caller, Depends(Caller)]


def _address(request: Request) -> str:
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or int(address) >> _ATTACHED_BITS)
    return host
