"""What a service process is told from outside, by environment variables that begin with ADUAN_."""

import base64
import os
import re
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_PROJECT = Path(__file__).parents[1]

DriverName = Literal["motor", "pymongo"]


class BrokerSettings(BaseSettings):
    """Where the broker is and which partner channels it serves."""

    # An error must not show the key that is wrong.
    model_config = SettingsConfigDict(env_prefix="ADUAN_", frozen=True, extra="ignore", hide_input_in_errors=True)

    amqp_url: SecretStr
    channels: tuple[str, ...] = Field(default=(), description="names of the partner channels, as a JSON array")

    @field_validator("channels")
    @classmethod
    def _names_are_plain(cls, channels: tuple[str, ...]) -> tuple[str, ...]:
        for name in channels:
            if not re.fullmatch("[a-z0-9-]+", name):
                raise ValueError(f"channel name {name!r} may hold only a-z, 0-9 and hyphens")
        return channels


class WebSettings(BaseSettings):
    """What everything that answers people needs: whose office it is, who signs in where, and how it meets browsers."""

    # An error must not show the key that is wrong.
    model_config = SettingsConfigDict(env_prefix="ADUAN_", frozen=True, extra="ignore", hide_input_in_errors=True)

    polres: str = Field(
        default="polres", min_length=1, max_length=64, description="the tenant that new cases belong to"
    )
    office: str = Field(
        default="POLRES",
        pattern=r"^[A-Z0-9][A-Z0-9 .-]{0,59}$",
        description="the office's name, as pages, papers and register numbers have it",
    )
    zone: ZoneInfo = Field(default=ZoneInfo("Asia/Jakarta"), description="whose clock people here go by")
    oidc_issuer: str = Field(pattern=r"^https?://[^\s?#]+$", description="the OpenID provider, as its tokens name it")
    oidc_audience: str = Field(default="aduan", min_length=1, description="what tokens for us name as their audience")
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="with it, the client named like the audience also asks whether a token is active"
    )
    oidc_person_claim: str = Field(default="sub", description="the claim of a token that is a person's id here")
    oidc_groups_claim: str = Field(default="groups", description="the claim that lists roles and units")
    oidc_groups: dict[str, str] = Field(
        default={}, description="a group of the provider → `role:<name>` or `unit:<name>`, where it is called otherwise"
    )
    otlp_endpoint: str | None = Field(default=None, description="where traces go; none are made without it")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    quota_factor: float = Field(default=1, gt=0, description="times what one address may do; more where many share one")
    origins: tuple[str, ...] = Field(
        default=(), description="of our pages, as `https://aduan.example`; people sign in at the first"
    )
    hsts_seconds: int = Field(default=0, ge=0, description="how long browsers insist on TLS; 0 where there is none")
    browsing_limit: int = Field(default=60, gt=0, description="cases that one person opens in an hour without an alarm")
    body_limit: int = Field(default=64 * 1024, gt=0, description="bytes of a request without files")
    taxonomy: Path = Field(
        default=Path("services/classification/taxonomy.csv"),
        validate_default=True,
        description="the categories; a relative path starts at the project's folder",
    )
    jurisdiction_file: Path = Field(
        default=Path("deploy/samples/jurisdiction.geojson"),
        validate_default=True,
        description="GeoJSON of the villages; a relative path starts at the project's folder",
    )
    map_tiles: str | None = Field(
        default=None, pattern=r"^https?://[^\s?#]+$", description="a tile server's `…/{z}/{x}/{y}.png`; none without it"
    )

    @field_validator("taxonomy", "jurisdiction_file")
    @classmethod
    def _in_the_project(cls, path: Path) -> Path:
        return _PROJECT / path

    @property
    def session_cookie(self) -> str:
        """The name of the cookie that holds who is signed in; a browser heeds the prefix, which needs TLS."""
        return "__Host-aduan" if self.origins and self.origins[0].startswith("https:") else "aduan"


class Settings(BrokerSettings, WebSettings):
    """Settings that every service on the shell needs; a service adds its own in a subclass."""

    mongo_url: SecretStr
    mongo_driver: DriverName = Field(default="motor", validation_alias="MONGO_DRIVER")
    mongo_prefix: str = Field(default="aduan_", description="a service's database is this and its name")
    sealing_keys: dict[str, SecretStr] = Field(description="`<part>.<number>` → 32 bytes in base64url; highest seals")
    audit_folder: Path | None = Field(default=None, description="where the audit's heads go each hour, if anywhere")
    audit_key: SecretStr | None = Field(default=None, description="signs the heads: 32 bytes in base64url")

    @field_validator("sealing_keys")
    @classmethod
    def _keys_are_whole(cls, keys: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for kid, key in keys.items():
            part, _, number = kid.partition(".")
            if not part or not number.isdecimal():
                raise ValueError(f"key id {kid!r} is not of the form <part>.<number>")
            if len(key_bytes(key)) != 32:
                raise ValueError(f"key {kid!r} is not 32 bytes in base64url")
        return keys

    @model_validator(mode="after")
    def _heads_are_signed(self) -> Self:
        if self.audit_key is not None and len(key_bytes(self.audit_key)) != 32:
            raise ValueError("audit_key is not 32 bytes in base64url")
        if self.audit_folder is not None and self.audit_key is None:
            raise ValueError("audit_folder needs an audit_key")
        return self


def key_bytes(key: SecretStr) -> bytes:
    """The bytes of a key that a setting holds in base64url, padded or not."""
    text = key.get_secret_value().rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def process_name(service: str) -> str:
    """A name for this process in broker connections and logs."""
    return f"{service}-{os.getpid()}"
