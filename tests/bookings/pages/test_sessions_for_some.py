"""Sessions on the page of times: for whom they are, why not, and what isn't booked at all."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from applicants.models import Account, Applicant
from bookings.domain.board import alternatives
from bookings.models import Booking, Slot
from offices.enums import SessionKind
from offices.models import Session
from tests.citizens import confirmed, make_member, start_booking
from tests.factories import NOW, make_line, make_office, make_slot, quota_of

URL = "/book/time/"
SUNDAY = dt.date(2026, 8, 9)


def make_session(online: int = 10, walk_in: int = 0, **fields: Any) -> Slot:
    session = Session.objects.create(
        office=make_office(),
        line=make_line(),
        kind=SessionKind.STUDENT,
        date=SUNDAY,
        opens=dt.time(9),
        closes=dt.time(9, 30),
        capacity=10,
        **fields,
    )
    starts_at = NOW + dt.timedelta(days=6)
    return make_slot(online, walk_in=walk_in, session=session, starts_at=starts_at)


@pytest.fixture
def asking(citizen: Client, family: list[Applicant]) -> Client:
    start_booking(citizen, family[:1])
    return citizen


def card_of(citizen: Client, slot: Slot) -> Any:
    groups = citizen.get(f"{URL}?day={slot.date}").context["form"].fields["slot"].choices
    return {value: card for _part, cards in groups for value, card in cards}[str(slot.pk)]


def cell_of(citizen: Client, day: dt.date) -> Any:
    cells = citizen.get(URL).context["calendar"].cells
    return next(cell for cell in cells if cell.date == day)


def test_a_session_for_others_can_not_be_chosen_and_says_why(asking: Client) -> None:
    students = make_session(students_only=True)
    card = card_of(asking, students)
    assert card.hints == ("限学生及陪同的成年人",)
    assert card.problem.startswith("“学生专场”限学生及陪同的成年人，演示甲没有同行的学生。")
    assert (card.link_url, card.public) == ("", False)
    page = asking.get(f"{URL}?day={SUNDAY}").text
    assert card.problem in page
    assert "disabled" in page.partition(f'value="{students.pk}"')[2].partition(">")[0]


def test_a_day_with_nothing_for_the_party_can_be_looked_at_and_counts_no_places(
    asking: Client,
) -> None:
    make_session(students_only=True)
    cell = cell_of(asking, SUNDAY)
    assert (cell.level, cell.left, cell.word) == ("restricted", 0, "限定")
    assert f"?day={SUNDAY}" in asking.get(URL).text
    ordinary = make_slot(4, starts_at=NOW + dt.timedelta(days=6, hours=2))
    assert ordinary.date == SUNDAY
    assert cell_of(asking, SUNDAY).left == 4


def test_it_does_not_open_with_such_a_day(asking: Client, slot: Slot) -> None:
    slot.quotas.update(capacity=0)
    make_session(students_only=True)
    ordinary = make_slot(4, starts_at=NOW + dt.timedelta(days=8))
    assert asking.get(URL).context["calendar"].day == ordinary.date


def test_who_is_let_in_books_it(citizen: Client, account: Account, slot: Slot) -> None:
    student = make_member(account, "演示丁", born=dt.date(2008, 6, 1))
    Applicant.objects.filter(pk=student.pk).update(is_student=True, home_city="厦门")
    special = make_session(students_only=True, residents_of="厦门", min_age=14, max_age=25)
    start_booking(citizen, [student])
    assert card_of(citizen, special).problem == ""
    assert citizen.post(f"{URL}?day={SUNDAY}", {"slot": special.pk}).status_code == 302
    assert Booking.objects.get().slot == special


def test_a_booking_elsewhere_says_where(citizen: Client, family: list[Applicant]) -> None:
    elsewhere = make_session(site="第一中学", site_en="No. 1 School")
    booking = confirmed(citizen, elsewhere, family[:1])
    for page in (f"/bookings/{booking.number}/confirmed/", "/bookings/"):
        assert "厦门出入境办证大厅 · 地点：第一中学" in citizen.get(page).text


def test_the_alternatives_leave_out_what_is_for_others(asking: Client, slot: Slot) -> None:
    slot.quotas.update(capacity=0)
    special = make_session(students_only=True)
    assert [other.slot_id for other in alternatives(slot.pk, 1, "web", NOW)] == [special.pk]
    assert asking.get(f"/book/time/{slot.pk}/full/").context["others"] == []


def test_a_session_without_booking_is_shown_as_such(asking: Client) -> None:
    on_site = make_session(0, walk_in=10, booking_free=True, name="户政学生专场", site="一中")
    assert (cell_of(asking, SUNDAY).level, cell_of(asking, SUNDAY).word) == ("on_site", "免预约")
    card = card_of(asking, on_site)
    assert (card.tag, card.hints) == ("户政学生专场", ("地点：一中",))
    assert (card.problem, card.level, card.link_url) == ("免预约，现场取号", "", "")
    assert "免预约，现场取号 · 地点：一中" in asking.get("/offices/xiamen-zhenhai/").text


def test_places_that_staff_put_online_do_not_make_it_bookable(asking: Client) -> None:
    on_site = make_session(5, booking_free=True)
    refused = asking.post(f"{URL}?day={SUNDAY}", {"slot": on_site.pk})
    assert refused.status_code == 422
    assert "免预约，请按时到现场取号" in refused.text
    assert quota_of(on_site).taken == 0
