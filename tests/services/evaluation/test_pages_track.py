"""The pages on which the holder of a tracking code judges what was done, and asks for more."""

from uuid import uuid4

from services.evaluation.feedback import Feedback
from services.evaluation.queries import FEEDBACK
from services.evaluation.settings import settings_of
from services.evaluation.survey import ELEMENTS
from services.evaluation.track_wordings import ELEMENTS as ASKED
from shared.contracts.evaluation import ComplaintReopenRequested, FeedbackReceived
from shared.tracking_cookie import ENTRY
from tests.services.evaluation.samples import investigated
from tests.services.evaluation.telling import Reporter, closed, tell
from tests.support.holding import browser, error_at, said, send
from tests.support.room import Running

TRACK = "/evaluation/track"
PAGES = (TRACK, f"{TRACK}/survey", f"{TRACK}/reopen")
SCORES = {name: str(1 + n % 4) for n, name in enumerate(ELEMENTS)}


async def not_closed(evaluation: Running) -> Reporter:
    reporter = Reporter()
    first = investigated(reporter.complaint)[0]
    lookup = reporter.lookup(settings_of(evaluation.room).code_key)
    await tell(
        evaluation, [first.model_copy(update={"data": first.data.model_copy(update={"tracking_lookup": lookup})})]
    )
    return reporter


async def feedback(evaluation: Running, complaint: str) -> Feedback | None:
    case: Feedback | None = (await evaluation.room.store(FEEDBACK).load([complaint]))[complaint].case
    return case


def test_every_element_of_the_survey_is_asked_with_four_answers() -> None:
    assert tuple(ASKED) == ELEMENTS
    assert all(len(set(answers)) == 4 for _, answers in ASKED.values())


async def test_without_a_code_reading_leads_to_where_it_is_typed(evaluation: Running) -> None:
    async with browser(evaluation) as client:
        for path in PAGES:
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, ENTRY)
        for path in PAGES[1:]:
            answer = await send(client, path)
            assert (answer.status_code, "Kode lacak tidak lagi disimpan" in said(answer)) == (404, True)
    async with browser(evaluation, "x") as client:
        assert {(await client.get(path)).status_code for path in PAGES} == {404}


async def test_before_the_end_there_is_nothing_to_judge(evaluation: Running) -> None:
    reporter = await not_closed(evaluation)
    async with browser(evaluation, reporter.code) as client:
        panel = await client.get(TRACK, headers={"HX-Request": "true"})
        assert (panel.status_code, " hidden>" in panel.text) == (200, True)
        assert "Nilai penanganan" not in panel.text
        for answer in (await client.get(f"{TRACK}/survey"), await send(client, f"{TRACK}/survey", **SCORES)):
            assert (answer.status_code, "Laporan ini belum selesai ditangani." in said(answer)) == (409, True)


async def test_the_survey_is_answered_once(evaluation: Running) -> None:
    reporter = await closed(evaluation)
    form = {"key": str(uuid4()), **SCORES, "comment": "Rahasia Canary."}
    async with browser(evaluation, reporter.code) as client:
        assert "Nilai penanganan kami" in said(await client.get(TRACK))
        page = await client.get(f"{TRACK}/survey")
        assert page.text.count('type="radio"') == 36
        assert "Gratis" in page.text
        for _ in range(2):
            answer = await send(client, f"{TRACK}/survey", **form)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{TRACK}?done=survey")
        panel = said(await client.get(answer.headers["location"]))
        assert "Terima kasih atas penilaian Anda." in panel
        assert "Penilaian Anda sudah kami terima." in panel
        again = await send(client, f"{TRACK}/survey", **SCORES)
        assert (again.status_code, "sudah kami terima" in said(again)) == (409, True)
        assert "Thank you for your rating." in said(await client.get(f"{TRACK}?done=survey&language=en"))
    event = await evaluation.says(FeedbackReceived, reporter.complaint)
    assert event.data.scores.model_dump() == {name: int(score) for name, score in SCORES.items()}
    assert event.data.commented
    case = await feedback(evaluation, reporter.complaint)
    assert case is not None
    assert len(case.surveys) == 1
    assert "Canary" not in str(case.surveys[0].comment)


async def test_a_question_that_is_left_out_is_named_and_the_others_are_kept(evaluation: Running) -> None:
    reporter = await closed(evaluation)
    async with browser(evaluation, reporter.code) as client:
        answer = await send(client, f"{TRACK}/survey", **{**SCORES, "u3": "", "u5": "5"})
    assert answer.status_code == 422
    assert error_at(answer, "u3") == "Wajib diisi."
    assert error_at(answer, "u5") == "Paling banyak 4."
    assert answer.text.count(" checked") == 7
    assert await feedback(evaluation, reporter.complaint) is None


async def test_a_closed_report_is_asked_to_be_opened_again_once(evaluation: Running) -> None:
    reporter = await closed(evaluation)
    form = {"key": str(uuid4()), "reason": "Barang Canary belum kembali."}
    async with browser(evaluation, reporter.code) as client:
        empty = await send(client, f"{TRACK}/reopen", reason="")
        assert (empty.status_code, error_at(empty, "reason")) == (422, "Wajib diisi.")
        for _ in range(2):
            answer = await send(client, f"{TRACK}/reopen", **form)
            assert (answer.status_code, answer.headers["location"]) == (303, f"{TRACK}?done=reopen")
        again = await send(client, f"{TRACK}/reopen", reason="Sekali lagi.")
        assert (again.status_code, "sudah diajukan" in said(again)) == (409, True)
        assert "sedang diperiksa" in said(await client.get(TRACK))
    event = await evaluation.says(ComplaintReopenRequested, reporter.complaint)
    assert len({each.id for each in evaluation.of(ComplaintReopenRequested, reporter.complaint)}) == 1
    opened = evaluation.vault.open("narrative", reporter.complaint, event.data.sealed.narrative)
    assert opened["text"] == "Barang Canary belum kembali."
