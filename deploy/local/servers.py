"""Broker and database together, for the local run and for tests."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local.mongodb import MongoDB
from deploy.local.process import free_ports
from deploy.local.rabbitmq import RabbitMQ, RabbitPorts


class LocalServers:
    """RabbitMQ and MongoDB in one folder, on the ports given or on free ones."""

    def __init__(self, folder: Path, ports: list[int] | None = None) -> None:
        amqp, management, epmd, distribution, database = ports or free_ports(5)
        self.rabbitmq = RabbitMQ(folder / "rabbitmq", RabbitPorts(amqp, management, epmd, distribution))
        self.mongodb = MongoDB(folder / "mongodb", database)

    @property
    def amqp_url(self) -> str:
        return self.rabbitmq.url

    @property
    def mongo_url(self) -> str:
        return self.mongodb.url

    def start(self) -> None:
        """Starts both beside each other; if one fails, neither is left running."""
        try:
            with ThreadPoolExecutor(2) as pool:
                for done in [pool.submit(self.rabbitmq.start), pool.submit(self.mongodb.start)]:
                    done.result()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(self.rabbitmq.stop), pool.submit(self.mongodb.stop)]:
                done.result()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
