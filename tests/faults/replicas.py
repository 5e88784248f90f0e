"""Three native mongods as one replica set: its primary can be made to step down, or killed."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure

from deploy.local.mongodb import MongoDB, _binary
from deploy.local.process import Child, free_ports

_SECONDS = 60
_ALREADY_INITIALISED = 23


class ReplicaSet(MongoDB):
    """A set of three that elects anew within about two seconds."""

    def __init__(self, folder: Path) -> None:
        self.ports = free_ports(3)
        self.members = [_member(folder / str(port), port) for port in self.ports]

    @property
    def url(self) -> str:
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        return f"mongodb://{hosts}/?replicaSet=three"

    @property
    def pids(self) -> list[int]:
        return [member.pid for member in self.members]

    def start(self) -> None:
        for member in self.members:
            if not member.alive:
                member.start()
        for port, member in zip(self.ports, self.members, strict=True):
            member.wait_until(partial(_asked, port, lambda client: client.admin.command("ping")), _SECONDS)
        _asked(self.ports[0], self._initiate)
        self.members[0].wait_until(lambda: self.primary() is not None, _SECONDS)

    def stop(self) -> None:
        for member in self.members:
            member.stop()

    def kill(self) -> None:
        """Kills the primary alone."""
        primary = self.primary()
        assert primary is not None, "there is no primary to kill"
        self.members[primary].kill()

    def step_down(self) -> None:
        """Makes the primary a secondary for 20 seconds, whatever is under way."""
        primary = self.primary()
        assert primary is not None, "there is no primary to step down"
        _asked(self.ports[primary], lambda client: client.admin.command("replSetStepDown", 20, force=True))

    def primary(self) -> int | None:
        """Which member takes writes; None where none does."""
        for index, port in enumerate(self.ports):
            if _asked(port, lambda client: client.admin.command("hello")["isWritablePrimary"]):
                return index
        return None

    def _initiate(self, client: "MongoClient[dict[str, Any]]") -> None:
        members = [{"_id": index, "host": f"127.0.0.1:{port}"} for index, port in enumerate(self.ports)]
        settings = {"electionTimeoutMillis": 2000, "heartbeatIntervalMillis": 500}
        try:
            client.admin.command("replSetInitiate", {"_id": "three", "members": members, "settings": settings})
        except OperationFailure as error:
            if error.code != _ALREADY_INITIALISED:
                raise


def _member(folder: Path, port: int) -> Child:
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    command = [
        *(str(_binary()), "--dbpath", str(data), "--bind_ip", "127.0.0.1", "--port", str(port)),
        *("--replSet", "three", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64", "--quiet"),
        *("--nounixsocket", "--setParameter", "diagnosticDataCollectionEnabled=false"),
    ]
    return Child("MongoDB", command, {"PATH": os.environ["PATH"], "HOME": str(folder)}, folder / "mongod.log")


def _asked(port: int, question: Callable[["MongoClient[dict[str, Any]]"], Any]) -> Any:
    """The answer of one member; None where it does not answer."""
    client: MongoClient[dict[str, Any]] = MongoClient(
        "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=500
    )
    try:
        return question(client)
    except ConnectionFailure:
        return None
    finally:
        client.close()
