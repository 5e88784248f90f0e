"""Puts the service together: `uvicorn --factory services.verification.main:app`."""

from fastapi import FastAPI

from services.verification import domain, pages
from services.verification.api import router
from services.verification.case import Verification
from services.verification.consumers import handlers, receiving
from services.verification.jurisdiction_file import read_jurisdiction
from services.verification.queries import INDEXES
from services.verification.settings import VerificationSettings
from shared.policy import rules_of
from shared.service import Cases, Service, create_app


def app(settings: VerificationSettings | None = None) -> FastAPI:
    """The service as an ASGI application. Raises JurisdictionError where the file of the area cannot be used."""
    settings = settings or VerificationSettings()
    jurisdiction = read_jurisdiction(settings.jurisdiction_file.read_text(encoding="utf-8"))
    return create_app(
        Service(
            name="verification",
            settings=settings,
            cases={"verifications": Cases(Verification, INDEXES, on_due=domain.tick)},
            handlers=lambda room: handlers(room, jurisdiction),
            receive=receiving,
            routers=[router, pages.router],
            rules=rules_of("verification"),
        )
    )
