"""The tests' OpenID provider, where people also sign in by code: strict about who trades a code, and for what."""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from shared.contracts.envelope import Person
from tests.support.provider import Provider

CLIENT, SECRET = "portal", "a secret of the portal's"
_PLACES = {
    "authorization_endpoint": "/authorize",
    "token_endpoint": "/token",
    "revocation_endpoint": "/revoke",
    "end_session_endpoint": "/end",
}


class Codes(Provider):
    """`signs_in` is what a person does at its pages."""

    def __init__(self, comes_back: str) -> None:
        super().__init__()
        self._comes_back = comes_back
        self._given: dict[str, tuple[Person, str]] = {}  # by code: who, and the challenge that its trader must meet

    def signs_in(self, address: str, person: Person) -> str:
        """Where the browser is sent once this person has signed in."""
        place = urlsplit(address)
        asked = {name: values[-1] for name, values in parse_qs(place.query).items()}
        assert f"{place.scheme}://{place.netloc}{place.path}" == f"{self.url}/authorize"
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert (asked["redirect_uri"], asked["code_challenge_method"]) == (self._comes_back, "S256")
        assert "openid" in asked["scope"].split()
        code = uuid4().hex
        self._given[code] = (person, asked["code_challenge"])
        return f"{self._comes_back}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, path: str, authorization: str, form: str) -> tuple[int, dict[str, Any]]:
        if path == "/token" and not self.silent:
            return self._trade(authorization, form)
        if path == "/revoke" and not self.silent:
            self.revoke(parse_qs(form)["token"][0])
            return 200, {}
        status, content = super().answer(path, authorization, form)
        if "jwks_uri" in content:
            content |= {name: f"{self.url}{place}" for name, place in _PLACES.items()}
        return status, content

    def _trade(self, authorization: str, form: str) -> tuple[int, dict[str, Any]]:
        said = {name: values[-1] for name, values in parse_qs(form).items()}
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {known}":
            return 401, {"error": "invalid_client"}
        # A code counts once, also where what came with it was wrong.
        person, challenge = self._given.pop(said.get("code", ""), (None, ""))
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        met = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if person is None or said.get("redirect_uri") != self._comes_back or not hmac.compare_digest(met, challenge):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": self.token(person), "id_token": "told", "token_type": "Bearer", "expires_in": 600}
