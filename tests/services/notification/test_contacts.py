"""Contacts: which numbers and addresses can be written to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.contacts import Contact, mail_address, mobile_number, open_contact
from shared.sealing import Unsealable, Vault
from tests.services.notification.samples import EARLIER, OWN
from tests.support.room import SEALING_KEYS


@pytest.fixture
def vault() -> Vault:
    from pydantic import SecretStr

    return Vault({kid: SecretStr(key) for kid, key in SEALING_KEYS.items()})


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("081234567890", "+6281234567890"),
        ("+62 812-3456-7890", "+6281234567890"),
        ("62 812 3456 7890", "+6281234567890"),
        ("(0812) 3456 7890", "+6281234567890"),
        ("+65 8123 4567", "+6581234567"),
    ],
)
def test_a_mobile_number_is_brought_to_one_form(written: str, number: str) -> None:
    assert mobile_number(written) == number


@pytest.mark.parametrize(
    "text", [None, "", 81234567890, "110", "021-5551234", "0809-1234567", "0812 3456 7890 (Budi)", "9" * 50, "\x00", []]
)
def test_what_no_sms_can_be_sent_to_is_no_number(text: object) -> None:
    assert mobile_number(text) is None


@pytest.mark.parametrize("text", ["siti@example.org", "siti.aminah+aduan@mail.example.org"])
def test_a_mail_address_is_kept_as_it_is(text: str) -> None:
    assert mail_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        7,
        "siti",
        "@example.org",
        "siti@",
        "siti@localhost",
        "siti@example.org\r\nBcc: x@example.org",
        "siti@example.org, budi@example.org",
        "siti@example.org> NOTIFY=NEVER",
        "Siti <siti@example.org>",
        "s\u0131ti@example.org",
        "a" * 300 + "@example.org",
    ],
)
def test_what_could_add_a_line_or_a_recipient_is_no_address(text: object) -> None:
    assert mail_address(text) is None


@given(st.text(max_size=60))
def test_any_text_is_borne(text: str) -> None:
    for found in (mobile_number(text), mail_address(text), mail_address(f"{text}@example.org")):
        assert found is None or (found.isascii() and found.isprintable() and " " not in found)


def test_a_contact_is_opened_for_its_own_complaint_only(vault: Vault) -> None:
    sealed = vault.seal("contact", OWN, {"phone": "0812 3456 7890", "email": "siti@example.org"})
    assert open_contact(vault, OWN, sealed) == Contact("+6281234567890", "siti@example.org")
    with pytest.raises(Unsealable):
        open_contact(vault, EARLIER, sealed)


def test_the_better_medium_that_works_is_chosen() -> None:
    both = Contact("+6281234567890", "siti@example.org")
    assert both.best(("sms", "email")) == "sms"
    assert both.best(("email",)) == "email"
    assert Contact(email="siti@example.org").best(("sms", "email")) == "email"
    assert Contact().best(("sms", "email")) is None
    assert both.best(()) is None


def test_a_contact_does_not_show_itself() -> None:
    assert "812" not in repr(Contact("+6281234567890", "siti@example.org"))
    assert "siti" not in repr(Contact("+6281234567890", "siti@example.org"))
