"""How a partner channel seals a report for its command (docs/channels.md)."""

import json
from typing import Any

from joserfc import jwe
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter

_ALGORITHMS = ["ECDH-ES+A256KW", "A256GCM"]
_REGISTRY = JWERegistry({"sub": HeaderParameter("The command's id", "str")}, _ALGORITHMS)


def sealed_command(keys: dict[str, Any], id_: str, report: Any) -> dict[str, str]:
    """A submit command whose report only intake can open. `keys` is what intake answers at `/channels/keys`."""
    public = keys["keys"][0]
    header = {"alg": _ALGORITHMS[0], "enc": _ALGORITHMS[1], "kid": public["kid"], "sub": id_}
    content = report if isinstance(report, bytes) else json.dumps(report).encode()
    # As a channel does it, which has none of our modules.
    # nosemgrep: seal-opened-elsewhere
    data = jwe.encrypt_compact(header, content, ECKey.import_key(public), registry=_REGISTRY)
    return {"id": id_, "type": "complaint.submit.v1", "data": data}
