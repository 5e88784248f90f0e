"""The rosters of officers and patrols, kept by an administrator, and who read what."""

from collections.abc import Iterable
from datetime import datetime

from services.investigation.choice import Officer, Patrol
from shared.mongo import Mongo
from shared.rosters import OfficeRoster


def officers(mongo: Mongo) -> OfficeRoster[Officer]:
    return OfficeRoster(mongo, "officers", Officer)


def patrols(mongo: Mongo) -> OfficeRoster[Patrol]:
    return OfficeRoster(mongo, "patrols", Patrol)


async def names(mongo: Mongo, polres: str, ids: Iterable[str]) -> dict[str, str]:
    """What people call these officers and patrols."""
    ids = sorted(set(ids))
    officers_, patrols_ = await officers(mongo).get(polres, ids), await patrols(mongo).get(polres, ids)
    return {
        **{id_: officer.name for id_, officer in officers_.items()},
        **{id_: patrol.call_sign for id_, patrol in patrols_.items()},
    }


async def prepare(mongo: Mongo) -> None:
    """Creates the indexes; safe to repeat."""
    await officers(mongo).prepare([("polres", 1), ("post", 1), ("on_leave", 1)])
    await patrols(mongo).prepare([("polres", 1), ("status", 1)])
    await mongo["readings"].create_index([("complaint", 1), ("at", 1)])


async def record_reading(mongo: Mongo, complaint: str, person: str, what: str, at: datetime) -> None:
    """Keeps who read sealed parts of a complaint, before they are shown."""
    await mongo["readings"].insert_one({"complaint": complaint, "person": person, "what": what, "at": at})
