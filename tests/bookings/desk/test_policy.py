"""The policy of an office: each setting in words, where it comes from, and changing it."""

import datetime as dt
import json

import pytest

from bookings.domain.publishing import publish
from bookings.forms.policy import SettingForm
from bookings.models import Slot
from bookings.policy_words import LABELS, say_setting
from offices.domain.policy import POLICY_FIELDS, BookingPolicy, policy_for, policy_sources
from offices.enums import Pool
from offices.models import Bureau, Office, OpeningHours, OrganisationChange
from tests.factories import LONG_AGO, NOW, make_bureau, make_line

pytestmark = pytest.mark.django_db
POLICY = "/desk/xiamen-zhenhai/policy/"


def answer(name: str, own: object = None, **fields: object) -> dict[str, object]:
    """The form of a setting as it comes back; `own` is what the office had set itself."""
    seen = {} if own is None else {"value": own}
    return {
        "setting": name,
        "seen": json.dumps(seen),
        "act": "set",
        "reason": "高峰",
        **fields,
    }


def test_every_setting_has_its_words():
    assert sorted(LABELS) == sorted(POLICY_FIELDS)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("horizon_days", 14, "14天"),
        ("hold_minutes", 10, "10分钟"),
        ("max_party", 5, "5"),
        ("suggest_above_percent", 90, "90%"),
        ("release_time", dt.time(8), "08:00"),
        ("open_on_holidays", False, "否"),
        ("change_cutoff_minutes", None, "前一日24:00"),
        ("change_cutoff_minutes", 120, "时段开始前120分钟"),
        ("appointment_only_from", None, "未设置"),
        ("appointment_only_from", dt.date(2026, 9, 1), "2026年9月1日"),
        ("pool_shares", {"online": 70, "walk_in": 30}, "网上 70%、现场 30%"),
        ("channel_pools", {"phone": ("assisted", "online")}, "电话：人工预约（电话、窗口）→网上"),
    ],
)
def test_a_value_is_said_in_words(name, value, words):
    assert say_setting(name, value) == words


def test_each_value_is_shown_with_where_it_comes_from(desk, hall):
    Bureau.objects.filter(pk=hall.bureau_id).update(policy={"hold_minutes": 15})
    Office.objects.filter(pk=hall.pk).update(policy={"max_party": 3})
    rows = {
        row.name: (row.value, row.source, row.is_own)
        for _title, group in desk.get(POLICY).context["groups"]
        for row in group
    }
    assert rows["hold_minutes"] == ("15分钟", "厦门市公安局出入境管理局", False)
    assert rows["max_party"] == ("3", "厦门出入境办证大厅", True)
    assert rows["horizon_days"] == ("14天", "", False)


def test_the_bureau_nearest_to_the_office_is_the_source(hall):
    city = make_bureau("harbin", policy={"hold_minutes": 15, "max_party": 3})
    hall.bureau = make_bureau("daoli", parent=city, policy={"max_party": 4})
    sources = policy_sources(hall)
    assert sources["hold_minutes"] == (15, city)
    assert sources["max_party"] == (4, hall.bureau)
    assert sources["release_time"] == (dt.time(8), None)
    assert {name: value for name, (value, _source) in sources.items()} == {
        name: getattr(policy_for(hall), name) for name in POLICY_FIELDS
    }


def test_a_setting_is_changed_with_a_reason_and_given_back(desk, hall, supervisor):
    desk.post(POLICY, answer("hold_minutes", value="20"))
    hall.refresh_from_db()
    assert policy_for(hall).hold_minutes == 20
    page = desk.get(POLICY).text
    assert "号源保留时长：沿用上级→20分钟" in page
    desk.post(POLICY, answer("hold_minutes", own=20, act="inherit", value="20"))
    hall.refresh_from_db()
    assert hall.policy == {}
    log = OrganisationChange.objects.values_list("before", "after", "reason", "account")
    assert list(log) == [
        ({"value": 20}, {}, "高峰", supervisor.pk),
        ({}, {"value": 20}, "高峰", supervisor.pk),
    ]


@pytest.mark.parametrize(
    ("fields", "stored"),
    [
        (answer("release_time", value="07:30"), "07:30"),
        (answer("open_on_holidays", value="yes"), True),
        (answer("appointment_only_from", value="2026-09-01"), "2026-09-01"),
        (answer("change_cutoff_minutes", value=""), None),
        (
            answer("pool_shares", value_online=60, value_assisted=0, value_walk_in=40),
            {"online": 60, "assisted": 0, "walk_in": 40},
        ),
    ],
)
def test_every_kind_of_value_can_be_set(desk, hall, fields, stored):
    desk.post(POLICY, fields)
    hall.refresh_from_db()
    assert hall.policy == {fields["setting"]: stored}


def test_the_pools_of_a_channel_are_set_in_their_order(desk, hall):
    form = desk.get(f"{POLICY}?setting=channel_pools").context["form"]
    values = {name: field.initial for name, field in form.fields.items() if "value_" in name}
    desk.post(POLICY, answer("channel_pools", **values | {"value_wechat": "assisted+online"}))
    hall.refresh_from_db()
    assert policy_for(hall).pools_for("wechat") == (Pool.ASSISTED, Pool.ONLINE)
    assert policy_for(hall).pools_for("web") == (Pool.ONLINE,)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (answer("hold_minutes", value="0"), "__all__"),
        (answer("hold_minutes", value=""), "value"),
        (answer("horizon_days", value="9999"), "value"),
        (answer("release_time", value="8 o'clock"), "value"),
        (answer("hold_minutes", value="20", reason=""), "reason"),
        (answer("hold_minutes", value="20", act="guess"), "act"),
        (answer("hold_minutes", value="20", seen="{"), "seen"),
        (answer("pool_shares", value_online=60, value_assisted=0, value_walk_in=0), "__all__"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(desk, hall, fields, wrong):
    response = desk.post(POLICY, fields)
    assert list(response.context["form"].errors) == [wrong]
    hall.refresh_from_db()
    assert hall.policy == {}


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(desk, hall):
    Office.objects.filter(pk=hall.pk).update(policy={"hold_minutes": 12})
    response = desk.post(POLICY, answer("hold_minutes", value="20"))
    assert "刚刚被他人修改" in response.text
    hall.refresh_from_db()
    assert hall.policy == {"hold_minutes": 12}


def test_a_setting_that_there_is_not_does_not_exist(desk):
    assert desk.get(f"{POLICY}?setting=colour").status_code == 404


def test_windows_follow_a_new_length_at_once(desk, hall, django_capture_on_commit_callbacks):
    rule = OpeningHours(
        office=hall,
        line=make_line(),
        weekday=1,
        opens=dt.time(9),
        closes=dt.time(10),
        capacity=4,
        valid_from=LONG_AGO,
    )
    OpeningHours.objects.bulk_create([rule])
    publish(hall, NOW)
    day = Slot.objects.filter(office=hall, date=dt.date(2026, 8, 4))
    assert day.count() == 2
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(POLICY, answer("slot_minutes", value="15"))
    assert day.count() == 4


def test_the_form_shows_the_value_in_force():
    form = SettingForm("horizon_days", BookingPolicy().horizon_days, {})
    assert form["value"].initial == 14
