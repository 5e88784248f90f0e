"""The stories of mediation and guidance. People, numbers and places in them are invented."""

from typing import TYPE_CHECKING, Any

from deploy.demo.stage import Report, Stage, StoryFailed
from deploy.demo.telling import (
    KERTAWENING,
    MEKARSARI,
    PASIRHAUR,
    Stories,
    ago,
    expect,
    from_now,
    helped_on,
    lines,
    read_by_reporter,
)

if TYPE_CHECKING:
    from deploy.demo.__main__ import Play


async def dispute_settled(stage: Stage, play: "Play") -> None:
    play.says("a neighbours' dispute comes in by app")
    report = await reported(
        stage,
        "Tetangga saya membangun pagar yang melewati batas tanah kami. Kami sudah cekcok beberapa kali.",
        {"text": "Gang Kenanga, RT 04", "village": MEKARSARI},
        {"name": "Tuti Contoh", "phone": "+6281210000301"},
    )
    await on_track(stage, report, "neighbour_dispute", "mediation")
    case, mediator = await had_by_an_officer(stage, report, "mediation")
    play.says(f"{case['mediator']} of the village invites both sides, and both agree to meet")
    parties = await agreed_to_meet(stage, report, mediator)
    play.says("they meet at the village hall and find two points")
    await _met(stage, report, mediator, "sessions", "Balai Desa Mekarsari")
    path = f"/cases/{report.id}"
    await stage.call("mediation", "PUT", f"{path}/sessions/1/minutes", {"text": "Kedua pihak hadir."}, mediator)
    points = [
        {"text": "Pagar dimundurkan setengah meter.", "due": from_now(days=14)},
        {"text": "Biaya pembongkaran ditanggung bersama.", "due": from_now(days=30)},
    ]
    await stage.call("mediation", "PUT", f"{path}/agreement", {"points": points}, mediator)
    for party in parties:
        await stage.post("mediation", f"{path}/agreement/signatures", {"party": party}, mediator)
    play.says("both have signed, and the reporter reads what was agreed")
    tracking = await read_by_reporter(stage, report, points[0]["text"], points[1]["text"], "Balai Desa Mekarsari")
    for number in (1, 2):
        judged = f"{path}/agreement/points/{number}/compliance"
        case = await stage.call("mediation", "PUT", judged, {"kept": True}, mediator)
    expect(case["status"] == "closed", "all that was agreed is kept")
    play.says("weeks later both points are kept")
    play.shows(*lines(tracking))


async def mediation_that_fails(stage: Stage, play: "Play") -> None:
    play.says("a dispute comes in by app in which one side will not talk")
    report = await reported(
        stage,
        "Saya berselisih dengan tetangga soal saluran air. Kami cekcok terus dan tidak ada titik temu.",
        {"text": "Kampung Pasirhaur, RT 01", "village": PASIRHAUR},
        {"name": "Asep Contoh", "phone": "+6281210000302"},
    )
    await on_track(stage, report, "neighbour_dispute", "mediation")
    case, mediator = await had_by_an_officer(stage, report, "mediation")
    play.says(f"{case['mediator']} brings them together, but they do not agree; one is threatened")
    await agreed_to_meet(stage, report, mediator)
    await _met(stage, report, mediator, "sessions", "Kantor Desa Pasirhaur")
    failing = {
        "reason": "no_agreement",
        "recommended": "investigation",
        "note": "Satu pihak mengancam pihak lain saat pertemuan.",
    }
    await stage.post("mediation", f"/cases/{report.id}/failure", failing, mediator)
    classifier, path = stage.officer("classifier-1", "classifier"), f"/complaints/{report.id}"
    back = await stage.found("classification", path, classifier, lambda matter: matter["status"] == "returned")
    expect(back["proposed"]["tracks"] == ["investigation"], "the mediator's recommendation is proposed")
    play.says("a classifier reads the recommendation and makes it a case of threats")
    change = {"category": "threats", "tracks": ["investigation"], "note": "Mediasi gagal, ada ancaman."}
    await stage.post("classification", f"{path}/change", change, classifier)
    chief = stage.officer("chief-1", "chief")
    led = await stage.found("investigation", f"/cases/{report.id}", chief, lambda case: case["detective"])
    lead = stage.officer("lead-1", "mediation_lead")
    left = await stage.found("mediation", f"/cases/{report.id}", lead, lambda case: case["status"] == "elsewhere")
    expect(left["mediator"] is None, "the village's officer has let go")
    play.says(f"{led['detective']} of {', '.join(led['units'])} has the case")
    play.shows(*lines(await stage.tracked(report, "assigned")))


async def noise_to_guidance(stage: Stage, play: "Play") -> None:
    play.says("noise at night is reported by app")
    report = await reported(
        stage,
        "Bengkel di sebelah rumah berisik sampai larut malam, musik keras, kami tidak bisa tidur.",
        {"text": "sebelah bengkel, RT 02", "village": KERTAWENING},
        {"name": "Nani Contoh", "phone": "+6281210000303"},
    )
    play.says("a classifier sees that a visit and advice will do")
    await on_track(stage, report, "noise", "guidance")
    case, mediator = await had_by_an_officer(stage, report, "guidance")
    path = f"/cases/{report.id}"
    plan = {"text": "Mengunjungi pemilik bengkel dan menyepakati jam kerja."}
    await stage.call("mediation", "PUT", f"{path}/plan", plan, mediator)
    play.says(f"{case['mediator']} visits the workshop")
    await _met(stage, report, mediator, "visits", "Bengkel di RT 02")
    record = {"text": "Pemilik bengkel bersedia berhenti pukul delapan malam."}
    await stage.call("mediation", "PUT", f"{path}/visits/1/record", record, mediator)
    words = "Pemilik bengkel sudah kami nasihati dan berhenti bekerja pukul 20.00."
    case = await stage.post("mediation", f"{path}/completion", {"words": words}, mediator)
    expect(case["position"] == "completed", "the guidance is completed")
    play.says("the reporter reads what was advised")
    play.shows(*lines(await read_by_reporter(stage, report, words)))


async def reported(stage: Stage, what: str, where: dict[str, Any], reporter: dict[str, str]) -> Report:
    """A report by app that verification lets pass, with an officer's help where the checks leave a doubt."""
    body = {"channel": "app", "what": what, "where": where, "when": ago(hours=20), "reporter": reporter}
    report = await stage.report("/complaints", body)
    await helped_on(stage, report)
    return report


async def on_track(stage: Stage, report: Report, category: str, track: str) -> None:
    """The complaint on the track, where the rules have put it or else a classifier."""
    classifier, path = stage.officer("classifier-1", "classifier"), f"/complaints/{report.id}"
    matter = await stage.found("classification", path, classifier)
    in_force = matter["in_force"] or {"category": None, "tracks": []}
    if in_force["category"] != category or in_force["tracks"] != [track]:
        change = {"category": category, "tracks": [track], "note": "Dapat diselesaikan di desa."}
        await stage.post("classification", f"{path}/change", change, classifier)


async def had_by_an_officer(stage: Stage, report: Report, kind: str) -> tuple[Any, dict[str, str]]:
    """The case once its village's officer has it, and that officer's headers."""
    lead = stage.officer("lead-1", "mediation_lead")
    case = await stage.found(
        "mediation", f"/cases/{report.id}", lead, lambda case: case["kind"] == kind and case["mediator"]
    )
    return case, stage.officer(case["mediator"], "bhabinkamtibmas")


async def agreed_to_meet(stage: Stage, report: Report, mediator: dict[str, str]) -> list[str]:
    path = f"/cases/{report.id}/parties"
    parties = []
    for side, name in (("complainant", "Warga Pertama Contoh"), ("respondent", "Warga Kedua Contoh")):
        case = await stage.post("mediation", path, {"side": side, "name": name}, mediator)
        parties.append(case["round"]["parties"][-1]["id"])
        await stage.call("mediation", "PUT", f"{path}/{parties[-1]}/consent", {"consent": "agreed"}, mediator)
    return parties


async def _met(stage: Stage, report: Report, mediator: dict[str, str], kind: str, place: str) -> None:
    """A session or visit that is set for in a moment, and is held once its time has come."""
    path = f"/cases/{report.id}/{kind}"
    await stage.post("mediation", path, {"at": from_now(seconds=2), "place": place}, mediator)

    async def held() -> Any:
        try:
            return await stage.post("mediation", f"{path}/1/holding", headers=mediator)
        except StoryFailed:
            return None

    await stage.until(held, f"{kind}/1 is held")


STORIES: Stories = (
    ("A neighbours' dispute, settled", dispute_settled),
    ("A mediation that fails and becomes a case", mediation_that_fails),
    ("Noise at night, met with guidance", noise_to_guidance),
)
