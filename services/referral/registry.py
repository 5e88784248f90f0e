"""The registry of agencies: a plain collection beside the cases, kept by `python -m deploy.agency`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import time
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.referral.agencies import Agency, Hours, Transport
from shared.mongo import Mongo
from shared.sealing import Vault
from shared.text import Line, Slug

COLLECTION = "agencies"
PART = "agency"  # the sealing part that webhook secrets are kept under
LARGEST = 500  # agencies of one Polres

AgencySlug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,47}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}(\.[0-9]{2}){0,2}(\.[0-9]{4})?$")]
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class OpeningHours(BaseModel):
    """Days and times at which an agency works."""

    model_config = ConfigDict(extra="forbid")

    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = Field(min_length=1)
    opens: time
    closes: time

    @model_validator(mode="after")
    def _opens_first(self) -> "OpeningHours":
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes; an agency that works around the clock has no hours")
        return self


class Registration(BaseModel):
    """An agency as it is registered."""

    model_config = ConfigDict(extra="forbid")

    slug: AgencySlug
    name: Line = Field(description="as reporters are told it")
    partners: tuple[Line, ...] = Field(min_length=1, description="names in the taxonomy that it stands for")
    categories: tuple[Slug, ...] = Field(default=(), description="that it takes; all where empty")
    villages: tuple[Region, ...] = Field(default=(), description="prefixes of region codes; everywhere where empty")
    hours: OpeningHours | None = Field(default=None, description="null: around the clock")
    zone: str = "Asia/Jakarta"
    order: int = Field(default=100, ge=0, le=10_000, description="the lowest is asked first")
    transport: Transport = "broker"
    url: str | None = Field(default=None, pattern=r"^https?://[^\s]+$", max_length=500)

    @model_validator(mode="after")
    def _is_whole(self) -> "Registration":
        if (self.transport == "webhook") != (self.url is not None):
            raise ValueError("url belongs to the transport webhook, which needs it")
        if self.zone not in available_timezones():
            raise ValueError("zone is not a known time zone")
        return self

    def agency(self, polres: str) -> Agency:
        known = self.model_dump(exclude={"hours"})
        hours = self.hours and Hours(
            tuple(_DAYS.index(day) for day in self.hours.days), self.hours.opens, self.hours.closes
        )
        return Agency(polres=polres, hours=hours or None, **known)


class Registry:
    """The agencies of one Polres."""

    def __init__(self, mongo: Mongo, vault: Vault, polres: str) -> None:
        self._collection = mongo[COLLECTION]
        self._vault = vault
        self._polres = polres

    async def put(self, registration: Registration, secret: str) -> None:
        """Registers an agency, or changes its entry. The webhook secret is sealed."""
        entry = asdict(registration.agency(self._polres))
        if entry["hours"]:
            entry["hours"] = {
                "days": entry["hours"]["days"],
                "opens": entry["hours"]["opens"].isoformat("minutes"),
                "closes": entry["hours"]["closes"].isoformat("minutes"),
            }
        entry["secret"] = self._vault.seal(PART, registration.slug, {"secret": secret})
        await self._collection.replace_one({"_id": self._key(registration.slug)}, entry, upsert=True)

    async def all(self) -> tuple[Agency, ...]:
        """Every agency, in the order in which they are asked."""
        rows = await (
            self._collection.find({"polres": self._polres})
            .sort([("order", 1), ("slug", 1)])
            .limit(LARGEST)
            .to_list(LARGEST)
        )
        return tuple(_read(row) for row in rows)

    async def find(self, slug: str) -> tuple[Agency, str] | None:
        """An agency and its webhook secret; None where there is none."""
        row = await self._collection.find_one({"_id": self._key(slug)})
        if row is None:
            return None
        return _read(row), self._vault.open(PART, slug, row["secret"])["secret"]

    def _key(self, slug: str) -> str:
        return f"{self._polres}/{slug}"


async def prepare(mongo: Mongo) -> None:
    """Creates the index; safe to repeat."""
    await mongo[COLLECTION].create_index([("polres", 1), ("order", 1), ("slug", 1)], name="order")


def _read(row: dict[str, Any]) -> Agency:
    values = {name: value for name, value in row.items() if name not in ("_id", "secret")}
    hours = values.pop("hours")
    lists: Sequence[str] = ("partners", "categories", "villages")
    values.update({name: tuple(values[name]) for name in lists})
    return Agency(
        hours=hours
        and Hours(tuple(hours["days"]), time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"])),
        **values,
    )
