"""Signed HTTPS to an agency (Standard Webhooks), to no other place than the office has allowed."""

import asyncio
import ipaddress
import socket
from datetime import UTC, datetime
from typing import Any

import httpx
from standardwebhooks import Webhook

from services.referral.letters import Letter
from services.referral.settings import ReferralSettings

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotAllowed(Exception):
    """The address is not one that webhooks may go to; `slug` says why."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class Webhooks:
    """Sends letters over HTTPS. Redirects are not followed, and of the answer only the status is read."""

    def __init__(self, settings: ReferralSettings) -> None:
        self._hosts = frozenset(settings.agency_hosts)
        self._private = settings.agency_private_addresses
        self._seconds = settings.agency_seconds

    async def send(self, url: str, secret: str, letter: Letter) -> str | None:
        """Hands the letter over, once. Gives None where the other side has it, or why not, as a slug."""
        try:
            async with asyncio.timeout(self._seconds):
                status = await self._post(httpx.URL(url), secret, letter)
        except NotAllowed as refused:
            return refused.slug
        except (TimeoutError, httpx.TimeoutException):
            return "agency_slow"
        except (httpx.HTTPError, OSError):
            return "agency_away"
        return None if httpx.codes.is_success(status) else f"agency_{status}"

    async def _post(self, url: httpx.URL, secret: str, letter: Letter) -> int:
        address = await self._checked_address(url)
        body, now = letter.structured(), datetime.now(UTC)
        headers = {
            "host": url.netloc.decode(),
            "content-type": "application/cloudevents+json",
            "webhook-id": letter.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(letter.id, now, body),
        }
        # The address that was checked is the one that is called, so that a name cannot change its mind in between; the
        # certificate is still that of the name.
        extensions: dict[str, Any] = {"sni_hostname": url.host}
        async with httpx.AsyncClient(timeout=self._seconds, follow_redirects=False, trust_env=False) as http:
            request = http.build_request(
                "POST", url.copy_with(host=address), content=body.encode(), headers=headers, extensions=extensions
            )
            response = await http.send(request, stream=True)
            await response.aclose()
            return response.status_code

    async def _checked_address(self, url: httpx.URL) -> str:
        if url.host not in self._hosts:
            raise NotAllowed("host_not_allowed")
        if url.userinfo or (url.scheme != "https" and not self._private):
            raise NotAllowed("url_not_allowed")
        found = await asyncio.get_running_loop().getaddrinfo(
            url.host, url.port or (443 if url.scheme == "https" else 80), type=socket.SOCK_STREAM
        )
        addresses = [str(entry[4][0]) for entry in found]
        if not self._private and not all(_is_public(ipaddress.ip_address(address)) for address in addresses):
            raise NotAllowed("address_not_allowed")
        return addresses[0]


def _is_public(address: _Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    actual = mapped or address
    return actual.is_global and not actual.is_multicast
