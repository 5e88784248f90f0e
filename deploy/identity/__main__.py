"""`python -m deploy.identity --bind host:port`: fills an empty provider and becomes it, where canaille is installed."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from joserfc.jwk import RSAKey

from deploy.identity.people import dump

_CONFIGURATION = Path(__file__).with_name("canaille.toml")
_DATABASE = "CANAILLE_SQL__DATABASE_URI"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m deploy.identity", description=__doc__)
    parser.add_argument("--bind", required=True)
    given = parser.parse_args()
    folder = Path(os.environ["ADUAN_IDENTITY_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    program = str(Path(sys.executable).with_name("canaille"))
    database = folder / "canaille.sqlite"
    address = urlsplit(os.environ["ADUAN_IDENTITY_URL"])
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ADUAN_")},
        "CANAILLE_CONFIG": str(_CONFIGURATION),
        "SECRET_KEY": os.environ["ADUAN_IDENTITY_SECRET"],
        "SERVER_NAME": address.netloc,
        "PREFERRED_URL_SCHEME": address.scheme,
        "CANAILLE_OIDC__ACTIVE_JWKS": json.dumps([_key(folder / "key.json")]),
        "CANAILLE_OIDC__TRUSTED_DOMAINS": os.environ["ADUAN_SITE"],
    }
    if not database.exists():
        _fill(database, program, environment)
    os.execve(program, [program, "run", "--bind", given.bind], environment | {_DATABASE: f"sqlite:///{database}"})


def _fill(database: Path, program: str, environment: dict[str, str]) -> None:
    """Makes the database beside its place, so that one that was left half filled is never used."""
    fresh = database.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    told = environment | {_DATABASE: f"sqlite:///{fresh}"}
    for command, content in (("install", None), ("restore", json.dumps(dump(os.environ)))):
        subprocess.run([program, command], input=content, env=told, text=True, check=True)
    fresh.chmod(0o600)
    fresh.replace(database)


def _key(file: Path) -> dict[str, str]:
    """The key that tokens are signed with, made once."""
    if not file.exists():
        fresh = file.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True)))
        fresh.replace(file)
    key: dict[str, str] = json.loads(file.read_text())
    return key


if __name__ == "__main__":
    main()
