"""The storm in short; `make faults SECONDS=…` blows for longer."""

from tests.faults.load import Load
from tests.faults.spine import Spine
from tests.faults.storm import figures, weather

SEED, SECONDS, RATE = 7, 30.0, 3.0


async def test_a_storm_of_kills_loses_and_doubles_nothing_and_servers_come_back_in_time(
    spine: Spine, load: Load
) -> None:
    storm, findings = await weather(spine, load, SECONDS, SEED, RATE)
    assert findings == [], figures(storm, load, findings)
    assert storm.kills.total() >= 5
    assert load.acknowledged > 0
    assert any(not given.id for given in load.receipts.values()), "some of them by a page"
    assert load.officers.acknowledged > 0, "and officers at theirs"
    assert all(storm.recovered.values()), "each server was killed"
