"""A small OpenID provider for tests and the bench: its own keys, tokens of any kind, and it can change its mind."""

import base64
import json
import sys
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from shared.contracts.envelope import Person

AUDIENCE = "aduan"
LIFETIME = 8 * 3600
_DISCOVERY = "/.well-known/openid-configuration"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says what went wrong, unless whoever asked was killed over it."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Provider:
    """Listens from the start. What it says of a token is what stands in it, until it is told otherwise."""

    def __init__(self) -> None:
        self.key: ECKey | RSAKey = ECKey.generate_key("P-256", {"kid": "first"})
        self.published: list[Any] = [self.key.as_dict(private=False)]
        self.asked: list[str] = []  # the paths that were asked for
        self.secret = ""  # of the services' client; without one there is no introspection
        self.silent = False
        self.tells_of: dict[str, str] = {}  # a token → whom it speaks of instead of the token's person
        self._groups: dict[str, list[str] | None] = {}
        self._issued: dict[Person, str] = {}
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        Thread(target=self._server.serve_forever, args=(0.05,), name="provider", daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def token(self, person: Person) -> str:
        """A token of the person; the same one for the same roles and units."""
        if person not in self._issued:
            groups = [*(f"role:{role}" for role in person.roles), *(f"unit:{unit}" for unit in person.units)]
            self._issued[person] = self.sign(self.claims(person.id, sorted(groups)))
        return self._issued[person]

    def claims(self, subject: str, groups: list[str], now: float | None = None) -> dict[str, Any]:
        begun = int(time.time() if now is None else now)
        return {
            "iss": self.url,
            "aud": [AUDIENCE],
            "sub": subject,
            "groups": groups,
            "jti": uuid4().hex,
            "iat": begun,
            "nbf": begun,
            "exp": begun + LIFETIME,
        }

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        algorithm = "ES256" if isinstance(self.key, ECKey) else "RS256"
        return jwt.encode({"alg": algorithm, "kid": self.key.kid, **header}, claims, self.key)

    def says(self, token: str, groups: list[str]) -> None:
        """From now on it names these groups for the token's person."""
        self._groups[token] = groups

    def revoke(self, token: str) -> None:
        self._groups[token] = None

    def answer(self, path: str, authorization: str, form: str) -> tuple[int, dict[str, Any]]:
        self.asked.append(path)
        if self.silent:
            return 503, {}
        if path == _DISCOVERY:
            places = {"jwks_uri": "/keys", "userinfo_endpoint": "/userinfo", "introspection_endpoint": "/introspect"}
            return 200, {"issuer": self.url, **{name: f"{self.url}{place}" for name, place in places.items()}}
        if path == "/keys":
            return 200, {"keys": self.published}
        if path == "/userinfo":
            return self._userinfo(authorization.removeprefix("Bearer "))
        if path == "/introspect":
            return self._introspect(authorization, form)
        return 404, {}

    def _userinfo(self, token: str) -> tuple[int, dict[str, Any]]:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        if token in self._groups:
            claims["groups"] = self._groups[token]
            if claims["groups"] is None:
                return 401, {"error": "invalid_token"}
        return 200, {**claims, "sub": self.tells_of.get(token, claims["sub"])}

    def _introspect(self, authorization: str, form: str) -> tuple[int, dict[str, Any]]:
        wanted = base64.b64encode(f"{AUDIENCE}:{self.secret}".encode()).decode()
        if authorization != f"Basic {wanted}":
            return 401, {"error": "invalid_client"}
        token = form.removeprefix("token=").partition("&")[0]
        return 200, {"active": self._groups.get(token, []) is not None}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            status, content = provider.answer(self.path, self.headers.get("Authorization", ""), form)
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Says nothing: a test that fails says what it saw."""

    return Handler


class AtOnce:
    """Signs people in without any pages."""

    async def token(self, person: Person) -> str:
        return the_provider().token(person)


@cache
def the_provider() -> Provider:
    """The one of this process, which runs as long as it does."""
    return Provider()
