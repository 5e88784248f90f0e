"""The patrols' answer to a case: who is sent, what happens when nobody acknowledges, when they are called off."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.investigation.case import Case, Dispatch, Sortie
from services.investigation.known import Found
from services.investigation.procedure import PatrolTimes
from services.investigation.searching import look_again
from shared.contracts.envelope import Event
from shared.contracts.investigation import InvestigationEscalated, PatrolDispatched

SORTIES_KEPT = 100  # per dispatch; the count of attempts goes on


def wants_patrol(case: Case) -> bool:
    """Whether what is known asks for a patrol: by its track, or as a crime so urgent that somebody is sent at once."""
    return "dispatch" in case.tracks or ("investigation" in case.tracks and case.urgency == "P1")


def lacks_patrol(case: Case, now: datetime) -> bool:
    """Whether a patrol must be found now."""
    dispatch = case.dispatch
    if not wants_patrol(case) or (dispatch and dispatch.over):
        return False
    active = dispatch.active if dispatch else None
    return active is None or _is_named(case, active) or _is_silent(active, now)


def lately_silent(case: Case, now: datetime, times: PatrolTimes) -> frozenset[str]:
    """Patrols that did not acknowledge a short while ago, with the one that is about to be given up."""
    if case.dispatch is None:
        return frozenset()
    again = timedelta(seconds=times.again_after_seconds)
    return frozenset(
        sortie.patrol
        for sortie in case.dispatch.sorties
        if (sortie.state == "unacknowledged" and sortie.ended_at and now - sortie.ended_at < again)
        or _is_silent(sortie, now)
    )


def answer(case: Case, now: datetime, found: Found, times: PatrolTimes) -> tuple[Case, tuple[Event, ...]]:
    """The case with what its patrols must do now."""
    if case.status in ("rejected", "withdrawn", "concluded"):
        return call_off(case, now), ()
    if not wants_patrol(case):
        # Whoever stands at the scene finishes there, whatever the papers say by now.
        on_scene = case.dispatch and case.dispatch.active and case.dispatch.active.state == "on_scene"
        return (case if on_scene else call_off(case, now)), ()
    dispatch = _without_named(case, case.dispatch or Dispatch(wanted_at=now), now)
    if dispatch.over or not found.looked_for_patrol:
        return with_dispatch(case, dispatch), ()
    dispatch, silence = _give_up_silent(dispatch, now)
    dispatch, events = _send(dispatch, now, found, times)
    return with_dispatch(case, dispatch), (*silence, *events)


def call_off(case: Case, now: datetime) -> Case:
    """Ends the dispatch because the case no longer asks for one; a later urgency begins another."""
    if case.dispatch is None:
        return case
    ended = end_sortie(case.dispatch, now)
    past = (*case.past_dispatches, replace(ended, search=None)) if ended.sorties else case.past_dispatches
    return with_dispatch(replace(case, past_dispatches=past), None)


def end_sortie(dispatch: Dispatch, now: datetime) -> Dispatch:
    """Stands down the patrol that is under way, if any."""
    active = dispatch.active
    if active is None:
        return dispatch
    return with_sortie(dispatch, replace(active, state="stood_down", ended_at=now))


def with_sortie(dispatch: Dispatch, sortie: Sortie) -> Dispatch:
    """The dispatch whose latest sortie is replaced."""
    return replace(dispatch, sorties=(*dispatch.sorties[:-1], sortie))


def with_dispatch(case: Case, dispatch: Dispatch | None) -> Case:
    """The case with the dispatch, and with what the database looks for it by."""
    active = dispatch.active if dispatch else None
    return replace(
        case,
        dispatch=dispatch,
        active_patrol=active.patrol if active else None,
        searching=dispatch is not None and dispatch.search is not None,
    )


def timers(case: Case, now: datetime) -> list[datetime]:
    """When something of the dispatch falls due; at once where a patrol is wanted and nobody has looked for one."""
    dispatch = case.dispatch
    if dispatch is None or dispatch.over:
        return []
    if dispatch.active:
        return [dispatch.active.acknowledge_by] if dispatch.active.state == "sent" else []
    return [dispatch.search.look_at, dispatch.search.alarm_at] if dispatch.search else [now]


def _is_named(case: Case, sortie: Sortie) -> bool:
    """Whether the case turned out to be about the patrol or its unit."""
    return not {sortie.patrol, sortie.unit}.isdisjoint(case.conflicts)


def _without_named(case: Case, dispatch: Dispatch, now: datetime) -> Dispatch:
    """Stands down a patrol that the case is about, wherever it is by then: its crew sees the case no more."""
    return end_sortie(dispatch, now) if dispatch.active and _is_named(case, dispatch.active) else dispatch


def _is_silent(sortie: Sortie, now: datetime) -> bool:
    return sortie.state == "sent" and sortie.acknowledge_by <= now


def _give_up_silent(dispatch: Dispatch, now: datetime) -> tuple[Dispatch, tuple[Event, ...]]:
    active = dispatch.active
    if active is None or not _is_silent(active, now):
        return dispatch, ()
    level = dispatch.unacknowledged + 1
    ended = with_sortie(dispatch, replace(active, state="unacknowledged", ended_at=now))
    return replace(ended, unacknowledged=level), (InvestigationEscalated(reason="patrol_unacknowledged", level=level),)


def _send(dispatch: Dispatch, now: datetime, found: Found, times: PatrolTimes) -> tuple[Dispatch, tuple[Event, ...]]:
    if dispatch.active:
        return dispatch, ()
    if found.patrol is None:
        search, raised = look_again(dispatch.search, now, times.retry_seconds, times.longest_alarm_seconds)
        alarm = InvestigationEscalated(reason="patrol_unavailable", level=search.level)
        return replace(dispatch, search=search), ((alarm,) if raised else ())
    by, attempt = now + timedelta(seconds=times.acknowledge_seconds), dispatch.attempts + 1
    sortie = Sortie(found.patrol, attempt, "sent", sent_at=now, acknowledge_by=by, unit=found.patrol_unit)
    sent = replace(
        dispatch,
        sorties=(*dispatch.sorties, sortie)[-SORTIES_KEPT:],
        attempts=attempt,
        first_sent_at=dispatch.first_sent_at or now,
        search=None,
    )
    return sent, (PatrolDispatched(patrol=found.patrol, attempt=attempt, acknowledge_by=by),)
