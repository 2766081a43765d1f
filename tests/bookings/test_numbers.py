"""Booking numbers as people type them."""

import pytest

from bookings.domain.numbers import new_number, normalise_number


@pytest.mark.parametrize(
    "typed", ["408823911677", "4088 2391 1677", "4088-2391-1677", "４０８８２３９１１６７７"]
)
def test_a_number_is_found_however_it_is_typed(typed: str) -> None:
    assert normalise_number(typed) == "408823911677"


@pytest.mark.parametrize("typed", ["", "\0", "40882391167", "408823911678", "٤٠٨٨٢٣٩١١٦٧٧"])
def test_what_is_no_number_is_nothing(typed: str) -> None:
    assert normalise_number(typed) == ""


def test_a_new_number_is_one() -> None:
    number = new_number()
    assert normalise_number(number) == number
