"""Weekly hours as people read them."""

import datetime as dt

import pytest
from django.utils import translation

from offices.domain.weekly import same_but_for_weekday, variants
from offices.models import OpeningHours
from offices.wording import say_validity, say_weekdays
from tests.factories import LONG_AGO, make_line, make_office

TODAY = dt.date(2026, 8, 3)


@pytest.mark.parametrize(
    ("weekdays", "chinese", "english"),
    [
        ([0], "周一", "Mon"),
        ([4, 3, 2, 1, 0], "周一至周五", "Mon–Fri"),
        ([0, 1], "周一、周二", "Mon, Tue"),
        ([0, 1, 2, 4, 6], "周一至周三、周五、周日", "Mon–Wed, Fri, Sun"),
        (range(7), "周一至周日", "Mon–Sun"),
    ],
)
def test_weekdays_are_said_in_runs(weekdays: list[int], chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert say_weekdays(weekdays) == chinese
    with translation.override("en"):
        assert say_weekdays(weekdays) == english


def test_validity_is_said_with_its_years() -> None:
    first, last = dt.date(2026, 6, 1), dt.date(2026, 9, 30)
    with translation.override("zh-hans"):
        assert say_validity(first, None) == "2026年6月1日起"
        assert say_validity(first, last) == "2026年6月1日至2026年9月30日"
    with translation.override("en"):
        assert say_validity(first, None) == "from 1 Jun 2026"
        assert say_validity(first, last) == "1 Jun 2026 to 30 Sep 2026"


def add(weekday: int, times: str = "08:00-12:00", **fields: object) -> OpeningHours:
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    rule = OpeningHours(
        office=make_office(),
        line=make_line(),
        weekday=weekday,
        opens=opens,
        closes=closes,
        **{"valid_from": LONG_AGO} | fields,
    )
    return OpeningHours.objects.bulk_create([rule])[0]


@pytest.mark.django_db
def test_rules_are_grouped_by_variant_and_then_by_what_they_have_in_common() -> None:
    for weekday in range(5):
        add(weekday)
        add(weekday, "14:00-17:00", capacity=5 if weekday < 3 else 8)
    add(0, "07:30-12:00", kind="consultation")
    add(5, "09:00-12:00", valid_from=dt.date(2026, 9, 1), season="秋季")
    add(6, "09:00-12:00", valid_until=TODAY - dt.timedelta(days=1))
    with translation.override("zh-hans"):
        found = [
            (variant.season, [(row.weekdays, row.hours, row.kind_label) for row in variant.rows])
            for variant in variants(make_office(), TODAY)
        ]
    assert found == [
        (
            "",
            [
                ("周一", "7:30–12:00", "咨询"),
                ("周一至周五", "8:00–12:00", "受理"),
                ("周一至周三", "14:00–17:00", "受理"),
                ("周四、周五", "14:00–17:00", "受理"),
            ],
        ),
        ("秋季", [("周六", "9:00–12:00", "受理")]),
    ]


@pytest.mark.django_db
def test_a_rule_knows_those_of_the_other_weekdays() -> None:
    wednesday, monday = add(2), add(0)
    add(1, "08:00-11:00")
    assert same_but_for_weekday(wednesday) == [monday, wednesday]


@pytest.mark.django_db
def test_variants_take_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    office = make_office()
    for weekday in range(3):
        add(weekday)
        with django_assert_num_queries(1):
            [row.line.label for variant in variants(office, TODAY) for row in variant.rows]
