"""Series of sessions at the desk: shown first, published in one go, listed and removed together."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.publishing import publish
from bookings.models import Slot
from offices.domain.calendar import import_holidays
from offices.enums import SessionKind
from offices.models import Office, Session, SessionSeries
from tests.factories import NOW, make_line, make_office, make_party

pytestmark = pytest.mark.django_db
SESSIONS = "/desk/xiamen-zhenhai/sessions/"
REASON = {"reason": "人手不足"}
WORKDAYS = ["0", "1", "2", "3", "4"]


def plan(**fields: object) -> dict[str, object]:
    """Saturdays, 09:00 to 10:00, from the Monday of the tests on."""
    return {
        "kind": "saturday",
        "line": make_line().pk,
        "date": "2026-08-03",
        "opens": "09:00",
        "closes": "10:00",
        "capacity": "10",
        "weekdays": ["5"],
        "times": "2",
        "reason": "暑期高峰",
        **fields,
    }


def publish_series(desk: Client, **fields: object) -> Any:
    """Through the preview, by its form."""
    preview = desk.post(SESSIONS, plan(step="preview", **fields))
    typed: dict[str, list[str]] = {}
    for name, value in preview.context["typed"]:
        typed.setdefault(name, []).append(value)
    return desk.post(SESSIONS, {**typed, "seen": "1", "step": "publish"}, follow=True)


def starts() -> list[str]:
    return [f"{slot.local_start:%m-%d %H:%M}" for slot in Slot.objects.order_by("starts_at")]


def days() -> list[dt.date]:
    return list(Session.objects.values_list("date", flat=True))


# --- What can be planned -----------------------------------------------------------------------


@pytest.mark.row("FS-20")
def test_seven_saturdays_are_planned_in_one_go(desk: Client, supervisor: Any) -> None:
    response = publish_series(desk, times="7")
    assert "已新增7个场次，目前共4个时段。" in response.text
    series = SessionSeries.objects.get()
    assert days() == [dt.date(2026, 8, 8) + dt.timedelta(weeks=n) for n in range(7)]
    assert set(Session.objects.values_list("series", "created_by")) == {(series.pk, supervisor.pk)}
    # The later ones appear with their days.
    assert starts() == ["08-08 09:00", "08-08 09:30", "08-15 09:00", "08-15 09:30"]


@pytest.mark.row("XM-21")
def test_sunday_slots_appear_from_the_start_date_only(desk: Client) -> None:
    publish_series(desk, kind="sunday", weekdays=["6"], date="2026-08-10", times="3")
    assert starts() == ["08-16 09:00", "08-16 09:30"]
    assert days()[0] == dt.date(2026, 8, 16)


@pytest.mark.row("FS-02")
def test_weekdays_of_the_summer_are_extended_from_five_to_seven(desk: Client) -> None:
    extended = {"kind": "extended", "opens": "17:00", "closes": "19:00", "capacity": "8"}
    publish_series(desk, **extended, weekdays=WORKDAYS, times="", until="2026-08-31")
    assert len(days()) == 21
    monday = [start for start in starts() if start.startswith("08-03")]
    assert monday == ["08-03 17:00", "08-03 17:30", "08-03 18:00", "08-03 18:30"]
    assert {start[:5] for start in starts()} == {f"08-{day:02}" for day in range(3, 18)} - {
        "08-08",
        "08-09",
        "08-15",
        "08-16",
    }


@pytest.mark.row("FS-03")
def test_sunday_mornings_are_published_as_half_days(desk: Client) -> None:
    desk.post(
        SESSIONS,
        plan(kind="off_peak", date="2026-08-09", closes="12:00", weekdays=[], times=""),
    )
    assert Session.objects.get().get_kind_display() == "错峰专场"
    assert (starts()[0], starts()[-1], len(starts())) == ("08-09 09:00", "08-09 11:30", 6)


@pytest.mark.row("HB-08")
def test_the_first_week_of_october_is_opened_although_it_is_a_holiday(
    desk: Client, hall: Office
) -> None:
    import_holidays(2026)
    asked = {"kind": "holiday", "date": "2026-10-01", "weekdays": [*WORKDAYS, "5", "6"]}
    publish_series(desk, **asked, times="7", on_holidays="on")
    assert days() == [dt.date(2026, 10, day) for day in range(1, 8)]
    publish(hall, dt.datetime(2026, 9, 28, 1, 0, tzinfo=dt.UTC))
    assert starts() == [f"10-{day:02} {time}" for day in range(1, 8) for time in ("09:00", "09:30")]


def test_holidays_are_left_out_and_named_unless_they_are_wanted(desk: Client) -> None:
    import_holidays(2026)
    response = desk.post(SESSIONS, plan(date="2026-09-19", times="2", step="preview"))
    assert [day.date for day in response.context["days"]] == [
        dt.date(2026, 9, 19),
        dt.date(2026, 10, 10),
    ]
    assert "已跳过法定节假日：" in response.text
    assert response.context["left_out"] == [dt.date(2026, 9, 26), dt.date(2026, 10, 3)]


@pytest.mark.row("FS-29")
def test_twenty_four_sessions_have_places_for_twenty_two_thousand(desk: Client) -> None:
    response = publish_series(
        desk, kind="student", closes="17:00", capacity="60", weekdays=["5", "6"], times="24"
    )
    (group,) = response.context["groups"]
    assert (len(group.rows), group.places) == (24, 24 * 16 * 60)
    assert group.places >= 22_000
    assert "每周六、日 · 24个场次 · 8月8日 周六至10月25日 周日" in response.text
    assert "23040" in response.text


@pytest.mark.row("HB-33")
def test_holiday_sessions_are_tagged_with_whom_they_are_for(desk: Client) -> None:
    response = publish_series(
        desk, kind="holiday", students_only="on", residents_of="哈尔滨", min_age="6", max_age="25"
    )
    row = response.context["groups"][0].rows[0]
    assert row.terms == ("限学生及陪同的成年人", "限6至25周岁人员", "限哈尔滨居民")
    assert "限学生及陪同的成年人 · 限6至25周岁人员 · 限哈尔滨居民" in response.text


def test_a_session_without_booking_elsewhere_is_planned_as_well(desk: Client) -> None:
    response = publish_series(desk, booking_free="on", site="第一中学", site_en="No. 1 School")
    assert set(Session.objects.values_list("booking_free", "site", "site_en")) == {
        (True, "第一中学", "No. 1 School")
    }
    assert "免预约，现场取号 · 地点：第一中学" in response.text


# --- Looking before it is published ------------------------------------------------------------


def test_a_series_is_never_published_unseen(desk: Client) -> None:
    response = desk.post(SESSIONS, plan(step="publish"))
    assert "desk/session_preview.html" in [one.name for one in response.templates]
    assert (Session.objects.count(), Slot.objects.count()) == (0, 0)


def test_the_preview_leads_back_to_what_was_typed(desk: Client) -> None:
    response = desk.post(SESSIONS, plan(step="edit", name="暑期专场", students_only="on"))
    form, repeat = response.context["form"], response.context["repeat"]
    assert (form["name"].value(), form["students_only"].value()) == ("暑期专场", True)
    assert (repeat["weekdays"].value(), repeat["times"].value()) == (["5"], "2")
    assert Session.objects.count() == 0


def test_one_session_is_shown_too_when_asked(desk: Client) -> None:
    response = desk.post(SESSIONS, plan(weekdays=[], times="", step="preview"))
    assert [day.date for day in response.context["days"]] == [dt.date(2026, 8, 3)]
    # It begins now: nobody can come to a window that has begun.
    assert response.context["days"][0].windows == 1
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"times": ""}, "times"),
        ({"times": "0"}, "times"),
        ({"times": "101"}, "times"),
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": ["7"]}, "weekdays"),
        ({"times": "", "until": "gestern"}, "until"),
        ({"times": "", "until": "2026-08-04"}, "times"),
    ],
)
def test_a_series_that_can_not_be_is_refused_at_its_field(
    desk: Client, fields: dict[str, object], wrong: str
) -> None:
    response = desk.post(SESSIONS, plan(**fields))
    assert list(response.context["repeat"].errors) == [wrong]
    assert Session.objects.count() == 0


def test_a_series_on_top_of_another_session_is_refused_with_its_days(desk: Client) -> None:
    publish_series(desk)
    response = desk.post(SESSIONS, plan(opens="09:30", closes="11:00", times="3"))
    assert response.context["form"].errors == {
        "opens": ["该时间已有场次：8月8日 周六、8月15日 周六。"]
    }
    assert Session.objects.count() == 2


# --- The list ----------------------------------------------------------------------------------


@pytest.mark.row("WH-06")
def test_sessions_that_are_over_are_logged_with_their_number_and_the_longest(
    desk: Client, hall: Office
) -> None:
    for day, closes in ((1, 12), (2, 10)):
        Session.objects.create(
            office=hall,
            line=make_line(),
            kind=SessionKind.EXTENDED,
            date=dt.date(2026, 8, day),
            opens=dt.time(9),
            closes=dt.time(closes),
            capacity=5,
        )
    response = desk.get(f"{SESSIONS}?when=past")
    listed = response.context["sessions"]
    assert [session.date.isoformat() for session in listed] == ["2026-08-02", "2026-08-01"]
    assert {session.date.weekday() for session in listed} == {5, 6}
    assert "2个场次 · 最长180分钟" in response.text
    assert desk.get(SESSIONS).context["groups"] == []


def test_a_series_stands_together(desk: Client) -> None:
    publish_series(desk, times="2")
    desk.post(SESSIONS, plan(date="2026-08-10", weekdays=[], times=""))
    groups = desk.get(SESSIONS).context["groups"]
    listed = [[row.session.date.day for row in group.rows] for group in groups]
    assert listed == [[8, 15], [10]]


# --- Removing ----------------------------------------------------------------------------------


def test_a_series_without_bookings_is_removed_as_a_whole(desk: Client) -> None:
    publish_series(desk)
    path = f"/desk/xiamen-zhenhai/series/{SessionSeries.objects.get().pk}/remove/"
    assert "全部删除" in desk.get(path).text
    assert "已删除2个场次。" in desk.post(path, REASON, follow=True).text
    assert (Session.objects.count(), Slot.objects.count()) == (0, 0)


def test_of_a_series_with_bookings_the_others_can_be_removed(desk: Client) -> None:
    publish_series(desk)
    booking = book(make_party(Slot.objects.earliest("starts_at")), SYSTEM, NOW)
    path = f"/desk/xiamen-zhenhai/series/{SessionSeries.objects.get().pk}/remove/"
    assert list(desk.post(path).context["form"].errors) == ["reason"]
    response = desk.post(path, REASON)
    assert [one.number for one in response.context["bookings"]] == [booking.number]
    assert "该场次已有1个预约，不能删除" in response.text
    assert "2026-08-08 09:00" in response.text
    assert Session.objects.count() == 2
    assert "已删除1个场次。" in desk.post(path, {**REASON, "unbooked": "1"}, follow=True).text
    assert days() == [dt.date(2026, 8, 8)]


def test_who_removed_what_and_why_is_kept(desk: Client) -> None:
    publish_series(desk)
    path = f"/desk/xiamen-zhenhai/series/{SessionSeries.objects.get().pk}/remove/"
    page = " ".join(desk.post(path, REASON, follow=True).text.split())
    removed = "supervisor · 删除 · 周六专场 8月8日 周六、8月15日 周六 9:00–10:00 · 人手不足"
    assert f"2026-08-03 09:00</time> {removed}" in page


def test_a_series_of_another_office_does_not_exist_at_this_desk(desk: Client) -> None:
    series = SessionSeries.objects.create(office=make_office("harbin-city"), line=make_line())
    path = f"/desk/xiamen-zhenhai/series/{series.pk}/remove/"
    assert (desk.get(path).status_code, desk.post(path).status_code) == (404, 404)


def test_publishing_again_changes_nothing(desk: Client, hall: Office) -> None:
    publish_series(desk)
    before = list(Slot.objects.values_list("pk", "session"))
    assert publish(hall, NOW).created == 0
    assert list(Slot.objects.values_list("pk", "session")) == before
