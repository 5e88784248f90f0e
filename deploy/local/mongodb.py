"""A real mongod as a replica set of one, in a folder of its own, on the loopback address alone, with accounts."""

import base64
import os
import secrets
import shutil
import stat
import sysconfig
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.process import Child, NotStarted, remembered

_SECONDS = 60
_SET = "aduan"
_UNKNOWN_USER, _INITIALISED = 18, 23
USER = "aduan"


class MongoDB:
    """A database that can be stopped, killed and started again on the same data and port."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        data = folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        self._password = remembered(folder / "password", secrets.token_urlsafe(24))
        # Members of a set know each other by it; without one, a set takes no accounts.
        key = folder / "key"
        remembered(key, base64.b64encode(secrets.token_bytes(96)).decode())
        command = [
            *(str(_binary()), "--dbpath", str(data), "--bind_ip", "127.0.0.1", "--port", str(port)),
            *(
                "--keyFile",
                str(key),
                "--replSet",
                _SET,
                "--wiredTigerCacheSizeGB",
                "0.5",
                "--oplogSize",
                "512",
                "--quiet",
            ),
            *("--nounixsocket", "--setParameter", "diagnosticDataCollectionEnabled=false"),
        ]
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        self._server = Child("MongoDB", command, environment, folder / "mongod.log")

    @property
    def url(self) -> str:
        """With the administrator's name and password."""
        return f"mongodb://{USER}:{self._password}@127.0.0.1:{self.port}/?replicaSet={_SET}"

    @property
    def pids(self) -> list[int]:
        return [self._server.pid]

    def start(self) -> None:
        """Starts it, makes it a replica set the first time and waits till it takes writes. Raises NotStarted."""
        self._server.start()
        with self._client() as stranger, self._client(f"{USER}:{self._password}@") as administrator:
            self._server.wait_until(lambda: self._takes_writes(stranger, administrator), _SECONDS)

    def _client(self, account: str = "") -> "MongoClient[dict[str, Any]]":
        url = f"mongodb://{account}127.0.0.1:{self.port}/?directConnection=true"
        return MongoClient(url, serverSelectionTimeoutMS=500)

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self._server.kill()

    def stop(self) -> None:
        self._server.stop()

    def _takes_writes(
        self, stranger: "MongoClient[dict[str, Any]]", administrator: "MongoClient[dict[str, Any]]"
    ) -> bool:
        try:
            primary = stranger.admin.command("hello").get("isWritablePrimary")
            try:
                administrator.admin.command("ping")
            except OperationFailure as error:
                if error.code != _UNKNOWN_USER:
                    raise
                _found(stranger, self.port, self._password if primary else None)
                return False
            if not primary:
                self._move(administrator)
        except PyMongoError:
            return False
        return bool(primary)

    def _move(self, administrator: "MongoClient[dict[str, Any]]") -> None:
        """Moves the set when the data was last used on another port."""
        member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
        present = administrator.admin.command("replSetGetConfig")["config"]
        if present["members"][0]["host"] != member["host"]:
            moved = {"_id": _SET, "version": present["version"] + 1, "members": [member]}
            administrator.admin.command("replSetReconfig", moved, force=True)


def _found(stranger: "MongoClient[dict[str, Any]]", port: int, password: str | None) -> None:
    """Makes it a set of one and then, with a password, its administrator. As long as there is none, MongoDB lets
    anybody on the same machine do that, and nothing else."""
    if password:
        stranger.admin.command("createUser", USER, pwd=password, roles=["root"])
        return
    try:
        members = [{"_id": 0, "host": f"127.0.0.1:{port}"}]
        stranger.admin.command("replSetInitiate", {"_id": _SET, "members": members})
    except OperationFailure as error:
        if error.code != _INITIALISED:
            raise


def _binary() -> Path:
    found = shutil.which("mongod")
    if found:
        return Path(found)
    packaged = Path(sysconfig.get_path("purelib")) / "fiftyone" / "db" / "bin" / "mongod"
    if not packaged.exists():
        raise NotStarted("mongod is missing (run `make setup`, or install MongoDB).")
    packaged.chmod(packaged.stat().st_mode | stat.S_IXUSR)
    return packaged
