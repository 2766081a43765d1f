"""A planner sets up halls and district bureaus, and changes them."""

import pytest

from bookings.domain.halls import save_changes
from bookings.domain.parties import SYSTEM
from offices.enums import Matters, Role
from offices.models import Bureau, Office, OrganisationChange
from tests.factories import NOW, make_bureau, make_office
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db

HALL = {
    "code": "xiamen-haicang",
    "kind": "hall",
    "name": "海沧办证大厅",
    "name_en": "Haicang hall",
    "city": "厦门",
    "city_en": "Xiamen",
    "timezone": "Asia/Shanghai",
    "is_active": "on",
    "reason": "区县拆分",
}


@pytest.fixture
def bureau(client) -> Bureau:
    bureau = make_bureau("xiamen")
    sign_in(client, make_staff(Role.PLANNER, bureau=bureau, username="planner"))
    return bureau


def test_a_hall_is_set_up_and_its_desk_is_one_click_away(client, bureau):
    answer = client.post("/bureau/xiamen/halls/add/", {**HALL, "bureau": bureau.pk}, follow=True)
    assert "已设立" in answer.text
    assert "/desk/xiamen-haicang/" in answer.text
    assert Office.objects.get(code="xiamen-haicang").bureau == bureau
    change = OrganisationChange.objects.get()
    assert (change.kind, change.place, change.reason) == (
        Matters.HALL,
        Office.objects.get(),
        "区县拆分",
    )


def test_a_change_of_a_hall_is_kept_with_its_reason_and_who_made_it(client, bureau):
    names = {name: HALL[name] for name in ("name", "name_en", "city", "city_en")}
    hall = make_office("xiamen-haicang", bureau=bureau, **names, phone="0592-1")
    url = "/bureau/xiamen/halls/xiamen-haicang/"
    sent = {**HALL, "bureau": bureau.pk, "phone": "0592-2"}
    refused = client.post(url, {**sent, "reason": ""})
    assert "reason" in refused.context["form"].errors
    assert not OrganisationChange.objects.exists()
    client.post(url, sent)
    client.post(url, sent)
    change = OrganisationChange.objects.get()
    assert (change.place, change.reason, change.account.username) == (hall, "区县拆分", "planner")
    assert (change.before, change.after) == ({"phone": "0592-1"}, {"phone": "0592-2"})
    assert "电话 · 区县拆分" in client.get(url).text


def test_a_change_elsewhere_in_the_hall_survives_a_form_that_was_open_meanwhile(client, bureau):
    hall = make_office("xiamen-haicang", bureau=bureau, policy={"horizon_days": 3})
    stale = Office.objects.get(pk=hall.pk)
    Office.objects.filter(pk=hall.pk).update(policy={"horizon_days": 5})
    stale.phone = "0592-2"
    save_changes(stale, ["phone"], reason="换号", actor=SYSTEM, now=NOW)
    hall.refresh_from_db()
    assert (hall.phone, hall.policy) == ("0592-2", {"horizon_days": 5})


def test_a_form_with_mistakes_comes_back_filled_in(client, bureau):
    wrong = {**HALL, "bureau": bureau.pk, "timezone": "Xiamen", "name": ""}
    answer = client.post("/bureau/xiamen/halls/add/", wrong)
    assert "Asia/Shanghai" in answer.text
    assert 'value="xiamen-haicang"' in answer.text
    assert not Office.objects.exists()


def test_no_hall_is_put_into_a_bureau_elsewhere(client, bureau):
    elsewhere = make_bureau("harbin")
    client.post("/bureau/xiamen/halls/add/", {**HALL, "bureau": elsewhere.pk})
    assert not Office.objects.exists()


def test_the_code_of_a_hall_stays_whatever_is_sent(client, bureau):
    make_office("xiamen-haicang", bureau=bureau)
    client.post("/bureau/xiamen/halls/xiamen-haicang/", {**HALL, "bureau": bureau.pk, "code": "x"})
    assert Office.objects.get().name == "海沧办证大厅"
    assert Office.objects.get().code == "xiamen-haicang"


def test_a_hall_of_another_bureau_is_not_there(client, bureau):
    make_office("harbin-city", bureau=make_bureau("harbin"))
    assert client.get("/bureau/xiamen/halls/harbin-city/").status_code == 404


def test_a_district_bureau_is_added_below(client, bureau):
    district = {"code": "xiamen-jimei", "level": "district", "name": "集美分局", "name_en": "Jimei"}
    client.post("/bureau/xiamen/districts/add/", {**district, "reason": "区县拆分"})
    assert Bureau.objects.get(code="xiamen-jimei").parent == bureau
    assert OrganisationChange.objects.get().place.code == "xiamen-jimei"
