"""A mail is plain text, whatever words stand in it."""

import email
import email.policy

import pytest

from services.notification.carrier import Letter
from services.notification.mail import MailServer

MARKUP = "<script>alert(1)</script> <img src=x onerror=alert(1)> {{7*7}} =1+1"


def composed(**changes: str) -> email.message.EmailMessage:
    told = {"reference": "1", "to": "a@example.org", "subject": "Kabar", "text": "Kabar.", "language": "id", **changes}
    server = MailServer("localhost", 25, "aduan@aduan.example", seconds=1, tls="offered")
    message = email.message_from_bytes(server._compose(Letter(**told)), policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


def test_markup_in_a_mail_is_the_text_that_it_is() -> None:
    message = composed(text=MARKUP)
    assert (message.get_content_type(), message.is_multipart()) == ("text/plain", False)
    assert message.get_content().strip() == MARKUP


@pytest.mark.parametrize("field", ["subject", "to"])
def test_a_line_break_makes_no_header_of_its_own(field: str) -> None:
    with pytest.raises(ValueError, match=r"newline|linefeed|carriage"):
        composed(**{field: "a@example.org\r\nBcc: evil@example.org"})
