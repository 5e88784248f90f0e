"""Which patrol is sent and which detective gets a case."""

from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from services.investigation.choice import (
    Officer,
    Patrol,
    Place,
    fittest,
    is_conflicted,
    longest_idle,
    may_be_sent,
    metres_between,
    nearest,
)
from services.investigation.finder import place_of
from tests.services.investigation.cases import COMPLAINT, NOW, POLRES, at, classified, heard, report


def officer(id_: Any, *units: Any, **values: Any) -> Any:
    return Officer(id_, POLRES, f"Name of {id_}", "0264-200110", "detective", units or ("Pidum",), **values)


def patrol(id_: Any, lat: Any = -6.6, lon: Any = 107.4, unit: Any = "Samapta") -> Any:
    return Patrol(id_, POLRES, id_.upper(), unit, lat, lon, "free", NOW)


def chosen(officers: Any, load: Any = None, complaint: Any = COMPLAINT, about: Any = None, **values: Any) -> Any:
    choice = fittest(officers, complaint, heard(classified(about=about, **values)), load or {})
    return choice and (choice[0].id, choice[1])


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        (Place(-6.6, 107.4), Place(-6.6, 107.4), 0),
        (Place(0, 107), Place(1, 107), 111_195),
        (Place(0, 107), Place(0, 108), 111_195),
        (Place(-6.2, 106.8166), Place(-6.9147, 107.6098), 118_300),  # Jakarta to Bandung
        (Place(0, 0), Place(0, 180), 20_015_087),
    ],
)
def test_distances_are_right_to_a_thousandth(a: Any, b: Any, metres: Any) -> None:
    assert metres_between(a, b) == pytest.approx(metres, rel=1e-3)


def test_the_nearest_patrol_is_sent_and_where_nobody_knows_the_place_the_longest_idle() -> None:
    patrols = [patrol("far", lat=-6.7), patrol("near", lat=-6.61), patrol("farther", lat=-6.9)]
    far, near, farther = patrols
    assert nearest(patrols, Place(-6.6, 107.4)) is near
    assert longest_idle(patrols, {"far": at(-0.5), "near": at(-0.1)}) is farther
    assert longest_idle(patrols, {"far": at(-0.5), "near": at(-0.1), "farther": at(0)}) is far
    assert nearest([], Place(0, 0)) is None
    assert longest_idle([], {}) is None


@pytest.mark.parametrize("named", ["samapta-1", "Samapta"])
def test_a_patrol_that_the_report_is_about_is_not_sent(named: Any) -> None:
    assert not may_be_sent(patrol("samapta-1"), heard(classified(about=report(conflicts=(named,)))))
    assert may_be_sent(patrol("samapta-1"), heard(classified()))


@pytest.mark.parametrize(
    "narrative",
    [{}, {"lat": -6.6}, {"lat": "-6.6", "lon": "107.4"}, {"lat": 91, "lon": 0}, {"lat": float("nan"), "lon": 0}],
)
def test_a_place_that_is_not_on_earth_is_no_place(narrative: Any) -> None:
    assert place_of(narrative) is None


def test_a_place_is_read_from_the_narrative() -> None:
    assert place_of({"lat": -6.6, "lon": 107.4}) == Place(-6.6, 107.4)


def test_a_speciality_counts_before_a_small_load_and_a_small_load_before_the_lot() -> None:
    plain, special = officer("plain"), officer("special", specialities=("assault",))
    assert chosen([plain, special], {"special": 9}) == ("special", "Pidum")
    assert chosen([plain, officer("other")], {"plain": 1}) == ("other", "Pidum")


def test_the_first_unit_that_has_anybody_takes_the_case() -> None:
    both = [officer("pidum", "Pidum"), officer("jatanras", "Jatanras")]
    assert chosen(both, units=("Samapta", "Jatanras", "Pidum")) == ("jatanras", "Jatanras")
    assert chosen(both, units=("Tipikor",)) is None


@pytest.mark.parametrize(
    "nobody",
    [
        officer("x", on_leave=True),
        officer("x", conflicts=("assault",)),
        officer("x", conflicts=("LP-1",)),
        officer("x", conflicts=(COMPLAINT,)),
        officer("x", conflicts=("32.14.01.2001",)),
        officer("x", conflicts=("counter-7",)),
        Officer("x", POLRES, "Head", "0264-1", "unit_head", ("Pidum",)),
        Officer("x", "polres-elsewhere", "Other", "0264-1", "detective", ("Pidum",)),
    ],
)
def test_whoever_is_away_or_has_a_conflict_of_interest_does_not_get_the_case(nobody: Any) -> None:
    about = report(village="32.14.01.2001", author="counter-7")
    assert chosen([nobody], about=about) is None
    assert chosen([nobody, officer("free")], about=about) == ("free", "Pidum")


@pytest.mark.parametrize("named", ["budi", "Pidum", "Jatanras"])
def test_whoever_the_report_is_about_does_not_get_it_nor_does_anybody_of_that_unit(named: Any) -> None:
    budi = officer("budi", "Pidum", "Jatanras")
    case = heard(classified(about=report(conflicts=(named,))))
    assert is_conflicted(budi, COMPLAINT, case)
    assert fittest([budi], COMPLAINT, case, {}) is None


def test_a_unit_that_the_report_is_about_is_passed_over() -> None:
    both = [officer("pidum", "Pidum"), officer("jatanras", "Jatanras")]
    assert chosen(both, units=("Pidum", "Jatanras"), about=report(conflicts=("Pidum",))) == ("jatanras", "Jatanras")


def falls_to(officers: list[Officer], complaint: str, load: Mapping[str, int]) -> str:
    choice = fittest(officers, complaint, heard(classified()), load)
    assert choice
    return choice[0].id


def test_equals_share_the_work_evenly_and_a_complaint_always_falls_to_the_same() -> None:
    equals = [officer(f"detective-{number}") for number in range(4)]
    complaints = [str(uuid4()) for _ in range(400)]
    fallen = [falls_to(equals, complaint, {}) for complaint in complaints]
    assert min(Counter(fallen).values()) > 50
    assert [falls_to(list(reversed(equals)), complaint, {}) for complaint in complaints] == fallen


def test_counting_what_was_given_keeps_loads_within_one_of_each_other() -> None:
    equals, load = [officer(f"detective-{number}") for number in range(5)], Counter[str]()
    for _ in range(123):
        load[falls_to(equals, str(uuid4()), load)] += 1
    assert max(load.values()) - min(load.values()) <= 1
