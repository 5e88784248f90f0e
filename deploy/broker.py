"""Accounts on the broker: each partner may write under its own routing key and read its own queue, nothing else.

`python -m deploy.broker` creates or renews those of the partner channels over the management API; it is safe to repeat.
`deploy.agency` does the same for an agency when it is registered.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from pydantic import Field, SecretStr

from shared.contracts.envelope import LANES
from shared.settings import BrokerSettings
from shared.topology import (
    AGENCY_REPLIES_EXCHANGE,
    DOORS,
    SUBMISSIONS_EXCHANGE,
    agency_user,
    referrals_queue,
    replies_queue,
)

NOTHING = "^$"


class AccountSettings(BrokerSettings):
    """Where the management API is, and the password of each partner channel."""

    broker_api: SecretStr
    channel_passwords: dict[str, SecretStr] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """A partner's user: `partner.verb.<lane>` is what it may write to the exchange, the queue what it may read."""

    user: str
    partner: str
    exchange: str
    queue: str

    def permissions(self) -> tuple[dict[str, str], dict[str, str]]:
        """What the user may do: on queues and exchanges, and with which routing keys.

        Both are set together: without topic permissions, RabbitMQ would let it write under another partner's key.
        """
        verb = dict(DOORS.values())[self.exchange]
        general = {
            "configure": NOTHING,
            "write": f"^{re.escape(self.exchange)}$",
            "read": f"^{re.escape(self.queue)}$",
        }
        topic = {
            "exchange": self.exchange,
            "write": rf"^{re.escape(self.partner)}\.{verb}\.({'|'.join(LANES)})$",
            "read": NOTHING,
        }
        return general, topic


def channel_user(channel: str) -> str:
    return f"channel-{channel}"


def channel_account(channel: str) -> Account:
    return Account(channel_user(channel), channel, SUBMISSIONS_EXCHANGE, replies_queue(channel))


def agency_account(agency: str) -> Account:
    return Account(agency_user(agency), agency, AGENCY_REPLIES_EXCHANGE, referrals_queue(agency))


def apply(settings: AccountSettings) -> None:
    """Creates the users of the channels. Raises KeyError for a channel without a password, httpx.HTTPError."""
    for channel in settings.channels:
        open_account(settings, channel_account(channel), settings.channel_passwords[channel].get_secret_value())


def open_account(settings: AccountSettings, account: Account, password: str) -> None:
    """Creates or renews a user with its permissions. Raises httpx.HTTPError."""
    vhost = quote(urlsplit(settings.amqp_url.get_secret_value()).path.removeprefix("/") or "/", safe="")
    general, topic = account.permissions()
    with httpx.Client(base_url=settings.broker_api.get_secret_value(), timeout=10) as api:
        # Permissions first would fail for a user that is not there; a user without any can do nothing.
        _put(api, f"/api/users/{account.user}", {"password": password, "tags": ""})
        _put(api, f"/api/topic-permissions/{vhost}/{account.user}", topic)
        _put(api, f"/api/permissions/{vhost}/{account.user}", general)


def _put(api: httpx.Client, path: str, body: dict[str, Any]) -> None:
    api.put(path, json=body).raise_for_status()


if __name__ == "__main__":
    apply(AccountSettings())
