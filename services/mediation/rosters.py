"""The roster of the villages' officers, kept by an administrator, and who read what."""

from datetime import datetime

from services.mediation.choice import Officer
from shared.mongo import Mongo
from shared.rosters import OfficeRoster


def roster(mongo: Mongo) -> OfficeRoster[Officer]:
    return OfficeRoster(mongo, "officers", Officer)


async def prepare(mongo: Mongo) -> None:
    """Creates the indexes; safe to repeat."""
    await roster(mongo).prepare([("polres", 1), ("villages", 1)], [("polres", 1), ("absent", 1), ("stand_in", 1)])
    await mongo["readings"].create_index([("complaint", 1), ("at", 1)])


async def record_reading(mongo: Mongo, complaint: str, person: str, what: str, at: datetime) -> None:
    """Keeps who read sealed parts of a complaint, before they are shown."""
    await mongo["readings"].insert_one({"complaint": complaint, "person": person, "what": what, "at": at})
