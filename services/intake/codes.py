"""What intake derives with its code key, so that the database alone yields neither a tracking code nor a request."""

import hashlib
import hmac

from pydantic import SecretStr

from shared import tracking
from shared.settings import key_bytes


class Codes:
    """Everything here is an HMAC; the first word of its text keeps each use apart from the others."""

    def __init__(self, key: SecretStr) -> None:
        self._key = key

    def request(self, scope: str, idempotency_key: str) -> str:
        """Stands for whoever asks together with their key. A key holds no `|`, so no two pairs give the same text."""
        return self._digest(f"request|{scope}|{idempotency_key}").hex()

    def fingerprint(self, body: str) -> str:
        """Stands for what was asked."""
        return self._digest(f"body|{body}").hex()

    def tracking_code(self, complaint_id: str, idempotency_key: str) -> str:
        """The code as it is shown. It is made again for a retry, since it is kept nowhere."""
        return tracking.show(tracking.encode(self._digest(f"code|{complaint_id}|{idempotency_key}")[:10]))

    def phone(self, number: str) -> str:
        """Stands for a phone."""
        return self._digest(f"phone|{number}").hex()

    def one_time_code(self, complaint_id: str, digits: str) -> str:
        """Stands for a one-time code of this complaint."""
        return self._digest(f"one time|{complaint_id}|{digits}").hex()

    def lookup(self, typed: str) -> str:
        """What a typed code is found by."""
        return tracking.lookup_of(typed, self._key)

    def _digest(self, text: str) -> bytes:
        return hmac.new(key_bytes(self._key), text.encode(), hashlib.sha256).digest()
