"""Booking numbers: twelve digits, the last a check digit (Luhn).

Digits alone can be read out over the phone in any language and typed at a kiosk; the check
digit catches a slip of one. Random, so that a number says nothing of how many there are.
"""

import secrets
import unicodedata

from stdnum import luhn


def new_number() -> str:
    digits = str(secrets.randbelow(9 * 10**10) + 10**10)
    return digits + luhn.calc_check_digit(digits)


def normalise_number(text: str) -> str:
    """In ASCII digits without the spaces of its printed form; "" when it can't be a number."""
    digits = "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "")
    return digits if len(digits) == 12 and digits.isascii() and luhn.is_valid(digits) else ""


def printed_number(number: str) -> str:
    """In groups of four, as printed and read out."""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
