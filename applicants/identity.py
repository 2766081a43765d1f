"""Identity documents: their form, what can be read off them, how they are shown (domain.md C).

A checksum proves form only; the hall checks the document itself.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.iso7064 import mod_11_2

from applicants.crypto import keyed_hash
from applicants.enums import IdType

_PATTERNS = {
    IdType.RESIDENT_ID: re.compile(r"[1-8]\d{16}[\dX]", re.ASCII),
    IdType.HMT_RESIDENCE: re.compile(r"8[123]0000\d{11}[\dX]", re.ASCII),
    IdType.FOREIGN_RESIDENT: re.compile(r"9\d{16}[\dX]|[A-Z]{3}\d{12}", re.ASCII),
    IdType.HKM_HOME_RETURN: re.compile(r"[HM]\d{8}(\d{2})?", re.ASCII),
    IdType.TW_COMPATRIOT: re.compile(r"\d{8}|\d{10,11}", re.ASCII),
    IdType.PASSPORT: re.compile(r"[A-Z0-9]{5,20}"),
}
_BIRTH_DATE_AT = {
    IdType.RESIDENT_ID: slice(6, 14),
    IdType.HMT_RESIDENCE: slice(6, 14),
}


def age_on(day: dt.date, born: dt.date) -> int:
    """Full years; someone born on 29 February turns a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class Identity:
    """A valid document: type and normalised number (ASCII, upper case, no spaces)."""

    id_type: str
    number: str

    @property
    def hash(self) -> bytes:
        return identity_hash(self.id_type, self.number)

    @property
    def birth_date(self) -> dt.date | None:
        """As written in the number; None where the number has none."""
        return _birth_date(self.id_type, self.number)

    @property
    def masked(self) -> str:
        return mask_number(self.number)


def parse_identity(id_type: str, number: str) -> Identity:
    """Check the form of a number. Raises ValidationError that says what is wrong."""
    # Chinese keyboards type full-width digits: the same person must have one number (rule 3).
    halved = unicodedata.normalize("NFKC", number)
    normalised = re.sub(r"[\s\-·.]", "", halved).upper()
    if id_type not in _PATTERNS:
        raise ValidationError(_("Choose the type of identity document."), code="id_type")
    if not _PATTERNS[IdType(id_type)].fullmatch(normalised):
        raise ValidationError(_form_advice(id_type, normalised), code="id_number")
    if _has_checksum(id_type, normalised):
        _check_eighteen(id_type, normalised)
    return Identity(id_type, normalised)


def identity_hash(id_type: str, number: str) -> bytes:
    return keyed_hash(f"{id_type}:{number}", "identity")


def mask_number(number: str) -> str:
    """First three and last four, the rest as stars; short numbers show less."""
    if len(number) < 9:
        return "*" * (len(number) - 2) + number[-2:]
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def _has_checksum(id_type: str, number: str) -> bool:
    return len(number) == 18 and id_type in {
        IdType.RESIDENT_ID,
        IdType.HMT_RESIDENCE,
        IdType.FOREIGN_RESIDENT,
    }


def _check_eighteen(id_type: str, number: str) -> None:
    # GB 11643 uses ISO 7064 MOD 11-2. Area codes are not checked: historic ones are valid.
    if not mod_11_2.is_valid(number):
        raise ValidationError(
            _("The last character does not match the others. Check each digit."), code="checksum"
        )
    if id_type in _BIRTH_DATE_AT and _birth_date(id_type, number) is None:
        raise ValidationError(
            _("The birth date inside the number does not exist. Check each digit."),
            code="birth_date",
        )


def _birth_date(id_type: str, number: str) -> dt.date | None:
    where = _BIRTH_DATE_AT.get(IdType(id_type))
    if where is None:
        return None
    digits = number[where]
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _form_advice(id_type: str, number: str) -> str:
    if id_type == IdType.RESIDENT_ID and len(number) == 15:
        return _("15-digit numbers are no longer in use. Enter the 18 characters of the card.")
    if id_type == IdType.RESIDENT_ID:
        return _("A resident ID number has 17 digits and a last digit or X.")
    if id_type == IdType.PASSPORT:
        return _("Enter the passport number: 5 to 20 letters and digits.")
    return _("This is not the form of a number of the chosen document. Check the type and number.")
