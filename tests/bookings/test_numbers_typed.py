"""Numbers that no page ever writes are no numbers; they break nothing."""

from collections.abc import Iterator

import pytest
import time_machine

from bookings.forms.typed import whole_number
from tests.citizens import confirmed, make_account, make_family, signed_in, start_booking
from tests.factories import NOW, make_slot
from tests.staff import make_staff, sign_in

# Python refuses to read so many digits.
ENDLESS = "9" * 5000


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("4711", 4711), ("9" * 18, 10**18 - 1)]
    + [(text, None) for text in ("", "-1", "1.0", "²", "a", "9" * 19, ENDLESS)],
)
def test_a_whole_number_has_at_most_eighteen_digits(text, number):
    assert whole_number(text) == number


def test_an_endless_number_chooses_nobody_and_no_window(db):
    account = make_account()
    citizen, people = signed_in(account), make_family(account)
    make_slot(10)
    start_booking(citizen, people)
    asked = citizen.post("/book/people/", {"people": ENDLESS, "add": "1"})
    assert (asked.status_code, citizen.session["draft"]["people"]) == (302, [])
    start_booking(citizen, people)
    assert citizen.post("/book/time/", {"slot": ENDLESS}).status_code == 200


def test_an_endless_number_changes_nothing_at_the_desk(client, db):
    slot = make_slot(10)
    account = make_account()
    booking = confirmed(signed_in(account), slot, make_family(account))
    desk = f"/desk/{slot.office.code}/"
    sign_in(client, make_staff(office=slot.office))
    move = {"act": "move", "slot": ENDLESS}
    assert client.post(f"{desk}bookings/{booking.number}/", move).status_code == 404
    assert client.get(f"{desk}history/?who={ENDLESS}").status_code == 200
    assert client.post(f"{desk}windows/{slot.pk}/", seen_endlessly()).status_code == 200
    more = {"do": "more", "people-TOTAL_FORMS": ENDLESS}
    assert client.post(f"{desk}book/", more).status_code == 200


def seen_endlessly() -> dict[str, str]:
    move = {"act": "move", "source": "online", "target": "walk_in", "places": "1", "reason": "高峰"}
    return move | {"version_1": ENDLESS}
