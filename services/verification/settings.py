"""What verification is told from outside, beyond what every service is."""

from hashlib import blake2b
from typing import cast

from pydantic import Field, SecretStr

from services.verification.incident import KEY_BYTES
from shared.room import Room
from shared.settings import Settings


class VerificationSettings(Settings):
    """The area, the key of the fingerprints, and how long a reporter has for an answer and for an appeal."""

    fingerprint_key: SecretStr = Field(
        min_length=32, description="keys the fingerprints of narratives; under a new key, stored ones match no more"
    )
    clarification_days: int = Field(default=14, ge=1, le=365)
    appeal_days: int = Field(default=14, ge=1, le=365)

    @property
    def fingerprint_bytes(self) -> bytes:
        """The key of the fingerprints, as long as they need it."""
        return blake2b(self.fingerprint_key.get_secret_value().encode(), digest_size=KEY_BYTES).digest()


def settings_of(room: Room) -> VerificationSettings:
    return cast(VerificationSettings, room.settings)
