"""Puts the service together: `uvicorn --factory services.notification.main:app`."""

from functools import partial
from typing import get_args

from fastapi import FastAPI
from pymongo import ASCENDING, IndexModel

from services.notification import pages_messages, pages_track
from services.notification.allowance import Allowance
from services.notification.api import router
from services.notification.attempt import ALLOWANCES
from services.notification.consumers import handlers
from services.notification.domain import Correspondence
from services.notification.queries import INDEXES
from services.notification.sender import send_due
from services.notification.settings import NotificationSettings
from shared import quotas
from shared.contracts.envelope import LANES
from shared.contracts.notification import Medium
from shared.policy import rules_of
from shared.service import Cases, Service, create_app


def app(settings: NotificationSettings | None = None) -> FastAPI:
    settings = settings or NotificationSettings()
    service = Service(
        name="notification",
        settings=settings,
        cases={
            "correspondence": Cases(Correspondence, INDEXES),
            ALLOWANCES: Cases(
                Allowance, [IndexModel([("case.expires_at", ASCENDING)], name="expires", expireAfterSeconds=0)]
            ),
        },
        handlers=handlers,
        routers=[router, pages_track.router, pages_messages.router],
        rules=rules_of("notification"),
        prepare=quotas.prepare,
        # Each has its own rounds, so that neither a slow mail server nor a night's backlog keeps an urgent SMS waiting.
        steps={
            f"send {lane} {medium}": partial(send_due, lane=lane, medium=medium)
            for lane in LANES
            for medium in get_args(Medium)
        },
    )
    application = create_app(service)
    application.state.quotas = quotas.Quotas(settings.code_key, settings.quota_factor)
    return application
