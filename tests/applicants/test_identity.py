"""Numbers of identity documents: however a number is typed, a person has one."""

import pytest
from django.core.exceptions import ValidationError

from applicants.enums import IdType
from applicants.identity import Identity, parse_identity


@pytest.mark.parametrize(
    "typed",
    [
        "35000019900101000X",
        "35000019900101000x",
        " 350000 19900101 000X ",
        "３５００００１９９００１０１０００Ｘ",
        "3５００００199００１０１０００ｘ",
    ],
)
def test_a_resident_number_is_the_same_however_it_is_typed(typed: str) -> None:
    parsed = parse_identity(IdType.RESIDENT_ID, typed)
    assert parsed == Identity(IdType.RESIDENT_ID, "35000019900101000X")


def test_full_width_letters_and_digits_of_a_permit_become_plain_ones() -> None:
    parsed = parse_identity(IdType.HKM_HOME_RETURN, "Ｈ１２３４５６７８")
    assert parsed == Identity(IdType.HKM_HOME_RETURN, "H12345678")


@pytest.mark.parametrize("typed", ["٣٥٠٠٠٠١٩٩٠٠١٠١٠٠١٨", "3٥٠٠٠٠١٩٩٠٠١٠١٠٠١٨", "", "\0", "x" * 40])
def test_digits_of_other_scripts_and_what_is_no_number_are_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        parse_identity(IdType.RESIDENT_ID, typed)
