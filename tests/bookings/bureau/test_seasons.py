"""Peak seasons: their days are tagged at the desks below; a season may be of one line."""

import pytest
from django.test import Client

from offices.models import Bureau, Office, OrganisationChange, Season
from tests.factories import make_line, make_slot

pytestmark = pytest.mark.django_db
SEASONS = "/bureau/xiamen/seasons/"


def plan(**fields: object) -> dict[str, object]:
    return {
        "kind": "summer_break",
        "name": "暑假高峰",
        "name_en": "Summer peak",
        "first_day": "2026-07-01",
        "last_day": "2026-08-15",
        "demand": "167",
        "reason": "年度计划",
        **fields,
    }


@pytest.mark.row("FS-32")
def test_a_season_of_each_line_ends_on_a_day_of_its_own(bureau_desk: Client, hall: Office) -> None:
    traffic = make_line("traffic")
    bureau_desk.post(SEASONS, plan(line=make_line().pk), follow=True)
    exams = {"kind": "examinations", "name": "驾考高峰", "last_day": "2026-09-27"}
    bureau_desk.post(SEASONS, plan(line=traffic.pk, **exams), follow=True)
    for line in ("mainland", "traffic"):
        make_slot(office=hall, line=line)

    def tags(line: str, day: str) -> list[str]:
        page = bureau_desk.get(f"/desk/{hall.code}/?line={line}&date={day}").text
        return [name for name in ("暑假高峰", "驾考高峰") if name in page]

    assert tags("mainland", "2026-08-15") == ["暑假高峰"]
    assert tags("mainland", "2026-08-16") == []
    assert tags("traffic", "2026-08-15") == ["驾考高峰"]
    assert tags("traffic", "2026-09-27") == ["驾考高峰"]
    assert tags("traffic", "2026-09-28") == []


def test_a_season_of_the_city_is_seen_and_not_removed_in_its_district(
    bureau_desk: Client, district: Bureau
) -> None:
    bureau_desk.post(SEASONS, plan())
    season = Season.objects.get()
    url = f"/bureau/{district.code}/seasons/"
    assert "暑假高峰" in bureau_desk.get(url).text
    assert bureau_desk.post(f"{url}{season.pk}/remove/", {"reason": "x"}).status_code == 404


def test_a_season_is_removed_with_a_reason(bureau_desk: Client, planner: object) -> None:
    bureau_desk.post(SEASONS, plan())
    url = f"{SEASONS}{Season.objects.get().pk}/remove/"
    assert bureau_desk.get(url).status_code == 200
    assert bureau_desk.post(url, {"reason": ""}).context["form"].errors
    bureau_desk.post(url, {"reason": "取消"})
    assert Season.objects.count() == 0
    log = OrganisationChange.objects.order_by("pk")
    assert [(one.reason, one.account) for one in log] == [("年度计划", planner), ("取消", planner)]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"last_day": "2026-06-30"}, "last_day"),
        ({"first_day": "2026-07-01", "last_day": "2026-08-02"}, "last_day"),
        ({"name": ""}, "name"),
        ({"kind": "flood"}, "kind"),
        ({"demand": "-1"}, "demand"),
    ],
)
def test_a_season_that_can_not_be_is_refused_at_its_field(
    bureau_desk: Client, fields: dict[str, object], wrong: str
) -> None:
    response = bureau_desk.post(SEASONS, plan(**fields))
    assert list(response.context["form"].errors) == [wrong]
    assert Season.objects.count() == 0


def test_without_a_reason_nothing_is_added_and_the_form_comes_back(bureau_desk: Client) -> None:
    response = bureau_desk.post(SEASONS, plan(reason=""))
    assert 'value="暑假高峰"' in response.text
    assert Season.objects.count() == 0
