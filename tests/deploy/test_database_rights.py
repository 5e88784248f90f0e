"""The users of services on the database see and change their own database and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from deploy import database
from deploy.local.environments import as_user
from shared.contracts.catalogue import CONSUMERS
from tests.support.room import key
from tests.support.servers import Servers

SERVICES = sorted(CONSUMERS)
OTHER = dict(zip(SERVICES, [*SERVICES[1:], SERVICES[0]], strict=True))
UNAUTHORIZED = 13


@pytest.fixture(scope="module")
def databases(real_servers: Servers) -> Iterator[str]:
    """The prefix of databases that each have one document and a user; made twice, since that must be safe."""
    prefix = f"test_{uuid4().hex[:8]}_"
    settings = database.DatabaseSettings(
        mongo_url=SecretStr(real_servers.mongo_url),
        mongo_prefix=prefix,
        mongo_passwords={service: SecretStr(key(service)) for service in SERVICES},
    )
    with MongoClient[dict[str, Any]](real_servers.mongo_url) as client:
        for service in SERVICES:
            client[f"{prefix}{service}"].cases.insert_one({"_id": "kept"})
        for _ in range(2):
            database.apply(settings)
        yield prefix
        for service in SERVICES:
            client.drop_database(f"{prefix}{service}")
            client.admin.command("dropUser", f"{prefix}{service}")


@contextmanager
def connected(servers: Servers, prefix: str, service: str) -> Iterator["MongoClient[dict[str, Any]]"]:
    with MongoClient[dict[str, Any]](as_user(servers.mongo_url, f"{prefix}{service}", key(service))) as client:
        yield client


DATABASE: dict[str, Callable[["MongoClient[dict[str, Any]]", str], object]] = {
    "read another's database": lambda client, other: client[other].cases.find_one(),
    "write into another's database": lambda client, other: client[other].cases.insert_one({}),
    "change another's documents": lambda client, other: client[other].cases.update_many({}, {"$set": {"x": 1}}),
    "delete another's documents": lambda client, other: client[other].cases.delete_many({}),
    "list another's collections": lambda client, other: client[other].list_collection_names(),
    "make an index for another": lambda client, other: client[other].cases.create_index("x"),
    "drop another's database": lambda client, other: client.drop_database(other),
    "begin a database": lambda client, other: client["its_own"].cases.insert_one({}),
    "read the users": lambda client, other: client.admin["system.users"].find_one(),
    "make a user": lambda client, other: client.admin.command("createUser", "x", pwd="x", roles=["root"]),
    "read the log of changes": lambda client, other: client.local["oplog.rs"].find_one(),
    "see what others do": lambda client, other: client.admin.command({"currentOp": 1, "$all": True}),
    "shut it down": lambda client, other: client.admin.command("shutdown"),
}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("attempt", DATABASE.values(), ids=DATABASE.keys())
def test_a_service_is_refused_by_the_database_to(
    databases: str, real_servers: Servers, service: str, attempt: Callable[..., object]
) -> None:
    with connected(real_servers, databases, service) as client, pytest.raises(OperationFailure) as refused:
        attempt(client, f"{databases}{OTHER[service]}")
    assert refused.value.code == UNAUTHORIZED


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_sees_no_database_but_its_own(databases: str, real_servers: Servers, service: str) -> None:
    with connected(real_servers, databases, service) as client:
        assert client.list_database_names() == [f"{databases}{service}"]
        cases = client[f"{databases}{service}"].cases
        assert cases.find_one() == {"_id": "kept"}
        cases.create_index("x")
        cases.update_one({"_id": "kept"}, {"$unset": {"x": 1}}, upsert=True)


def test_a_stranger_is_refused_by_the_database(databases: str, real_servers: Servers) -> None:
    url = real_servers.mongo_url.replace(real_servers.mongo_url.partition("//")[2].partition("@")[0] + "@", "")
    with MongoClient[dict[str, Any]](url) as client, pytest.raises(OperationFailure) as refused:
        client[f"{databases}intake"].cases.find_one()
    assert refused.value.code == UNAUTHORIZED
