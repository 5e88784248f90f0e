"""Reporters and a partner channel that do not give up: they ask with the same key until they have their receipt.

One reporter in three fills in the page. What counts there is the receipt that the page shows, not that it was sent.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import aio_pika
import httpx
from pydantic import SecretStr

from benchmarks.reports import reports
from deploy.demo.sealed_command import sealed_command
from services.intake.channel_keys import ChannelKeys
from shared.contracts.envelope import Lane
from shared.topology import SUBMISSIONS_EXCHANGE, replies_queue
from tests.faults import at_pages
from tests.faults.at_pages import PATIENCE, Officers
from tests.faults.spine import Spine
from tests.support.room import CHANNELS, key, until

CHANNEL = CHANNELS[0]
ELSEWHERE = {"text": "Jalan Pahlawan, Surabaya", "lat": -7.2575, "lon": 112.7521}
# For mediation, guidance and internal affairs, as far as the rules are sure of them; the others are for detectives.
OTHERS = (
    "Tetangga saya membangun pagar yang melewati batas tanah kami. Kami sudah cekcok beberapa kali.",
    "Bengkel di sebelah rumah berisik sampai larut malam, musik keras, kami tidak bisa tidur.",
    "Polisi lalu lintas minta uang damai saat menilang saya di simpang pasar, tanpa surat tilang.",
)
AT_ONCE = 50  # reporters; more would drown a busy machine, where intake is seldom up for long, and wait for good
Way = Callable[[str, dict[str, Any]], Awaitable[tuple[int, Any]]]


@dataclass(frozen=True)
class Receipt:
    """What a reporter was told. A page does not tell the complaint's id, which its code leads to (`ledger`)."""

    id: str
    register_number: str
    tracking_code: str = field(repr=False)


@dataclass
class Load:
    """Who has asked for what, and every receipt that was given."""

    spine: Spine
    seed: int
    asked: int = 0
    commands: int = 0
    receipts: dict[str, Receipt] = field(default_factory=dict)
    doubled: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    setbacks: Counter[str] = field(default_factory=Counter)  # why a reporter had to ask again

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self.officers = Officers(self.spine, self.seed)

    @property
    def personal(self) -> tuple[str, ...]:
        """What only a reporter and whom it was told may read: names, numbers, and the reporters' own words."""
        words = ("menjual narkoba di", "menggelapkan uang hasil", *OTHERS)
        return "Warga Contoh", f"+62812{self.seed % 1000:03}", *words

    @property
    def acknowledged(self) -> int:
        return len(self.receipts)

    async def run(self, stop: asyncio.Event, rate: float) -> None:
        """Asks that often in a second until it is told to stop, then waits for the receipts that are still out."""
        places = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as asking:
            while not stop.is_set():
                await places.acquire()
                asking.create_task(self.ask()).add_done_callback(lambda _: places.release())
                if self.asked % 8 == 0:
                    asking.create_task(self.command())
                await asyncio.sleep(self._chance.expovariate(rate))

    async def ask_many(self, count: int) -> None:
        async with asyncio.TaskGroup() as asking:
            for _ in range(count):
                asking.create_task(self.ask())

    def body(self) -> dict[str, Any]:
        """A report that nobody has made yet."""
        self.asked += 1
        body: dict[str, Any] = json.loads(reports(1, self._chance.getrandbits(60))[0])
        body["reporter"]["phone"] = f"+62812{self.seed % 1000:03}{self.asked:05}"
        if self.asked % 4 == 0:
            body["what"] = self._chance.choice(OTHERS)
        if self.asked % 10 == 0:
            # Outside the Polres, so that it waits for a verifier.
            body["where"] = ELSEWHERE
        return body

    async def ask(self) -> None:
        """One reporter: until the receipt is there, and one in four once more after it."""
        body = self.body()
        key = f"key-{self.seed}-{self.asked:08}"
        way = self.fill_in if self.asked % 3 == 0 else self.post
        await self.until_received(key, body, way)
        if self._chance.random() < 0.25:
            await self.until_received(key, body, way)

    async def until_received(self, key: str, body: dict[str, Any], way: Way | None = None) -> None:
        """Asks with this key again and again till there is a receipt. That there is none for so long is a finding."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._ask_again(key, body, way or self.post)
        except TimeoutError:
            self.unexpected.append(f"{key}: no receipt for {PATIENCE:.0f} s")

    async def _ask_again(self, key: str, body: dict[str, Any], way: Way) -> None:
        while True:
            status, content = await way(key, body)
            if status == 201:
                return self._note(key, content)
            if status not in (0, 503):
                # Nothing else may be answered to a report that is as it must be.
                self.unexpected.append(f"{key}: answered {status} {content}")
                return None
            self.setbacks[str(content) if status == 0 else str(status)] += 1
            await asyncio.sleep(0.3)

    async def post(self, key: str, body: dict[str, Any]) -> tuple[int, Any]:
        """The answer's status and content; 0 and the error's name where there was no answer."""
        url, headers = f"{self.spine.intake}/complaints", {"Idempotency-Key": key}
        try:
            answer = await self.spine.http.post(url, json=body, headers=headers)
        except httpx.TransportError as error:
            return 0, type(error).__name__
        return answer.status_code, answer.json()

    async def fill_in(self, key: str, body: dict[str, Any]) -> tuple[int, Any]:
        """The same by the page."""
        return await at_pages.report(self.spine.browser, self.spine.intake, key, at_pages.form_of(body))

    def _note(self, key: str, content: dict[str, Any]) -> None:
        receipt = Receipt(content["id"], content["register_number"], content["tracking_code"])
        if self.receipts.setdefault(key, receipt) != receipt:
            self.doubled.append(f"{key}: two different receipts")

    async def command(self, lane: Lane = "normal") -> None:
        """One command of a partner channel: until the broker has confirmed it, which may be twice."""
        body = self.body()
        del body["channel"]
        self.commands += 1
        keys = ChannelKeys({"1": SecretStr(key("channel"))}).public()
        command = sealed_command(keys, f"command-{self.seed}-{self.commands}", body)
        message = aio_pika.Message(json.dumps(command).encode(), delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await until(lambda: self._published(message, lane), "the broker confirms the command", PATIENCE)

    async def _published(self, message: aio_pika.Message, lane: Lane) -> bool:
        try:
            async with (
                asyncio.timeout(10),
                await aio_pika.connect(self.spine.local.amqp_url, timeout=5) as connection,
                connection.channel(publisher_confirms=True, on_return_raises=True) as channel,
            ):
                exchange = await channel.get_exchange(SUBMISSIONS_EXCHANGE, ensure=False)
                await exchange.publish(message, f"{CHANNEL}.submit.{lane}")
        except (aio_pika.exceptions.AMQPError, OSError, TimeoutError, RuntimeError):
            return False
        return True

    async def read_replies(self) -> None:
        """Takes the receipts of the commands off the channel's own queue. A reply may come twice, and be the same."""
        async with await aio_pika.connect(self.spine.local.amqp_url) as connection, connection.channel() as channel:
            queue = await channel.get_queue(replies_queue(CHANNEL), ensure=False)
            while message := await queue.get(fail=False):
                reply = json.loads(message.body)
                if message.type == "complaint.receipt.v1":
                    self._note(reply["command"], reply["data"])
                else:
                    self.unexpected.append(f"{reply['command']}: {reply['data']}")
                await message.ack()

    @property
    def unanswered(self) -> int:
        """Accepted commands and reports that have no receipt."""
        return self.asked - self.acknowledged
