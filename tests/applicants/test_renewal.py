"""People are told once when a document may be renewed."""

import datetime as dt

import pytest
import time_machine
from django.db import connection

from applicants.domain.renewal import announce_renewals, may_be_renewed, renewable_from
from applicants.domain.texts import render
from applicants.enums import MessageKind
from applicants.models import Account, Applicant, Message
from applicants.tasks import announce_renewals as task
from tests.citizens import make_account, make_member, signed_in
from tests.factories import make_identity

pytestmark = pytest.mark.django_db
EXPIRES = dt.date(2027, 2, 3)
# Six months before, 10:00 in Xiamen.
NOW = dt.datetime(2026, 8, 3, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 8, 3)
DAY = dt.timedelta(days=1)


@pytest.fixture
def account() -> Account:
    return make_account()


def make_holder(account: Account, expires: dt.date = EXPIRES) -> Applicant:
    person = make_member(account, identity=make_identity())
    person.document_expires_text = expires.isoformat()
    person.save(update_fields=["document_expires_text"])
    return person


def announce(today: dt.date = TODAY) -> int:
    now = NOW + (today - TODAY)
    announce_renewals(now, today, 0, 100)
    return Message.objects.filter(kind=MessageKind.RENEWAL_DUE).count()


@pytest.mark.parametrize(
    ("expires", "day"),
    [("2027-02-03", "2026-08-03"), ("2027-08-31", "2027-02-28"), ("2028-08-31", "2028-02-29")],
)
def test_a_document_is_renewed_in_its_last_six_months(expires: str, day: str) -> None:
    assert renewable_from(dt.date.fromisoformat(expires)) == dt.date.fromisoformat(day)
    assert may_be_renewed(dt.date.fromisoformat(expires), dt.date.fromisoformat(day))


@pytest.mark.row("WH-14")
def test_the_reminder_fires_on_the_day_from_which_renewal_is_possible(account: Account) -> None:
    make_holder(account)
    assert announce(TODAY - DAY) == 0
    assert announce(TODAY) == 1
    message = Message.objects.get()
    assert (message.recipient, message.due_at) == (account.contact, NOW)


def test_it_is_said_once(account: Account) -> None:
    make_holder(account)
    assert [announce(TODAY + n * DAY) for n in range(9)] == [1] * 9


def test_a_missed_beat_is_made_up_for_and_an_old_date_is_left_to_the_page(account: Account) -> None:
    make_holder(account, EXPIRES - 6 * DAY)
    make_holder(account, EXPIRES - 30 * DAY)
    assert announce() == 1


def test_each_document_of_a_household_is_announced(account: Account) -> None:
    make_holder(account)
    make_holder(account)
    assert announce() == 2


def test_the_text_carries_no_name_and_no_date(account: Account) -> None:
    make_holder(account)
    announce()
    message = Message.objects.get()
    assert message.context == {"months": 6}
    message.language = "zh-hans"
    assert render(message) == (
        "【一号预约】您常用办证人名单中有证件将在6个月后到期，现在起可以换发。"
        "不少情形无需到场，可在平台查询。咨询电话12367。"
    )
    message.language = "en"
    assert "may be renewed from now on" in render(message)


def test_the_date_is_stored_encrypted(account: Account) -> None:
    make_holder(account)
    with connection.cursor() as cursor:
        cursor.execute("SELECT document_expires_text FROM applicants_applicant")
        assert EXPIRES.isoformat().encode() not in bytes(cursor.fetchone()[0])


def test_people_are_looked_at_in_batches(account: Account) -> None:
    people = [make_holder(account) for _n in range(3)]
    assert announce_renewals(NOW, TODAY, 0, 2) == people[1].pk
    assert announce_renewals(NOW, TODAY, people[1].pk, 2) is None
    assert Message.objects.count() == 3


def test_the_task_looks_at_everybody(account: Account) -> None:
    make_holder(account)
    with time_machine.travel(NOW, tick=False):
        task()
    assert Message.objects.count() == 1


def test_the_date_is_typed_and_shown_in_the_household(account: Account) -> None:
    citizen = signed_in(account)
    person = make_member(account)
    address = f"/household/{person.pk}/"
    form = {"name": "演示甲", "relation": "self", "priority": "none"}
    wrong = citizen.post(address, {**form, "document_expires": "明年"})
    assert set(wrong.context["form"].errors) == {"document_expires"}
    assert "明年" in wrong.text
    with time_machine.travel(NOW, tick=False):
        citizen.force_login(account)
        citizen.post(address, {**form, "document_expires": "2027年2月3日"})
        person.refresh_from_db()
        assert person.document_expires == EXPIRES
        assert "2027-02-03" in citizen.get(address).text
        assert "现在可以换发" in citizen.get("/household/").text
        citizen.post(address, form)
    person.refresh_from_db()
    assert person.document_expires is None
