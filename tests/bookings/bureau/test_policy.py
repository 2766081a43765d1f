"""The policy of a bureau: what its offices inherit."""

import json

import pytest

from offices.domain.policy import policy_for
from offices.models import OrganisationChange

pytestmark = pytest.mark.django_db
POLICY = "/bureau/xiamen/policy/"


def answer(name: str, value: object) -> dict[str, object]:
    return {
        "setting": name,
        "seen": json.dumps({}),
        "act": "set",
        "value": value,
        "reason": "全市统一",
    }


def test_a_setting_of_the_city_holds_at_the_halls_of_its_districts(
    bureau_desk, city, hall, planner
):
    bureau_desk.post(POLICY, answer("horizon_days", "30"))
    hall = type(hall).objects.get(pk=hall.pk)
    assert policy_for(hall).horizon_days == 30
    [change] = OrganisationChange.objects.all()
    assert (change.bureau, change.office, change.subject) == (city, None, "horizon_days")
    assert (change.reason, change.account, change.place) == ("全市统一", planner, city)


def test_a_district_shows_what_it_has_from_the_city(bureau_desk, district):
    bureau_desk.post(POLICY, answer("horizon_days", "30"))
    rows = {
        row.name: row
        for _title, group in bureau_desk.get("/bureau/xiamen-jimei/policy/").context["groups"]
        for row in group
    }
    assert (rows["horizon_days"].value, rows["horizon_days"].source) == (
        "30天",
        "厦门市公安局出入境管理局",
    )
    assert not rows["horizon_days"].is_own
