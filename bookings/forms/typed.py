"""Numbers that come with a request outside of a form's fields."""

# A bigint has no more that are all ours, and Python refuses to read thousands of digits.
_MOST_DIGITS = 18


def whole_number(text: str) -> int | None:
    """The number that these digits write; None where they write none, or too large a one."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None
