"""The story of a complaint about an officer. People, numbers and places in it are invented."""

from typing import TYPE_CHECKING

from deploy.demo.stage import OFFICE, Stage, StoryFailed
from deploy.demo.telling import SUKAMAJU, Stories, ago, lines, read_by_reporter

if TYPE_CHECKING:
    from deploy.demo.__main__ import Play

ACCUSED = "aipda-contoh"
LETTER = "Pengaduan Ibu kami terima dan layak diawasi. Pemeriksa sedang meminta keterangan para saksi."
RESULT = "Pengaduan terbukti. Petugas yang bersangkutan dihadapkan pada sidang disiplin."


async def complaint_about_an_officer(stage: Stage, play: "Play") -> None:
    play.says("a web report tells of an officer who asks for money")
    report = await stage.report(
        "/complaints",
        {
            "channel": "web",
            "what": "Polisi lalu lintas minta uang damai saat menilang saya di simpang pasar, tanpa surat tilang.",
            "where": {"text": "simpang pasar Sukamaju", "village": SUKAMAJU},
            "when": ago(hours=20),
            "reporter": {"name": "Lestari Contoh", "phone": "+6281210000120"},
        },
    )
    path, head = f"/cases/{report.id}", stage.officer("head-propam", "internal_affairs_head", units=("Sipropam",))
    examiner = stage.officer("examiner-1", "internal_affairs", units=("Sipropam",))
    case = await stage.found("internal_affairs", path, head)
    play.says(f"at the sealed desk; the letter is due by {case['letter_by'][:10]}, in 20 working days")
    # The accused works at the desk's own office, and holds the desk's role: neither helps.
    accused = stage.officer(ACCUSED, "internal_affairs", "chief")
    await stage.post("internal_affairs", f"{path}/conflicts", {"names": [ACCUSED]}, examiner)
    hidden = await _refusal(stage, path, accused)
    play.says("the officer is named, and from then on the complaint is not there for them")
    await stage.call("internal_affairs", "PUT", "/examiners/examiner-1", {"units": [OFFICE, "Sipropam"]}, head)
    await stage.post("internal_affairs", f"{path}/steps", {"step": "complete"}, examiner)
    await stage.call("internal_affairs", "PUT", f"{path}/examiner", {"examiner": "examiner-1"}, head)
    reason = {"Access-Reason": "examination"}
    await stage.get("internal_affairs", f"{path}/contents", examiner | reason)
    case = await stage.post("internal_affairs", f"{path}/letters", {"words": LETTER}, examiner)
    play.says(f"SP3D goes out; the result is due by {case['result_by'][:10]}, in 40 working days")
    await stage.post("internal_affairs", f"{path}/findings", {"text": "Dua saksi membenarkan."}, examiner)
    case = await stage.post("internal_affairs", f"{path}/result", {"outcome": "proven", "words": RESULT}, head)
    tracking = await read_by_reporter(stage, report, LETTER, RESULT)
    play.says("proven: the reporter reads the letter and the result, and nobody else does")
    play.shows(*lines(tracking))
    play.shows(*(f"  kept      {kept['officer']} read what is sealed: {kept['reason']}" for kept in case["readings"]))
    play.shows(f"  {ACCUSED}  {hidden}")


async def _refusal(stage: Stage, path: str, headers: dict[str, str]) -> str:
    """What somebody is answered to whom the complaint does not exist."""
    try:
        await stage.get("internal_affairs", path, headers)
    except StoryFailed as refused:
        if "404" in str(refused):
            return "404, as if there were no such complaint"
        raise
    raise StoryFailed("the officer whom it is about sees the complaint")


STORIES: Stories = (("A complaint about an officer", complaint_about_an_officer),)
