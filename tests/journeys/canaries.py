"""What only a reporter and whom it was told may read: noted while the stories are played, as it is sent."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import quote, quote_plus

import httpx

from deploy.demo.stage import Report, Stage
from deploy.local.state import State
from tests.support.provider import AtOnce

Told = Literal["name", "nik", "phone", "email", "address", "place", "narrative", "words", "code", "agent"]
# On pages alone: the names of files, what was typed and refused, why somebody reads, and what a browser keeps, that is,
# who is signed in, and the key of a form, which for some minutes leads to the receipt.
Typed = Literal["file", "draft", "reason", "token", "key"]
Kind = Literal[Told, Typed]
Canaries = dict[str, Kind]

PLACE = "address_string"
AGENT = "CanaryBrowser/7.7 (Budi-Laptop)"
ADDRESS = "Jalan Canary Kenari 77, RT 09 RW 01"
_KINDS: Mapping[str, Kind] = {
    "name": "name",
    "nik": "nik",
    "phone": "phone",
    "from": "phone",
    "email": "email",
    "address": "address",
    PLACE: "place",
    "what": "narrative",
    "description": "narrative",
    "grounds": "narrative",
    "words": "words",
    "comment": "words",
    "note": "words",
    "text": "words",
    "statement": "words",
    "reason": "words",
    "tracking_code": "code",
    "code": "code",
}
_LONG_ENOUGH = 11  # shorter texts are words that anybody writes


def kind_of(name: str, value: Any) -> Kind | None:
    """What is personal in a field of this name."""
    kind = _KINDS.get(name)
    if not isinstance(value, str) or kind is None or len(value) < _LONG_ENOUGH:
        return None
    # One word alone is a code of ours, as the reason of a rejection.
    return None if kind == "words" and " " not in value else kind


class ListeningStage(Stage):
    """A stage that notes what is personal in all that is sent, and each URL."""

    def __init__(self, state: State, canaries: Canaries, urls: list[str]) -> None:
        super().__init__(state, AtOnce())
        self._canaries = canaries
        canaries[AGENT] = "agent"
        self._http.headers["User-Agent"] = AGENT

        async def note_url(request: httpx.Request) -> None:
            urls.append(str(request.url))

        self._http.event_hooks["request"].append(note_url)

    async def call(
        self, service: str, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        if isinstance(body, dict) and isinstance(body.get("reporter"), dict):
            body = {**body, "reporter": {**body["reporter"], "address": ADDRESS}}
        self._note(body)
        answer = await super().call(service, method, path, body, headers)
        if service == "intake":
            self._note(answer)
        return answer

    async def phone_writes(self, number: str, text: str) -> str | None:
        reply = await super().phone_writes(number, text)
        self._note({"from": number, "what": text})
        return reply

    async def app_files(self, fields: dict[str, str]) -> Any:
        self._note({**fields, "name": f"{fields['first_name']} {fields['last_name']}"})
        return await super().app_files(fields)

    async def submit_over_broker(self, channel: str, reports: Mapping[str, Any]) -> list[dict[str, Any]]:
        self._note(dict(reports))
        replies = await super().submit_over_broker(channel, reports)
        self._note(replies)
        return replies

    async def track(self, report: Report) -> Any:
        self._note({"code": report.tracking_code})
        return await super().track(report)

    def _note(self, sent: Any, within: str = "") -> None:
        if isinstance(sent, list):
            for part in sent:
                self._note(part, within)
        elif isinstance(sent, dict):
            for key, value in sent.items():
                if kind := kind_of(PLACE if (within, key) == ("where", "text") else key, value):
                    self._canaries[value] = kind
                self._note(value, key)


def forms(canary: str) -> Iterator[bytes]:
    """How a text may lie open, in small letters: as it is, in a URL, in base64; of a phone number, its digits."""
    text = canary.removeprefix("+62") if canary.startswith("+62") else canary
    for part in {text[:40], text[-40:]}:
        plain = part.lower().encode()
        yield plain
        yield quote(part).lower().encode()
        yield quote_plus(part).lower().encode()
        for offset in range(3):
            # What is before and after it shifts the letters; those in the middle stay.
            yield base64.b64encode(b"\0" * offset + part.encode())[4:-4].lower()
