"""Agencies over signed HTTPS: what goes out, what comes in, and what is forged."""

import asyncio
import json
import socket
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from standardwebhooks import Webhook

from deploy.agency import Credentials
from services.referral.letters import Letter
from services.referral.settings import ReferralSettings
from services.referral.webhooks import Webhooks
from shared.contracts.referral import ReferralAccepted, ReferralCompleted, ReferralUpdated
from tests.services.referral.conftest import HOOKED, classified, complaint_id
from tests.services.referral.receiver import Receiver
from tests.support.room import Running, until

OTHER = "damkar-test"


class HookedAgency:
    """The agency that answers over HTTPS, with its own secret."""

    def __init__(self, service: Running, receiver: Receiver, secrets: dict[str, Credentials]) -> None:
        self.service, self.receiver, self.secrets = service, receiver, secrets

    async def offered(self) -> tuple[str, str]:
        """A complaint that it was asked to take: its id and the agency's number of it."""
        complaint = complaint_id()
        event = classified(self.service, complaint, category="parking_traffic", partners=("Dishub",))
        await self.service.hear(event, complaint)

        async def number() -> str | None:
            case = (await self.service.room.store().load([complaint]))[complaint].case
            return case.holder.number if case and case.holder else None

        found: str = await until(number, f"{complaint} is offered")
        await until(lambda: self.receiver.of("referral.offer.v1", found), "the offer is posted")
        return complaint, found

    async def say(
        self,
        verb: str,
        number: str,
        *,
        id_: str | None = None,
        secret_of: str = HOOKED,
        to: str = HOOKED,
        at: datetime | None = None,
        tamper: bytes = b"",
        **data: Any,
    ) -> httpx.Response:
        id_, at = id_ or str(uuid4()), at or datetime.now(UTC)
        event = {"specversion": "1.0", "id": id_, "type": f"referral.{verb}.v1", "source": "/dishub"}
        body = json.dumps({**event, "data": {"referral": number, **data}})
        headers = {
            "webhook-id": id_,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(self.secrets[secret_of].secret).sign(id_, at, body),
            "content-type": "application/cloudevents+json",
        }
        path = f"/agencies/{to}/replies"
        return await self.service.http.post(path, content=body.encode() + tamper, headers=headers)


@pytest.fixture
def dishub(referral: Running, receiver: Receiver, credentials: dict[str, Credentials]) -> HookedAgency:
    return HookedAgency(referral, receiver, credentials)


def slug(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["type"].rpartition(":")[2])


async def test_an_offer_is_posted_signed_and_whole(
    dishub: HookedAgency, receiver: Receiver, credentials: dict[str, Credentials]
) -> None:
    _, number = await dishub.offered()
    path, headers, body = next(post for post in receiver.posts if number.encode() in post[2])
    assert path == "/referrals"
    verified = Webhook(credentials[HOOKED].secret).verify(body, headers)
    assert (verified["id"], verified["type"]) == (headers["webhook-id"], "referral.offer.v1")
    assert verified["data"]["referral"] == verified["subject"] == number
    assert b"Canary Reporter" not in body


async def test_an_agency_goes_the_whole_way_over_https(referral: Running, dishub: HookedAgency) -> None:
    complaint, number = await dishub.offered()
    course: tuple[tuple[str, dict[str, Any]], ...] = (
        ("accept", {"reference": "DH-1"}),
        ("update", {"step": "in_progress", "words": "Petugas di lokasi."}),
        ("complete", {"outcome": "resolved"}),
    )
    for verb, said in course:
        assert (await dishub.say(verb, number, **said)).status_code == 204
    assert (await referral.says(ReferralCompleted, complaint)).data.agency == HOOKED
    late = await dishub.say("update", number, step="waiting")
    assert (late.status_code, slug(late)) == (409, "already_completed")


async def test_a_forged_answer_is_refused_whatever_is_wrong_with_it(referral: Running, dishub: HookedAgency) -> None:
    complaint, number = await dishub.offered()
    now = datetime.now(UTC)
    answers = [
        await dishub.say("accept", number, secret_of=OTHER),
        await dishub.say("accept", number, to="nobody"),
        await dishub.say("accept", number, at=now - timedelta(minutes=6)),
        await dishub.say("accept", number, at=now + timedelta(minutes=6)),
        await dishub.say("accept", number, tamper=b" "),
    ]
    bare = await referral.http.post(f"/agencies/{HOOKED}/replies", content=b"{}")
    odd = {"webhook-id": "x", "webhook-timestamp": "nan", "webhook-signature": "v1,\u00e9,,"}
    strange = await referral.http.post(
        f"/agencies/{HOOKED}/replies",
        content=b"\xff",
        headers=[(name.encode(), value.encode()) for name, value in odd.items()],
    )
    for answer in (*answers, bare, strange):
        assert (answer.status_code, slug(answer)) == (401, "not_signed")
    assert len({answer.text for answer in answers}) == 1
    assert not referral.of(ReferralAccepted, complaint)


async def test_a_replayed_answer_is_refused_and_changes_nothing(referral: Running, dishub: HookedAgency) -> None:
    complaint, number = await dishub.offered()
    assert (await dishub.say("accept", number)).status_code == 204
    first = await dishub.say("update", number, id_="update-1", step="waiting")
    again = await dishub.say("update", number, id_="update-1", step="waiting")
    assert (first.status_code, again.status_code, slug(again)) == (204, 409, "already_recorded")
    await referral.says(ReferralUpdated, complaint)
    assert len(referral.of(ReferralUpdated, complaint)) == 1


async def test_an_answer_for_anothers_referral_reads_like_one_to_none(dishub: HookedAgency) -> None:
    _, number = await dishub.offered()
    stranger = await dishub.say("accept", number, secret_of=OTHER, to=OTHER)
    nobody = await dishub.say("accept", "RJ-AAAA-AAAA-AAAA", secret_of=OTHER, to=OTHER)
    assert (stranger.status_code, stranger.text) == (nobody.status_code, nobody.text) == (404, nobody.text)


async def test_nonsense_names_the_field_and_never_its_value(dishub: HookedAgency, referral: Running) -> None:
    _, number = await dishub.offered()
    for verb, said, field in (
        ("celebrate", {}, "type"),
        ("decline", {"reason": "canary"}, "data.reason"),
        ("accept", {"canary": 1}, "data.canary"),
        ("complete", {"outcome": {"$gt": ""}}, "data.outcome"),
    ):
        answer = await dishub.say(verb, number, **said)
        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]][-1] == field
        assert field == "data.canary" or "canary" not in answer.text
    differing = {"webhook-id": "one", "id": "two"}
    body = json.dumps({"id": differing["id"], "type": "referral.accept.v1", "data": {"referral": number}})
    now = datetime.now(UTC)
    signed = {
        "webhook-id": "one",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(dishub.secrets[HOOKED].secret).sign("one", now, body),
    }
    answer = await referral.http.post(f"/agencies/{HOOKED}/replies", content=body, headers=signed)
    assert (answer.status_code, slug(answer)) == (422, "id_differs")


# --- where webhooks may go ---

LETTER = Letter("letter-1", "referral.offer.v1", "RJ-AAAA-AAAA-AAAA", datetime(2026, 1, 1, tzinfo=UTC), "normal", {})
SECRET = "whsec_c2VjcmV0LWZvci10ZXN0cw=="


def going_to(settings: ReferralSettings, *hosts: str, private: bool = False, seconds: float = 2) -> Webhooks:
    changed = {"agency_hosts": hosts, "agency_private_addresses": private, "agency_seconds": seconds}
    return Webhooks(settings.model_copy(update=changed))


@pytest.mark.parametrize(
    ("url", "hosts", "failure"),
    [
        ("https://agency.example/", (), "host_not_allowed"),
        ("https://agency.example.evil.test/", ("agency.example",), "host_not_allowed"),
        ("https://agency.example@evil.test/", ("agency.example",), "host_not_allowed"),
        ("http://127.0.0.1/", ("127.0.0.1",), "url_not_allowed"),
        ("https://user:secret@127.0.0.1/", ("127.0.0.1",), "url_not_allowed"),
        ("https://127.0.0.1/", ("127.0.0.1",), "address_not_allowed"),
        ("https://localhost/", ("localhost",), "address_not_allowed"),
        ("https://[::1]/", ("::1",), "address_not_allowed"),
        ("https://[::ffff:127.0.0.1]/", ("::ffff:127.0.0.1",), "address_not_allowed"),
        ("https://169.254.169.254/", ("169.254.169.254",), "address_not_allowed"),
        ("https://10.0.0.1/", ("10.0.0.1",), "address_not_allowed"),
        ("https://192.168.1.1:8443/", ("192.168.1.1",), "address_not_allowed"),
    ],
)
async def test_a_webhook_goes_to_public_addresses_of_allowed_hosts_alone(
    settings: ReferralSettings, url: str, hosts: tuple[str, ...], failure: str
) -> None:
    assert await going_to(settings, *hosts).send(url, SECRET, LETTER) == failure


async def test_a_name_that_points_inside_is_found_out_when_it_is_resolved(
    settings: ReferralSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def resolved(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443)) for ip in ("93.184.215.14", "192.168.0.1")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolved)
    outcome = await going_to(settings, "agency.example").send("https://agency.example/", SECRET, LETTER)
    assert outcome == "address_not_allowed"


async def test_redirects_refusals_and_silence_are_failures_that_are_tried_again(
    settings: ReferralSettings, receiver: Receiver
) -> None:
    there = going_to(settings, "127.0.0.1", private=True, seconds=0.3)
    for status in (302, 410, 500):
        receiver.status = status
        assert await there.send(receiver.url, SECRET, LETTER) == f"agency_{status}"
    receiver.status = 204
    assert not [path for path, _, _ in receiver.posts if path == "/elsewhere"]
    receiver.hangs = True
    assert await there.send(receiver.url, SECRET, LETTER) == "agency_slow"
    receiver.hangs = False
    assert await there.send(receiver.url, SECRET, LETTER) is None
    assert await there.send("http://127.0.0.1:1/", SECRET, LETTER) == "agency_away"
