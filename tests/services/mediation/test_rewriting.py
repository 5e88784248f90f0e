"""Texts that are written again: the form begins with what stands, which is opened for a reason."""

import re
from html import unescape

from tests.services.mediation.conftest import POLRES, VILLAGE
from tests.services.mediation.handling import Case, later, opened
from tests.services.mediation.screen import MARKUP, Screen, lead, local
from tests.support.clock import Clock
from tests.support.room import Running


async def met(case: Case, clock: Clock) -> None:
    """The parties have met, and the minutes stand."""
    await case.parties()
    await case.done("POST", "sessions", {"at": later(clock, days=1), "place": "Canary hall"})
    clock.forward(days=1, seconds=1)
    await case.done("POST", "sessions/1/holding", {})
    await case.done("PUT", "sessions/1/minutes", {"text": f"Canary minutes\n{MARKUP}"})


def typed(text: str, name: str) -> list[str]:
    """What the fields of this name hold."""
    areas = re.findall(rf'<textarea[^>]* name="{name}"[^>]*>([^<]*)</textarea>', text)
    lines = re.findall(rf'<input[^>]* name="{name}"[^>]* value="([^"]*)"', text)
    return [unescape(value) for value in (*areas, *lines)]


async def test_minutes_are_corrected_from_what_stands(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation)
    await met(case, clock)
    screen = Screen(case, case.mediator)
    shown = (await screen.look()).text
    assert "Perbaiki catatan hasil" in shown
    assert not typed(shown, "text"), "no empty form in which the old text would be lost"
    assert "Canary" not in shown
    form = (await screen.opened("sessions/1/minutes")).text
    assert typed(form, "text") == [f"Canary minutes\n{MARKUP}"]
    assert typed(form, "access_reason") == ["to correct it"]
    done = await screen.does("sessions/1/minutes", text="Canary corrected")
    assert "Canary" not in done
    assert typed((await screen.opened("sessions/1/minutes")).text, "text") == ["Canary corrected"]


async def test_nothing_comes_filled_in_without_a_reason(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation)
    await met(case, clock)
    screen = Screen(case, case.mediator)
    bare = await screen.opened("sessions/1/minutes", reason="")
    assert (bare.status_code, "Canary" in bare.text) == (422, False)
    assert "Tulis dulu alasan Anda membaca data ini." in bare.text
    await screen.opened("sessions/1/minutes", reason="a slip in the date")
    auditor = mediation.token("auditor", person="auditor-1", units=(POLRES,))
    trail = (await mediation.http.get(f"/audit/{case.id}", headers=auditor)).json()
    assert "a slip in the date" in [entry["reason"] for entry in trail["reads"]]
    assert "" not in [entry["reason"] for entry in trail["reads"]]


async def test_an_agreement_is_corrected_with_all_its_points_and_days(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation)
    await met(case, clock)
    points = [{"text": f"Canary point {n}", "due": later(clock, days=n)} for n in range(1, 13)]
    await case.done("PUT", "agreement", {"points": points})
    screen = Screen(case, case.mediator)
    form = (await screen.opened("agreement")).text
    assert typed(form, "text_12") == ["Canary point 12"]
    assert typed(form, "due_2") == [local(clock, days=2)[:10]]
    fields = {name: typed(form, name)[0] for n in range(1, 13) for name in (f"text_{n}", f"due_{n}")}
    await screen.does("agreement", **{**fields, "text_3": "Canary point, put right"})
    agreement = (await case.get()).json()["round"]["agreement"]
    assert len(agreement["points"]) == 12, "a page loses none that a program wrote"
    assert typed((await screen.opened("agreement")).text, "text_3") == ["Canary point, put right"]


async def test_whoever_was_slower_keeps_what_was_typed_and_sees_what_the_other_wrote(
    mediation: Running, clock: Clock
) -> None:
    case = await opened(mediation)
    await met(case, clock)
    mine, leads = Screen(case, case.mediator), Screen(case, lead(mediation))
    mine.text = shown = (await mine.opened("sessions/1/minutes")).text
    await leads.does("sessions/1/minutes", text="Canary of the lead")
    stale = await mine.send("sessions/1/minutes", read_for="to correct it", text="Canary of mine")
    assert stale.status_code == 412
    assert typed(stale.text, "text") == ["Canary of mine"]
    assert "Yang tertulis sekarang" in stale.text
    assert "Canary of the lead" in stale.text
    assert "to correct it" in typed(stale.text, "access_reason"), "it goes on with the reason that was given"
    await mine.does("sessions/1/minutes", read_for="to correct it", text="Canary of both")
    mine.text = shown
    bare = await mine.send("sessions/1/minutes", text="Canary of mine")
    assert (bare.status_code, "Canary of both" in bare.text) == (412, False), "without a reason nothing is opened"
    assert typed(bare.text, "text") == ["Canary of mine"]
    assert "Baca isi kasus sebelum menggantinya." in bare.text


async def test_an_agreement_that_somebody_else_wrote_is_shown_by_its_points(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation)
    await met(case, clock)
    await case.done("PUT", "agreement", {"points": [{"text": "Canary first", "due": later(clock, days=3)}]})
    mine, leads = Screen(case, case.mediator), Screen(case, lead(mediation))
    mine.text = (await mine.opened("agreement")).text
    due = local(clock, days=5)[:10]
    await leads.does("agreement", text_1="Canary of the lead", due_1=due, text_2="Canary second", due_2=due)
    stale = await mine.send("agreement", read_for="to correct it", text_1="Canary of mine", due_1=due)
    assert stale.status_code == 412
    assert typed(stale.text, "text_1") == ["Canary of mine"]
    for words in ("Canary of the lead", "Canary second", "paling lambat"):
        assert words in stale.text


async def test_the_opened_contents_lead_to_the_filled_form(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation)
    await met(case, clock)
    await case.done("PUT", "agreement", {"points": [{"text": "Canary point", "due": later(clock, days=3)}]})
    screen = Screen(case, case.mediator)
    contents = (await screen.opened("contents")).text
    assert contents.count(MARKUP) == 0, "what was typed is text, in a form too"
    assert typed(contents, "text") == [f"Canary minutes\n{MARKUP}"]
    assert typed(contents, "text_1") == ["Canary point"]
    screen.text = contents
    await screen.does("sessions/1/minutes", text="Canary corrected")
    ppa = await opened(mediation, mediation="ppa_approval", category="domestic_violence")
    approver = Screen(ppa, mediation.token("ppa_approver", person="ppa-1", units=(POLRES, "PPA")))
    assert "<form" not in (await approver.opened("contents")).text


async def test_a_guidance_is_corrected_by_whoever_guides(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation, VILLAGE, tracks=("guidance",))
    guide = mediation.token("guidance_officer", person=(await case.get()).json()["mediator"], units=(POLRES,))
    screen = Screen(case, guide)
    empty = await screen.opened("plan")
    assert (empty.status_code, "Di sana belum ada yang tertulis." in empty.text) == (409, True)
    await screen.does("plan", text="Canary plan")
    form = await screen.opened("plan")
    assert typed(form.text, "text") == ["Canary plan"]
    assert typed((await screen.opened("contents")).text, "text") == ["Canary plan"]
    shown = await screen.does("visits", at=local(clock, minutes=2), place="Bengkel")
    assert typed(shown, "at") == [local(clock, minutes=2)], "another hour begins with the one that stands"
    early = await screen.opened("visits/1/record")
    assert early.status_code == 409, "nothing of a visit that is still to come"
    clock.forward(minutes=3)
    await screen.does("visits/1/holding")
    await screen.does("visits/1/record", text="Canary record")
    assert typed((await screen.opened("visits/1/record")).text, "text") == ["Canary record"]
    await screen.does("completion", words="Sudah dinasihati.")
    over = await screen.opened("visits/1/record")
    assert (over.status_code, "Canary" in over.text) == (409, False), "what is over is not written again"


async def test_somebody_elses_text_is_absent(mediation: Running, clock: Clock) -> None:
    case = await opened(mediation)
    await met(case, clock)
    stranger = mediation.token("bhabinkamtibmas", person="budi-hermawan", units=(POLRES,))
    for form in ("sessions/1/minutes", "agreement", "plan"):
        answer = await Screen(case, stranger).opened(form)
        assert (answer.status_code, answer.text) == (404, "")
