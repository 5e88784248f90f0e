"""The audit of reads: who opened which parts of a complaint, why, and who was kept away from it."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from shared import audit, telemetry
from shared.access import Access
from shared.audit import Entry
from shared.chains import READS, Chains
from shared.contracts.envelope import UUID_PATTERN, instant
from shared.room import Room
from shared.sealing import Unsealable, Vault

PART = "audit"  # the sealed part that reasons are: people write in them what they like

_SECONDS = 10.0
KEPT_AWAY = (403, 404)


async def record(access: Access, room: Room, route: str) -> None:
    """Writes down whatever the request has opened since the last time: an entry for each complaint. Raises what kept it
    from being written."""
    opened, access.opened = access.opened, {}
    if not opened or access.person is None:
        return
    who, reason, now = access.person.id, access.reason(), instant(room.clock())
    entries = {
        audit.chain_of_reads(complaint): {
            "at": now,
            "who": who,
            "what": "read",
            "route": route,
            "parts": sorted(parts),
            "reason": room.vault.seal(PART, complaint, {"reason": reason}),
        }
        for complaint, parts in opened.items()
    }
    async with asyncio.timeout(_SECONDS):
        await Chains(room.mongo, READS).append(entries)


async def record_refused(access: Access, room: Room, route: str, status: int, path: Mapping[str, Any]) -> None:
    """Writes down that somebody was kept away from a complaint that there is. Asked after the answer, so that how long
    it takes does not tell whether there is one."""
    complaint = next((str(value) for value in path.values() if re.fullmatch(UUID_PATTERN, str(value))), None)
    if access.person is None or complaint is None:
        return
    try:
        async with asyncio.timeout(_SECONDS):
            if await _is_here(room, complaint):
                now = instant(room.clock())
                entry = {"at": now, "who": access.person.id, "what": "refused", "route": route, "status": status}
                await Chains(room.mongo, READS).append({audit.chain_of_reads(complaint): entry})
    except Exception as error:
        telemetry.log.error("refusal_unrecorded", error=type(error).__name__)


async def _is_here(room: Room, complaint: str) -> bool:
    for unit in room.units.values():
        if await unit.store.collection.find_one({"_id": complaint}, {"_id": 1}):
            return True
    return False


def reason_of(entry: Entry, vault: Vault, complaint: str) -> str | None:
    """The reason that a reader gave; None where there is none or it cannot be opened any more."""
    try:
        return str(vault.open(PART, complaint, entry["reason"])["reason"])
    except (KeyError, Unsealable):
        return None
