"""The door of an office: hours of each kind of counter, and what the season is called."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from offices.domain.calendar import import_holidays
from offices.enums import CounterKind
from offices.models import Closure, Office, OpeningHours, SurgePeriod, SurgePlan
from tests.factories import LONG_AGO, NOW, make_line, make_office

pytestmark = pytest.mark.django_db


def add(office: Office, times: str, kind: str = CounterKind.ACCEPTANCE, **fields: object) -> None:
    opens, closes = map(dt.time.fromisoformat, times.split("-"))
    OpeningHours.objects.bulk_create(
        OpeningHours(
            office=office,
            line=make_line(),
            kind=kind,
            weekday=weekday,
            opens=opens,
            closes=closes,
            **{"valid_from": LONG_AGO} | fields,
        )
        for weekday in range(5)
    )


def door(client: Client, moment: dt.datetime = NOW, language: str = "zh-hans") -> str:
    client.cookies["django_language"] = language
    with time_machine.travel(moment, tick=False):
        text = client.get("/offices/xiamen-zhenhai/").text
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def test_counters_that_advise_have_hours_beside_those_that_serve(client: Client) -> None:
    office = make_office()
    add(office, "08:00-12:00")
    add(office, "13:00-17:00")
    add(office, "07:30-12:00", CounterKind.CONSULTATION)
    add(office, "08:00-11:30", CounterKind.PHOTO)
    assert "今天 8月3日 周一 8:00–12:00、13:00–17:00 咨询：7:30–12:00 照相：8:00–11:30" in door(
        client
    )
    assert "Consultation: 7:30–12:00" in door(client, language="en")


def test_they_are_shut_with_the_office(client: Client) -> None:
    office = make_office()
    add(office, "07:30-12:00", CounterKind.CONSULTATION)
    import_holidays(2026)
    Closure.objects.create(
        office=office, first_day="2026-10-08", last_day="2026-10-08", reason="检修"
    )
    text = door(client, dt.datetime(2026, 10, 7, 1, tzinfo=dt.UTC))
    assert "今天 10月7日 周三 不办公 法定节假日（国庆节）" in text
    assert "10月8日 周四 不办公 全天" in text
    assert "10月9日 周五 不办公 咨询：7:30–12:00" in text
    # A make-up workday has the hours of its Monday.
    assert "10月10日 周六 不办公 咨询：7:30–12:00 调休上班（国庆节）" in text


def test_hours_of_a_season_are_announced_two_months_ahead(client: Client) -> None:
    office = make_office()
    autumn = dt.date(2026, 10, 2)
    add(office, "08:30-12:00", valid_from=autumn, season="冬令时间", season_en="Winter hours")
    said = "即将施行的办公时间 冬令时间 · 2026年10月2日起 境内居民 · 受理 · 周一至周五 8:30–12:00"
    assert said in door(client)
    assert "Winter hours · from 2 Oct 2026" in door(client, language="en")
    assert "冬令时间" not in door(client, NOW - dt.timedelta(days=1))


def test_the_season_is_named_on_its_days_alone(client: Client) -> None:
    office = make_office()
    add(office, "08:00-12:00", valid_until=dt.date(2026, 8, 4))
    add(
        office, "08:30-11:30", valid_from=dt.date(2026, 8, 5), season="夏令时间", season_en="Summer"
    )
    text = door(client)
    assert "8月4日 周二 8:00–12:00 8月5日 周三 8:30–11:30 夏令时间" in text
    assert "8月8日 周六 不办公 8月9日" in text
    assert "8:30–11:30 Summer" in door(client, language="en")


def test_the_longer_hours_of_a_surge_stand_on_the_door(client: Client) -> None:
    office = make_office()
    add(office, "09:00-17:00")
    plan = SurgePlan.objects.create(
        bureau=office.bureau, code="spring", name="春节高峰", later_minutes=60
    )
    tuesday = dt.date(2026, 8, 4)
    SurgePeriod.objects.create(
        plan=plan,
        office=office,
        first_day=tuesday,
        last_day=tuesday,
        reason="高峰",
        applied_at=NOW,
    )
    text = door(client)
    assert "8月4日 周二 9:00–18:00" in text or "8月4日 周二 09:00–18:00" in text
    assert text.count("–18:00") == 1
