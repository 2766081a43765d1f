"""What is typed, kept within what can be reckoned with."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _

# For fields of days: weeks and months around such a day are days as well.
THIS_CENTURY = (
    MinValueValidator(dt.date(2000, 1, 1)),
    MaxValueValidator(dt.date(2099, 12, 31)),
)


def today_or_later(day: dt.date, today: dt.date) -> dt.date:
    """The day. Raises ValidationError for one that is over."""
    if day < today:
        raise ValidationError(_("This day is over. Choose another."))
    return day


# A bigint has no more that are all ours, and Python refuses to read thousands of digits.
_MOST_DIGITS = 18


def whole_number(text: str) -> int | None:
    """For what comes outside of a form's fields.

    The number that these digits write; None where they write none, or too large a one.
    """
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None
