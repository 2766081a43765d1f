"""A calendar as a CSV file: each bad row is named, and the file is taken over as a whole."""

import datetime as dt

import pytest
from django.utils import translation

from offices.domain.calendar import add_working_days, import_holidays, is_working_day
from offices.domain.calendar_file import CalendarDay, compare, import_days, read_calendar
from offices.enums import HolidayKind, Matters
from offices.models import Holiday, OrganisationChange
from tests.factories import NOW, make_bureau
from tests.staff import make_staff

HEAD = "date,name,name_en,kind,provisional,follows_weekday"
SPRING = dt.date(2027, 2, 5)


def read(*rows: str, head: str = HEAD) -> tuple[list[CalendarDay], list[tuple[int, str]]]:
    with translation.override("en"):
        days, bad = read_calendar("\n".join([head, *rows]))
    return days, [(row.line, row.problem) for row in bad]


def test_rows_are_read_in_order_whatever_their_order_in_the_file() -> None:
    days, bad = read(
        "2027-02-20,春节,Spring Festival,make_up_workday,no,4",
        "2027-02-05,春节,Spring Festival,holiday,,",
    )
    assert bad == []
    assert days == [
        CalendarDay(SPRING, "春节", "Spring Festival", "holiday", False, 0),
        CalendarDay(dt.date(2027, 2, 20), "春节", "Spring Festival", "make_up_workday", False, 4),
    ]


def test_name_and_kind_are_enough() -> None:
    assert read("2027-02-05,春节,holiday", head="\ufeffdate,name,kind") == (
        [CalendarDay(SPRING, "春节", "", "holiday", False, 0)],
        [],
    )


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("5 Feb 2027,春节,,holiday,,", "“5 Feb 2027” is no date; write 2027-01-31."),
        ("1927-02-05,春节,,holiday,,", "“1927-02-05” is no date; write 2027-01-31."),
        ("2027-02-30,春节,,holiday,,", "“2027-02-30” is no date; write 2027-01-31."),
        ("2027-02-05,,,holiday,,", "The name is missing."),
        (f"2027-02-05,{'节' * 41},,holiday,,", "A name has at most 40 characters."),
        ("2027-02-05,春节,,feast,,", "“feast” is none of: holiday, make_up_workday."),
        ("2027-02-05,春节,,holiday,maybe,", "“maybe” is neither yes nor no."),
        (
            "2027-02-05,春节,,make_up_workday,,7",
            "A weekday is a number from 0 (Monday) to 6 (Sunday).",
        ),
        (
            "2027-02-05,春节,,make_up_workday,,01",
            "A weekday is a number from 0 (Monday) to 6 (Sunday).",
        ),
        ("2027-02-05,春节,,holiday,,,,", "There are more cells than columns."),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_reason(row: str, problem: str) -> None:
    days, bad = read("2027-02-06,春节,,holiday,,", row)
    assert bad == [(3, problem)]
    assert len(days) == 1


def test_every_bad_row_is_named() -> None:
    _days, bad = read(
        "a,春节,,holiday,,", "2027-02-05,春节,,holiday,,", "2027-02-05,春节,,holiday,,"
    )
    assert [line for line, _problem in bad] == [2, 4]
    assert bad[1][1] == "This day is in the file twice."


@pytest.mark.parametrize("text", ["", "a,b\n1,2", "date,name\n2027-02-05,春节"])
def test_a_file_without_its_columns_is_no_calendar(text: str) -> None:
    days, bad = read_calendar(text)
    assert (days, [row.line for row in bad]) == ([], [1])


# --- Taking it over ----------------------------------------------------------------------------


def announced() -> list[CalendarDay]:
    days, _bad = read(
        "2027-02-05,春节,Spring Festival,holiday,,",
        "2027-02-06,春节,Spring Festival,holiday,,",
        "2027-02-20,春节,Spring Festival,make_up_workday,,4",
    )
    return days


@pytest.mark.django_db
def test_an_announcement_replaces_the_provisional_year() -> None:
    import_holidays(2026)
    import_holidays(2027)
    change = compare(announced())
    assert [str(day.date) for day in change.added] == ["2027-02-20"]
    assert [str(day.date) for day in change.changed] == ["2027-02-05", "2027-02-06"]
    assert len(change.removed) == 11
    clerk = make_staff()
    done = import_days(announced(), make_bureau(), reason="国办通知", account=clerk, now=NOW)
    assert done == change
    of_2027 = Holiday.objects.filter(date__year=2027)
    assert list(of_2027.values_list("provisional", flat=True)) == [False] * 3
    assert Holiday.objects.filter(date__year=2026).count() == 39
    assert of_2027.get(kind=HolidayKind.MAKE_UP_WORKDAY).follows_weekday == 4
    assert is_working_day(dt.date(2027, 2, 20))
    assert add_working_days(dt.date(2027, 2, 4), 1) == dt.date(2027, 2, 8)
    log = OrganisationChange.objects.get(kind=Matters.CALENDAR)
    assert (log.subject, log.reason, log.account) == ("2027", "国办通知", clerk)


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing() -> None:
    for _time in range(2):
        done = import_days(announced(), make_bureau(), reason="x", account=make_staff(), now=NOW)
    assert done.is_nothing
    assert OrganisationChange.objects.count() == 1


@pytest.mark.django_db
def test_a_year_takes_few_queries_to_compare(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    import_holidays(2027)
    with django_assert_num_queries(2):
        compare(announced())
