"""A mail server that keeps what it is given: SMTP in, a list over HTTP out.

`python -m deploy.local.simulators.mailbox --smtp-port 18091 --port 18092`.
"""

import argparse
import email
import email.policy

import uvicorn
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI
from pydantic import BaseModel


class Mail(BaseModel):
    message_id: str
    to: list[str]
    subject: str
    text: str


class Mailbox:
    """Handles what the SMTP server receives."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        message = email.message_from_bytes(content, policy=email.policy.default)
        body = message.get_body(("plain",))
        self.mails.append(
            Mail(
                message_id=str(message["Message-ID"] or ""),
                to=list(envelope.rcpt_tos),
                subject=str(message["Subject"] or ""),
                text=body.get_content() if body else "",
            )
        )
        return "250 OK"


def create_mailbox(mailbox: Mailbox) -> FastAPI:
    app = FastAPI(title="Mailbox")

    @app.get("/messages")
    async def messages() -> list[Mail]:
        return mailbox.mails

    return app


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--smtp-port", type=int, required=True)
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--host", default="127.0.0.1")
    given = arguments.parse_args()
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname=given.host, port=given.smtp_port)
    controller.start()
    try:
        uvicorn.run(create_mailbox(mailbox), host=given.host, port=given.port, log_level="warning")
    finally:
        controller.stop()


if __name__ == "__main__":
    main()
