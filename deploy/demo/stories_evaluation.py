"""The circle closes: reporters judge the service after the end, and what falls short is found and put right."""

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from deploy.demo.stage import Report, Stage, StoryFailed
from deploy.demo.telling import CIBUAH, SUKAMAJU, TANJUNGRASA, ZONE, Stories, ago, assigned, helped_on

if TYPE_CHECKING:
    from deploy.demo.__main__ import Play

# Three thefts that turn out to be none; and what their reporters think of it: slow, but kind.
_THEFTS: tuple[tuple[str, str, str], ...] = (
    ("Helm saya hilang dari parkiran masjid sore kemarin, warna hitam.", "masjid Cibuah", CIBUAH),
    ("Dompet saya dicopet di pasar kemarin sore, isinya uang dan KTP.", "pasar Sukamaju", SUKAMAJU),
    ("Burung murai saya beserta sangkarnya dicuri dari teras.", "Jalan Kenari, RT 05", TANJUNGRASA),
)
_SCORES = {"u1": 4, "u2": 4, "u3": 2, "u4": 4, "u5": 4, "u6": 4, "u7": 4, "u8": 3, "u9": 4}


async def survey_and_report(stage: Stage, play: "Play") -> None:
    """Three reporters answer the survey, one is not content, and the month's report names what falls short."""
    play.says("three thefts are looked into and turn out to be none")
    evaluator = stage.officer("evaluator-1", "evaluator")
    reports = await asyncio.gather(*(_concluded(stage, evaluator, *theft) for theft in _THEFTS))
    play.says("their reporters answer the survey; all found it slow")
    for report in reports:
        answer = {"code": report.tracking_code, "scores": _SCORES, "comment": "Ramah, tetapi lama."}
        await stage.post("evaluation", "/tracking/survey", answer)
    play.says("one of them asks to open the complaint again")
    reason = "Helm itu bukan punya tetangga saya."
    await stage.post("evaluation", "/tracking/reopening", {"code": reports[0].tracking_code, "reason": reason})
    month = f"{datetime.now(ZONE):%Y-%m}"
    found = await stage.post("evaluation", f"/findings/examinations/{month}", headers=evaluator)
    (slow,) = [finding for finding in found if finding["indicator"] == "element_u3"]
    play.says("the rule finds that U3 (time) is under B; somebody is to put it right")
    planned = await stage.post("evaluation", f"/findings/{slow['finding']}/plan", _plan(), evaluator)
    chief = stage.officer("chief-1", "chief")
    made = await stage.get("evaluation", f"/reports/{month}", chief)
    if planned["finding"] not in [finding["finding"] for finding in made["findings"]]:
        raise StoryFailed("the finding stands in the month's report")
    play.says("the chief reads the month's report")
    play.shows(*_lines(made))


async def _concluded(stage: Stage, evaluator: dict[str, str], what: str, place: str, village: str) -> Report:
    """A theft that the case conference finds to be none, once evaluation knows of its end."""
    report = await stage.report(
        "/counter/complaints",
        {
            "what": what,
            "where": {"text": place, "village": village},
            "when": ago(hours=20),
            "reporter": {"name": "Warga Contoh", "nik": "3509014107900001", "email": "warga.contoh@example.org"},
        },
        stage.officer("counter-1", "counter_officer"),
    )
    await helped_on(stage, report)
    _, detective = await assigned(stage, report)
    for milestone in ("inquiry_opened", "case_conference"):
        await stage.post("investigation", f"/cases/{report.id}/milestones", {"milestone": milestone}, detective)
    words = "Barang ternyata dipinjam tetangga. Perkara kami hentikan."
    ending = {"outcome": "not_a_crime", "reason": "no_criminal_event", "words": words}
    await stage.post("investigation", f"/cases/{report.id}/conclusion", ending, detective)
    await stage.found("evaluation", f"/complaints/{report.id}", evaluator, lambda record: record["closed"])
    return report


def _plan() -> dict[str, str]:
    today = datetime.now(ZONE).date()
    return {
        "action": "Pelapor ditelepon dalam satu hari kerja setelah laporan diterima.",
        "owner": "head-pidum",
        "by": str(today + timedelta(days=14)),
        "measure_on": str(today + timedelta(days=70)),
    }


def _lines(report: Any) -> list[str]:
    total, survey = report["indicators"]["total"], report["surveys"]["total"]
    lines = [
        f"[bold]{report['office']}, {report['month']}[/]  {total['received']} received, {total['closed']} closed, "
        f"{total['duplicates']} duplicates, {total['reopenings']} asked to be opened again",
        f"  IKM {survey['index']:.2f} ({survey['grade']}) from {survey['answers']} answers",
    ]
    lines += [_stage(stage) for stage in total["stages"] if stage["count"]]
    return lines + [_finding(finding) for finding in report["findings"] if finding["target"] is not None]


def _stage(stage: Any) -> str:
    median, target = stage["median_hours"], stage["target_hours"]
    return f"  {stage['stage']:<14} {stage['count']:>3} ended, median {median:.2f} h of {target:g} h"


def _finding(finding: Any) -> str:
    measured = f"{finding['indicator']} of {finding['scope']} is {finding['value']:g}, wanted {finding['target']:g}"
    done = f", {finding['owner']} until {finding['by']}" if finding["owner"] else ""
    return f"  finding: {measured}; {finding['status']}{done}"


STORIES: Stories = (("Reporters judge, and the office learns", survey_and_report),)
