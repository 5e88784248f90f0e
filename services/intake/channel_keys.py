"""The keys that partner channels seal their reports to: between a channel and intake nobody reads a report, not even
whoever reads the broker's queues or its disk."""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwe
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter
from pydantic import SecretStr

from shared.contracts.refusals import Invalid
from shared.settings import key_bytes

ALGORITHM, ENCRYPTION = "ECDH-ES+A256KW", "A256GCM"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_REGISTRY = JWERegistry(
    header_registry={"sub": HeaderParameter("The command that the content belongs to", "str")},
    algorithms=[ALGORITHM, ENCRYPTION],
)


class ChannelKeys:
    """Opens with any of the keys; the one with the highest number is what channels are to seal to."""

    def __init__(self, keys: Mapping[str, SecretStr]) -> None:
        self._keys = {number: _key(number, secret) for number, secret in keys.items()}

    def public(self) -> dict[str, list[dict[str, str]]]:
        """What a channel seals to, as a set of JSON Web Keys."""
        newest = max(self._keys, key=int, default=None)
        shown = (
            {name: str(value) for name, value in self._keys[newest].as_dict(private=False).items()} if newest else {}
        )
        return {"keys": [shown] if shown else []}

    def opened(self, command: str, sealed: str) -> bytes:
        """What a channel sealed for this command. Raises Invalid."""
        try:
            # A channel sealed it before there is a complaint that it could belong to, or anybody who reads it.
            # nosemgrep: seal-opened-elsewhere
            content = jwe.decrypt_compact(sealed, self._of, registry=_REGISTRY)
        except Exception as error:
            # Whatever a hostile text makes the library raise, it cannot be opened.
            detail = "The report is not sealed to a key that counts now."
            raise Invalid("not_sealed", f"{detail} ({type(error).__name__})", "data") from None
        if content.headers().get("sub") != command or content.plaintext is None:
            raise Invalid("sealed_for_another", "The report was sealed for a command with another id.", "data")
        return content.plaintext

    def _of(self, recipient: Any) -> ECKey:
        return self._keys[recipient.headers()["kid"]]


def _key(number: str, secret: SecretStr) -> ECKey:
    # Any 32 bytes make a key of the curve, so that it is made and kept as all other keys here are.
    scalar = int.from_bytes(key_bytes(secret)) % (_ORDER - 1) + 1
    private = ec.derive_private_key(scalar, ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ECKey.import_key(pem, {"kid": number, "use": "enc", "alg": ALGORITHM})
