"""E-mail over a mail server. Once the text is under way and the answer is lost, nobody can say whether it was taken."""

import asyncio
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from typing import Literal

import aiosmtplib
from pydantic import SecretStr

from services.notification.carrier import Answer, Letter


class MailServer:
    """The mail server at a host and port. Each letter has a connection of its own; saying who
    writes to whom takes at most `seconds`, and so does handing over the text."""

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        *,
        seconds: float,
        tls: Literal["offered", "required"],
        user: str | None = None,
        password: SecretStr | None = None,
    ) -> None:
        self._host, self._port = host, port
        self._sender = sender
        self._seconds = seconds
        self._start_tls = True if tls == "required" else None
        self._user, self._password = user, password

    async def send(self, letter: Letter) -> Answer:
        client = aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            timeout=self._seconds,
            start_tls=self._start_tls,
            username=self._user,
            password=self._password.get_secret_value() if self._password else None,
            local_hostname=self._domain,
        )
        try:
            answer = await self._introduce(client, letter)
            return answer or await self._hand_over(client, letter)
        finally:
            client.close()

    async def knows(self, reference: str) -> bool | None:
        """None: SMTP has no such question."""
        return None

    async def _introduce(self, client: aiosmtplib.SMTP, letter: Letter) -> Answer | None:
        """Says who writes to whom; until the text follows, nothing can have been sent. None: go on."""
        try:
            async with asyncio.timeout(self._seconds):
                await client.connect()
                await client.mail(self._sender)
                await client.rcpt(letter.to)
        except aiosmtplib.SMTPRecipientRefused as error:
            return _refusal(error.code)
        except (aiosmtplib.SMTPException, OSError):
            # That we may not connect, sign in or be the sender says nothing about the letter.
            return Answer("busy", "mail_server_away")
        return None

    async def _hand_over(self, client: aiosmtplib.SMTP, letter: Letter) -> Answer:
        try:
            async with asyncio.timeout(self._seconds):
                await client.data(self._compose(letter))
        except aiosmtplib.SMTPResponseException as error:
            return _refusal(error.code)
        except (aiosmtplib.SMTPException, OSError):
            return Answer("unclear", "mail_server_lost")
        return Answer("accepted")

    def _compose(self, letter: Letter) -> bytes:
        message = EmailMessage(policy=WIRE)
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        # Mail systems that see the same id twice show the mail once.
        message["Message-ID"] = f"<{letter.reference}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = letter.language
        message.set_content(letter.text, cte="quoted-printable")
        return message.as_bytes()

    @property
    def _domain(self) -> str:
        return self._sender.rpartition("@")[2]


def _refusal(code: int) -> Answer:
    """A reply of 4xx is for now, of 5xx for good."""
    return Answer("refused" if code >= 500 else "busy", f"mail_server_{code}")
