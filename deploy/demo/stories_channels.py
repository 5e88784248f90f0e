"""The stories of the other ways in, and of a way back. People, numbers and places in them are invented."""

from typing import TYPE_CHECKING, Any

from deploy.demo.stage import Report, Stage, StoryFailed
from deploy.demo.telling import CIBUAH, Stories, ago, expect, lines

if TYPE_CHECKING:
    from deploy.demo.__main__ import Play


async def rejection_appealed(stage: Stage, play: "Play") -> None:
    play.says("a report whose point on the map lies in another regency")
    report = await stage.report(
        "/complaints",
        {
            "channel": "web",
            "what": "Rumah saya dibobol maling, laptop dan perhiasan hilang. Jendela belakang dicongkel.",
            "where": {"text": "rumah saya", "lat": -6.95, "lon": 107.95},
            "when": ago(hours=20),
            "reporter": {"name": "Tuti Contoh", "phone": "+6281210000131"},
        },
    )
    first, second = (stage.officer(f"verifier-{number}", "verifier") for number in (1, 2))
    path = f"/complaints/{report.id}"
    await stage.found("verification", path, first, lambda case: case["status"] == "waiting")
    await stage.post("verification", f"{path}/reject", {"reason": "outside_jurisdiction"}, first)
    await stage.tracked(report, "rejected")
    play.says("rejected; the reporter appeals with the tracking code")
    grounds = f"Titik di peta salah pasang. Rumah saya di desa Cibuah ({CIBUAH}), RT 02, Jalan Melati."
    appeal = {"code": report.tracking_code, "grounds": grounds}

    async def appealed() -> Any:
        try:
            return await stage.post("intake", "/tracking/appeals", appeal)
        except StoryFailed:
            return None  # intake has not heard of the rejection yet

    await stage.until(appealed, "the appeal is taken in")
    await stage.found("verification", path, second, lambda case: case["appealed_at"])
    try:
        await stage.post("verification", f"{path}/verify", headers=first)
    except StoryFailed:
        play.says("whoever rejected it may not decide again; another officer upholds the appeal")
    else:
        raise StoryFailed("the officer who rejected a report decided on its appeal")
    await stage.post("verification", f"{path}/verify", headers=second)
    tracking = await stage.tracked(report, "rejected", "verified", "assigned")
    expect(tracking["status"] == "in_progress", "the report is worked on after its appeal")
    play.shows(*lines(tracking))


async def sms_conversation(stage: Stage, play: "Play") -> None:
    play.says("somebody without internet writes an SMS")
    phone = "+6281210000132"
    for text, question in (
        ("Motor saya dicuri orang", "Di mana?"),
        ("parkiran pasar Tanjungrasa", "Kapan?"),
    ):
        reply = await stage.phone_writes(phone, text)
        expect(bool(reply and reply.startswith(question)), f"the office asks: {question}")
        play.shows(f"  [green]phone[/]   {text}", f"  [cyan]office[/]  {reply}")
    play.says("asked where and when, the phone answers")
    last = "kemarin sore sekitar jam 5"
    reply = await stage.phone_writes(phone, last)
    expect(bool(reply and "tercatat" in reply), "the report is taken in")
    code = (reply or "").rsplit(" ", 1)[-1]
    play.shows(f"  [green]phone[/]   {last}", f"  [cyan]office[/]  {(reply or '').replace(code, 'XXXX-…')}")
    tracking = await stage.tracked(Report("", "", code), "received")
    play.says("the code of the last SMS leads to the report")
    play.shows(*lines(tracking))


async def open311_request(stage: Stage, play: "Play") -> None:
    services = await stage.get("intake", "/open311/v2/services.json")
    noise = next(service for service in services if service["service_code"] == "noise")
    play.says(f"the city's app offers “{noise['service_name']}” and files a request")
    request = await stage.app_files(
        {
            "service_code": "noise",
            "address_id": CIBUAH,
            "address_string": "depan balai RW 03",
            "attribute[WHEN]": ago(hours=20),
            "description": "Tetangga memutar musik keras sampai larut malam, bising sekali, warga tidak bisa tidur.",
            "first_name": "Yanti",
            "last_name": "Contoh",
            "phone": "+6281210000133",
        }
    )
    code = request["service_notice"].rsplit(" ", 1)[-1]
    await stage.tracked(Report(request["service_request_id"], "", code), "received", "classified")

    async def listed() -> Any:
        return await stage.get("intake", "/open311/v2/requests.json?service_code=noise&status=open")

    async def shown() -> Any:
        ids = {item["service_request_id"]: item for item in await listed()}
        return ids.get(request["service_request_id"])

    item = await stage.until(shown, "the request is in the public list")
    leaks = [name for name in ("description", "address", "lat", "long") if item[name]]
    expect(not leaks, f"the public list holds no {', '.join(leaks)}")
    play.says("the public list shows it: what, in which village, open or closed, and no more")
    play.shows(
        *(f"  {name:19} {item[name]}" for name in ("service_name", "status", "address_id", "requested_datetime"))
    )


STORIES: Stories = (
    ("A rejection, appealed", rejection_appealed),
    ("A report told by SMS", sms_conversation),
    ("A request of a city's app by Open311", open311_request),
)
