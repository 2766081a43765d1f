"""The code that, with its number, opens a booking to whoever has no account.

Derived from the number by the keyed hash whenever it is shown: no row holds it, and without the
key nobody can tell the code of a number, even with the whole database at hand.
"""

import unicodedata

from django.utils.crypto import constant_time_compare

from applicants.crypto import keyed_hash

# A code can't be changed, so it must stand being guessed at for as long as its booking lives.
DIGITS = 8


def manage_code(number: str) -> str:
    """Eight digits: they can be read out on the phone and typed at a kiosk."""
    derived = int.from_bytes(keyed_hash(number, "manage")[:8])
    return f"{derived % 10**DIGITS:0{DIGITS}d}"


def normalise_code(text: str) -> str:
    """In ASCII digits without the spaces of its printed form; "" when it can't be a code."""
    digits = "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "")
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else ""


def is_code_of(number: str, code: str) -> bool:
    return constant_time_compare(manage_code(number), code)
