"""Accounts on the broker: each partner channel may write its own submissions and read its own replies, nothing else.

`python -m deploy.broker` creates or renews them over the management API; it is safe to repeat.
"""

import re
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from pydantic import Field, SecretStr

from shared.contracts.envelope import LANES
from shared.settings import BrokerSettings
from shared.topology import SUBMISSIONS_EXCHANGE, replies_queue

NOTHING = "^$"


class AccountSettings(BrokerSettings):
    """Where the management API is, and the password of each partner channel."""

    broker_api: SecretStr
    channel_passwords: dict[str, SecretStr] = Field(default_factory=dict)


def permissions(channel: str) -> tuple[dict[str, str], dict[str, str]]:
    """What a channel's user may do: on queues and exchanges, and with which routing keys.

    Both are set together: without topic permissions, RabbitMQ would let it write under another channel's key.
    """
    general = {
        "configure": NOTHING,
        "write": f"^{re.escape(SUBMISSIONS_EXCHANGE)}$",
        "read": f"^{re.escape(replies_queue(channel))}$",
    }
    topic = {
        "exchange": SUBMISSIONS_EXCHANGE,
        "write": rf"^{re.escape(channel)}\.submit\.({'|'.join(LANES)})$",
        "read": NOTHING,
    }
    return general, topic


def channel_user(channel: str) -> str:
    return f"channel-{channel}"


def apply(settings: AccountSettings) -> None:
    """Creates the users with their permissions. Raises KeyError for a channel without a password, httpx.HTTPError."""
    vhost = quote(urlsplit(settings.amqp_url.get_secret_value()).path.removeprefix("/") or "/", safe="")
    with httpx.Client(base_url=settings.broker_api.get_secret_value(), timeout=10) as api:
        for channel in settings.channels:
            user = channel_user(channel)
            password = settings.channel_passwords[channel].get_secret_value()
            general, topic = permissions(channel)
            # Permissions first would fail for a user that is not there; a user without any can do nothing.
            _put(api, f"/api/users/{user}", {"password": password, "tags": ""})
            _put(api, f"/api/topic-permissions/{vhost}/{user}", topic)
            _put(api, f"/api/permissions/{vhost}/{user}", general)


def _put(api: httpx.Client, path: str, body: dict[str, Any]) -> None:
    api.put(path, json=body).raise_for_status()


if __name__ == "__main__":
    apply(AccountSettings())
