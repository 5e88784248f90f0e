"""The stories of crimes, from the report to the detective. People, numbers and places in them are invented."""

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from deploy.demo.stage import Report, Stage
from deploy.demo.telling import CIBUAH, SUKAMAJU, TANJUNGRASA, Stories, ago, assigned, expect, helped_on, lines

if TYPE_CHECKING:
    from deploy.demo.__main__ import Play


def _messages(label: str, texts: list[str]) -> list[str]:
    return [f"  [cyan]{label}[/]  " + text.replace("\n", "\n       ") for text in texts]


async def robbery_by_110(stage: Stage, play: "Play") -> None:
    play.says("a 110 operator takes down a robbery in progress")
    operator = stage.officer("operator-1", "call_operator")
    phone = "+6281210000101"
    report = await stage.report(
        "/calls/complaints",
        {
            "what": "Tolong, minimarket sedang dirampok, dua orang bawa celurit menodong kasir minta uang.",
            "where": {"text": "minimarket simpang Sukamaju", "village": SUKAMAJU, "lat": -6.6216, "lon": 107.369},
            "when": None,
            "in_progress": True,
            "reporter": {"name": "Rahmat Contoh", "phone": phone},
        },
        operator,
    )
    play.says("the nearest free patrol is sent")
    row = await stage.found(
        "investigation", f"/cases/{report.id}", stage.officer("chief-1", "chief"), lambda case: case["patrol"]
    )
    crew = stage.officer(row["patrol"], "patrol")
    await stage.post("investigation", f"/patrols/dispatches/{report.id}/acknowledge", headers=crew)
    play.says(f"{row['patrol']} acknowledges and arrives")
    await stage.post("investigation", f"/patrols/dispatches/{report.id}/arrive", headers=crew)
    await stage.post("investigation", f"/patrols/dispatches/{report.id}/clear", {"result": "suspect_held"}, crew)
    case, _ = await assigned(stage, report)
    play.says(f"{case['detective']} of {', '.join(case['units'])} has the case")
    tracking = await stage.tracked(report, "patrol_dispatched", "patrol_arrived", "assigned")
    expect((case["category"], case["urgency"]) == ("robbery", "P1"), "a robbery in progress is P1")
    sent = await _sms(stage, phone, 2)
    play.shows(*lines(tracking), *_messages("SMS", sent))


async def theft_at_the_counter(stage: Stage, play: "Play") -> None:
    play.says("an officer at the counter writes down a theft")
    email = "sari.contoh@example.org"
    report = await stage.report(
        "/counter/complaints",
        {
            "what": "Sepeda anak saya dicuri dari teras rumah tadi malam. Pagar tidak rusak. Warna merah.",
            "where": {"text": "Jalan Melati, RT 02", "village": CIBUAH},
            "when": ago(hours=20),
            "reporter": {"name": "Sari Contoh", "nik": "3509014107900001", "email": email},
        },
        stage.officer("counter-1", "counter_officer"),
    )
    case, detective = await assigned(stage, report)
    path = f"/cases/{report.id}"
    play.says(f"{case['detective']} opens the inquiry and writes SP2HP A1")
    await stage.post("investigation", f"{path}/milestones", {"milestone": "inquiry_opened"}, detective)
    letter = "Laporan sedang kami teliti. Kami akan meminta keterangan tetangga."
    await stage.post("investigation", f"{path}/letters", {"letter": "A1", "words": letter}, detective)
    play.says("the bicycle was lent to a neighbour: the case conference finds no crime")
    await stage.post("investigation", f"{path}/milestones", {"milestone": "case_conference"}, detective)
    words = "Sepeda ternyata dipinjam tetangga dan sudah kembali. Perkara kami hentikan."
    ending = {"outcome": "not_a_crime", "reason": "no_criminal_event", "words": words}
    await stage.post("investigation", f"{path}/conclusion", ending, detective)
    tracking = await stage.tracked(report, "assigned", "letter", "concluded")
    expect(tracking["status"] == "concluded", "the theft is concluded")

    play.shows(*lines(tracking), *_messages("e-mail", await _mails(stage, email, 3)))


async def vague_report_clarified(stage: Stage, play: "Play") -> None:
    play.says("a web report does not say where or when")
    phone = "+6281210000103"
    report = await stage.report(
        "/complaints",
        {
            "channel": "web",
            "what": "Motor saya dicuri orang, tolong dibantu pak.",
            "reporter": {"name": "Dedi Contoh", "phone": phone},
        },
    )
    asked = await stage.tracked(report, "clarification")
    expect(bool(asked["question"]), "the reporter sees the question")
    play.says("asked for what is missing, the reporter answers with the tracking code")
    await stage.post(
        "intake",
        "/tracking/supplements",
        {
            "code": report.tracking_code,
            "what": "Motor Beat hitam dicuri dari parkiran pasar, kejadiannya kemarin sore sekitar jam 5.",
            "where": {"text": "parkiran pasar Tanjungrasa", "village": TANJUNGRASA},
        },
    )
    await helped_on(stage, report)
    case, _ = await assigned(stage, report)
    tracking = await stage.tracked(report, "clarification", "supplemented", "verified", "assigned")
    play.says(f"{case['detective']} has the case ({case['category']})")
    play.shows(*lines(tracking), *_messages("SMS", await _sms(stage, phone, 3)))


async def outside_the_area(stage: Stage, play: "Play") -> None:
    play.says("a report from another province comes in")
    email = "bagus.contoh@example.org"
    report = await stage.report(
        "/complaints",
        {
            "channel": "app",
            "what": "Rumah saya dibobol maling, laptop dan perhiasan hilang.",
            "where": {"text": "Jalan Pahlawan, Surabaya", "lat": -7.2575, "lon": 112.7521},
            "when": ago(hours=20),
            "reporter": {"name": "Bagus Contoh", "email": email},
        },
    )
    verifier = stage.officer("verifier-1", "verifier")
    path = f"/complaints/{report.id}"
    case = await stage.found("verification", path, verifier, lambda case: case["status"] == "waiting")
    play.says(f"an officer sees why it waits ({', '.join(case['held_by'])}) and rejects it")
    words = "Kejadian di luar wilayah kami. Silakan melapor ke Polrestabes setempat atau hubungi 110."
    await stage.post("verification", f"{path}/reject", {"reason": "outside_jurisdiction", "words": words}, verifier)
    tracking = await stage.tracked(report, "rejected")
    expect(tracking["status"] == "rejected", "the report is rejected")
    play.says("the reporter reads the reason and how to appeal")
    play.shows(*lines(tracking), *_messages("e-mail", await _mails(stage, email, 2)))


async def one_accident_two_reports(stage: Stage, play: "Play") -> None:
    play.says("two people report one accident")
    earlier_phone, phone = "+6281210000105", "+6281210000115"
    place = {"text": "depan SPBU Mekarsari", "village": "99.01.01.2001", "lat": -6.6225, "lon": 107.3916}
    first = await stage.report(
        "/calls/complaints",
        {
            "what": "Kecelakaan truk menabrak sepeda motor di depan SPBU Mekarsari, pengendara motor luka parah.",
            "where": place,
            "in_progress": True,
            "when": ago(minutes=12),
            "reporter": {"name": "Wati Contoh", "phone": earlier_phone},
        },
        stage.officer("operator-1", "call_operator"),
    )
    await stage.tracked(first, "assigned")
    second = await stage.report(
        "/complaints",
        {
            "channel": "app",
            "what": "Ada kecelakaan, truk tabrak sepeda motor depan SPBU Mekarsari, pengendara motor terluka parah.",
            "where": {**place, "lat": -6.6226, "lon": 107.3917},
            "when": ago(minutes=7),
            "reporter": {"name": "Joko Contoh", "phone": phone},
        },
    )
    verifier = stage.officer("verifier-1", "verifier")
    path = f"/complaints/{second.id}"
    case = await stage.found("verification", path, verifier, lambda case: case["suggestion"])
    expect(case["suggestion"]["complaint"] == first.id, "the first report is suggested")
    play.says(f"alike by {case['suggestion']['score']:.2f}: an officer links the second to the first")
    await stage.post("verification", f"{path}/link", {"to": first.id}, verifier)
    tracking = await stage.tracked(second, "linked")
    play.says("both reporters are told how it goes on")
    case, detective = await assigned(stage, first)
    await stage.post("investigation", f"/cases/{first.id}/milestones", {"milestone": "inquiry_opened"}, detective)
    letter = {"letter": "A1", "words": "Saksi dan pengemudi sudah kami periksa."}
    await stage.post("investigation", f"/cases/{first.id}/letters", letter, detective)
    tracking = await stage.tracked(second, "linked", "letter")
    expect("Saksi dan pengemudi" not in json.dumps(tracking), "the second reporter reads no letter of the first")
    told = await stage.tracked(first, "letter")
    play.shows(*lines(told), *_messages("SMS", await _sms(stage, earlier_phone, 3)))
    play.shows("", *lines(tracking), *_messages("SMS", await _sms(stage, phone, 3)))


async def anonymous_drug_tip(stage: Stage, play: "Play") -> None:
    play.says("somebody who stays anonymous tips off about drugs")
    report = await stage.report(
        "/complaints",
        {
            "channel": "web",
            "what": "Ada transaksi narkoba jenis sabu di rumah kosong belakang lapangan setiap malam Jumat.",
            "where": {"text": "belakang lapangan", "village": "99.01.02.2002"},
            "when": ago(hours=20),
        },
    )
    case, _ = await assigned(stage, report)
    expect(case["category"] == "narcotics", "the tip is about narcotics")
    tracking = await stage.tracked(report, "assigned")
    play.says(f"{case['detective']} of {', '.join(case['units'])} has it; only the code leads back")
    play.shows(*lines(tracking))


async def prank_call(stage: Stage, play: "Play") -> None:
    play.says("a prank call, one tap")
    operator = stage.officer("operator-1", "call_operator")
    call = await stage.post("intake", "/calls/log", {"kind": "prank"}, operator)
    expect(call["kind"] == "prank", "the call is noted as a prank")
    play.says("noted, and no case made of it")
    play.shows(f"  {call['received_at'][11:19]}  call {call['id']} noted as a prank; there is no case")


async def batch_of_a_partner(stage: Stage, play: "Play") -> None:
    play.says("a partner's system publishes three reports, one of them invalid")
    reports: list[dict[str, Any]] = [
        {
            "what": f"Warga melaporkan pencurian helm di parkiran kantor kelurahan, kejadian ke-{number}.",
            "where": {"text": "kantor kelurahan", "village": village},
            "when": ago(hours=20),
            "reporter": {"name": "Warga Contoh", "phone": f"+62812100002{number:02}"},
        }
        for number, village in enumerate(("99.01.03.2002", "99.01.03.2003"), start=1)
    ]
    reports.insert(1, {"what": "", "where": {"lat": 200}})
    commands = {str(uuid4()): report for report in reports}
    replies = await stage.submit_over_broker("kelurahan-digital", commands)
    receipts = [reply for reply in replies if reply["type"] == "complaint.receipt.v1"]
    problems = [reply for reply in replies if reply["type"] == "complaint.problem.v1"]
    expect((len(receipts), len(problems)) == (2, 1), "two receipts and one problem come back")
    for receipt in receipts:
        data = receipt["data"]
        await stage.tracked(Report(data["id"], data["register_number"], data["tracking_code"]), "received")
        play.shows(f"  receipt   {data['register_number']}")
    fields = ", ".join(error["field"] for error in problems[0]["data"]["errors"])
    play.says("two receipts, one problem that names the fields; the consumer goes on")
    play.shows(f"  problem   {problems[0]['data']['slug']}: {fields}")


async def _sms(stage: Stage, phone: str, count: int) -> list[str]:
    async def arrived() -> list[str]:
        texts = await stage.sms(phone)
        return texts if len(texts) >= count else []

    found: list[str] = await stage.until(arrived, f"{count} SMS reach the reporter")
    return found


async def _mails(stage: Stage, address: str, count: int) -> list[str]:
    """The subjects of the e-mails, once so many have arrived."""

    async def arrived() -> list[str]:
        mails = await stage.mails(address)
        return mails if len(mails) >= count else []

    mails: list[str] = await stage.until(arrived, f"{count} e-mails reach the reporter")
    return [mail.splitlines()[0] for mail in mails]


STORIES: Stories = (
    ("A robbery in progress by 110", robbery_by_110),
    ("A theft at the counter", theft_at_the_counter),
    ("A vague web report, clarified", vague_report_clarified),
    ("A report from outside the area", outside_the_area),
    ("Two reports of one accident", one_accident_two_reports),
    ("An anonymous drug tip", anonymous_drug_tip),
    ("A prank call", prank_call),
    ("A partner's batch with an invalid message", batch_of_a_partner),
)
