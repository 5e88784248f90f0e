"""The exact point of a case: on a map in what was opened with a reason, and nowhere else."""

from shared.contracts.complaint import Sealed
from tests.services.mediation.conftest import POLRES, STORY, classified, complaint_id, new_report
from tests.services.mediation.handling import Case
from tests.support.panels import READING, look
from tests.support.room import Running


async def test_the_point_is_on_a_map_where_the_words_were_opened(mediation: Running) -> None:
    case = Case(mediation, complaint_id())
    point = {"text": STORY, "lat": -6.6213, "lon": 107.3844}
    report = new_report(mediation, case.id, sealed=Sealed(narrative=mediation.vault.seal("narrative", case.id, point)))
    await mediation.hear(classified(mediation, case.id, report), case.id)
    await case.shown(status="open")
    lead = mediation.token("mediation_lead", person="lead-1", units=(POLRES,))
    at = f"/mediation/panels/{case.id}"
    assert "107.3844" not in (await look(mediation, lead, at)).text
    opened = await look(mediation, lead, f"{at}/contents", **READING)
    assert 'data-lat="-6.6213" data-lon="107.3844"' in opened.text
