"""Whom the last word did not reach: the counter is told, sees how else to reach them, and says that it is done."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.notification.domain import Correspondence, with_messages
from services.notification.message import CODE, Message
from services.notification.reaching import reached
from shared.contracts.envelope import Command, Person
from shared.contracts.notification import NotificationFailed, NotificationSent
from shared.contracts.refusals import Absent, Conflict
from tests.services.notification import samples
from tests.services.notification.conftest import Gateway, at_rest
from tests.services.notification.reporters import Reporter, by_mail, by_sms
from tests.services.notification.samples import EARLIER, NOON, OWN, said, submitted, told
from tests.support.panels import HTMX, READING, Headers, look, send
from tests.support.room import Running, until

COUNTER = Person("counter-1", frozenset({"counter_officer"}), frozenset({"polres-sukamaju"}))
LIST = "/notification/worklist"


def said_so(*messages: dict[str, Any]) -> Correspondence:
    """A case with these messages, which failed a minute after each other unless they say otherwise."""
    case = told(said(submitted()))
    settled = (
        replace(
            case.messages[0],
            **{"id": f"m-{n}", "status": "failed", "due": None, "settled_at": NOON + timedelta(minutes=n), **fields},
        )
        for n, fields in enumerate(messages)
    )
    return with_messages(case, settled)


def ids(messages: tuple[Message, ...]) -> list[str]:
    return [message.id for message in messages]


@pytest.mark.parametrize(
    ("messages", "unreached"),
    [
        ([{}], ["m-0"]),
        ([{}, {}], ["m-1"]),
        ([{}, {"status": "sent"}], []),
        ([{"status": "delivered"}, {}], ["m-1"]),
        ([{}, {"status": "dropped"}], ["m-0"]),
        ([{}, {"status": "queued", "settled_at": None}], ["m-0"]),
        ([{}, {"recipient": EARLIER, "status": "sent"}], ["m-0"]),
        ([{}, {"recipient": EARLIER}], ["m-0", "m-1"]),
        ([{"template": CODE}], []),
        ([{"reason": "unwanted"}], []),
        ([{"told_by": "counter-1"}], []),
        ([{"told_by": "counter-1"}, {}], ["m-1"]),
    ],
)
def test_a_reporter_is_unreached_while_the_last_word_to_them_has_failed(
    messages: list[dict[str, Any]], unreached: list[str]
) -> None:
    case = said_so(*messages)
    assert ids(case.unreached) == unreached
    first = next((m.settled_at for m in case.messages if m.id in unreached), None)
    assert case.unreached_since == first


def ask(*messages: str, actor: Person | None = COUNTER) -> Command[Any]:
    return Command("command-1", OWN, "polres-sukamaju", messages, actor)


def test_an_officer_has_told_those_whom_they_saw_and_nobody_else() -> None:
    case = said_so({}, {"recipient": EARLIER})
    after = reached(case, ask("m-0", "m-9"), NOON).case
    assert after is not None
    assert ids(after.unreached) == ["m-1"]
    assert [message.told_by for message in after.messages] == ["counter-1", None]
    with pytest.raises(Conflict):
        reached(after, ask("m-0"), NOON)


@pytest.mark.parametrize("case", [None, replace(said_so({}), conflicts=("counter-1",))])
def test_whoever_may_not_know_of_the_case_has_told_nobody(case: Correspondence | None) -> None:
    with pytest.raises(Absent):
        reached(case, ask("m-0"), NOON)
    with pytest.raises(Absent):
        reached(said_so({}), ask("m-0", actor=None), NOON)


def panel(reporter: Reporter) -> str:
    return f"/notification/panels/{reporter.complaint}"


@pytest.fixture
def counter(notification: Running) -> Headers:
    return notification.token("counter_officer", person="counter-1", units=("polres-sukamaju",))


async def refused(notification: Running, gateway: Gateway, reporter: Reporter, *events: Any, **facts: Any) -> None:
    """The gateway will not take what these events have the reporter told."""
    await at_rest(notification)
    await gateway.behave(refuse=1)
    try:
        await reporter.hears(*(events or (reporter.submission(**facts),)))
        await notification.says(NotificationFailed, reporter.complaint)
    finally:
        await gateway.behave()


async def test_the_counter_is_told_sees_the_contact_for_a_reason_and_says_that_it_is_done(
    notification: Running, gateway: Gateway, counter: Headers
) -> None:
    reporter = by_sms(notification)
    await refused(notification, gateway, reporter)
    listed = await look(notification, counter, LIST)
    assert f'href="/portal/cases/{reporter.complaint}"' in listed.text
    assert "Laporan diterima" in listed.text
    assert "Layanan SMS menolak pesan ini." in listed.text
    assert "perlu dihubungi" in (await look(notification, counter, "/notification/summary")).text
    shown = await look(notification, counter, panel(reporter))
    assert "1 kabar tidak sampai." in shown.text
    assert reporter.number not in shown.text
    assert (await look(notification, counter, f"{panel(reporter)}/contacts")).status_code == 422
    contact = await look(notification, counter, f"{panel(reporter)}/contacts", **READING)
    assert reporter.number in contact.text
    failed = notification.of(NotificationFailed, reporter.complaint)[0].data.message
    done = await send(notification, counter, panel(reporter), "reached", messages=failed, version="")
    assert done.status_code == 200, done.text
    assert "Dihubungi oleh counter-1." in done.text
    assert "tidak sampai" not in done.text
    assert reporter.complaint not in (await look(notification, counter, LIST, **HTMX)).text
    late = await send(notification, counter, panel(reporter), "reached", messages=failed, version="")
    assert (late.status_code, "Tidak ada lagi yang perlu dihubungi." in late.text) == (409, True)
    closed = await look(notification, counter, f"{panel(reporter)}/contacts", **READING)
    assert (closed.status_code, reporter.number in closed.text) == (409, False)


async def test_a_word_that_gets_through_takes_the_reporter_off_the_list(
    notification: Running, gateway: Gateway, counter: Headers
) -> None:
    reporter = by_sms(notification)
    await refused(notification, gateway, reporter)
    assert reporter.complaint in (await look(notification, counter, LIST)).text
    await reporter.hears(samples.assigned())
    await notification.says(NotificationSent, reporter.complaint)

    async def gone() -> bool:
        return reporter.complaint not in (await look(notification, counter, LIST)).text

    await until(gone, "nobody need call")


async def test_officers_who_cannot_call_read_who_does(notification: Running, gateway: Gateway) -> None:
    reporter = by_sms(notification)
    await refused(notification, gateway, reporter)
    verifier = notification.token("verifier", units=("polres-sukamaju",))
    shown = await look(notification, verifier, panel(reporter))
    assert "Loket SPKT menghubungi pelapor dengan cara lain." in shown.text
    assert "<form" not in shown.text
    assert (await look(notification, verifier, f"{panel(reporter)}/contacts", **READING)).status_code == 403


async def test_whoever_a_report_is_about_is_not_told_that_its_reporter_is_unreached(
    notification: Running, gateway: Gateway, counter: Headers
) -> None:
    first, second = by_mail(notification), by_sms(notification)
    await first.hears(first.submission())
    await second.hears(second.submission(conflicts=("counter-1",)), samples.linked(first.complaint))
    await notification.says(NotificationSent, second.complaint, 2)
    await refused(notification, gateway, first, samples.assigned())
    other = notification.token("counter_officer", person="counter-2", units=("polres-sukamaju",))
    assert first.complaint in (await look(notification, other, LIST)).text
    assert f'href="/portal/cases/{second.complaint}"' in (await look(notification, other, panel(first))).text
    assert second.number in (await look(notification, other, f"{panel(first)}/contacts", **READING)).text
    assert first.complaint not in (await look(notification, counter, LIST)).text
    assert "tidak sampai" not in (await look(notification, counter, panel(first))).text
    assert (await look(notification, counter, f"{panel(first)}/contacts", **READING)).status_code == 409
    own = by_sms(notification)
    await refused(notification, gateway, own, conflicts=("counter-1",))
    assert own.complaint not in (await look(notification, counter, LIST)).text
