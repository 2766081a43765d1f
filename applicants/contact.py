"""Phone numbers and e-mail addresses: their form, how they are stored, how they are shown."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberType

from applicants.enums import Medium

# A text message reaches these; +1 numbers don't tell mobile from landline.
_REACHABLE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_HOME_REGION = "CN"


def parse_phone(text: str) -> str:
    """E.164 of a mobile number, of the mainland unless it begins with + or 00.

    Raises ValidationError that says what is wrong.
    """
    try:
        number = phonenumbers.parse(text, _HOME_REGION)
    except phonenumbers.NumberParseException:
        raise ValidationError(_phone_advice(), code="phone") from None
    if not phonenumbers.is_valid_number(number):
        raise ValidationError(_phone_advice(), code="phone")
    if phonenumbers.number_type(number) not in _REACHABLE:
        raise ValidationError(_("Text messages can't reach this number. Enter a mobile number."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def parse_email(text: str) -> str:
    """The address in lower case. Raises ValidationError that says what is wrong."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(
            _("Enter an e-mail address in full, like name@example.com."), code="email"
        ) from None
    return address


def show_phone(e164: str) -> str:
    """As people write it: mainland numbers in groups without the code, others with it."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    if number.country_code == 86:
        digits = str(number.national_number)
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def region_of(e164: str) -> str:
    """Where a number belongs, by ISO 3166-1 alpha-2, e.g. CN or HK; "" where that can't be told."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(e164)) or ""


def mask_contact(medium: str, address: str) -> str:
    """Enough to recognise one's own: 138****8000, +852****1234, z***@example.com."""
    if medium == Medium.EMAIL:
        name, _at, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    digits = address.removeprefix("+86")
    shown = digits[:3] if digits != address else digits[:4]
    return f"{shown}****{digits[-4:]}"


def _phone_advice() -> str:
    return _(
        "Enter a mobile number: 11 digits for the mainland; for other places, "
        "+ and the country or region code first, like +852 5123 4567."
    )
