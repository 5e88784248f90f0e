"""Sealing: personal data as JWE (direct A256GCM), readable only with the key of its part and bound to its complaint."""

import json
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
    algorithms=["dir", "A256GCM"],
)
# The library's own limit is below what a report with all its supplements may hold, and it would be met on opening only.
_REGISTRY.max_ciphertext_length = 4 * 1024 * 1024


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
        header = {"alg": "dir", "enc": "A256GCM", "kid": kid, "sub": complaint}
        plaintext = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return jwe.encrypt_compact(header, plaintext, self._keys[kid], registry=_REGISTRY)

    def open(self, part: str, complaint: str, sealed: str) -> dict[str, Any]:
        """What was sealed. Raises Unsealable, which never shows the content, and Invalid where its reader gives no
        reason."""
        access.opens(part, complaint)
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
