"""Composition root of classification: `uvicorn --factory services.classification.main:app`."""

from fastapi import FastAPI

from services.classification import api, consumers, pages, queries
from services.classification.case import Matter
from services.classification.judgement import Judgement
from services.classification.settings import ClassificationSettings
from shared.policy import rules_of
from shared.service import Cases, Service, create_app


def app(settings: ClassificationSettings | None = None) -> FastAPI:
    settings = settings or ClassificationSettings()
    judgement = Judgement.load(settings)
    service = Service(
        name="classification",
        settings=settings,
        cases={"matters": Cases(Matter, queries.INDEXES)},
        handlers=lambda room: consumers.handlers(room, judgement),
        routers=(api.router(judgement), pages.router),
        rules=rules_of("classification"),
    )
    application = create_app(service)
    application.state.judgement = judgement
    return application
