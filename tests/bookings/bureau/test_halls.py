"""A planner sets up halls and district bureaus, and changes them."""

import pytest
from django.contrib.admin.models import LogEntry

from offices.enums import Role
from offices.models import Bureau, Office
from tests.factories import make_bureau, make_office
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
}


@pytest.fixture
def bureau(client) -> Bureau:
    bureau = make_bureau("xiamen")
    sign_in(client, make_staff(Role.PLANNER, bureau=bureau))
    return bureau


def test_a_hall_is_set_up_and_its_desk_is_one_click_away(client, bureau):
    answer = client.post("/bureau/xiamen/halls/add/", {**HALL, "bureau": bureau.pk}, follow=True)
    assert "已设立" in answer.text
    assert "/desk/xiamen-haicang/" in answer.text
    assert Office.objects.get(code="xiamen-haicang").bureau == bureau
    assert LogEntry.objects.get().object_repr == str(Office.objects.get())


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
    client.post("/bureau/xiamen/districts/add/", district)
    assert Bureau.objects.get(code="xiamen-jimei").parent == bureau
