"""What officers may decide, and which rails guard it."""

from typing import Any

import pytest

from services.classification import domain
from services.classification.case import MOVES
from services.classification.domain import HISTORY_KEPT
from shared.contracts.classification import ComplaintClassified, ComplaintReclassified
from shared.contracts.complaint import MediationRule, Track, Urgency
from shared.contracts.envelope import Person
from shared.contracts.mediation import MediationFailed
from shared.contracts.refusals import Absent, Conflict, Invalid
from tests.services.classification.samples import (
    LATER,
    NOW,
    OFFICER,
    POLRES,
    PPA_OFFICER,
    REOPENED,
    classification,
    event,
    in_status,
    matter,
    only,
    ruling,
    taken,
)

# --- officers --------------------------------------------------------------------------------------------------------

# The states in which an officer may decide otherwise.
RULED = [status for status, move in MOVES if move == "change"]


def test_confirming_what_waits_classifies_it_in_the_officers_name() -> None:
    case = in_status("waiting")
    decision = domain.rule(case, ruling(note="sealed-note"), LATER)
    after, said = taken(decision), only(decision, ComplaintClassified)
    assert (
        after.in_force == said.classification == case.proposal.classification.model_copy(update={"officer": OFFICER.id})
    )
    assert (after.status, after.since) == ("classified", LATER)
    (step,) = after.history
    assert (step.reason, step.officer, step.note, step.at) == ("officer_decision", OFFICER.id, "sealed-note", LATER)


def test_changing_what_waits_classifies_it_as_the_officer_says() -> None:
    chosen = classification("trespass", tracks=("investigation",), urgency="P2")
    decision = domain.rule(in_status("waiting"), ruling(chosen), LATER)
    said = only(decision, ComplaintClassified)
    assert said.classification == chosen.model_copy(update={"officer": OFFICER.id})


def test_changing_what_is_in_force_moves_the_complaint_and_names_both() -> None:
    case = in_status("checking")
    decision = domain.rule(case, ruling(classification("theft", mediation="never", tracks=("investigation",))), LATER)
    said = only(decision, ComplaintReclassified)
    assert (said.reason, said.previous) == ("officer_decision", case.in_force)
    assert said.classification == taken(decision).in_force
    assert said.classification.category == "theft"


def test_confirming_what_is_in_force_ends_the_review_and_tells_nobody() -> None:
    case = in_status("checking")
    decision = domain.rule(case, ruling(), LATER)
    after = taken(decision)
    assert decision.events == ()
    assert after.status == "classified"
    assert after.in_force is not None
    assert after.in_force.officer == OFFICER.id
    assert [step.reason for step in after.history] == ["rules", "officer_decision"]


def test_a_late_confirmation_does_not_undo_what_a_colleague_changed() -> None:
    changed = taken(domain.rule(in_status("waiting"), ruling(classification("trespass")), LATER))
    with pytest.raises(Conflict):
        domain.rule(changed, ruling(), LATER)


def test_choosing_what_is_in_force_already_tells_nobody() -> None:
    case = in_status("classified")
    same = classification(tracks=("mediation", "referral"), confidence=1)
    assert domain.rule(case, ruling(same), LATER).events == ()


@pytest.mark.parametrize(
    "other",
    [
        {"category": "trespass"},
        {"urgency": "P2"},
        {"tracks": ("referral", "mediation")},
        {"mediation": "never", "tracks": ("referral",)},
        {"units": ("Pidum",)},
        {"partners": ()},
    ],
)
def test_whatever_others_act_on_is_told_when_it_changes(other: dict[str, Any]) -> None:
    chosen = classification(**{"tracks": ("mediation", "referral"), **other})
    only(domain.rule(in_status("classified"), ruling(chosen), LATER), ComplaintReclassified)


def test_the_history_keeps_the_latest_decisions() -> None:
    case = in_status("classified")
    for n in range(HISTORY_KEPT + 5):
        urgency: Urgency = "P2" if n % 2 else "P3"
        case = taken(domain.rule(case, ruling(classification(urgency=urgency), note=f"note {n}"), LATER))
    assert len(case.history) == HISTORY_KEPT
    assert case.history[-1].note == f"note {HISTORY_KEPT + 4}"


def test_notes_do_not_show_where_a_case_is_printed() -> None:
    message = ruling(note="a canary sings")
    case = taken(domain.rule(in_status("waiting"), message, LATER))
    assert "canary" not in f"{case!r}{message!r}"


@pytest.mark.parametrize(
    ("person", "conflicts"),
    [
        (OFFICER, (OFFICER.id,)),
        (PPA_OFFICER, ("PPA",)),
        (OFFICER, (POLRES,)),
        (Person("officer-9", frozenset({"classifier", "chief"}), frozenset({"polres-lain"})), ()),
        (Person("officer-9", frozenset({"classifier"})), ()),
        (None, ()),
    ],
)
def test_a_complaint_is_absent_for_whom_it_is_about_and_for_other_offices(
    person: Person | None, conflicts: tuple[str, ...]
) -> None:
    case = matter(None, "low_confidence", conflicts=conflicts)
    for message in (ruling(officer=person), ruling(classification("trespass"), officer=person)):
        with pytest.raises(Absent) as refused:
            domain.rule(case, message, LATER)
        assert str(refused.value) == str(Absent())


# --- guard rails -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("track", ["mediation", "guidance"])
@pytest.mark.parametrize(
    ("mediation", "officer", "allowed"),
    [
        ("allowed", OFFICER, True),
        ("ppa_approval", OFFICER, False),
        ("ppa_approval", PPA_OFFICER, True),
        ("restorative_only", OFFICER, False),
        ("restorative_only", PPA_OFFICER, False),
        ("never", OFFICER, False),
        ("never", PPA_OFFICER, False),
    ],
)
def test_settling_keeps_to_the_rule_of_the_category(
    mediation: MediationRule, officer: Person, allowed: bool, track: Track
) -> None:
    chosen = classification("domestic_violence", mediation=mediation, tracks=("investigation", track))
    for case in map(in_status, RULED):
        if allowed:
            assert taken(domain.rule(case, ruling(chosen, officer=officer), LATER)).in_force is not None
        else:
            with pytest.raises(Invalid) as refused:
                domain.rule(case, ruling(chosen, officer=officer), LATER)
            assert refused.value.field == "tracks"


@pytest.mark.parametrize(
    ("category", "tracks"),
    [
        ("police_misconduct", ("investigation",)),
        ("police_misconduct", ("internal_affairs", "investigation")),
        ("police_misconduct", ("internal_affairs", "dispatch")),
        ("theft", ("internal_affairs",)),
        ("theft", ("investigation", "internal_affairs")),
        ("theft", ("investigation", "investigation")),
    ],
)
def test_complaints_about_the_police_and_no_others_go_to_internal_affairs_and_a_track_is_named_once(
    category: str, tracks: tuple[Track, ...]
) -> None:
    with pytest.raises(Invalid) as refused:
        domain.rule(in_status("waiting"), ruling(classification(category, tracks=tracks)), LATER)
    assert refused.value.field == "tracks"


def test_a_complaint_about_the_police_goes_to_internal_affairs() -> None:
    chosen = classification("police_misconduct", tracks=("internal_affairs",), mediation="never")
    only(domain.rule(in_status("waiting"), ruling(chosen), LATER), ComplaintClassified)


def test_confirming_is_held_to_the_guard_rails_too() -> None:
    approved = classification("domestic_violence", mediation="ppa_approval")
    case = taken(domain.rule(in_status("waiting"), ruling(approved, officer=PPA_OFFICER), NOW))
    reopened = taken(domain.reopen(case, REOPENED, LATER))
    with pytest.raises(Invalid) as refused:
        domain.rule(reopened, ruling(officer=OFFICER), LATER)
    assert refused.value.field == "tracks"
    only(domain.rule(reopened, ruling(officer=PPA_OFFICER), LATER), ComplaintReclassified)


def test_a_mediator_cannot_recommend_past_the_guard_rails() -> None:
    case = taken(domain.take_back_from_mediation(matter(), event(MediationFailed(recommended="internal_affairs")), NOW))
    with pytest.raises(Invalid):
        domain.rule(case, ruling(), LATER)
