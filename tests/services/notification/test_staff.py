"""What staff may see of what was sent."""

from uuid6 import uuid7

from shared.contracts.notification import NotificationSent
from tests.services.notification import samples
from tests.services.notification.reporters import by_mail, by_sms, sent
from tests.support.room import Running

STAFF = ("polres-sukamaju",)


async def test_staff_see_what_was_sent_and_never_the_contact(notification: Running) -> None:
    reporter, message = await sent(notification)
    for role in ("verifier", "counter_officer", "chief"):
        answer = await notification.http.get(
            f"/complaints/{reporter.complaint}/messages", headers=notification.token(role, units=STAFF)
        )
        assert answer.status_code == 200
        (row,) = answer.json()["messages"]
        assert (row["id"], row["status"], row["medium"], row["template"]) == (message, "sent", "sms", "received")
        assert row["attempts"] == 1
        assert reporter.number not in answer.text
        assert "contact" not in answer.text


async def test_staff_of_other_units_roles_and_parties_see_nothing(notification: Running) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission(conflicts=("officer-7", "Pidum")))
    url, absent = f"/complaints/{reporter.complaint}/messages", f"/complaints/{uuid7()}/messages"
    known = notification.token("chief", units=STAFF)
    nothing = await notification.http.get(absent, headers=known)
    assert nothing.status_code == 404
    for person, units in (("officer-7", STAFF), ("officer-8", (*STAFF, "Pidum")), ("officer-9", ("polres-lain",))):
        answer = await notification.http.get(url, headers=notification.token("chief", person=person, units=units))
        assert (answer.status_code, answer.content) == (404, nothing.content)
    assert (await notification.http.get(url, headers=notification.token("detective", units=STAFF))).status_code == 403
    assert (await notification.http.get(url)).status_code == 401
    assert (await notification.http.get("/complaints/x/messages", headers=known)).status_code == 422
    assert (await notification.http.get(url, headers=known)).status_code == 200


async def test_a_head_sees_what_was_sent_of_complaints_that_the_unit_works_on(notification: Running) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission())
    url = f"/complaints/{reporter.complaint}/messages"
    heads = {unit: notification.token("unit_head", units=(*STAFF, unit)) for unit in ("Pidum", "Satlantas")}
    assert [(await notification.http.get(url, headers=head)).status_code for head in heads.values()] == [404, 404]
    await reporter.hears(samples.classified())
    assert [(await notification.http.get(url, headers=head)).status_code for head in heads.values()] == [200, 404]


async def test_staff_who_may_not_know_of_a_follower_do_not_see_what_it_was_sent(notification: Running) -> None:
    first, second = by_sms(notification), by_mail(notification)
    await first.hears(first.submission())
    await second.hears(second.submission(conflicts=("officer-7",)), samples.linked(first.complaint))
    await first.hears(samples.assigned())
    await notification.says(NotificationSent, first.complaint, 3)
    url = f"/complaints/{first.complaint}/messages"
    for person, seen in (("officer-7", {first.complaint}), ("officer-1", {first.complaint, second.complaint})):
        answer = await notification.http.get(url, headers=notification.token("chief", person=person, units=STAFF))
        assert {row["recipient"] for row in answer.json()["messages"]} == seen


async def test_lists_are_bounded(notification: Running) -> None:
    reporter = by_sms(notification)
    await reporter.hears(reporter.submission(), samples.assigned(), samples.concluded())
    url, who = f"/complaints/{reporter.complaint}/messages", notification.token("chief", units=STAFF)
    answer = await notification.http.get(url, params={"limit": 1}, headers=who)
    assert [row["template"] for row in answer.json()["messages"]] == ["concluded"]
    for limit in (0, 201, "x"):
        assert (await notification.http.get(url, params={"limit": limit}, headers=who)).status_code == 422
