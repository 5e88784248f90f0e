"""Puts intake together; run it with `uvicorn --factory services.intake.main:app`."""

from fastapi import FastAPI
from pymongo import IndexModel

from services.intake import (
    api,
    attachments_api,
    confirming_api,
    consumers,
    conversation,
    disposal_api,
    forgetting,
    lately,
    letters_api,
    open311_api,
    pages_calls,
    pages_counter,
    pages_files,
    pages_panel,
    pages_receipt,
    pages_report,
    pages_track,
    sms,
    sms_api,
    tracking_api,
    uploads,
)
from services.intake.calls import Call
from services.intake.case import Complaint
from services.intake.conversation import Conversation
from services.intake.desk import Desk
from services.intake.open311_query import INDEX as PUBLIC_LIST
from services.intake.settings import IntakeSettings
from shared.policy import rules_of
from shared.service import Cases, Service, create_app


def _unique(name: str, field: str, first: str | None = None) -> IndexModel:
    keys = [(first, 1), (field, 1)] if first else [(field, 1)]
    return IndexModel(keys, name=name, unique=True, partialFilterExpression={field: {"$exists": True}})


COMPLAINTS = Cases(
    Complaint,
    indexes=(
        # All of them without those that were erased, which have none of it and would collide.
        _unique("request", "case.request"),
        _unique("tracking_lookup", "case.tracking_lookup"),
        _unique("register_number", "case.report.register_number", first="polres"),
        # Holds each file to one complaint. Without the filter, all complaints that have no files would collide.
        IndexModel(
            [("case.files", 1)],
            name="files",
            unique=True,
            partialFilterExpression={"case.files": {"$type": "string"}},
        ),
        PUBLIC_LIST,
        lately.NEAR,
        lately.FOUND_NEAR,
        lately.ON_CHANNEL,
    ),
)
CALLS = Cases(Call, indexes=(lately.OF_OPERATOR,))
CONVERSATIONS = Cases(
    Conversation,
    indexes=(
        IndexModel([("case.due", 1)], name="due", partialFilterExpression={"case.due": {"$exists": True}}),
        IndexModel([("case.filed", 1)], name="filed", partialFilterExpression={"case.filed": {"$exists": True}}),
    ),
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
            cases={
                "complaints": COMPLAINTS,
                "calls": CALLS,
                sms.COLLECTION: CONVERSATIONS,
            },
            handlers=consumers.handlers,
            receive=lambda room, events: consumers.receive(desk, room, events),
            routers=(
                api.router,
                tracking_api.router,
                confirming_api.router,
                sms_api.router,
                open311_api.router,
                letters_api.router,
                disposal_api.router,
                attachments_api.router(settings.attachment_bytes),
                pages_counter.router,
                pages_calls.router,
                pages_panel.router,
                pages_files.router,
                pages_report.router(settings),
                pages_receipt.router,
                pages_track.router,
            ),
            rules=rules_of("intake"),
            prepare=desk.open,
            erase=forgetting.erase,
            steps={"expire uploads": uploads.expire, "file SMS": lambda room: sms.file_left(room, desk)},
        )
    )
    application.state.desk = desk
    application.state.quotas = desk.quotas
    return application
