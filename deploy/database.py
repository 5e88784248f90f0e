"""Users of the database: each service reads and writes its own database and sees no other.

`python -m deploy.database` creates or renews them as the administrator that `ADUAN_MONGO_URL` names; it is safe to
repeat. A user is called like its database.
"""

from typing import Any

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from shared.contracts.catalogue import CONSUMERS

_THERE_ALREADY = 51003


class DatabaseSettings(BaseSettings):
    """The administrator's way in, and the password of each service."""

    model_config = SettingsConfigDict(env_prefix="ADUAN_", frozen=True, extra="ignore", hide_input_in_errors=True)

    mongo_url: SecretStr
    mongo_prefix: str = "aduan_"
    mongo_passwords: dict[str, SecretStr] = Field(default_factory=dict)


def apply(settings: DatabaseSettings) -> None:
    """Creates or renews the user of each service. Raises KeyError for one without a password, PyMongoError."""
    with MongoClient[dict[str, Any]](settings.mongo_url.get_secret_value(), tz_aware=True) as client:
        for service in CONSUMERS:
            password = settings.mongo_passwords[service].get_secret_value()
            _open_account(client, f"{settings.mongo_prefix}{service}", password)


def _open_account(client: "MongoClient[dict[str, Any]]", database: str, password: str) -> None:
    granted: dict[str, Any] = {"pwd": password, "roles": [{"role": "readWrite", "db": database}]}
    try:
        client.admin.command("createUser", database, **granted)
    except OperationFailure as error:
        if error.code != _THERE_ALREADY:
            raise
        client.admin.command("updateUser", database, **granted)


if __name__ == "__main__":
    apply(DatabaseSettings())
