"""The report by channel, as a page and as a file."""

import csv
import io

import pytest

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.enums import Channel
from tests.factories import NOW, make_office, make_party, make_person, make_slot

pytestmark = pytest.mark.django_db
REPORTS = "/desk/xiamen-zhenhai/reports/"
TUESDAY = "?first=2026-08-04&last=2026-08-04"


def three_bookings() -> None:
    slot = make_slot(online=9, assisted=5)
    for channel, size in ((Channel.WECHAT, 3), (Channel.WECHAT, 1), (Channel.PHONE, 1)):
        book(make_party(slot, size, channel=channel), SYSTEM, NOW)
    book(make_party(make_slot(office=make_office("harbin-city"))), SYSTEM, NOW)


@pytest.mark.row("JJ-16")
def test_the_report_splits_the_bookings_by_channel(desk):
    three_bookings()
    response = desk.get(REPORTS + TUESDAY)
    figures = {name: rest for name, *rest in response.context["figures"]}
    assert figures["微信"] == [2, 4, 4, 0, 0]
    assert figures["电话"] == [1, 1, 1, 0, 0]
    assert list(response.context["sums"].values()) == [3, 5, 5, 0, 0]


def test_the_file_has_the_same_figures(desk):
    three_bookings()
    response = desk.get(f"{REPORTS}{TUESDAY}&format=csv")
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0] == ["预约渠道", "预约", "人员", "件次", "已爽约", "已取消"]
    assert ["微信", "2", "4", "4", "0", "0"] in rows
    assert rows[-1] == ["全部渠道", "3", "5", "5", "0", "0"]


def test_without_dates_it_is_the_last_seven_days(desk):
    context = desk.get(REPORTS).context
    assert (str(context["first"]), str(context["last"])) == ("2026-07-28", "2026-08-03")


def test_purposes_and_residence_are_on_the_page_and_in_a_file(desk):
    slot = make_slot(online=9)
    person = make_person(home_city="福州")
    book(make_party(slot, people=(person,), purpose="study"), SYSTEM, NOW)
    page = desk.get(REPORTS + TUESDAY)
    assert [(row.label, row.people) for row in page.context["purposes"] if row.people] == [
        ("学习", 1)
    ]
    assert [(row.label, row.people) for row in page.context["residences"] if row.people] == [
        ("本省其他城市", 1)
    ]
    response = desk.get(f"{REPORTS}{TUESDAY}&format=travellers")
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    assert ["出行事由", "学习", "1", "1"] in rows
    assert ["办证人员居住地", "本省其他城市", "", "1"] in rows
