"""What browsers are told to refuse, and what is refused of them.

Nothing of another origin is loaded, nothing inline is run, and no page of another origin frames ours. A page of another
origin cannot make a signed-in person's browser change anything either: the browser adds the cookies by itself, and it
says truthfully where a request comes from.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.problems import problem

_POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_FEATURES = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *("geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get"),
    *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
_READING = ("GET", "HEAD", "OPTIONS", "TRACE")

Header = tuple[bytes, bytes]


def policy(**other: str) -> str:
    """The Content-Security-Policy of a page; `other` are sources that this page needs besides, as `img_src="data:"`."""
    added = {name.replace("_", "-"): sources for name, sources in other.items()}
    return "; ".join(f"{name} {sources} {added.get(name, '')}".rstrip() for name, sources in _POLICY.items())


def permissions(*own: str) -> str:
    """The Permissions-Policy of a page that may use these features itself; all other pages may use none."""
    return ", ".join(f"{feature}={'(self)' if feature in own else '()'}" for feature in _FEATURES)


def headers(hsts_seconds: int = 0) -> tuple[Header, ...]:
    """What every answer carries. `hsts_seconds`: how long browsers insist on TLS; 0 where there is none."""
    said = {
        "content-security-policy": policy(),
        "permissions-policy": permissions(),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        **({"strict-transport-security": f"max-age={hsts_seconds}; includeSubDomains"} if hsts_seconds else {}),
    }
    return tuple((name.encode(), value.encode()) for name, value in said.items())


class SameOrigin:
    """Refuses what would change something, carries a cookie and does not come from a page of ours.

    Who acts by a token or a signature is not asked: no browser adds those by itself.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str] = ()) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in _READING and not self._ours(dict(scope["headers"])):
            refused = problem(HTTPStatus.FORBIDDEN, "other_origin", "This is done from a page of ours alone.")
            await refused(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _ours(self, sent: Mapping[bytes, bytes]) -> bool:
        if b"cookie" not in sent or sent.get(b"authorization", b"").lower().startswith(b"bearer "):
            return True
        # `same-site` is not enough, since a neighbour of our domain may be anybody's.
        if sent.get(b"sec-fetch-site") == b"same-origin":
            return True
        return sent.get(b"origin", b"").decode("latin-1") in self._origins
