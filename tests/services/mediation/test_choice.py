"""Which officer gets a matter."""

from typing import Any

from services.mediation.choice import Officer, of_village
from shared.contracts.complaint import Sealed
from shared.contracts.intake import ComplaintSupplemented
from tests.services.mediation.cases import (
    COMPLAINT,
    NOBODY_THERE,
    POLRES,
    VILLAGE,
    classified,
    envelope,
    hear,
    heard,
    report,
)

OTHER_VILLAGE = "99.01.01.2001"


def officer(id_: str, *villages: str, **values: Any) -> Officer:
    return Officer(id_, values.pop("polres", POLRES), id_.title(), "0264-1", villages or (VILLAGE,), **values)


def chosen(*officers: Officer, load: dict[str, int] | None = None, **about: Any) -> str | None:
    case = heard(classified(about=report(**about)))
    found = of_village({one.id: one for one in officers}, COMPLAINT, case, load or {})
    return found.id if found else None


def test_the_officer_of_the_village_has_it_also_one_who_serves_several() -> None:
    assert chosen(officer("a", OTHER_VILLAGE), officer("b", OTHER_VILLAGE, VILLAGE)) == "b"


def test_nobody_has_it_where_the_village_is_not_known_or_has_no_officer() -> None:
    assert chosen(officer("a"), village=None) is None
    assert chosen(officer("a", OTHER_VILLAGE)) is None
    assert chosen(officer("a", polres="polres-lain")) is None


def test_who_stands_in_for_an_absent_officer_has_it() -> None:
    absent = officer("a", absent=True, stand_in="b")
    assert chosen(absent, officer("b", OTHER_VILLAGE)) == "b"
    assert chosen(absent) is None
    assert chosen(absent, officer("b", OTHER_VILLAGE, absent=True)) is None
    assert chosen(officer("a", stand_in="b"), officer("b", OTHER_VILLAGE)) == "a"


def test_of_several_the_least_loaded_has_it_and_the_villages_own_before_who_stands_in() -> None:
    both = officer("a"), officer("b")
    assert chosen(*both, load={"a": 2, "b": 1}) == "b"
    assert chosen(*both, load={"a": 1, "b": 2}) == "a"
    stands_in = officer("a", absent=True, stand_in="c"), officer("b"), officer("c", OTHER_VILLAGE)
    assert chosen(*stands_in, load={"b": 9}) == "b"


def test_whom_the_complaint_is_about_does_not_have_it() -> None:
    both = officer("a", units=("Polsek Sukamaju",)), officer("b")
    assert chosen(*both, conflicts=("b",)) == "a"
    assert chosen(*both, conflicts=("b", "Polsek Sukamaju")) is None


def test_a_village_that_the_reporter_added_later_counts_where_the_report_names_none() -> None:
    assert hear(None, classified(about=report(village=None)), found=NOBODY_THERE).case.village is None
    added = envelope(ComplaintSupplemented(supplement="supplement-1", village=OTHER_VILLAGE, sealed=Sealed()))
    assert heard(classified(about=report(village=None)), added).village == OTHER_VILLAGE
    assert heard(classified(), added).village == VILLAGE
