"""The parts of a running service, made once and handed to whoever needs them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.bus import Bus
from shared.mongo import Mongo
from shared.sealing import Vault
from shared.settings import Settings
from shared.store import Store
from shared.unit import Unit


@dataclass(frozen=True, slots=True)
class Room:
    """A service while it runs. The first of its units is the one whose cases its events are about."""

    name: str
    settings: Settings
    mongo: Mongo
    bus: Bus
    vault: Vault
    clock: Callable[[], datetime]
    units: dict[str, Unit[Any]]

    def unit(self, collection: str | None = None) -> Unit[Any]:
        return self.units[collection] if collection else next(iter(self.units.values()))

    def store(self, collection: str | None = None) -> Store[Any]:
        return self.unit(collection).store
