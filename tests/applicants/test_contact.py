"""Phone numbers and e-mail addresses."""

import pytest
from django.core.exceptions import ValidationError

from applicants.contact import mask_contact, parse_email, parse_phone, show_phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+852 5123 4567", "+85251234567"),
        ("00852 5123 4567", "+85251234567"),
        ("+853 6612 3456", "+85366123456"),
        ("+886 912 345 678", "+886912345678"),
        ("+1 202 555 0123", "+12025550123"),
    ],
)
def test_a_mobile_number_is_stored_as_e164(typed: str, stored: str) -> None:
    assert parse_phone(typed) == stored


@pytest.mark.parametrize("typed", ["", "138", "1380013800", "abc", "51234567", "+86 123", "++"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        parse_phone(typed)


def test_a_landline_is_refused_because_text_messages_do_not_reach_it() -> None:
    with pytest.raises(ValidationError, match="该号码无法接收短信"):
        parse_phone("0592 226 2203")


def test_an_e_mail_address_is_stored_in_lower_case() -> None:
    assert parse_email(" Zhang@Example.COM ") == "zhang@example.com"


@pytest.mark.parametrize("typed", ["", "zhang", "zhang@", "a b@example.com"])
def test_what_is_no_e_mail_address_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        parse_email(typed)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("+8613800138000", "138 0013 8000"), ("+85251234567", "+852 5123 4567"), ("", "")],
)
def test_a_phone_is_shown_as_people_write_it(stored: str, shown: str) -> None:
    assert show_phone(stored) == shown


@pytest.mark.parametrize(
    ("medium", "stored", "masked"),
    [
        ("sms", "+8613800138000", "138****8000"),
        ("sms", "+85251234567", "+852****4567"),
        ("email", "zhang@example.com", "z***@example.com"),
    ],
)
def test_a_masked_contact_is_enough_to_recognise_ones_own(
    medium: str, stored: str, masked: str
) -> None:
    assert mask_contact(medium, stored) == masked
