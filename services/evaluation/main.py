"""Puts the service together: `uvicorn --factory services.evaluation.main:app`."""

from fastapi import FastAPI

from services.evaluation import (
    api,
    api_findings,
    api_public,
    api_reports,
    pages_board,
    pages_findings,
    pages_overview,
    pages_public,
    pages_track,
    queries,
)
from services.evaluation.consumers import handlers
from services.evaluation.domain import Record
from services.evaluation.feedback import Feedback
from services.evaluation.finding import Finding
from services.evaluation.ledger import Ledger
from services.evaluation.measuring import Measuring
from services.evaluation.open_data import Published
from services.evaluation.settings import EvaluationSettings
from services.evaluation.targets import read_targets
from shared import quotas
from shared.policy import rules_of
from shared.service import Cases, Service, create_app


def app(settings: EvaluationSettings | None = None) -> FastAPI:
    """The service as an ASGI application. Raises TargetsError where the file of the targets cannot be used."""
    settings = settings or EvaluationSettings()
    ledger = Ledger(read_targets(settings.targets_file.read_text(encoding="utf-8")), settings.zone)
    measuring = Measuring(ledger)
    application = create_app(
        Service(
            name="evaluation",
            settings=settings,
            cases={
                queries.RECORDS: Cases(Record, queries.RECORD_INDEXES),
                queries.FEEDBACK: Cases(Feedback, queries.FEEDBACK_INDEXES),
                queries.FINDINGS: Cases(Finding, queries.FINDING_INDEXES),
            },
            handlers=lambda room: handlers(settings.zone),
            routers=[
                *(api_public.router, api.router, api_findings.router, api_reports.router),
                *(pages_public.router, pages_overview.router, pages_board.router, pages_findings.router),
                pages_track.router,
            ],
            rules=rules_of("evaluation"),
            erase=queries.erase,
            prepare=quotas.prepare,
            steps={
                "add up": ledger.keep_at_hand,
                "examine": measuring.look_for_shortfalls,
                "measure again": measuring.measure_again,
            },
        )
    )
    application.state.ledger = ledger
    application.state.quotas = quotas.Quotas(settings.code_key, settings.quota_factor)
    application.state.published = Published()
    return application
