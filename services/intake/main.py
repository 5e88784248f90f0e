"""Puts intake together; run it with `uvicorn --factory services.intake.main:app`."""

from fastapi import FastAPI
from pymongo import IndexModel

from services.intake import (
    api,
    attachments_api,
    confirming_api,
    consumers,
    conversation,
    letters_api,
    open311_api,
    sms,
    sms_api,
    tracking_api,
    uploads,
)
from services.intake.calls import Call
from services.intake.conversation import Conversation
from services.intake.desk import Desk
from services.intake.domain import Complaint
from services.intake.open311_query import INDEX as PUBLIC_LIST
from services.intake.settings import IntakeSettings
from shared.service import Cases, Service, create_app

COMPLAINTS = Cases(
    Complaint,
    indexes=(
        IndexModel([("case.request", 1)], name="request", unique=True),
        IndexModel([("case.tracking_lookup", 1)], name="tracking_lookup", unique=True),
        IndexModel([("polres", 1), ("case.report.register_number", 1)], name="register_number", unique=True),
        # Holds each file to one complaint. Without the filter, all complaints that have no files would collide.
        IndexModel(
            [("case.files", 1)],
            name="files",
            unique=True,
            partialFilterExpression={"case.files": {"$type": "string"}},
        ),
        PUBLIC_LIST,
    ),
)
CONVERSATIONS = Cases(
    Conversation,
    indexes=(IndexModel([("case.due", 1)], name="due", partialFilterExpression={"case.due": {"$exists": True}}),),
    on_due=conversation.expire,
)


def app(settings: IntakeSettings | None = None) -> FastAPI:
    """The service as an ASGI application."""
    settings = settings or IntakeSettings()
    desk = Desk(settings)
    application = create_app(
        Service(
            name="intake",
            settings=settings,
            cases={"complaints": COMPLAINTS, "calls": Cases(Call), sms.COLLECTION: CONVERSATIONS},
            handlers=consumers.handlers,
            receive=lambda room, events: consumers.receive(desk, room, events),
            routers=(
                api.router,
                tracking_api.router,
                confirming_api.router,
                sms_api.router,
                open311_api.router,
                letters_api.router,
                attachments_api.router(settings.attachment_bytes),
            ),
            prepare=desk.open,
            steps={"expire uploads": uploads.expire, "file SMS": lambda room: sms.file_left(room, desk)},
        )
    )
    application.state.desk = desk
    application.state.quotas = desk.quotas
    return application
