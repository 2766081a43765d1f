"""Asking for a home visit, and following it."""

import datetime as dt

import pytest

from bookings.domain import home_visit
from bookings.domain.home_visit import Assignment
from bookings.domain.parties import Actor
from bookings.models import HomeVisit
from tests.citizens import make_account, signed_in
from tests.factories import NOW, make_service
from tests.requests import A_WEEK_ON, make_visit
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
URL = "/home-visits/?office=xiamen-zhenhai"


def answers(family, **changes):
    return {
        "person": family[0].pk,
        "services": ["passport-first"],
        "circumstances": "长期卧床",
        "address": "厦门市演示路1号101室",
        "first_day": "2026-08-05",
        "last_day": "2026-08-10",
        **changes,
    }


def test_a_request_reaches_the_office(citizen, family, account):
    text = citizen.post(URL, answers(family), follow=True).text
    visit = HomeVisit.objects.get()
    assert (visit.account, visit.office.code) == (account, "xiamen-zhenhai")
    assert (visit.address, visit.circumstances) == ("厦门市演示路1号101室", "长期卧床")
    assert (visit.first_day, visit.last_day) == (dt.date(2026, 8, 5), dt.date(2026, 8, 10))
    for words in ("申请已提交", "演示路1号101室", "大厅核实后答复"):
        assert words in text


def test_a_service_for_holders_of_another_document_is_refused_with_the_reason(citizen, family):
    make_service("visa-extension")
    response = citizen.post(URL, answers(family, services=["visa-extension"]))
    assert "外国人" in str(response.context["form"].errors)
    assert not HomeVisit.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": ""}, "address"),
        ({"circumstances": " "}, "circumstances"),
        ({"first_day": "2026-08-02"}, "first_day"),
        ({"last_day": "2026-08-04"}, "last_day"),
        ({"last_day": "2027-08-04"}, "last_day"),
        ({"person": "0"}, "person"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_the_rest_stays(citizen, family, changes, field):
    response = citizen.post(URL, answers(family, **changes))
    form = response.context["form"]
    assert list(form.errors) == [field]
    assert form["services"].value() == ["passport-first"]
    assert not HomeVisit.objects.exists()


def test_without_an_office_the_page_asks_for_one(citizen):
    assert "?office=xiamen-zhenhai" in citizen.get("/home-visits/").text


def test_the_page_says_who_comes_when(citizen, account, slot):
    visit = make_visit(account=account)
    officer = Actor(operator=make_staff(office=slot.office))
    pair = (make_staff("clerk", office=slot.office), make_staff("clerk", office=slot.office))
    home_visit.approve(visit.pk, "符合上门条件", officer, NOW)
    home_visit.assign(visit.pk, Assignment(pair, A_WEEK_ON, dt.time(10)), officer, NOW)
    text = citizen.get(f"/home-visits/{visit.number}/").text
    assert "两名工作人员将于8月10日 周一 10:00上门" in text
    assert visit in citizen.get("/requests/").context["visits"]


def test_it_is_withdrawn_after_a_question(citizen, account):
    visit = make_visit(account=account)
    page = f"/home-visits/{visit.number}/withdraw/"
    assert "撤回此项申请？" in citizen.get(page).text
    assert "申请已撤回" in citizen.post(page, follow=True).text
    assert citizen.get(page).status_code == 302


def test_for_another_account_it_does_not_exist(account):
    visit = make_visit(account=account)
    other = signed_in(make_account("+8613800138009"))
    for path in ("", "withdraw/"):
        assert other.get(f"/home-visits/{visit.number}/{path}").status_code == 404
    assert other.post(f"/home-visits/{visit.number}/withdraw/").status_code == 404
