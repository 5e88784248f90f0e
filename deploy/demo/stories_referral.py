"""Stories that partner agencies play a part in, each agency as a process of its own with its own credentials."""

from typing import TYPE_CHECKING, Any

from deploy.demo.stage import Report, Stage
from deploy.demo.telling import CIBUAH, SUKAMAJU, Stories, ago, expect, helped_on

if TYPE_CHECKING:
    from deploy.demo.__main__ import Play


async def fire_by_phone(stage: Stage, play: "Play") -> None:
    play.says("a 110 operator takes down a fire")
    async with stage.agency("damkar-sukamaju"):
        report = await stage.report(
            "/calls/complaints",
            {
                "what": "Kebakaran rumah di belakang pasar, api membesar dan merembet ke rumah sebelah, tolong.",
                "where": {"text": "belakang Pasar Sukamaju", "village": SUKAMAJU, "lat": -6.6204, "lon": 107.3702},
                "in_progress": True,
                "reporter": {"name": "Yanti Contoh", "phone": "+6281210000121"},
            },
            stage.officer("operator-1", "call_operator"),
        )
        play.says("a patrol secures the road while the fire brigade is asked over its own queue")
        await _road_secured(stage, report)
        case = await _referral(stage, report, "accepted", "completed")
        play.says(f"{case['offers'][0]['agency']} accepts as {case['offers'][0]['reference']}")
        case = await _referral(stage, report, "completed")
    expect(case["completion"]["outcome"] == "resolved", "the fire is out")
    expect([offer["agency"] for offer in case["offers"]] == ["damkar-sukamaju"], "nobody else was asked")
    play.says("the fire brigade tells how it goes on and completes")
    play.shows(*_course(report, case))


async def power_cut_on_the_web(stage: Stage, play: "Play") -> None:
    play.says("a web report tells of a power cut")
    async with stage.agency("pln-ulp-sukamaju", accepts="none"), stage.agency("pln-up3-sukamaju"):
        report = await stage.report(
            "/complaints",
            {
                "channel": "web",
                "what": "Listrik di RT 03 padam sejak subuh, gardu PLN di ujung jalan berbunyi lalu mati.",
                "where": {"text": "gardu ujung Jalan Melati RT 03", "village": CIBUAH},
                "when": ago(hours=6),
                "reporter": {"name": "Hendra Contoh", "email": "hendra.contoh@example.org"},
            },
        )
        await helped_on(stage, report)
        play.says("the first office of PLN declines, the second is asked")
        case = await _referral(stage, report, "completed")
    states = [(offer["agency"], offer["state"]) for offer in case["offers"]]
    wanted = [("pln-ulp-sukamaju", "declined"), ("pln-up3-sukamaju", "completed")]
    expect(states == wanted, f"declined by the first and taken by the second, not {states}")
    play.says("the second takes it and restores the power")
    play.shows(*_course(report, case))


async def _road_secured(stage: Stage, report: Report) -> None:
    """A patrol goes there too, and is free again once the agency is on the scene."""
    chief = stage.officer("chief-1", "chief")
    row = await stage.found("investigation", f"/cases/{report.id}", chief, lambda case: case["patrol"])
    crew, path = stage.officer(row["patrol"], "patrol"), f"/patrols/dispatches/{report.id}"
    for step in ("acknowledge", "arrive"):
        await stage.post("investigation", f"{path}/{step}", headers=crew)
    await stage.post("investigation", f"{path}/clear", {"result": "handed_over"}, crew)


async def _referral(stage: Stage, report: Report, *statuses: str) -> Any:
    """The referral once it has come that far, as its officer sees it."""
    officer = stage.officer("referral-1", "referral_officer")
    return await stage.found("referral", f"/cases/{report.id}", officer, lambda case: case["status"] in statuses)


def _course(report: Report, case: Any) -> list[str]:
    lines = [f"[bold]{report.register_number}[/]  {case['category']} {case['urgency']}: {case['status']}"]
    for offer in case["offers"]:
        reference = f" ({offer['reference']})" if offer["reference"] else ""
        lines.append(f"  {offer['at'][11:19]}  {offer['agency']} {offer['state']}{reference} {offer['reason'] or ''}")
    lines += [f"  {update['at'][11:19]}  {update['agency']}: {update['step']}" for update in case["updates"]]
    return lines


STORIES: Stories = (
    ("A fire by phone, handed to the fire brigade", fire_by_phone),
    ("A power cut, declined by one and taken by another", power_cut_on_the_web),
)
