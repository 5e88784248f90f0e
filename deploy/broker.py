"""Accounts on the broker: everybody may read their own queues and write under their own routing keys, nothing else.

`python -m deploy.broker` creates or renews those of the services, of the operator's tools and of the partner channels
over the management API, which is safe to repeat; `print` shows what each may do. `deploy.agency` does the same for an
agency when it is registered.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
from pydantic import Field, SecretStr

from shared.contracts.catalogue import CONSUMERS, PRODUCERS
from shared.contracts.envelope import LANES, routing_key
from shared.settings import BrokerSettings
from shared.topology import (
    AGENCY_REPLIES_EXCHANGE,
    AUDIT_STREAM,
    DOORS,
    EVENTS_EXCHANGE,
    QUEUES_EXCHANGE,
    RETRY_SECONDS,
    SUBMISSIONS_EXCHANGE,
    agency_user,
    lane_queue,
    parked_queue,
    referrals_queue,
    replies_queue,
    retry_exchange,
    topology,
)

NOTHING, ANYTHING = "^$", ".*"
_PARTNER = "[a-z0-9-]+"
# Whom a service answers on queues of their own: the names of those queues.
_ANSWERS: Mapping[str, str] = {
    "intake": rf"channel\.{_PARTNER}\.replies",
    "referral": rf"partner\.{_PARTNER}\.referrals",
}


class AccountSettings(BrokerSettings):
    """Where the management API is, and the passwords of services and tools, and of partner channels, by user."""

    broker_api: SecretStr
    amqp_passwords: dict[str, SecretStr] = Field(default_factory=dict)
    channel_passwords: dict[str, SecretStr] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Account:
    """A user and what it may do: on queues and exchanges, and on each exchange with which routing keys."""

    user: str
    permissions: Mapping[str, str]
    keys: tuple[Mapping[str, str], ...]


def limited(user: str, reads: Iterable[str], writes: Mapping[str, Iterable[str]]) -> Account:
    """A user that declares and binds nothing. `writes` says for each exchange under which routing keys, as patterns.

    Routing keys are limited on every exchange that it may write to: where no limit is set, RabbitMQ knows none.
    """
    permissions = {
        "configure": NOTHING,
        "write": _one_of(map(re.escape, writes)),
        "read": _one_of(map(re.escape, reads)),
    }
    keys = ({"exchange": name, "write": _one_of(patterns), "read": NOTHING} for name, patterns in writes.items())
    return Account(user, permissions, tuple(keys))


def _one_of(patterns: Iterable[str]) -> str:
    return f"^({'|'.join(patterns)})$"


def service_account(service: str) -> Account:
    """A service reads its lanes, says its own events, and sends what it must try again or give up on its own way."""
    lanes = [lane_queue(service, lane) for lane in LANES]
    events = [re.escape(routing_key(event.wire, lane)) for event in PRODUCERS.get(service, ()) for lane in LANES]
    own = [re.escape(lane) for lane in lanes]
    queues = [re.escape(parked_queue(service)), *([_ANSWERS[service]] if service in _ANSWERS else [])]
    tiers = {retry_exchange(seconds): own for seconds in RETRY_SECONDS}
    return limited(service, lanes, {EVENTS_EXCHANGE: events, QUEUES_EXCHANGE: queues, **tiers})


def tool_accounts() -> tuple[Account, ...]:
    """The operator's tools: who declares may write no message, who replays reaches lanes alone, and who reads the audit
    may put its mark there."""
    wanted = topology()
    # Whoever declares a queue that gives messages on must be able to read it, and to write to where it gives them.
    giving = (queue.name for queue in wanted.queues if "x-dead-letter-exchange" in queue.arguments)
    queues = (QUEUES_EXCHANGE, *(queue.name for queue in wanted.queues))
    declaring = {
        "configure": ANYTHING,
        "write": _one_of((*map(re.escape, queues), *_ANSWERS.values())),
        "read": _one_of(map(re.escape, (*wanted.exchanges, *giving))),
    }
    keys = tuple({"exchange": name, "write": NOTHING, "read": ANYTHING} for name in wanted.exchanges)
    lanes = [re.escape(lane_queue(service, lane)) for service in CONSUMERS for lane in LANES]
    return (
        Account("topology", declaring, keys),
        limited("replay", map(parked_queue, CONSUMERS), {QUEUES_EXCHANGE: lanes}),
        limited("rebuild", [AUDIT_STREAM], {QUEUES_EXCHANGE: [re.escape(AUDIT_STREAM)]}),
    )


def channel_user(channel: str) -> str:
    return f"channel-{channel}"


def channel_account(channel: str) -> Account:
    return _partner_account(channel_user(channel), channel, SUBMISSIONS_EXCHANGE, replies_queue(channel))


def agency_account(agency: str) -> Account:
    return _partner_account(agency_user(agency), agency, AGENCY_REPLIES_EXCHANGE, referrals_queue(agency))


def _partner_account(user: str, partner: str, exchange: str, queue: str) -> Account:
    verb = dict(DOORS.values())[exchange]
    return limited(user, [queue], {exchange: [rf"{re.escape(partner)}\.{verb}\.({'|'.join(LANES)})"]})


def machine_accounts() -> tuple[Account, ...]:
    """All services and tools."""
    return (*map(service_account, CONSUMERS), *tool_accounts())


def apply(settings: AccountSettings) -> None:
    """Creates the users of services, tools and channels. Raises KeyError for one without a password,
    httpx.HTTPError."""
    for account in machine_accounts():
        open_account(settings, account, settings.amqp_passwords[account.user].get_secret_value())
    for channel in settings.channels:
        open_account(settings, channel_account(channel), settings.channel_passwords[channel].get_secret_value())


def open_account(settings: AccountSettings, account: Account, password: str) -> None:
    """Creates or renews a user with its permissions. Raises httpx.HTTPError."""
    vhost = quote(urlsplit(settings.amqp_url.get_secret_value()).path.removeprefix("/") or "/", safe="")
    with httpx.Client(base_url=settings.broker_api.get_secret_value(), timeout=10) as api:
        # Permissions first would fail for a user that is not there; a user without any can do nothing.
        _put(api, f"/api/users/{account.user}", {"password": password, "tags": ""})
        for limits in account.keys:
            _put(api, f"/api/topic-permissions/{vhost}/{account.user}", limits)
        _put(api, f"/api/permissions/{vhost}/{account.user}", account.permissions)


def _put(api: httpx.Client, path: str, body: Mapping[str, Any]) -> None:
    api.put(path, json=body).raise_for_status()


def describe(accounts: Iterable[Account]) -> str:
    """What each user may do as text, for people."""
    lines = ["users"]
    for account in accounts:
        allowed = ", ".join(f"{verb} {pattern}" for verb, pattern in account.permissions.items() if pattern != NOTHING)
        lines.append(f"  {account.user}: {allowed}")
        lines += [f"    → {limits['exchange']}  {limits['write']}" for limits in account.keys]
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:] == ["print"]:
        print(describe(machine_accounts()))
    elif sys.argv[1:]:
        sys.exit("usage: python -m deploy.broker [print]")
    else:
        apply(AccountSettings())
