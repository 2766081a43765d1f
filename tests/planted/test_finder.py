"""The finder finds: without this, a clean report would mean nothing."""

import base64
import json
import zlib
from urllib.parse import quote

import pytest

from tests.planted.finder import Finder
from tests.planted.people import Planted, plant

PEOPLE = plant(1000)
ONE = PEOPLE[7]
FINDER = Finder(PEOPLE)


def test_a_thousand_people_are_a_thousand_different_ones() -> None:
    assert len({one.phone for one in PEOPLE}) == 1000
    assert len({one.id_number for one in PEOPLE}) == 1000
    assert len({one.name for one in PEOPLE}) == 1000
    assert plant(1000) == PEOPLE


def numbers(one: Planted) -> list[str]:
    return [
        one.phone,
        one.e164,
        one.spaced_phone,
        one.spaced_phone.replace(" ", "-"),
        f"86-{one.phone}",
        one.id_number,
        one.id_number.lower(),
        f"{one.id_number[:6]} {one.id_number[6:14]} {one.id_number[14:]}",
        f"resident_id:{one.id_number}",
        one.email,
    ]


@pytest.mark.parametrize("text", numbers(ONE))
@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.encode(),
        lambda text: text.encode().hex().encode(),
        lambda text: b"\\x" + text.encode().hex().upper().encode(),
        lambda text: base64.b64encode(text.encode()),
        lambda text: base64.urlsafe_b64encode(b"a" + text.encode()),
        lambda text: base64.b64encode(b"ab" + text.encode() + b"cd"),
        lambda text: quote(text).encode(),
        lambda text: json.dumps({"a": [text]}).encode(),
    ],
    ids=["clear", "hex", "bytea", "base64", "base64+1", "base64+2", "url", "json"],
)
def test_a_number_is_found_however_it_is_written(text: str, written: object) -> None:
    found = FINDER.find(b"before " + written(text) + b" after")  # type: ignore[operator]
    assert found & {ONE.phone, ONE.id_number}


@pytest.mark.parametrize(
    "written",
    [
        ONE.name.encode(),
        json.dumps(ONE.name).encode(),
        ONE.name.encode().hex().encode(),
        base64.b64encode(ONE.name.encode()),
        base64.b64encode(b"a" + ONE.name.encode() + b"b"),
        base64.b64encode(b"ab" + ONE.name.encode()),
        quote(ONE.name).encode(),
        repr(ONE.name).encode(),
    ],
)
def test_a_name_is_found_however_it_is_written(written: bytes) -> None:
    assert FINDER.find(b"before " + written + b" after") == {ONE.name}


@pytest.mark.parametrize(
    "clean",
    [
        b"",
        b"350***********" + ONE.id_number[-4:].encode(),
        b"177****" + ONE.phone[-4:].encode(),
        ONE.phone[:10].encode(),
        zlib.compress(b"nothing"),
        b"1234567890123456789012345678901234567890",
    ],
)
def test_what_is_masked_or_another_number_is_not_found(clean: bytes) -> None:
    assert FINDER.find(clean) == set()
