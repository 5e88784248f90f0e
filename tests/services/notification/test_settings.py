"""Settings: what may be left out, and what is refused at the start."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from tests.services.notification.conftest import settings_from
from tests.support.room import environment
from tests.support.servers import Servers

REQUIRED = environment(Servers("amqp://127.0.0.1/", "mongodb://127.0.0.1/"))


def test_without_gateway_and_mail_server_there_is_the_timeline_alone() -> None:
    empty = {"ADUAN_SMS_URL": "", "ADUAN_SMTP_HOST": "", "ADUAN_SMTP_PORT": "", "ADUAN_SMS_CALLBACK_SECRET": ""}
    settings = settings_from({**REQUIRED, **empty})
    assert settings.media == ()
    assert settings.sms_callback_secret is None


def test_digests_and_agencies_have_their_defaults_and_are_set_from_outside() -> None:
    unset = settings_from({**REQUIRED, "ADUAN_DIGEST_SECONDS": "", "ADUAN_AGENCY_NAMES": ""})
    assert (unset.policy().digest, unset.agency_names) == (timedelta(minutes=3), {})
    given = settings_from({**REQUIRED, "ADUAN_DIGEST_SECONDS": "0", "ADUAN_AGENCY_NAMES": '{"pln": "PLN Sukamaju"}'})
    assert given.policy().digest == timedelta(0)
    assert given.words("en").agencies == {"pln": "PLN Sukamaju"}


def test_sms_comes_before_mail() -> None:
    both = {"ADUAN_SMS_URL": "http://127.0.0.1:1", "ADUAN_SMTP_HOST": "127.0.0.1"}
    assert settings_from({**REQUIRED, **both}).media == ("sms", "email")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADUAN_LEASE_SECONDS", "29"),
        ("ADUAN_ZONE", "Asia/Nowhere"),
        ("ADUAN_QUIET_FROM", "25:00"),
        ("ADUAN_SITE", "https://a site with spaces"),
        ("ADUAN_SITE", "x" * 41),
        ("ADUAN_SMS_URL", "ftp://127.0.0.1"),
        ("ADUAN_SMS_CALLBACK_SECRET", "short"),
        ("ADUAN_SMS_PER_DAY", "0"),
        ("ADUAN_MAIL_FROM", "aduan@example.org\nBcc: x@example.org"),
        ("ADUAN_CODE_KEY", "short"),
        ("ADUAN_DIGEST_SECONDS", "-1"),
        ("ADUAN_DIGEST_SECONDS", "3601"),
        ("ADUAN_AGENCY_NAMES", '{"pln": 1}'),
    ],
)
def test_a_setting_that_cannot_work_is_refused_at_the_start(name: str, value: str) -> None:
    with pytest.raises(ValidationError):
        settings_from({**REQUIRED, name: value})
