"""The weekly hours: seen beforehand, then published; some more, some that end."""

import datetime as dt
import re

import pytest
from django.test import Client

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.publishing import publish
from bookings.models import Booking, Quota, Slot
from offices.domain.calendar import import_holidays
from offices.enums import CounterKind, SeasonKind
from offices.models import Office, OpeningHours, OrganisationChange, Season
from tests.factories import LONG_AGO, NOW, make_bureau, make_line, make_office, make_party

pytestmark = pytest.mark.django_db
HOURS = "/desk/xiamen-zhenhai/hours/"
TODAY, TUESDAY = dt.date(2026, 8, 3), dt.date(2026, 8, 4)


def plan(**fields: object) -> dict[str, object]:
    return {
        "lines": [make_line().pk],
        "kind": "acceptance",
        "weekdays": ["0", "1", "2", "3", "4"],
        "opens": "08:00",
        "closes": "12:00",
        "capacity": "6",
        "valid_from": "2026-08-03",
        "reason": "新址启用",
        "step": "publish",
        **fields,
    }


def text_of(response: object) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split())  # type: ignore[attr-defined]


def hours_of(day: dt.date, office: Office | None = None) -> list[str]:
    slots = Slot.objects.filter(date=day, office=office or make_office()).order_by("starts_at")
    return [f"{slot.local_start:%H:%M}" for slot in slots if not slot.withdrawn]


def add_rule(office: Office, weekday: int, times: str = "08:00-12:00", **fields: object) -> None:
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    rule = OpeningHours(
        office=office,
        line=make_line(),
        weekday=weekday,
        opens=opens,
        closes=closes,
        **{"valid_from": LONG_AGO, "capacity": 6} | fields,
    )
    OpeningHours.objects.bulk_create([rule])


@pytest.fixture
def tuesdays(hall: Office) -> OpeningHours:
    """Open on Tuesdays from nine to eleven, and published."""
    add_rule(hall, 1, "09:00-11:00")
    publish(hall, NOW)
    return OpeningHours.objects.get()


# --- Adding ------------------------------------------------------------------------------------


@pytest.mark.row("HB-10")
def test_consultation_opens_at_half_past_seven_and_acceptance_at_eight_and_one(
    desk: Client, hall: Office
) -> None:
    desk.post(HOURS, plan(opens_again="13:00", closes_again="17:00"))
    desk.post(HOURS, plan(kind="photo"))
    desk.post(HOURS, plan(kind="consultation", opens="07:30"))
    # Booked are the counters that serve.
    morning = ["08:00", "08:30", "09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
    afternoon = ["13:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00", "16:30"]
    assert hours_of(TUESDAY) == morning + afternoon
    assert Slot.objects.filter(date=TUESDAY).count() == 16
    text = text_of(Client().get("/offices/xiamen-zhenhai/"))
    assert "8:00–12:00、13:00–17:00 咨询：7:30–12:00 照相：8:00–12:00" in text


@pytest.mark.row("HB-07")
def test_a_district_hall_opens_on_saturday_morning_and_the_city_hall_all_weekend(
    desk: Client, hall: Office, supervisor: object
) -> None:
    district = make_office("xiamen-jimei", name="集美分局大厅")
    supervisor.memberships.create(role="supervisor", office=district)  # type: ignore[attr-defined]
    desk.post("/desk/xiamen-jimei/hours/", plan(weekdays=["5"]))
    desk.post(HOURS, plan(weekdays=["5", "6"], opens_again="13:00", closes_again="17:00"))
    saturday, sunday = dt.date(2026, 8, 8), dt.date(2026, 8, 9)
    assert (hours_of(saturday, district)[0], hours_of(saturday, district)[-1]) == ("08:00", "11:30")
    assert hours_of(sunday, district) == []
    for day in (saturday, sunday):
        assert (hours_of(day, hall)[0], hours_of(day, hall)[-1]) == ("08:00", "16:30")


@pytest.mark.row("XM-22")
def test_a_week_of_seven_days_is_published_and_holidays_override_it(
    desk: Client, hall: Office
) -> None:
    import_holidays(2026)
    hall.policy = {"horizon_days": 70}
    hall.save()
    desk.post(HOURS, plan(weekdays=list("0123456")))
    days = {day.weekday() for day in Slot.objects.values_list("date", flat=True)}
    assert days == set(range(7))
    holidays = [dt.date(2026, 10, day) for day in range(1, 8)]
    assert not Slot.objects.filter(date__in=holidays).exists()
    assert Slot.objects.filter(date="2026-10-08").exists()


def test_nothing_is_saved_before_its_planner_has_seen_it(desk: Client, hall: Office) -> None:
    response = desk.post(HOURS, plan(step="preview"))
    assert (OpeningHours.objects.count(), Slot.objects.count()) == (0, 0)
    assert OrganisationChange.objects.count() == 0
    rows = {row.day: row for row in response.context["days"]}
    assert [cell.count for cell in rows[TUESDAY].cells] == [8, 0, 0]
    # Two weeks of five days and the Monday after, of which two windows of today are over.
    assert sum(row.cells[0].count for row in rows.values()) == 11 * 8 - 3
    assert "8月4日 周二 境内居民 8 08:00–12:00" in text_of(response)
    # The buttons of the preview send the same once more.
    sent: dict[str, list[str]] = {}
    for name, value in response.context["typed"]:
        sent.setdefault(name, []).append(value)
    desk.post(HOURS, sent | {"step": ["publish"]})
    assert Slot.objects.count() == 11 * 8 - 3


def test_one_goes_back_from_the_preview_to_the_form_as_it_was_filled_in(desk: Client) -> None:
    response = desk.post(HOURS, plan(step="change", season="夏令时间"))
    assert 'value="夏令时间"' in response.text
    assert response.context["form"].errors == {}
    assert OpeningHours.objects.count() == 0


def test_who_added_what_and_why_is_kept_and_shown(desk: Client, supervisor: object) -> None:
    desk.post(HOURS, plan())
    change = OrganisationChange.objects.get()
    assert (change.account, change.reason) == (supervisor, "新址启用")
    assert "新增：境内居民 · 受理 · 周一至周五 8:00–12:00 · supervisor · 新址启用" in text_of(
        desk.get(HOURS)
    )


def test_without_capacity_and_shares_counters_and_policy_decide(desk: Client, hall: Office) -> None:
    hall.counters.create(line=make_line(), label="01")
    hall.counters.create(line=make_line(), label="02")
    desk.post(HOURS, plan(capacity=""))
    quotas = Quota.objects.filter(slot__date=TUESDAY, slot__starts_at__lt="2026-08-04T00:30Z")
    # Two counters, thirty minutes, twenty minutes a person.
    assert sum(quotas.values_list("capacity", flat=True)) == 3


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"lines": []}, "lines"),
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": ["7"]}, "weekdays"),
        ({"kind": "garden"}, "kind"),
        ({"closes": "07:00"}, "closes"),
        ({"opens_again": "13:00"}, "closes_again"),
        ({"closes_again": "13:00"}, "opens_again"),
        ({"opens_again": "11:00", "closes_again": "13:00"}, "opens_again"),
        ({"opens_again": "13:00", "closes_again": "13:00"}, "closes_again"),
        ({"capacity": "0"}, "capacity"),
        ({"online": "50", "assisted": "20"}, "online"),
        ({"valid_from": "2026-08-02"}, "valid_from"),
        ({"valid_until": "2026-08-02"}, "valid_until"),
        ({"reason": " "}, "reason"),
    ],
)
def test_hours_that_can_not_be_are_refused_at_their_field(
    desk: Client, fields: dict[str, object], wrong: str
) -> None:
    response = desk.post(HOURS, plan(**fields))
    assert list(response.context["form"].errors) == [wrong]
    assert OpeningHours.objects.count() == 0


# --- Overlaps and seasons ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({}, True),
        ({"weekdays": ["0"]}, False),
        ({"opens": "11:00", "closes": "12:00"}, False),
        ({"opens": "10:30", "closes": "12:00"}, True),
        # Both kinds would make windows of one line.
        ({"kind": "collection"}, True),
        ({"kind": "consultation"}, False),
    ],
)
@pytest.mark.usefixtures("tuesdays")
def test_hours_of_one_line_and_weekday_are_not_entered_twice(
    desk: Client, fields: dict[str, object], refused: bool
) -> None:
    response = desk.post(HOURS, plan(**{"weekdays": ["1"], "opens": "09:00"} | fields))
    if refused:
        [sentence] = response.context["form"].non_field_errors()
        assert sentence == (
            "境内居民（受理）：已有周二 9:00–11:00（2020年1月1日起），与所填时间重叠。"
            "请先停用原时间，或勾选以新时间替代。"
        )
    assert OpeningHours.objects.count() == (1 if refused else 2)


@pytest.mark.usefixtures("tuesdays")
def test_summer_hours_take_the_place_of_the_others_until_they_end(
    desk: Client, hall: Office
) -> None:
    hall.policy = {"horizon_days": 30}
    hall.save()
    publish(hall, NOW)
    summer = {
        "weekdays": ["1"],
        "opens": "15:00",
        "closes": "16:00",
        "valid_from": "2026-08-11",
        "valid_until": "2026-08-18",
        "season": "夏令时间",
        "season_en": "Summer hours",
        "instead": "on",
    }
    response = desk.post(HOURS, plan(**summer, step="preview"))
    rows = {row.day: [cell.count for cell in row.cells] for row in response.context["days"]}
    assert rows == {dt.date(2026, 8, 11): [2, 4, 0], dt.date(2026, 8, 18): [2, 4, 0]}
    desk.post(HOURS, plan(**summer))
    usual = ["09:00", "09:30", "10:00", "10:30"]
    assert [hours_of(dt.date(2026, 8, day)) for day in (4, 11, 18, 25)] == [
        usual,
        ["15:00", "15:30"],
        ["15:00", "15:30"],
        usual,
    ]
    text = text_of(desk.get(HOURS))
    assert "2020年1月1日至2026年8月10日 现行" in text
    assert "夏令时间 · 2026年8月11日至2026年8月18日 即将生效" in text
    assert "2026年8月19日起 即将生效" in text


@pytest.mark.row("XM-24")
def test_the_days_of_a_peak_season_are_tagged_and_can_take_hours_of_their_own(
    desk: Client, hall: Office
) -> None:
    season = Season.objects.create(
        bureau=make_bureau(),
        kind=SeasonKind.SUMMER_BREAK,
        name="暑假高峰",
        name_en="Summer peak",
        first_day="2026-07-10",
        last_day="2026-08-05",
    )
    add_rule(hall, 1, "09:00-10:00")
    add_rule(hall, 3, "09:00-10:00")
    publish(hall, NOW)
    assert [
        "暑假高峰" in desk.get(f"/desk/xiamen-zhenhai/?date=2026-08-0{n}").text for n in (5, 6)
    ] == [
        True,
        False,
    ]
    form = desk.get(f"{HOURS}?season={season.pk}").context["form"]
    start = {name: form[name].value() for name in ("valid_from", "valid_until", "season")}
    assert start == {"valid_from": TODAY, "valid_until": dt.date(2026, 8, 5), "season": "暑假高峰"}
    peak = plan(weekdays=["1"], opens="09:00", closes="11:00", capacity="20", instead="on")
    desk.post(HOURS, peak | {"valid_until": "2026-08-05", "season": "暑假高峰"})
    capacities = [
        sum(Quota.objects.filter(slot=slot).values_list("capacity", flat=True))
        for day in (TUESDAY, TUESDAY + dt.timedelta(days=7))
        for slot in Slot.objects.filter(date=day)
    ]
    assert capacities == [20, 20, 20, 20, 6, 6]


# --- Ending ------------------------------------------------------------------------------------


def ending(**fields: object) -> dict[str, object]:
    return {"weekdays": ["1"], "reason": "人手不足", "step": "publish", **fields}


def test_hours_end_after_a_last_day(desk: Client, tuesdays: OpeningHours) -> None:
    desk.post(f"{HOURS}{tuesdays.pk}/end/", ending(last_day="2026-08-10"))
    tuesdays.refresh_from_db()
    assert tuesdays.valid_until == dt.date(2026, 8, 10)
    assert [len(hours_of(dt.date(2026, 8, day))) for day in (4, 11)] == [4, 0]


def test_only_some_weekdays_end(desk: Client, hall: Office, tuesdays: OpeningHours) -> None:
    add_rule(hall, 2, "09:00-11:00")
    publish(hall, NOW)
    page = desk.get(f"{HOURS}{tuesdays.pk}/end/")
    assert page.context["form"]["weekdays"].value() == [1, 2]
    desk.post(f"{HOURS}{tuesdays.pk}/end/", ending(weekdays=["2"]))
    assert [len(hours_of(dt.date(2026, 8, day))) for day in (4, 5)] == [4, 0]


def test_hours_that_have_not_begun_leave_no_trace_but_their_record(
    desk: Client, hall: Office
) -> None:
    add_rule(hall, 1, valid_from=dt.date(2026, 9, 1))
    rule = OpeningHours.objects.get()
    desk.post(f"{HOURS}{rule.pk}/end/", ending())
    assert OpeningHours.objects.count() == 0
    assert "停用：境内居民 · 受理 · 周二 8:00–12:00" in text_of(desk.get(HOURS))


def test_who_is_booked_is_shown_before_hours_end_and_keeps_the_appointment(
    desk: Client, tuesdays: OpeningHours
) -> None:
    slot = Slot.objects.filter(date=TUESDAY).earliest("starts_at")
    booking = book(make_party(slot, 2), SYSTEM, NOW)
    seen = desk.post(f"{HOURS}{tuesdays.pk}/end/", ending(step="preview"))
    assert [row.conflict.slot_id for row in seen.context["conflicts"]] == [slot.pk]
    assert [one.number for one in seen.context["bookings"]] == [booking.number]
    desk.post(f"{HOURS}{tuesdays.pk}/end/", ending())
    booking.refresh_from_db()
    assert (booking.status, booking.slot_id) == ("confirmed", slot.pk)
    assert Slot.objects.filter(date=TUESDAY).get().withdrawn
    assert Booking.objects.count() == 1


def test_hours_of_another_office_or_of_the_past_are_not_here(desk: Client, hall: Office) -> None:
    add_rule(make_office("harbin-city"), 1)
    add_rule(hall, 1, valid_until=TODAY - dt.timedelta(days=1))
    for rule in OpeningHours.objects.all():
        assert desk.post(f"{HOURS}{rule.pk}/end/", ending()).status_code == 404
    assert desk.get(HOURS).context["variants"] == []


def test_a_last_day_that_is_over_is_refused(desk: Client, tuesdays: OpeningHours) -> None:
    response = desk.post(f"{HOURS}{tuesdays.pk}/end/", ending(last_day="2026-08-02"))
    assert list(response.context["form"].errors) == ["last_day"]


def test_counters_that_only_advise_have_no_windows(desk: Client) -> None:
    response = desk.post(HOURS, plan(kind=CounterKind.CONSULTATION, step="preview"))
    assert "预约期内的时段没有变化" in response.text


@pytest.mark.parametrize("day", ["2026-08-31", "2026-09-15"])
def test_hours_do_not_end_later_than_they_do_anyway(
    desk: Client, tuesdays: OpeningHours, day: str
) -> None:
    """That would change nothing, and was taken in silence."""
    tuesdays.valid_until = dt.date(2026, 8, 31)
    tuesdays.save()
    response = desk.post(f"{HOURS}{tuesdays.pk}/end/", ending(last_day=day))
    assert response.context["form"].errors == {
        "last_day": ["这一时段本就至8月31日 周一为止，请填写更早的日期。"]
    }
    tuesdays.refresh_from_db()
    assert tuesdays.valid_until == dt.date(2026, 8, 31)
    desk.post(f"{HOURS}{tuesdays.pk}/end/", ending(last_day="2026-08-30"))
    tuesdays.refresh_from_db()
    assert tuesdays.valid_until == dt.date(2026, 8, 30)
