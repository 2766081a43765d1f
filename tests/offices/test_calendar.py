import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from offices.domain.calendar import add_working_days, import_holidays, is_working_day
from offices.enums import HolidayKind
from offices.models import Holiday

pytestmark = pytest.mark.django_db

# domain.md D: 国办发明电〔2024〕12号 and the notice of 2025-11-04.
OFF = {
    2025: ["01-01", "01-28/02-04", "04-04/04-06", "05-01/05-05", "05-31/06-02", "10-01/10-08"],
    2026: [
        "01-01/01-03",
        "02-15/02-23",
        "04-04/04-06",
        "05-01/05-05",
        "06-19/06-21",
        "09-25/09-27",
        "10-01/10-07",
    ],
    2027: [
        "01-01",
        "02-05/02-08",
        "04-05",
        "05-01/05-02",
        "06-09",
        "09-15",
        "10-01/10-03",
    ],
}
MAKE_UP = {
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    2027: [],
}


def days_of(year: int, ranges: list[str]) -> list[dt.date]:
    days = []
    for text in ranges:
        first, last = (dt.date.fromisoformat(f"{year}-{end}") for end in (text.split("/") * 2)[:2])
        days += [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    return days


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_the_imported_days_are_those_of_the_notice(year: int) -> None:
    import_holidays(year)

    off = Holiday.objects.filter(kind=HolidayKind.HOLIDAY).values_list("date", flat=True)
    make_up = Holiday.objects.filter(kind=HolidayKind.MAKE_UP_WORKDAY)
    assert list(off) == days_of(year, OFF[year])
    assert list(make_up.values_list("date", flat=True)) == days_of(year, MAKE_UP[year])


@pytest.mark.parametrize("year", [2025, 2026])
def test_an_announced_year_has_248_working_days(year: int) -> None:
    import_holidays(year)
    days = [dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    assert sum(is_working_day(day) for day in days) == 248


def test_2027_is_provisional_and_2026_is_not() -> None:
    import_holidays(2026)
    import_holidays(2027)
    assert set(Holiday.objects.filter(provisional=True).values_list("date__year", flat=True)) == {
        2027
    }


def test_an_announcement_replaces_what_was_provisional() -> None:
    Holiday.objects.create(
        date="2026-10-08", name="国庆节", kind=HolidayKind.HOLIDAY, provisional=True
    )
    Holiday.objects.create(
        date="2026-10-07", name="国庆节", kind=HolidayKind.HOLIDAY, provisional=True
    )
    import_holidays(2026)
    assert not Holiday.objects.filter(date="2026-10-08").exists()
    assert Holiday.objects.get(date="2026-10-07").provisional is False


def test_importing_again_keeps_which_weekday_staff_chose_for_a_make_up_day() -> None:
    import_holidays(2026)
    Holiday.objects.filter(date="2026-10-10").update(follows_weekday=4)
    import_holidays(2026)
    assert Holiday.objects.get(date="2026-10-10").follows_weekday == 4
    assert Holiday.objects.count() == 39


def test_holidays_have_names_in_both_languages() -> None:
    import_holidays(2026)
    day = Holiday.objects.get(date="2026-02-17")
    assert (day.name, day.name_en) == ("春节", "Spring Festival")


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        # The day of acceptance isn't counted.
        ("2026-08-03", 0, "2026-08-03"),
        ("2026-08-03", 1, "2026-08-04"),
        ("2026-08-07", 1, "2026-08-10"),
        ("2026-08-03", 7, "2026-08-12"),
        # Over National Day, with Saturday 10 October worked.
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 7, "2026-10-15"),
        # Over Spring Festival, with Saturday 28 February worked.
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 7, "2026-03-02"),
        ("2026-08-08", 1, "2026-08-10"),
    ],
)
def test_deadlines_are_counted_in_working_days(start: str, count: int, end: str) -> None:
    import_holidays(2026)
    assert add_working_days(dt.date.fromisoformat(start), count) == dt.date.fromisoformat(end)


def test_a_deadline_takes_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        add_working_days(dt.date(2026, 9, 30), 20)


def test_a_year_that_nobody_knows_is_refused() -> None:
    with pytest.raises(LookupError):
        import_holidays(2031)
    with pytest.raises(CommandError, match="No holidays are known for 2031"):
        call_command("load_holidays", "2031")


def test_the_command_loads_all_known_years(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_holidays")
    assert capsys.readouterr().out.splitlines() == [
        "2025: 33 days",
        "2026: 39 days",
        "2027: 13 days",
    ]
