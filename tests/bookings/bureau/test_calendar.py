"""A year's holidays: who is open on them; a file that is taken over as a whole."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.publishing import publish
from bookings.domain.sessions import add_session
from bookings.models import Slot
from bookings.tasks import publish_office
from config.celery import app
from offices.domain.calendar import import_holidays
from offices.enums import SessionKind
from offices.models import Bureau, Closure, Holiday, Office, OpeningHours, Session
from tests.factories import LONG_AGO, NOW, make_line, make_office, make_party

pytestmark = pytest.mark.django_db
CALENDAR = "/bureau/xiamen/calendar/"
HEAD = "date,name,name_en,kind,provisional,follows_weekday\n"


@pytest.fixture
def city_hall(city: Bureau) -> Office:
    office = make_office(bureau=city, policy={"horizon_days": 70})
    OpeningHours.objects.bulk_create(
        OpeningHours(
            office=office,
            line=make_line(),
            weekday=weekday,
            opens=dt.time(9),
            closes=dt.time(10),
            capacity=5,
            valid_from=LONG_AGO,
        )
        for weekday in range(5)
    )
    return office


def text_of(response: object) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split())  # type: ignore[attr-defined]


def rows_of(client: Client, year: int = 2026) -> dict[str, object]:
    rows = client.get(f"{CALENDAR}?year={year}").context["rows"]
    return {str(row.holiday.date): row for row in rows}


@pytest.mark.row("HB-08")
def test_an_office_opens_on_a_holiday_that_stays_no_working_day(
    bureau_desk: Client, city_hall: Office, hall: Office
) -> None:
    import_holidays(2026)
    for day in range(1, 8):
        add_session(
            Session(
                office=city_hall,
                line=make_line(),
                kind=SessionKind.HOLIDAY,
                date=dt.date(2026, 10, day),
                opens=dt.time(9),
                closes=dt.time(10),
                capacity=5,
            ),
            NOW,
            reason="国庆加开",
            actor=SYSTEM,
        )
    rows = rows_of(bureau_desk)
    for day in range(1, 8):
        row = rows[f"2026-10-0{day}"]
        assert (row.is_working_day, row.open_offices) == (False, [city_hall])
        assert Slot.objects.filter(office=city_hall, date=f"2026-10-0{day}").count() == 2
    assert (rows["2026-09-25"].is_working_day, rows["2026-09-25"].open_offices) == (False, [])
    worked = rows["2026-10-10"]
    assert (worked.is_working_day, worked.open_offices) == (True, [city_hall])
    text = text_of(bureau_desk.get(CALENDAR))
    assert "10月1日 周四 国庆节 法定节假日 非工作日 2个大厅中1个办公" in text
    assert "10月10日 周六 国庆节 调休上班日 · 按周一时间办公 工作日 2个大厅中1个办公" in text


def test_an_office_may_open_on_holidays_by_policy_and_be_closed_all_the_same(
    bureau_desk: Client, city_hall: Office
) -> None:
    import_holidays(2026)
    city_hall.policy |= {"open_on_holidays": True}
    city_hall.save()
    Closure.objects.create(
        office=city_hall, first_day="2026-10-02", last_day="2026-10-02", reason="检修"
    )
    rows = rows_of(bureau_desk)
    opened = [bool(rows[f"2026-10-0{day}"].open_offices) for day in (1, 2, 3, 5)]
    # Closed on Friday, no hours on Saturday.
    assert opened == [True, False, False, True]


def test_a_provisional_year_says_so(bureau_desk: Client) -> None:
    import_holidays(2027)
    text = text_of(bureau_desk.get(f"{CALENDAR}?year=2027"))
    assert "国务院放假安排尚未录入" in text
    assert text.count("暂定") >= 13
    assert "该年没有日历数据" in text_of(bureau_desk.get(f"{CALENDAR}?year=2031"))


@pytest.mark.parametrize("year", ["", "x", "1", "99999", "0"])
def test_a_year_that_is_none_is_this_one(bureau_desk: Client, year: str) -> None:
    assert bureau_desk.get(CALENDAR, {"year": year}).context["year"] == 2026


def test_the_page_takes_as_many_queries_for_three_offices_as_for_one(
    bureau_desk: Client, city: Bureau, city_hall: Office
) -> None:
    import_holidays(2026)
    bureau_desk.get(CALENDAR)
    counts = []
    for code in ("one", "two", "three"):
        with CaptureQueriesContext(connection) as queries:
            bureau_desk.get(CALENDAR)
        counts.append(len(queries))
        make_office(code, bureau=city)
    assert len(set(counts)) == 1


# --- Importing ---------------------------------------------------------------------------------


def test_a_file_is_seen_then_taken_over_and_the_offices_follow(
    bureau_desk: Client,
    city_hall: Office,
    django_capture_on_commit_callbacks: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app, "send_task", lambda _name, args, **_: publish_office(*args))
    publish(city_hall, NOW)
    day = Slot.objects.filter(date="2026-08-05").earliest("starts_at")
    booking = book(make_party(day), SYSTEM, NOW)
    text = HEAD + "2026-08-05,测试节,Test,holiday,,\n2026-08-08,测试节,Test,make_up_workday,,2\n"
    file = SimpleUploadedFile("2026.csv", text.encode("gb18030"), "text/csv")
    seen = bureau_desk.post(CALENDAR, {"file": file, "reason": "通知", "step": "preview"})
    assert Holiday.objects.count() == 0
    assert "8月5日 周三: 1个预约" in text_of(seen)
    # What the fixtures have changed is published already.
    connection.run_on_commit.clear()
    typed = dict(seen.context["typed"]) | {"step": "publish"}
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        response = bureau_desk.post(CALENDAR, typed, follow=True)
    assert "新增2天，变更0天，删除0天。各大厅时段将在一分钟内随之更新" in response.text
    # The booked window stays for its party; nothing else is left of the day.
    assert [slot.withdrawn for slot in Slot.objects.filter(date="2026-08-05")] == [True]
    assert Slot.objects.filter(date="2026-08-08").count() == 2
    booking.refresh_from_db()
    assert (booking.slot_id, booking.status) == (day.pk, "confirmed")


def test_a_file_with_bad_rows_names_each_and_changes_nothing(bureau_desk: Client) -> None:
    text = HEAD + "2027-02-05,春节,,holiday,,\n2027-02-31,春节,,holiday,,\n2027-02-06,,,holiday,,\n"
    response = bureau_desk.post(CALENDAR, {"text": text, "reason": "通知", "step": "publish"})
    assert response.context["form"].errors == {
        "file": [
            "第3行：“2027-02-31”不是日期，请写成2027-01-31。",
            "第4行：缺少名称。",
        ]
    }
    assert Holiday.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "file"),
        ({"text": HEAD}, "file"),
        ({"text": HEAD + "2027-02-05,春节,,holiday,,", "reason": ""}, "reason"),
        ({"text": "x" * 100_001}, "text"),
        ({"file": SimpleUploadedFile("a.csv", b"x" * 100_001)}, "file"),
    ],
)
def test_what_is_no_calendar_is_refused(
    bureau_desk: Client, fields: dict[str, object], wrong: str
) -> None:
    response = bureau_desk.post(CALENDAR, {"reason": "通知", "step": "publish", **fields})
    assert wrong in response.context["form"].errors
    assert Holiday.objects.count() == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "big5"])
def test_a_file_in_another_encoding_is_refused_and_told_how_to_save_it(
    bureau_desk: Client, encoding: str
) -> None:
    text = HEAD + "2027-02-05,端午大典,,holiday,,\n"
    file = SimpleUploadedFile("2027.csv", text.encode(encoding), "text/csv")
    response = bureau_desk.post(CALENDAR, {"file": file, "reason": "通知", "step": "publish"})
    assert response.context["form"].errors == {
        "file": ["无法识别文件编码：仅支持UTF-8和GB 18030。请另存为“CSV UTF-8”格式后重新选择。"]
    }
    assert Holiday.objects.count() == 0


def test_what_is_saved_as_csv_can_be_taken_over_again(bureau_desk: Client) -> None:
    import_holidays(2026)
    saved = bureau_desk.get(f"{CALENDAR}?year=2026&format=csv").getvalue().decode()
    seen = bureau_desk.post(CALENDAR, {"text": saved, "reason": "核对", "step": "preview"})
    assert seen.context["change"].is_nothing


def test_a_district_reads_the_calendar_and_leaves_it_to_the_city(
    bureau_desk: Client, district: Bureau
) -> None:
    url = f"/bureau/{district.code}/calendar/"
    assert "由市局导入" in bureau_desk.get(url).text
    text = HEAD + "2027-02-05,春节,,holiday,,"
    assert (
        bureau_desk.post(url, {"text": text, "reason": "x", "step": "publish"}).status_code == 403
    )
    assert Holiday.objects.count() == 0


def test_a_file_with_what_no_database_keeps_is_taken_over_without_it(bureau_desk: Client) -> None:
    text = "date,name,kind\n2027-01-01,元\0旦,holiday\n"
    file = SimpleUploadedFile("2027.csv", text.encode(), "text/csv")
    bureau_desk.post(CALENDAR, {"file": file, "reason": "新年", "step": "publish"})
    assert Holiday.objects.get(date=dt.date(2027, 1, 1)).name == "元旦"
