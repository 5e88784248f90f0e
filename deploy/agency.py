"""Registers partner agencies: queue, user on the broker, webhook secret and entry in referral's registry.

`python -m deploy.agency add --name damkar-sukamaju --title "Damkar Sukamaju" --partners Damkar …` makes the credentials
and prints them once; for an agency that is there already, it changes the entry and renews them.
`python -m deploy.agency load <file>` registers all agencies of a JSON file with the credentials of the environment, and
is safe to repeat.
"""

import argparse
import asyncio
import base64
import json
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx
from pydantic import Field, SecretStr, TypeAdapter, ValidationError

from deploy.broker import AccountSettings, agency_account, open_account
from services.referral.registry import Registration, Registry
from services.referral.registry import prepare as prepare_registry
from shared import names, topology
from shared.mongo import Mongo
from shared.sealing import Vault
from shared.settings import Settings

SERVICE = "referral"


class AgencySettings(AccountSettings, Settings):
    """What registering needs: broker, database, sealing keys, and the credentials of agencies that a file names."""

    agency_passwords: dict[str, SecretStr] = Field(default_factory=dict)
    agency_secrets: dict[str, SecretStr] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an agency proves itself with, on the broker and in webhooks."""

    password: str
    secret: str


def fresh() -> Credentials:
    return Credentials(secrets.token_urlsafe(24), f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}")


async def register(settings: AgencySettings, *made: tuple[Registration, Credentials]) -> None:
    """Makes everything that agencies need. Safe to repeat; the newest credentials count. Raises httpx.HTTPError."""
    agencies = tuple(agency.slug for agency, _ in made)
    await topology.declare(settings.amqp_url.get_secret_value(), agencies=agencies)
    mongo = Mongo(
        settings.mongo_url.get_secret_value(), f"{settings.mongo_prefix}{SERVICE}", settings.mongo_driver, "agency"
    )
    try:
        await prepare_registry(mongo)
        registry = Registry(mongo, Vault(settings.sealing_keys), settings.polres)
        for agency, credentials in made:
            await asyncio.to_thread(open_account, settings, agency_account(agency.slug), credentials.password)
            await registry.put(agency, credentials.secret)
    finally:
        await mongo.close()


def listed(settings: AgencySettings, file: Path) -> list[tuple[Registration, Credentials]]:
    """The agencies of a file. Raises KeyError for one without credentials in the environment."""
    passwords, hooks = settings.agency_passwords, settings.agency_secrets
    return [
        (agency, Credentials(passwords[agency.slug].get_secret_value(), hooks[agency.slug].get_secret_value()))
        for agency in TypeAdapter(list[Registration]).validate_json(file.read_bytes())
    ]


def registration(given: argparse.Namespace) -> Registration:
    """The agency that the arguments tell of. Raises pydantic's ValidationError, which names the field."""
    hours = None
    if given.hours != "24h":
        days, _, times = given.hours.partition(" ")
        opens, _, closes = times.partition("-")
        hours = {"days": days.lower().split(","), "opens": opens, "closes": closes}
    return Registration.model_validate(
        {
            "slug": given.name,
            "name": given.title or given.name,
            "partners": _listed(given.partners),
            "categories": _listed(given.categories),
            "villages": _listed(given.villages),
            "hours": hours,
            "zone": given.zone,
            "order": given.order,
            "transport": "webhook" if given.webhook else "broker",
            "url": given.webhook or None,
        }
    )


def unknown(settings: AgencySettings, agency: Registration) -> list[str]:
    """What the office's taxonomy does not know of an agency, by field. For such names nobody is ever asked."""
    known = {
        "partners": (agency.partners, names.partners(settings)),
        "categories": (agency.categories, [code for code, _ in names.categories(settings, "id")]),
    }
    return [
        f"{field}: {name} is not in the taxonomy, which knows {', '.join(listed)}"
        for field, (given, listed) in known.items()
        for name in given
        if name not in listed
    ]


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    line = argparse.ArgumentParser(prog="python -m deploy.agency", description=__doc__)
    commands = line.add_subparsers(dest="command", required=True)
    commands.add_parser("load").add_argument("file", type=Path)
    add = commands.add_parser("add")
    add.add_argument("--name", required=True, help="slug: a-z, 0-9 and hyphens")
    add.add_argument("--title", default="", help="as reporters are told it")
    add.add_argument("--partners", required=True, help="names in the taxonomy that it stands for, by semicolons")
    add.add_argument("--categories", default="", help="that it takes, by semicolons; all by default")
    add.add_argument("--villages", default="", help="prefixes of region codes, by semicolons; everywhere by default")
    add.add_argument("--hours", default="24h", help='"mon,tue,wed,thu,fri 08:00-16:00", or 24h')
    add.add_argument("--zone", default="Asia/Jakarta", help="its time zone")
    add.add_argument("--order", default="100", help="the lowest is asked first")
    add.add_argument("--webhook", default="", help="URL that offers go to instead of its queue")
    return line


def main() -> None:
    given = parser().parse_args()
    try:
        settings = AgencySettings()
        if given.command == "load":
            made = listed(settings, given.file)
            for agency, _ in made:
                # The taxonomy may have been edited since: no reason not to start.
                for wrong in unknown(settings, agency):
                    print(f"{agency.slug}: {wrong}", file=sys.stderr)
            asyncio.run(register(settings, *made))
            return
        agency, credentials = registration(given), fresh()
        if found := unknown(settings, agency):
            sys.exit("\n".join(found))
        asyncio.run(register(settings, (agency, credentials)))
    except ValidationError as error:
        sys.exit("\n".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)))
    except KeyError as missing:
        sys.exit(f"The environment holds no credentials for the agency {missing}.")
    except httpx.HTTPError as error:
        sys.exit(f"The broker's management API refused or did not answer: {type(error).__name__}.")
    shown = {
        "user": topology.agency_user(agency.slug),
        "password": credentials.password,
        "queue": topology.referrals_queue(agency.slug),
        "exchange": topology.AGENCY_REPLIES_EXCHANGE,
        "routing_key": f"{agency.slug}.reply.normal",
        "webhook_secret": credentials.secret,
    }
    print(json.dumps(shown, indent=2))
    print("Keep these now: they are shown once, and kept nowhere in the clear.", file=sys.stderr)


if __name__ == "__main__":
    main()
