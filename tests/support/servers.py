"""The real broker and database that tests run on: URLs from the environment, else containers, else native processes."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

AMQP, MONGO = "ADUAN_TEST_AMQP_URL", "ADUAN_TEST_MONGO_URL"
BROKER_API = "ADUAN_TEST_BROKER_API"


@dataclass(frozen=True)
class Servers:
    amqp_url: str
    mongo_url: str
    broker_api: str = ""


@contextmanager
def servers() -> Iterator[Servers]:
    """Both servers, for as long as the context lasts; servers given by URL are only used, never stopped."""
    if AMQP in os.environ and MONGO in os.environ:
        yield Servers(os.environ[AMQP], os.environ[MONGO], os.environ.get(BROKER_API, ""))
    elif _docker_answers():
        yield from _containers()
    else:
        yield from _native()


def _docker_answers() -> bool:
    try:
        return subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False).returncode == 0
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False


def _containers() -> Iterator[Servers]:
    from testcontainers.mongodb import MongoDbContainer
    from testcontainers.rabbitmq import RabbitMqContainer

    with ExitStack() as stack:
        rabbit = stack.enter_context(RabbitMqContainer("rabbitmq:4-management").with_exposed_ports(15672))
        # As compose.yaml does: accounts in a set need a key by which its members know each other.
        key = "/data/configdb/key"
        keyed = f"echo bm90YXNlY3JldA== > {key} && chmod 400 {key} && chown mongodb {key}"
        started = f"{keyed} && exec docker-entrypoint.sh mongod --replSet rs0 --bind_ip_all --keyFile {key}"
        mongo = stack.enter_context(MongoDbContainer("mongo:8").with_command(["bash", "-c", started]))
        account = mongo.username, mongo.password
        parameters = rabbit.get_connection_params()
        user, password = rabbit.username, rabbit.password
        host, port = mongo.get_container_host_ip(), mongo.get_exposed_port(27017)
        mongo.exec(["mongosh", "--quiet", "-u", account[0], "-p", account[1], "--eval", "rs.initiate()"])
        yield Servers(
            f"amqp://{user}:{password}@{parameters.host}:{parameters.port}/",
            f"mongodb://{account[0]}:{account[1]}@{host}:{port}/?directConnection=true",
            f"http://{user}:{password}@{parameters.host}:{rabbit.get_exposed_port(15672)}",
        )


def _native() -> Iterator[Servers]:
    from deploy.local.servers import LocalServers

    with tempfile.TemporaryDirectory(prefix="aduan-tests-") as folder, LocalServers(Path(folder)) as local:
        yield Servers(local.amqp_url, local.mongo_url, local.rabbitmq.api)
