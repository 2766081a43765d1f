"""The demo data: what they hold, and that loading them again does no harm."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command

from bookings.models import Slot
from offices.demo.loading import load_demo
from offices.domain.policy import policy_for, validate_policy
from offices.domain.timetable import timetable
from offices.enums import SessionKind
from offices.models import (
    Bureau,
    Office,
    OfficeService,
    OpeningHours,
    Service,
    ServiceGuide,
    Session,
    SurgePlan,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 8, 3)
NOW = dt.datetime(2026, 8, 3, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def demo() -> None:
    load_demo(TODAY)


def rows() -> dict[str, int]:
    models = [
        *apps.get_app_config("offices").get_models(),
        *apps.get_app_config("bookings").get_models(),
    ]
    return {model.__name__: model.objects.count() for model in models}


def fee(code: str, day: dt.date) -> Decimal | None:
    return ServiceGuide.objects.in_force(day).get(service__code=code).fee


def hours_on(code: str, day: dt.date) -> list[str]:
    table = timetable(Office.objects.get(code=code), day, day)
    rules = {(rule.opens, rule.closes) for rule in table.plan.rules_of(day)}
    return [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in sorted(rules)]


def places_at(code: str, day: dt.date, hour: int, minute: int = 0, line: str = "mainland") -> int:
    office = Office.objects.get(code=code)
    starts_at = dt.datetime.combine(day, dt.time(hour, minute), tzinfo=office.zone)
    slot = Slot.objects.get(office=office, line__code=line, starts_at=starts_at)
    return sum(slot.quotas.values_list("capacity", flat=True))


@time_machine.travel(NOW, tick=False)
def test_loading_publishes_and_loading_again_changes_nothing(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_demo")
    before = rows()
    assert before["Office"] == 18
    assert before["Slot"] > 5000

    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_demo")
    assert rows() == before

    day = dt.date(2026, 8, 4)
    # 20 counters × 30 minutes, 20 minutes a person.
    assert places_at("xiamen-zhenhai", day, 10) == 30
    # A morning peak (HB-17).
    assert [places_at("harbin-city", day, hour) for hour in (9, 10, 11, 14)] == [36, 36, 24, 18]


def test_loading_when_empty_only_leaves_an_existing_office_alone() -> None:
    Office.objects.create(
        code="own", name="自有大厅", city="成都", bureau=Bureau.objects.create(code="b", name="b")
    )
    call_command("load_demo", "--if-empty")
    assert Office.objects.count() == 1


def test_loading_again_keeps_what_staff_changed(demo: None) -> None:
    OpeningHours.objects.filter(office__code="jinjiang").delete()
    Office.objects.filter(code="jinjiang").update(name="晋江新大厅")
    assert load_demo(TODAY) == 0
    assert not OpeningHours.objects.filter(office__code="jinjiang").exists()
    assert Office.objects.get(code="jinjiang").name == "晋江新大厅"


def test_every_row_is_marked_and_no_address_is_presented_as_authoritative(demo: None) -> None:
    assert set(Office.objects.values_list("demo", "address_confirmed")) == {(True, False)}


def test_every_policy_is_sound_and_foshan_keeps_more_for_walk_ins(demo: None) -> None:
    for bureau in Bureau.objects.all():
        validate_policy(bureau.policy)
    shares = policy_for(Office.objects.get(code="foshan-nanhai")).pool_shares
    assert shares == {"online": 70, "assisted": 10, "walk_in": 20}


def test_xiamen_has_its_main_hall_and_five_extension_points(demo: None) -> None:
    main = Office.objects.get(code="xiamen-zhenhai")
    assert list(main.extension_points.values_list("code", flat=True)) == [
        "xiamen-wuyuanwan",
        "xiamen-jimei",
        "xiamen-tongan",
        "xiamen-haicang",
        "xiamen-xiangan",
    ]


def test_fees_changed_on_1_july_2019(demo: None) -> None:
    for code, before, since in (("passport-first", 160, 120), ("hkm-permit-renewal", 80, 60)):
        assert fee(code, dt.date(2019, 6, 30)) == before
        assert fee(code, dt.date(2019, 7, 1)) == since
        assert fee(code, TODAY) == since


def test_fees_and_days_are_those_of_the_dossier(demo: None) -> None:
    guides = ServiceGuide.objects.in_force(TODAY).select_related("service")
    assert {g.service.code: (g.fee, g.working_days) for g in guides} == {
        "passport-first": (120, 7),
        "passport-renewal": (120, 7),
        "passport-replacement": (120, 7),
        "hkm-permit-first": (60, 7),
        "hkm-permit-renewal": (60, 7),
        "hkm-endorsement": (15, 3),
        "tw-permit-first": (60, 5),
        "tw-permit-renewal": (60, 5),
        "tw-endorsement": (15, 3),
        "visa-extension": (None, 7),
        "residence-permit": (None, None),
        "stay-permit": (None, None),
        "collection": (0, None),
        "id-card-renewal": (None, None),
    }


def test_everything_that_citizens_read_is_in_both_languages(demo: None) -> None:
    for model in (Service, Office, Bureau):
        assert not model.objects.filter(name_en="").exists()
    for guide in ServiceGuide.objects.all():
        assert bool(guide.advice) == bool(guide.advice_en)
        for material in guide.materials:
            assert material["name"]
            assert material["name_en"]
            assert bool(material["note"]) == bool(material["note_en"])


def test_kinmen_travel_is_offered_at_wuyuanwan_but_not_at_jimei(demo: None) -> None:
    xiamen = Office.objects.filter(city="厦门")
    offering = xiamen.offering(["tw-endorsement"], TODAY)
    assert sorted(offering.values_list("code", flat=True)) == ["xiamen-wuyuanwan", "xiamen-zhenhai"]


def test_foreigners_are_served_at_main_halls_and_not_at_extension_points(demo: None) -> None:
    offered = OfficeService.objects.filter(service__code="visa-extension")
    assert sorted(offered.values_list("office__code", flat=True)) == [
        "foshan-chancheng",
        "foshan-nanhai",
        "foshan-sanshui",
        "foshan-shunde",
        "harbin-city",
        "jinjiang",
        "wuhan-dongxihu",
        "xiamen-zhenhai",
    ]


HOURS = [
    ("xiamen-zhenhai", "2026-05-29", ["08:00-12:00", "14:30-17:30"]),
    ("xiamen-zhenhai", "2026-06-01", ["08:00-12:00", "15:00-18:00"]),
    ("xiamen-zhenhai", "2026-09-30", ["08:00-12:00", "15:00-18:00"]),
    ("xiamen-zhenhai", "2026-10-08", ["08:00-12:00", "14:30-17:30"]),
    ("xiamen-zhenhai", "2027-07-01", ["08:00-12:00", "15:00-18:00"]),
    ("xiamen-zhenhai", "2026-08-08", ["09:00-16:00"]),
    ("xiamen-jimei", "2026-08-08", []),
    ("jinjiang", "2026-08-04", ["08:00-12:00", "14:30-17:00"]),
    ("harbin-daoli", "2026-08-04", ["09:00-12:00", "13:00-17:00"]),
    # In season only.
    ("foshan-shunde", "2026-08-09", ["09:00-12:00"]),
    ("foshan-shunde", "2026-08-16", []),
]


def test_hours_of_the_halls(demo: None) -> None:
    found = [(code, day, hours_on(code, dt.date.fromisoformat(day))) for code, day, _ in HOURS]
    assert found == HOURS


def test_two_sessions_lie_in_the_coming_weeks_at_halls_closed_on_those_days(demo: None) -> None:
    assert list(Session.objects.order_by("date").values_list("office__code", "kind", "date")) == [
        ("jinjiang", SessionKind.SATURDAY, dt.date(2026, 8, 8)),
        ("foshan-chancheng", SessionKind.STUDENT, dt.date(2026, 8, 9)),
    ]
    for session in Session.objects.all():
        assert hours_on(session.office.code, session.date) == []


def test_jinjiang_has_a_plan_for_spring_festival_that_is_applied_nowhere(demo: None) -> None:
    plan = SurgePlan.objects.get()
    assert (plan.name, plan.counters, plan.percent) == ("春节高峰", 2, 30)
    assert (plan.bureau.code, plan.periods.count()) == ("jinjiang", 0)
