"""The exact point of a case: on a map in what was opened for a purpose, and nowhere else."""

from uuid6 import uuid7

from shared.contracts.classification import ComplaintClassified
from shared.contracts.complaint import Sealed
from shared.contracts.internal_affairs import ConductCaseRegistered
from tests.services.internal_affairs.cases import classification
from tests.services.internal_affairs.conftest import STORY, sealed_report
from tests.services.internal_affairs.test_pages import EXAMINING
from tests.support.panels import Headers, look
from tests.support.room import Running


async def test_the_point_is_on_a_map_where_the_words_were_opened(internal_affairs: Running, examiner: Headers) -> None:
    complaint = str(uuid7())
    point = {"text": STORY, "lat": -6.6213, "lon": 107.3844}
    sealed = Sealed(narrative=internal_affairs.vault.seal("narrative", complaint, point))
    told = sealed_report(internal_affairs, complaint, sealed=sealed)
    await internal_affairs.hear(
        ComplaintClassified(report=told, classification=classification()), complaint, sequence=3
    )
    await internal_affairs.says(ConductCaseRegistered, complaint)
    at = f"/internal_affairs/panels/{complaint}"
    assert "107.3844" not in (await look(internal_affairs, examiner, at)).text
    opened = await look(internal_affairs, examiner, f"{at}/contents", **EXAMINING)
    assert 'data-lat="-6.6213" data-lon="107.3844"' in opened.text
