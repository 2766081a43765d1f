"""What a bureau says before booking is read, and hinders nobody."""

import datetime as dt

import pytest
from django.utils import timezone

from offices.enums import Role
from offices.models import Notice
from tests.factories import make_bureau, make_office, make_slot
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
TEXT = "暂无出行计划的，请有需要时再预约"


def add(client, **fields):
    today = timezone.localdate()
    days = {"first_day": today, "last_day": today + dt.timedelta(days=7)}
    return client.post("/bureau/xiamen/notices/", {"text": TEXT, **days, **fields}, follow=True)


@pytest.fixture
def planner(client):
    bureau = make_bureau("xiamen")
    return sign_in(client, make_staff(Role.PLANNER, bureau=bureau))


@pytest.mark.row("JJ-21")
def test_a_notice_stands_on_the_booking_page_and_blocks_nothing(planner, client):
    make_slot(office=make_office("xiamen-zhenhai", bureau=make_bureau("xiamen")))
    add(planner)
    page = client.get("/book/")
    assert TEXT in page.text
    chosen = client.post("/book/", {"services": ["passport-first"], "purpose": "tourism"})
    assert chosen.status_code == 302


def test_a_notice_is_for_the_offices_below_and_for_its_days(planner, client):
    make_office("harbin-city", bureau=make_bureau("harbin"))
    make_office("xiamen-zhenhai", bureau=make_bureau("xiamen"))
    add(planner)
    assert TEXT not in client.get("/book/?office=harbin-city").text
    assert TEXT in client.get("/book/?office=xiamen-zhenhai").text
    Notice.objects.update(first_day=timezone.localdate() + dt.timedelta(days=1))
    assert TEXT not in client.get("/book/").text


def test_a_notice_is_taken_away(planner, client):
    add(planner)
    notice = Notice.objects.get()
    planner.post(f"/bureau/xiamen/notices/{notice.pk}/remove/")
    assert TEXT not in client.get("/book/").text


def test_days_that_are_over_are_refused_and_the_text_stays(planner):
    answer = add(planner, first_day="2020-01-02", last_day="2020-01-01")
    assert TEXT in answer.text
    assert not Notice.objects.exists()


@pytest.mark.row("FS-33")
def test_one_notice_stands_on_the_web_on_the_halls_screen_and_on_a_poster(planner, client):
    make_slot(office=make_office("xiamen-zhenhai", bureau=make_bureau("xiamen")))
    add(planner, text_en="Book when you know that you travel")
    notice = Notice.objects.get()
    screen = client.get("/offices/xiamen-zhenhai/display/")
    poster = planner.get(f"/bureau/xiamen/notices/{notice.pk}/poster/")
    for page in (client.get("/book/"), screen, poster):
        assert TEXT in page.text
    assert screen["Refresh"] == "60"
    assert 'class="qr"' in poster.text
    assert "http://testserver/book/" in poster.text


def test_a_screen_without_notice_says_what_to_do_and_training_offices_have_none(client):
    make_office("xiamen-zhenhai")
    make_office("drill", is_training=True)
    assert "请出示身份证件或预约码取号" in client.get("/offices/xiamen-zhenhai/display/").text
    assert client.get("/offices/drill/display/").status_code == 404


def test_the_poster_of_another_bureaus_notice_is_not_there(planner):
    add(planner)
    Notice.objects.update(bureau=make_bureau("harbin"))
    notice = Notice.objects.get()
    assert planner.get(f"/bureau/xiamen/notices/{notice.pk}/poster/").status_code == 404
