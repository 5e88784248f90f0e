"""A service of the product on the naive shell: `SERVICE=intake uvicorn --factory benchmarks.naive.app:app`."""

import os
from importlib import import_module

from fastapi import FastAPI

import shared.bus
import shared.service
from benchmarks.naive.unit import NaiveUnit


def app() -> FastAPI:
    # Put in from outside before the service is made: the product itself has no switch for a slower shell.
    vars(shared.service)["Unit"] = NaiveUnit
    vars(shared.bus)["PREFETCH"] = {"urgent": 1, "normal": 1}
    made: FastAPI = import_module(f"services.{os.environ['SERVICE']}.main").app()
    return made
