"""Sealing: personal data as JWE, readable only with the key of its part and bound to its complaint.

Each sealed text has a content key of its own (A256GCM), which it carries wrapped (A256KW) under the key of its part;
that one is never in the database. Destroying the text destroys its key.
"""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

from joserfc import jwe
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey
from joserfc.registry import HeaderParameter
from pydantic import SecretStr

from shared import access
from shared.settings import key_bytes

_REGISTRY = JWERegistry(
    header_registry={"sub": HeaderParameter("The complaint that the content belongs to", "str")},
    algorithms=["A256KW", "A256GCM"],
)
# The library's own limit is below what a report with all its supplements may hold, and it would be met on opening only.
_REGISTRY.max_ciphertext_length = 4 * 1024 * 1024

# The header begins with `{"`, and a compact JWE has five parts.
SEALED = re.compile(r"eyJ[\w-]*\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class Unsealable(Exception):
    """The content is not what was sealed for this complaint, or its key is not here."""


class Vault:
    """Seals with the newest key of a part and opens with any of them. A service holds only the keys it needs."""

    def __init__(self, keys: Mapping[str, SecretStr]) -> None:
        self._keys = {kid: OctKey.import_key(key_bytes(key)) for kid, key in keys.items()}
        self._newest: dict[str, str] = {}
        for kid in sorted(keys, key=lambda kid: int(kid.rpartition(".")[2])):
            self._newest[kid.partition(".")[0]] = kid

    def seal(self, part: str, complaint: str, content: Mapping[str, Any]) -> str:
        """The content as a JWE in compact form. Raises KeyError where the part has no key here."""
        kid = self._newest[part]
        header = {"alg": "A256KW", "enc": "A256GCM", "kid": kid, "sub": complaint}
        plaintext = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return jwe.encrypt_compact(header, plaintext, self._keys[kid], registry=_REGISTRY)

    @property
    def kids(self) -> frozenset[str]:
        """The ids of the keys that are here."""
        return frozenset(self._keys)

    def is_newest(self, kid: str) -> bool:
        """Whether it is the key that its part is sealed with."""
        return kid in self._newest.values()

    def renewed(self, sealed: str) -> str | None:
        """The same content under the newest key of its part; None where it is. Raises Unsealable."""
        header = header_of(sealed)
        if self.is_newest(header["kid"]):
            return None
        part = header["kid"].partition(".")[0]
        return self.seal(part, header["sub"], self.open(part, header["sub"], sealed))

    def open(self, part: str, complaint: str, sealed: str, *, read_of: str | None = None) -> dict[str, Any]:
        """What was sealed. `read_of` is the complaint that a read is recorded of where the content belongs to something
        else. Raises Unsealable, which never shows the content, and Invalid where its reader gives no reason."""
        access.opens(part, read_of or complaint)
        try:
            opened = jwe.decrypt_compact(sealed, lambda recipient: self._key(part, recipient), registry=_REGISTRY)
        except Exception as error:
            # Whatever a hostile text makes the library raise, it is not what was sealed.
            raise Unsealable(f"{part} cannot be opened: {type(error).__name__}") from None
        if opened.headers().get("sub") != complaint or opened.plaintext is None:
            raise Unsealable(f"{part} was sealed for another complaint")
        content: dict[str, Any] = json.loads(opened.plaintext)
        return content

    def _key(self, part: str, recipient: Any) -> OctKey:
        kid = str(recipient.headers().get("kid"))
        if kid.partition(".")[0] != part:
            raise KeyError(kid)
        return self._keys[kid]


def header_of(sealed: str) -> dict[str, str]:
    """What a sealed text shows of itself: its key and whose it is. Raises Unsealable for any other text."""
    text = sealed.partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return {"kid": str(header["kid"]), "sub": str(header["sub"])}
    except (ValueError, KeyError, TypeError):
        raise Unsealable("this is no sealed text") from None
