"""A real mongod as a replica set of one, in a folder of its own, on the loopback address alone."""

import os
import shutil
import stat
import sysconfig
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.process import Child, NotStarted

_SECONDS = 60
_SET = "aduan"
_NOT_YET_INITIALISED = 94


class MongoDB:
    """A database that can be stopped, killed and started again on the same data and port."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        data = folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        command = [
            *(str(_binary()), "--dbpath", str(data), "--bind_ip", "127.0.0.1", "--port", str(port)),
            *("--replSet", _SET, "--wiredTigerCacheSizeGB", "0.5", "--oplogSize", "512", "--quiet"),
            *("--nounixsocket", "--setParameter", "diagnosticDataCollectionEnabled=false"),
        ]
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        self._server = Child("MongoDB", command, environment, folder / "mongod.log")

    @property
    def url(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/?replicaSet={_SET}"

    @property
    def pids(self) -> list[int]:
        return [self._server.pid]

    def start(self) -> None:
        """Starts it, makes it a replica set the first time and waits till it takes writes. Raises NotStarted."""
        self._server.start()
        client: MongoClient[dict[str, Any]] = MongoClient(
            "127.0.0.1", self.port, directConnection=True, serverSelectionTimeoutMS=500
        )
        try:
            self._server.wait_until(lambda: self._takes_writes(client), _SECONDS)
        finally:
            client.close()

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self._server.kill()

    def stop(self) -> None:
        self._server.stop()

    def _takes_writes(self, client: "MongoClient[dict[str, Any]]") -> bool:
        try:
            hello = client.admin.command("hello")
            if hello.get("isWritablePrimary"):
                return True
            self._configure(client)
        except PyMongoError:
            return False
        return False

    def _configure(self, client: "MongoClient[dict[str, Any]]") -> None:
        """Makes it a set of one, and moves the set when the data was last used on another port."""
        member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
        try:
            present = client.admin.command("replSetGetConfig")["config"]
        except OperationFailure as error:
            if error.code != _NOT_YET_INITIALISED:
                raise
            client.admin.command("replSetInitiate", {"_id": _SET, "members": [member]})
            return
        if present["members"][0]["host"] != member["host"]:
            moved = {"_id": _SET, "version": present["version"] + 1, "members": [member]}
            client.admin.command("replSetReconfig", moved, force=True)


def _binary() -> Path:
    found = shutil.which("mongod")
    if found:
        return Path(found)
    packaged = Path(sysconfig.get_path("purelib")) / "fiftyone" / "db" / "bin" / "mongod"
    if not packaged.exists():
        raise NotStarted("mongod is missing (run `make setup`, or install MongoDB).")
    packaged.chmod(packaged.stat().st_mode | stat.S_IXUSR)
    return packaged
