"""What officers take down at the counter and at 110, as programs and pages hand it in."""

from uuid import NAMESPACE_URL, uuid5

from services.intake import calls
from services.intake.calls import Call
from services.intake.desk import Desk
from services.intake.reports import CounterReport, ReportBody
from services.intake.submission import Door, refuse_other_request, take_in
from shared.contracts.envelope import Person
from shared.contracts.intake import CallKind, Receipt
from shared.http import Ask


def counter_scope(officer: Person) -> str:
    """Keeps the idempotency keys of one officer at the counter apart from all others."""
    return f"counter:{officer.id}"


def call_scope(operator: Person) -> str:
    """The same for the reports of a 110 operator."""
    return f"call:{operator.id}"


async def from_counter(desk: Desk, ask: Ask, officer: Person, report: CounterReport) -> Receipt:
    """Takes in what an officer wrote down at the counter."""
    door = Door(
        "counter",
        counter_scope(officer),
        lane="urgent" if report.in_progress else "normal",
        officer=officer,
        in_person=True,
        model="A" if report.own_finding else "B",
        conflicts=report.conflicts,
    )
    return await take_in(desk, ask, ask.key, report, door)


async def from_call(desk: Desk, ask: Ask, operator: Person, report: ReportBody) -> Receipt:
    """Takes in what a 110 operator wrote down; a report in progress goes ahead of all others."""
    door = Door(
        "emergency_call",
        call_scope(operator),
        lane="urgent" if report.in_progress else "normal",
        officer=operator,
    )
    return await take_in(desk, ask, ask.key, report, door)


async def log_call(ask: Ask, operator: Person, kind: CallKind) -> tuple[str, Call]:
    """Notes a call that is no report, under its id."""
    call_id = str(uuid5(NAMESPACE_URL, ask.message_id(operator)))
    outcome = await ask(call_id, kind, calls.log, actor=operator, collection="calls")
    call: Call = outcome.case
    refuse_other_request(call.kind, kind)
    return call_id, call
