"""/book/times/: days and windows of all offices of a city, and the earliest of them at once."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applicants.models import Applicant
from bookings.enums import Status
from bookings.models import Booking, Slot
from offices.models import Office, Session
from tests.citizens import start_booking
from tests.factories import NOW, make_bureau, make_line, make_office, make_slot, quota_of

URL = "/book/times/"
HALF = dt.timedelta(minutes=30)
DAY = dt.timedelta(days=1)


@pytest.fixture
def jimei(slot: Slot) -> Office:
    return make_office("xiamen-jimei", name="集美办证大厅", name_en="Jimei Hall", district="集美区")


@pytest.fixture
def asking(citizen: Client, family: list[Applicant], jimei: Office) -> Client:
    """Nobody has said where yet."""
    start_booking(citizen, family, office="")
    return citizen


def shown(citizen: Client, query: str = "") -> list[tuple[str, str]]:
    """Windows in the order of the page, with their office."""
    groups = citizen.get(f"{URL}?{query}").context["form"].fields["slot"].choices
    return [(card.title, card.hints[0]) for _part, cards in groups for _value, card in cards]


def test_without_people_they_are_asked_for_first(citizen: Client, slot: Slot) -> None:
    assert citizen.get(URL).headers["Location"] == "/book/"


def test_windows_of_all_offices_stand_in_order_of_time(
    asking: Client, slot: Slot, jimei: Office
) -> None:
    make_slot(5, office=jimei, starts_at=slot.starts_at - HALF)
    make_slot(5, office=jimei, starts_at=slot.starts_at + HALF)
    assert shown(asking) == [
        ("09:30–10:00", "集美办证大厅 · 集美区"),
        ("10:00–10:30", "厦门出入境办证大厅"),
        ("10:30–11:00", "集美办证大厅 · 集美区"),
    ]


def test_days_add_up_the_offices_and_each_stands_beside_the_others(
    asking: Client, slot: Slot, jimei: Office
) -> None:
    make_slot(4, office=jimei, starts_at=slot.starts_at)
    make_slot(2, office=jimei, starts_at=slot.starts_at + DAY)
    context = asking.get(URL).context
    days = {cell.date: (cell.level, cell.left) for cell in context["cells"]}
    assert days[slot.date] == ("plenty", 14)
    # Two are none for three.
    assert days[slot.date + DAY] == ("full", 0)
    assert context["dates"] == [slot.date, slot.date + DAY]
    assert [(row.label, [cell.left for cell in row.cells]) for row in context["rows"]] == [
        ("集美办证大厅", [4, 0]),
        ("厦门出入境办证大厅", [10, 0]),
    ]
    words = [[cell.word for cell in row.cells] for row in context["rows"]]
    assert words == [["宽松", "已满"], ["宽松", "不办公"]]


def test_the_earliest_for_three_people_anywhere_is_held_with_one_click(
    asking: Client, slot: Slot, jimei: Office
) -> None:
    make_slot(2, office=jimei, starts_at=slot.starts_at - 2 * HALF)
    first = make_slot(3, office=jimei, starts_at=slot.starts_at - HALF)
    page = asking.get(URL)
    assert page.context["earliest"].view.id == first.pk
    text = page.content.decode()
    assert "3人最早可约" in text
    assert "8月4日 周二 09:30–10:00" in text
    response = asking.post(URL, {"slot": first.pk})
    booking = Booking.objects.get()
    assert response.headers["Location"] == f"/book/{booking.number}/check/"
    assert (booking.status, booking.slot, booking.places) == (Status.HELD, first, 3)
    assert quota_of(first).taken == 3


def test_what_went_meanwhile_leads_to_similar_times_of_that_office(
    asking: Client, slot: Slot, jimei: Office
) -> None:
    first = make_slot(2, office=jimei, starts_at=slot.starts_at - HALF)
    assert (
        asking.post(URL, {"slot": first.pk}).headers["Location"] == f"/book/time/{first.pk}/full/"
    )
    assert asking.get(f"/book/time/{first.pk}/full/").status_code == 200


@pytest.mark.parametrize(
    ("query", "starts"),
    [
        ("part=morning", ["10:00–10:30"]),
        ("part=afternoon", ["14:00–14:30"]),
        ("weekend=on", ["10:00–10:30"]),
        ("part=afternoon&weekend=on", []),
        ("district=集美区", ["14:00–14:30"]),
        (
            "part=nonsense&district=nowhere&city=nowhere&day=nonsense",
            ["10:00–10:30", "14:00–14:30"],
        ),
    ],
)
def test_the_filter_shows_what_was_asked_for(
    asking: Client, slot: Slot, jimei: Office, query: str, starts: list[str]
) -> None:
    make_slot(5, office=jimei, starts_at=slot.starts_at + 8 * HALF)
    make_slot(5, starts_at=slot.starts_at + 4 * DAY)
    assert [title for title, _office in shown(asking, query)] == starts


def test_the_filter_counts_what_it_shows(asking: Client, slot: Slot, jimei: Office) -> None:
    make_slot(40, office=jimei, starts_at=slot.starts_at + 8 * HALF)
    context = asking.get(f"{URL}?part=morning").context
    days = {cell.date: (cell.level, cell.left) for cell in context["cells"]}
    assert days[slot.date] == ("plenty", 10)
    rows = {row.label: [(cell.level, cell.left) for cell in row.cells] for row in context["rows"]}
    assert rows == {"集美办证大厅": [("full", 0)], "厦门出入境办证大厅": [("plenty", 10)]}


def test_the_days_keep_the_filter(asking: Client, slot: Slot) -> None:
    page = asking.get(f"{URL}?part=morning").content.decode()
    assert "part=morning&amp;day=2026-08-04#windows" in page


def test_another_city_is_another_page(asking: Client, slot: Slot) -> None:
    away = make_office("fuzhou", city="福州", bureau=make_bureau("fuzhou"), name="福州大厅")
    make_slot(5, office=away, starts_at=slot.starts_at - HALF)
    cities = [office for _title, office in shown(asking, "city=福州")]
    assert cities == ["福州大厅"]
    assert "福州大厅" not in [office for _title, office in shown(asking, "city=厦门")]


def test_the_emptiest_windows_of_a_day_are_named(asking: Client, slot: Slot) -> None:
    for number, taken in enumerate((0, 5, 6, 3), start=1):
        other = make_slot(10, starts_at=slot.starts_at + number * HALF)
        other.quotas.filter(pool="online").update(taken=taken)
    groups = asking.get(URL).context["form"].fields["slot"].choices
    quiet = [card.title for _part, cards in groups for _value, card in cards if card.tag]
    assert quiet == ["10:00–10:30", "10:30–11:00", "12:00–12:30"]


def test_sessions_for_others_are_left_out(asking: Client, slot: Slot) -> None:
    session = Session.objects.create(
        office=slot.office,
        line=make_line(),
        kind="student",
        date=slot.date,
        opens=dt.time(9),
        closes=dt.time(12),
        capacity=20,
        max_age=8,
    )
    make_slot(9, starts_at=slot.starts_at - HALF, session=session)
    assert shown(asking) == [("10:00–10:30", "厦门出入境办证大厅")]


def test_when_all_is_full_it_says_so_and_leads_to_the_waiting_list(
    asking: Client, slot: Slot
) -> None:
    slot.quotas.filter(pool="online").update(capacity=2)
    page = asking.get(URL).content.decode()
    assert "近期名额已约满" in page
    assert "/waiting/?where=city&amp;city=%E5%8E%A6%E9%97%A8" in page
    wait = asking.get("/waiting/?where=city&city=厦门")
    assert wait.context["form"].initial["where"] == "city"


def test_a_window_of_an_office_elsewhere_is_refused(asking: Client, slot: Slot) -> None:
    training = make_office("training", is_training=True)
    hidden = make_slot(5, office=training)
    for value in (hidden.pk, 0, "nonsense", ""):
        response = asking.post(URL, {"slot": value})
        assert response.status_code == 200
    assert not Booking.objects.exists()


def test_more_offices_and_windows_cost_no_statement(asking: Client, slot: Slot) -> None:
    def statements() -> int:
        asking.get(URL)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            asking.get(URL)
        return len(asked)

    few = statements()
    for number in range(4):
        office = make_office(f"xiamen-{number}")
        for half in range(6):
            make_slot(5, office=office, starts_at=slot.starts_at + half * HALF)
    assert statements() == few


def test_both_questions_lead_here(asking: Client, family: list[Applicant], slot: Slot) -> None:
    assert 'href="/book/times/"' in asking.get("/book/office/").content.decode()
    start_booking(asking, family)
    assert "/book/times/?day=2026-08-04" in asking.get("/book/time/").content.decode()


def test_nothing_is_said_of_times_long_ago(asking: Client, slot: Slot) -> None:
    page = asking.get(f"{URL}?day={NOW.date() - DAY}").content.decode()
    assert "各办证大厅均无合适名额" in page
