"""How a reporter can be reached: opened at the edge, used at once, kept nowhere."""

from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.headerregistry import Address

import phonenumbers
from phonenumbers import PhoneNumberType

from shared.contracts.notification import Medium
from shared.sealing import Vault

_LONGEST_PHONE = 40
_LONGEST_ADDRESS = 254
# Others cannot receive an SMS, or cost whoever sends one.
_TEXTED = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@dataclass(frozen=True, slots=True)
class Contact:
    """A mobile number in E.164 and a mail address, where there is a usable one."""

    sms: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)

    def by(self, medium: Medium) -> str | None:
        return self.sms if medium == "sms" else self.email

    def best(self, media: tuple[Medium, ...]) -> Medium | None:
        """The first of the media by which the reporter can be reached."""
        return next((medium for medium in media if self.by(medium)), None)


def open_contact(vault: Vault, complaint: str, sealed: str | None) -> Contact:
    """What was sealed for the complaint. Raises Unsealable."""
    if sealed is None:
        return Contact()
    content = vault.open("contact", complaint, sealed)
    return Contact(mobile_number(content.get("phone")), mail_address(content.get("email")))


def mobile_number(text: object) -> str | None:
    """The number in E.164, Indonesian without a country code; None for what no SMS can be sent to."""
    # The library reads letters as keys of the dial, which would make another person's number of a remark.
    if not isinstance(text, str) or len(text) > _LONGEST_PHONE or any(c.isalpha() for c in text):
        return None
    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _TEXTED:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mail_address(text: object) -> str | None:
    """The address if mail can be sent to it as it stands; never one that could add a line or a second recipient."""
    if not isinstance(text, str) or len(text) > _LONGEST_ADDRESS or not text.isascii() or not text.isprintable():
        return None
    try:
        address = Address(addr_spec=text.strip())
    except (HeaderParseError, ValueError, IndexError):
        return None
    return address.addr_spec if address.username and "." in address.domain else None
