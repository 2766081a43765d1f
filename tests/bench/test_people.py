"""The made-up people are ones that the house accepts, and each of them is another person."""

import json

from applicants.contact import parse_phone
from applicants.identity import parse_identity
from bench import people

FAR_APART = [0, 999, 1000, 13_999_999, 14_000_000, 20_000_000, 83_999_999]


def test_numbers_of_far_apart_people_are_valid_and_of_adults() -> None:
    for serial in FAR_APART:
        identity = parse_identity("resident_id", people.resident_number(serial))
        assert identity.birth_date is not None
        assert 1960 <= identity.birth_date.year <= 1998


def test_ten_thousand_people_have_ten_thousand_numbers() -> None:
    numbers = {people.resident_number(serial) for serial in range(5_000, 15_000)}
    assert len(numbers) == 10_000


def test_their_phones_are_mobile_numbers() -> None:
    for serial in FAR_APART:
        assert str(parse_phone(people.phone(serial))) == people.phone(serial)


def test_a_crowd_hands_nobody_out_twice() -> None:
    crowd = people.Crowd(first=10)
    assert [list(crowd.take(2)), list(crowd.take(0)), list(crowd.take(1))] == [[10, 11], [], [12]]


def test_a_line_of_requests_is_a_key_and_a_body_on_the_windows_in_turn(tmp_path) -> None:
    file = tmp_path / "requests"
    assert people.write_requests(file, [71, 72], range(4, 6)) == 2
    lines = [line.split("\t") for line in file.read_text().splitlines()]
    assert [(key, json.loads(body)["slot"]) for key, body in lines] == [
        ("bench-4", 71),
        ("bench-5", 72),
    ]
    assert json.loads(lines[0][1])["attendees"] == [people.attendee(4)]
