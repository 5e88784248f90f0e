"""A complaint that changes its course midway: whoever had it lets go, whoever has it now goes on, its reporter is told
once."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from deploy.demo.stage import Report, Stage
from deploy.demo.stories_mediation import agreed_to_meet, had_by_an_officer, on_track, reported
from deploy.demo.telling import CIBUAH, KERTAWENING, ago, from_now, helped_on
from deploy.local.state import State
from tests.support.provider import AtOnce


@pytest_asyncio.fixture
async def stage(system: State) -> AsyncIterator[Stage]:
    async with Stage(system, AtOnce()) as opened:
        await opened.enrol()
        yield opened


async def test_reclassified_while_a_mediation_is_scheduled(stage: Stage) -> None:
    phone = "+6281210000401"
    report = await reported(
        stage,
        "Tetangga saya menutup jalan setapak ke rumah saya. Kami sudah cekcok beberapa kali soal batas tanah.",
        {"text": "Gang Melur, RT 03", "village": KERTAWENING},
        {"name": "Ratna Contoh", "phone": phone},
    )
    await on_track(stage, report, "neighbour_dispute", "mediation")
    _, mediator = await had_by_an_officer(stage, report, "mediation")
    await agreed_to_meet(stage, report, mediator)
    session = {"at": from_now(days=3), "place": "Balai Desa Kertawening"}
    await stage.post("mediation", f"/cases/{report.id}/sessions", session, mediator)
    # What has not gone out yet would be taken back.
    told = await _told(stage, phone, 0, "jadwal pertemuan", "sudah ada petugas")

    change = {"category": "threats", "tracks": ["investigation"], "note": "Ada ancaman."}
    classifier = stage.officer("classifier-1", "classifier")
    await stage.post("classification", f"/complaints/{report.id}/change", change, classifier)

    lead, chief = stage.officer("lead-1", "mediation_lead"), stage.officer("chief-1", "chief")
    left = await stage.found("mediation", f"/cases/{report.id}", lead, lambda case: case["status"] == "elsewhere")
    assert (left["mediator"], left["round"]["sessions"][0]["state"]) == (None, "cancelled")
    case = await stage.found("investigation", f"/cases/{report.id}", chief, lambda case: case["detective"])
    assert case["status"] == "open"
    tracking = await stage.tracked(report, "reclassified", "assigned")
    assert tracking["status"] == "in_progress"
    # That it moved and who has it now are told once each; as one, where both are known before either is sent.
    news = (await _told(stage, phone, len(told), "sudah ada petugas|beberapa kabar baru"))[len(told) :]
    assert len(news) == len(set(news)) <= 2


async def test_withdrawn_while_it_is_offered_to_an_agency(stage: Stage) -> None:
    report = await stage.report(
        "/complaints",
        {
            "channel": "web",
            "what": "Listrik satu gang padam sejak semalam, gardu PLN berasap lalu mati, tolong diteruskan.",
            "where": {"text": "gardu Gang Dahlia", "village": CIBUAH},
            "when": ago(hours=5),
            "reporter": {"name": "Gilang Contoh", "email": "gilang.contoh@example.org"},
        },
    )
    await helped_on(stage, report)
    assert (await _referral(stage, report, "offered"))["agency"] == "pln-ulp-sukamaju"

    await stage.post("intake", "/tracking/withdrawal", {"code": report.tracking_code})

    case = await _referral(stage, report, "withdrawn")
    assert [offer["state"] for offer in case["offers"]] == ["withdrawn"]
    # The agency comes back, is told both, and what it answers to an offer that is no more changes nothing.
    async with stage.agency("pln-ulp-sukamaju"):
        case = await stage.found(
            "referral",
            f"/cases/{report.id}",
            stage.officer("referral-1", "referral_officer"),
            lambda case: not case["waiting"],
        )
    assert (case["status"], case["completion"]) == ("withdrawn", None)
    tracking = await stage.tracked(report, "withdrawn")
    assert tracking["status"] == "withdrawn"


async def test_linked_after_it_was_assigned(stage: Stage) -> None:
    operator, place = (
        stage.officer("operator-1", "call_operator"),
        {
            "text": "pertigaan Kertawening",
            "village": KERTAWENING,
            "lat": -6.6722,
            "lon": 107.4202,
        },
    )
    first = await _accident(stage, "Kecelakaan mobil pikap menabrak pohon di pertigaan Kertawening.", place, operator)
    second = await _accident(stage, "Ada mobil pikap menabrak pohon di pertigaan Kertawening.", place, operator)
    chief, verifier = stage.officer("chief-1", "chief"), stage.officer("verifier-1", "verifier")
    await stage.found("investigation", f"/cases/{second.id}", chief, lambda case: case["detective"])
    path = f"/complaints/{second.id}"
    await stage.found("verification", path, verifier, lambda case: case["status"] == "waiting")
    for report in (first, second):
        row = await stage.found("verification", f"/complaints/{report.id}", verifier)
        assert row["status"] in ("waiting", "verified")
    await helped_on(stage, first)

    await stage.post("verification", f"{path}/link", {"to": first.id}, verifier)

    case = await stage.found("investigation", f"/cases/{second.id}", chief, lambda case: case["joined"])
    assert (case["joined"], case["detective"]) == (first.id, None)
    kept = await stage.found("investigation", f"/cases/{first.id}", chief, lambda case: case["detective"])
    assert kept["status"] == "open"
    tracking = await stage.tracked(second, "assigned", "linked")
    assert tracking["status"] == "linked"


async def _accident(stage: Stage, what: str, place: dict[str, Any], operator: dict[str, str]) -> Report:
    report = await stage.report(
        "/calls/complaints",
        {
            "what": f"{what} Pengemudi terluka parah.",
            "where": place,
            "in_progress": True,
            "when": ago(minutes=6),
            "reporter": {"name": "Warga Contoh", "phone": "+6281210000402"},
        },
        operator,
    )
    await stage.tracked(report, "assigned")
    return report


async def _referral(stage: Stage, report: Report, status: str) -> Any:
    officer = stage.officer("referral-1", "referral_officer")
    return await stage.found("referral", f"/cases/{report.id}", officer, lambda case: case["status"] == status)


async def _told(stage: Stage, phone: str, skipped: int, *patterns: str) -> list[str]:
    """What has reached the phone, once all that is looked for is among it after the texts that are skipped."""

    async def arrived() -> list[str]:
        texts = await stage.sms(phone)
        found = all(any(re.search(pattern, text) for text in texts[skipped:]) for pattern in patterns)
        return texts if found else []

    texts: list[str] = await stage.until(arrived, f"the reporter is told: {', '.join(patterns)}")
    return texts
