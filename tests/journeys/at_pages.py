"""What people do at pages, from the report to its end, with something personal in every field. All is invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from pymongo import MongoClient

from deploy.demo.stage import Report, Stage
from deploy.demo.telling import CIBUAH, SUKAMAJU, ZONE, assigned, helped_on
from shared.contracts.envelope import Person
from tests.journeys.canaries import Canaries
from tests.journeys.places import Run
from tests.journeys.visitors import Visitor, of_office
from tests.services.intake.samples import CAMERA, located
from tests.support.receipts import read_receipt
from tests.support.room import until

LARGEST = 10 * 1024 * 1024  # bytes of a file
SECONDS = 30.0
REASON = "Memeriksa laporan Ibu Rini Canary Anggraini"
COUNTER = of_office("counter-1", "counter_officer")
OPERATOR = of_office("operator-1", "call_operator")
VERIFIERS = of_office("verifier-1", "verifier"), of_office("verifier-2", "verifier")


def expect(answer: httpx.Response, *statuses: int) -> httpx.Response:
    assert answer.status_code in statuses, f"{answer.request.method} {answer.request.url}: {answer.text[-2000:]}"
    return answer


def yesterday() -> str:
    """As a form's field has it."""
    return f"{datetime.now(ZONE) - timedelta(hours=20):%Y-%m-%dT%H:%M}"


@dataclass(frozen=True)
class Journey:
    """What all that happens at the pages of one system needs."""

    run: Run
    stage: Stage
    canaries: Canaries

    def visitor(self, officer: Person | None = None) -> Visitor:
        return Visitor(self.run, self.canaries, officer)

    async def receipt(self, visitor: Visitor, sent: httpx.Response) -> Report:
        """The report that was sent, as its reporter reads it on the receipt."""
        shown = expect(await visitor.open(expect(sent, 303).headers["location"]), 200).text
        return self.taken_in(visitor, shown)

    def taken_in(self, visitor: Visitor, shown: str) -> Report:
        """The report whose receipt a page shows."""
        number, code = read_receipt(shown)
        visitor.note(code, "code")
        return Report(self._id(number), number, code)

    def _id(self, number: str) -> str:
        with MongoClient[dict[str, Any]](self.run.state.environment["ADUAN_MONGO_URL"]) as client:
            row = client["aduan_intake"]["complaints"].find_one({"case.report.register_number": number})
        assert row, number
        return str(row["_id"])

    async def sent_when_possible(self, visitor: Visitor, path: str, **typed: str) -> None:
        """A form, as soon as the service has heard of what makes it possible."""
        await until(lambda: _is_open(visitor, path), f"{path} can be filled in", SECONDS)
        expect(await visitor.send(path, **typed), 303)


async def _is_open(visitor: Visitor, path: str) -> bool:
    return (await visitor.open(path)).is_success


async def at_all_pages(journey: Journey) -> None:
    await reported_and_settled(journey)
    await reported_with_scripts_and_rejected(journey)
    await taken_back(journey)
    await written_down_by_officers(journey)


async def reported_and_settled(journey: Journey) -> None:
    """Without scripts: a report that is sent amiss, too large and rightly, asked about, investigated, and judged."""
    form = {
        "what": "Motor saya dicuri orang, tolong dibantu pak. Kata Canary Cendana pelakunya dua orang.",
        "who": "named",
        "name": "Rini Canary Anggraini",
        "nik": "3509015204880007",
        "phone": "+6281210000991",
        "email": "rini.canary@example.org",
        "address": "Jalan Canary Kenanga 12, RT 03",
    }
    async with journey.visitor() as reporter:
        expect(await reporter.open("/intake/report"), 200)
        amiss = {
            "what": "Ini konsep Canary Melati yang tidak jadi dikirim",
            "who": "named",
            "name": "Konsep Canary Wulandari",
            "nik": "350901520488-Canary",
            "phone": "telepon Canary nol delapan",
            "email": "konsep.canary@di mana",
            "address": "Gang Canary Konsep 4, RT 01",
            "place": "warung Canary Konsep",
        }
        expect(await reporter.send("/intake/report", [("ktp-canary-konsep.jpg", located())], **amiss), 422)
        big = [("video-canary-besar.jpg", bytes(LARGEST + 1))]
        expect(await reporter.send("/intake/report", big, **{**form, "what": "Terlalu besar, kata Canary Besar"}), 422)
        sent = await reporter.send("/intake/report", key="canary-form-key-0001", **form)
        report = await journey.receipt(reporter, sent)
        again = await reporter.send("/intake/report", key="canary-form-key-0001", **form)
        assert (await journey.receipt(reporter, again)) == report
        expect(await reporter.send("/intake/report/receipt.pdf", key="", code=report.tracking_code), 200)
        expect(await reporter.send("/intake/report/contact/code", code=report.tracking_code, medium="sms"), 200)
        await _answered(journey, reporter, report)
        await _investigated(journey, report)
        await _judged(journey, reporter)
    async with journey.visitor(of_office("evaluator-1", "evaluator")) as evaluator:
        expect(await evaluator.open("/evaluation/board/comments", REASON), 200)


async def _answered(journey: Journey, reporter: Visitor, report: Report) -> None:
    """The reporter mistypes the code, and answers what is asked: amiss, too large, and rightly."""
    await journey.stage.tracked(report, "clarification")
    expect(await reporter.send("/notification/track", code="saya Rini Canary Anggraini"), 404)
    await enter(reporter, report)
    for path in ("/notification/track", "/notification/track/report", "/notification/track/question", "/intake/track"):
        expect(await reporter.open(path), 200)
    add = "/intake/track/add"
    expect(await reporter.send(add, what="Jawaban Canary Anggrek yang belum jadi", village="Desa Canary"), 422)
    films = [(f"film-canary-{number}.jpg", bytes(LARGEST)) for number in range(4)]
    expect(await reporter.send(add, films, what="Jawaban Canary Cempaka dengan film"), 413)
    words = "Motor Beat hitam milik Canary Sulastri, dicuri kemarin sore sekitar jam 5 dari parkiran pasar."
    place = "parkiran pasar Sukamaju dekat pos Canary"
    file = ("stnk-canary-rini.jpg", located())
    expect(await reporter.send(add, [file], what=words, place=place, village=SUKAMAJU), 303)
    reporter.note(f"{CAMERA.decode()} of Sri", "file")
    preferences = "/notification/track/preferences"
    expect(await reporter.send(preferences, channel="email", quiet_start="20:00"), 422)
    expect(await reporter.send(preferences, channel="email", language="id"), 303)
    await journey.stage.tracked(report, "supplemented")


async def enter(reporter: Visitor, report: Report) -> None:
    """Types the code in; the browser keeps it."""
    expect(await reporter.send("/notification/track", code=report.tracking_code.lower()), 303)


async def _investigated(journey: Journey, report: Report) -> None:
    """The detective opens what is sealed, and writes into every form of the panel."""
    await helped_on(journey.stage, report)
    case, _ = await assigned(journey.stage, report)
    panel, at = f"/investigation/panels/{report.id}", yesterday()
    forms: Sequence[tuple[str, dict[str, str]]] = (
        (
            "milestones",
            {"milestone": "inquiry_opened", "note": "Catatan Canary Gading", "words": "Kabar Canary Gading"},
        ),
        ("witnesses", {"name": "Sumarni Canary Lestari", "phone": "+6281210000992", "address": "Gang Canary Saksi 8"}),
        ("evidence", {"kind": "object", "description": "Kunci motor Canary Perunggu", "taken_at": at}),
        ("letters", {"letter": "A1", "words": "Surat perkembangan untuk Ibu Canary Rini."}),
        ("milestones", {"milestone": "case_conference", "note": "Gelar perkara Canary Pualam"}),
    )
    async with journey.visitor(of_office(case["detective"], "detective", *case["units"])) as detective:
        for path in ("/portal/desk", f"/portal/cases/{report.id}", "/investigation/worklist", panel):
            expect(await detective.open(path), 200)
        expect(await detective.send(f"{panel}/milestones", milestone="Canary", note="Catatan Canary salah"), 422)
        expect(await detective.open(f"{panel}/contents", REASON), 200)
        for move, form in forms:
            expect(await detective.act(panel, move, **form), 200)
        words = "Motor Ibu Canary Rini ternyata dipinjam adiknya dan sudah kembali."
        ending = {"outcome": "not_a_crime", "words": words, "note": "Catatan akhir Canary Zamrud"}
        expect(await detective.act(panel, "conclusion", **{**ending, "reason": "Canary Alasan"}), 422)
        expect(await detective.act(panel, "conclusion", **{**ending, "reason": "no_criminal_event"}), 200)
    await journey.stage.tracked(report, "concluded")


async def _judged(journey: Journey, reporter: Visitor) -> None:
    scores = {f"u{element}": "2" for element in range(1, 10)}
    survey, reopen = "/evaluation/track/survey", "/evaluation/track/reopen"
    await until(lambda: _is_open(reporter, survey), "the survey is open", SECONDS)
    expect(await reporter.send(survey, u1="7", comment="Konsep penilaian Canary Kelabu"), 422)
    expect(await reporter.send(survey, comment="Petugas Canary Bintara kurang ramah.", **scores), 303)
    reason = "Menurut Canary Wahyuni motornya tidak pernah dipinjam."
    await journey.sent_when_possible(reporter, reopen, reason=reason)


async def reported_with_scripts_and_rejected(journey: Journey) -> None:
    """The form's script sends the file first. An officer reads, and rejects; the reporter objects."""
    async with journey.visitor() as reporter:
        expect(await reporter.upload(bytes(LARGEST + 1)), 413)
        taken = expect(await reporter.upload(located()), 201).text
        form = {
            "what": "Rumah kakak saya, Canary Hartati, dibobol maling. Laptop dan perhiasan hilang.",
            "place": "Jalan Pahlawan Canary, Surabaya",
            "lat": "-7.2575",
            "lon": "112.7521",
            "when": yesterday(),
            "who": "anonymous",
            "attachments": taken.partition('value="')[2].partition('"')[0],
        }
        report = await journey.receipt(reporter, await reporter.send("/intake/report", **form))
        await _rejected(journey, report)
        await journey.stage.tracked(report, "rejected")
        await enter(reporter, report)
        grounds = "Rumahnya di Sukamaju; di Surabaya hanya alamat KTP Canary Hartati."
        await journey.sent_when_possible(reporter, "/intake/track/appeal", grounds=grounds)
        expect(await reporter.open("/notification/track"), 200)


async def _rejected(journey: Journey, report: Report) -> None:
    verifier = journey.stage.officer(VERIFIERS[0].id, "verifier")
    path = f"/complaints/{report.id}"
    await journey.stage.found("verification", path, verifier, lambda case: case["status"] == "waiting")
    case = await journey.stage.get("intake", path, verifier)
    panel, file = f"/verification/panels/{report.id}", case["attachments"][0]["id"]
    async with journey.visitor(VERIFIERS[0]) as officer:
        for path in ("/verification/worklist", "/verification/summary", panel, f"/intake/panels/{report.id}"):
            expect(await officer.open(path), 200)
        expect(await officer.open(f"{panel}/narrative"), 422)
        expect(await officer.open(f"{panel}/narrative", REASON), 200)
        picture = f"/intake/panels/{report.id}/attachments/{file}"
        expect(await officer.open(picture, REASON), 200)
        expect(await officer.open(f"{picture}/original", REASON), 200)
        draft = "Konsep penolakan Canary Jingga"
        expect(await officer.act(panel, "reject", reason="Canary Alasan Lain", words=draft), 422)
        words = "Silakan melapor di Surabaya, Ibu Canary Hartati."
        expect(await officer.act(panel, "reject", reason="outside_jurisdiction", words=words), 200)


async def taken_back(journey: Journey) -> None:
    async with journey.visitor() as reporter:
        form = {"what": "Pagar rumah Canary Suharti dirusak orang tadi malam.", "who": "anonymous", "village": CIBUAH}
        report = await journey.receipt(reporter, await reporter.send("/intake/report", **form))
        await enter(reporter, report)
        expect(await reporter.open("/intake/track/withdraw"), 200)
        expect(await reporter.send("/intake/track/withdraw"), 303)
        await journey.stage.tracked(report, "withdrawn")
        expect(await reporter.send("/notification/track/finish"), 303)


async def written_down_by_officers(journey: Journey) -> None:
    """At the counter and at 110: amiss and rightly; and what the counter prints."""
    who = {"name": "Darsono Canary Prasetyo", "phone": "+6281210000993"}
    more = {"nik": "3509010107770008", "email": "darsono.canary@example.org", "address": "Dusun Canary Krajan 9"}
    async with journey.visitor(COUNTER) as officer:
        expect(await officer.open("/intake/counter"), 200)
        expect(await officer.send("/intake/counter/nik", nik=more["nik"]), 200)
        expect(await officer.open("/intake/nearby?village=Cibuah"), 200)
        draft = {"what": "Konsep loket Canary Nila", "name": "Loket Canary Konsepwati", "village": "Desa Canary"}
        expect(await officer.send("/intake/counter", **draft), 422)
        told = {
            "what": "Kambing Pak Canary Darsono dicuri.",
            "place": "kandang Canary Krajan",
            "village": "Kertawening",
        }
        page = expect(await officer.send("/intake/counter", **told, **who, **more), 200).text
        panel = f"/intake/panels/{journey.taken_in(officer, page).id}"
        for paper in ("receipt", "receipt.pdf", "report.pdf"):
            expect(await officer.open(f"{panel}/{paper}"), 422)
            expect(await officer.open(f"{panel}/{paper}", REASON), 200)
    async with journey.visitor(OPERATOR) as officer:
        expect(await officer.send("/intake/call", what="Konsep panggilan Canary Ungu", village="Desa Canary"), 422)
        told = {"what": "Warung Canary Sukinem diributi orang mabuk.", "place": "simpang Canary Tiga"}
        expect(await officer.send("/intake/call", **told, name="Sukinem Canary Rahardjo", phone="+6281210000994"), 200)
        expect(await officer.send("/intake/call/log", kind="prank"), 200)
