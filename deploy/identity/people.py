"""Who can sign in at the start, with which roles and units, and the programs that people sign in to."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

_SAMPLES = Path(__file__).parents[1] / "samples"
ADMINISTRATOR = "admin"  # of the provider itself; has no part in complaints
PORTAL, SERVICES = "portal", "aduan"


def dump(told: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The content of a fresh provider, as its own `restore` command reads it."""
    people = {ADMINISTRATOR: ("Admin", [ADMINISTRATOR]), **{i: (n, g) for i, n, g in officers(told["ADUAN_POLRES"])}}
    groups = sorted({group for _, named in people.values() for group in named})
    return {
        "user": [_user(id_, name, groups, told) for id_, (name, groups) in people.items()],
        "group": [{"id": _id(f"group {group}"), "display_name": group} for group in groups],
        "client": _clients(told),
    }


def officers(polres: str) -> Iterator[tuple[str, str, list[str]]]:
    """Everybody of the sample office: id, name and groups."""
    desks = json.loads((_SAMPLES / "officers.json").read_text("utf-8"))
    roster = json.loads((_SAMPLES / "roster.json").read_text("utf-8"))
    villages = json.loads((_SAMPLES / "village_officers.json").read_text("utf-8"))
    for each in (
        *({**officer, "roles": [officer["post"]]} for officer in roster["officers"]),
        *(
            {**crew, "name": crew["call_sign"], "roles": ["patrol"], "units": [crew["unit"]]}
            for crew in roster["patrols"]
        ),
        *({**officer, "roles": ["bhabinkamtibmas"]} for officer in villages["officers"]),
        # Somebody at a desk may be on a roster too, to be given matters; the desk says what they are.
        *desks,
    ):
        units = (polres, *each.get("units", ()))
        groups = [*(f"role:{role}" for role in each["roles"]), *(f"unit:{unit}" for unit in units)]
        yield each["id"], each["name"], groups


def _user(id_: str, name: str, groups: list[str], told: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": _id(f"user {id_}"),
        "user_name": id_,
        "family_name": name,
        "formatted_name": name,
        "emails": [f"{id_}@aduan.invalid"],
        "password": told["ADUAN_IDENTITY_PASSWORD"],
        "groups": [_id(f"group {group}") for group in groups],
    }


def _clients(told: Mapping[str, str]) -> list[dict[str, Any]]:
    """The portal, where people sign in by code and PKCE, and the services, for whom its tokens are meant."""
    services = {
        "client_id": SERVICES,
        "client_secret": told["ADUAN_OIDC_CLIENT_SECRET"],
        "grant_types": ["client_credentials"],
        "scope": ["openid"],
    }
    # Where its pages are, and the address that the office names, by which the demo and programs sign in.
    origins = [*json.loads(told.get("ADUAN_ORIGINS", "[]")), f"https://{told['ADUAN_SITE']}"]
    portal = {
        "client_id": PORTAL,
        "client_secret": told["ADUAN_PORTAL_SECRET"],
        "client_uri": f"https://{told['ADUAN_SITE']}",
        "redirect_uris": [f"{origin}/signed-in" for origin in origins],
        "post_logout_redirect_uris": [f"{origin}/" for origin in origins],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "scope": ["openid", "profile", "groups"],
        # Its own name too: only by an ID token that is meant for it may it end a session at the provider.
        "audience": [_id(f"client {SERVICES}"), _id(f"client {PORTAL}")],
        # Of its access tokens too; by itself it would take an algorithm that the services do not accept.
        "id_token_signed_response_alg": "RS256",
    }
    shared = {"token_endpoint_auth_method": "client_secret_basic", "audience": [_id(f"client {SERVICES}")]}
    return [
        {"id": _id(f"client {c['client_id']}"), "client_name": c["client_id"], **shared, **c}
        for c in (services, portal)
    ]


def _id(what: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"aduan {what}"))
