"""The services as they are, but in a test build: short retry tiers, a clock that is wrong, a point at which to die.

Nothing of this is in the product: it is put in from outside before a service is made. `python -m tests.faults.build`
makes the users of services and tools and declares the topology, with the same short tiers.
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from types import ModuleType

from fastapi import FastAPI

from deploy.local.environments import as_user
from deploy.local.layout import service_names
from shared import retries, topology
from shared.service import Service
from tests.faults.counting import AFTER, POINT, die_at

RETRY_SECONDS = (1, 4, 20)
CLOCK = "CLOCK_WRONG_BY"  # hours
COLLECTIONS: Mapping[str, str] = {  # where each service keeps what it has of a complaint
    "intake": "complaints",
    "verification": "verifications",
    "classification": "matters",
    "investigation": "cases",
    "mediation": "cases",
    "referral": "cases",
    "internal_affairs": "cases",
    "notification": "correspondence",
    "evaluation": "records",
}


def factory(name: str) -> str:
    return f"tests.faults.build:{name}"


def _build(name: str) -> FastAPI:
    _retry_soon()
    if POINT in os.environ:
        die_at(os.environ[POINT], int(os.environ[AFTER]))
    main = import_module(f"services.{name}.main")
    if CLOCK in os.environ:
        _put_clock_wrong(main, timedelta(hours=float(os.environ[CLOCK])))
    made: FastAPI = main.app()
    return made


def __getattr__(name: str) -> Callable[[], FastAPI]:
    """A factory for every service that there is, by its name."""
    if name not in service_names():
        raise AttributeError(name)
    return partial(_build, name)


def _retry_soon() -> None:
    for module in (topology, retries):
        vars(module)["RETRY_SECONDS"] = RETRY_SECONDS


def _put_clock_wrong(main: ModuleType, by: timedelta) -> None:
    # In the module that puts the service together, since a process that was forked has long read it.
    create = vars(main)["create_app"]

    def create_app(service: Service) -> FastAPI:
        made: FastAPI = create(replace(service, clock=lambda: datetime.now(UTC) + by))
        return made

    vars(main)["create_app"] = create_app


if __name__ == "__main__":
    _retry_soon()
    # Read only now, so that the users are allowed the short tiers.
    accounts, databases = import_module("deploy.broker"), import_module("deploy.database")
    settings = accounts.AccountSettings()
    accounts.apply(settings)
    databases.apply(databases.DatabaseSettings())
    tool, password = "topology", settings.amqp_passwords["topology"].get_secret_value()
    own = as_user(settings.amqp_url.get_secret_value(), tool, password)
    asyncio.run(topology.declare(own, settings.channels))
