"""The life of an urgent request."""

import datetime as dt
import json

import pytest

from applicants.domain.contact_points import add, move_up
from applicants.domain.texts import render
from applicants.enums import Medium, MessageState
from applicants.models import Message
from bookings.domain import urgent
from bookings.domain.parties import Actor, Contact
from bookings.domain.requests import AskedAlready, WrongState
from bookings.domain.uploads import check_file
from bookings.enums import RequestState
from bookings.models import Quota, Slot
from offices.domain.calendar import import_holidays
from tests.citizens import make_account
from tests.factories import NOW, make_bureau, make_identity, make_office, make_slot
from tests.requests import A_WEEK_ON, events_of, make_pdf, make_urgent
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def officer(db) -> Actor:
    return Actor(operator=make_staff(office=make_office(), username="officer"))


def told() -> list[str]:
    return [render(message) for message in Message.objects.order_by("pk")]


def test_the_answer_is_due_two_working_days_later():
    assert make_urgent().due_on == dt.date(2026, 8, 5)
    friday = NOW + 4 * DAY
    assert make_urgent(now=friday).due_on == dt.date(2026, 8, 11)


def test_holidays_are_no_working_days():
    import_holidays(2026)
    eve = dt.datetime(2026, 9, 30, 2, tzinfo=dt.UTC)
    request = make_urgent(now=eve, deadline=dt.date(2026, 10, 20))
    assert request.due_on == dt.date(2026, 10, 9)


@pytest.mark.row("JJ-12")
def test_an_expired_passport_with_business_evidence_is_approved_and_flagged(officer):
    request = make_urgent(files=[make_pdf("商务邀请函.pdf")])
    assert (request.state, request.expedited) == (RequestState.SUBMITTED, False)
    urgent.approve(request.pk, "商务", officer, NOW + HOUR)
    request.refresh_from_db()
    assert (request.state, request.answer, request.expedited) == ("approved", "商务", True)


@pytest.mark.row("XM-33")
def test_an_approval_stores_category_deadline_and_approver(officer):
    request = make_urgent(reason="contract", deadline=A_WEEK_ON)
    urgent.approve(request.pk, "商务", officer, NOW + HOUR)
    request.refresh_from_db()
    assert (request.reason, request.deadline) == ("contract", A_WEEK_ON)
    assert (request.decided_by, request.decided_at) == (officer.operator, NOW + HOUR)


@pytest.mark.row("WH-11")
def test_an_expedited_change_of_name_is_finished_the_day_before_the_deadline(officer):
    request = make_urgent(reason="study", deadline=A_WEEK_ON)
    urgent.approve(request.pk, "报名截止", officer, NOW + HOUR)
    done = urgent.finish(request.pk, officer, NOW + 6 * DAY)
    assert (done.state, done.expedited) == (RequestState.DONE, True)
    assert done.ended_at.date() == done.deadline - DAY


def test_it_takes_no_slot_and_no_place(officer):
    make_slot(1, walk_in=1)
    before = list(Quota.objects.values_list("taken", "capacity", "version"))
    request = make_urgent()
    urgent.approve(request.pk, "商务", officer, NOW)
    assert list(Quota.objects.values_list("taken", "capacity", "version")) == before
    assert Slot.objects.count() == 1


def test_more_evidence_submits_it_again_and_begins_the_two_days_anew(officer):
    request = make_urgent()
    urgent.ask_for_more(request.pk, "请补充邀请函原件", officer, NOW + HOUR)
    urgent.add_evidence(request.pk, [check_file(make_pdf())], Actor(), NOW + 2 * DAY)
    request.refresh_from_db()
    assert (request.state, request.due_on) == ("submitted", dt.date(2026, 8, 7))
    assert events_of(request) == ["asked", "more_needed", "added"]


def test_each_step_says_who_and_when(officer):
    account = make_account()
    request = make_urgent(account=account)
    urgent.reject(request.pk, "事由不属紧急情形", officer, NOW + HOUR)
    asked, rejected = request.events.all()
    assert (asked.account, asked.at, asked.answer) == (account, NOW, "")
    assert (rejected.account, rejected.at) == (officer.operator, NOW + HOUR)
    assert rejected.answer == "事由不属紧急情形"


def test_what_is_over_changes_no_more(officer):
    request = make_urgent()
    urgent.withdraw(request.pk, Actor(account=make_account()), NOW)
    verbs = (urgent.approve, urgent.reject, urgent.ask_for_more)
    for verb in verbs:
        with pytest.raises(WrongState):
            verb(request.pk, "商务", officer, NOW)
    with pytest.raises(WrongState):
        urgent.finish(request.pk, officer, NOW)
    with pytest.raises(WrongState):
        urgent.add_evidence(request.pk, [check_file(make_pdf())], Actor(), NOW)
    assert request.evidence.count() == 0


def test_a_second_request_for_the_same_person_is_refused_while_one_is_open(officer):
    account, identity = make_account(), make_identity()
    first = make_urgent(account=account, identity=identity)
    with pytest.raises(AskedAlready) as refused:
        make_urgent(account=account, identity=identity)
    assert first.number in refused.value.message
    # Another account isn't told; nor is another office's queue barred.
    make_urgent(account=make_account("+8613800138001"), identity=identity)
    make_urgent(make_office("harbin-city", bureau=make_bureau("harbin")), account=account)
    urgent.reject(first.pk, "不属紧急情形", officer, NOW)
    make_urgent(account=account, identity=identity)


def test_the_applicant_hears_of_each_decision_once(officer):
    request = make_urgent(account=make_account())
    urgent.ask_for_more(request.pk, "请补充邀请函原件。", officer, NOW)
    urgent.approve(request.pk, "商务", officer, NOW)
    urgent.finish(request.pk, officer, NOW)
    number = request.number
    assert told() == [
        f"【厦门出入境】您的急办申请（编号{number}）已收到，我们将在8月5日（周三）前答复。咨询电话12367。",
        f"【厦门出入境】您的急办申请（编号{number}）需补充材料：请补充邀请函原件。"
        "请登录后在“我的申请”中补充。咨询电话12367。",
        f"【厦门出入境】您的急办申请（编号{number}）已通过：商务。请携带身份证件和证明材料原件到"
        "厦门出入境办证大厅办理，无需预约。咨询电话12367。",
        f"【厦门出入境】您的急办申请（编号{number}）已办结，请按窗口告知的方式领取证件。咨询电话12367。",
    ]
    assert not any("演示甲" in str(message.context) for message in Message.objects.all())


@pytest.mark.parametrize(("phone", "to_call"), [("0592-2262222", "0592-2262222"), ("", "12367")])
def test_without_an_account_evidence_is_brought_or_asked_about(officer, phone, to_call):
    office = make_office("with-phone", phone=phone)
    request = make_urgent(office)
    urgent.ask_for_more(request.pk, "请补充邀请函原件。", officer, NOW)
    assert told()[-1] == (
        f"【厦门出入境】您的急办申请（编号{request.number}）需补充材料：请补充邀请函原件。"
        f"请到厦门出入境办证大厅补交，或致电{to_call}咨询。咨询电话12367。"
    )


def test_what_an_office_for_training_decides_is_written_and_never_sent(officer):
    drill = make_office("drill", is_training=True)
    urgent.approve(make_urgent(drill).pk, "商务", officer, NOW)
    assert {message.state for message in Message.objects.all()} == {MessageState.WITHDRAWN}
    assert len(told()) == 2


def test_news_goes_by_the_way_that_the_account_prefers(officer):
    ada = make_account()
    for medium, address in ((Medium.EMAIL, "ada@example.com"), (Medium.WECHAT, "openid-1")):
        add(ada, medium, address, NOW)
        move_up(ada, ada.contact_points.get(medium=medium).pk, NOW)
    request = make_urgent(account=ada, contact=Contact("+8613900139000", "typed@example.com"))
    told = Message.objects.get(reference=request.number)
    assert (told.medium, told.recipient) == (Medium.EMAIL, "typed@example.com")
    assert json.loads(told.alternatives) == [
        [Medium.WECHAT, "openid-1"],
        [Medium.SMS, "+8613900139000"],
    ]


def test_what_the_desk_entered_is_told_by_its_own_contact(officer):
    request = make_urgent(contact=Contact("+8613900139000", "typed@example.com"))
    told = Message.objects.get(reference=request.number)
    assert (told.medium, told.recipient) == (Medium.SMS, "+8613900139000")


def test_without_phone_and_e_mail_nothing_is_sent(officer):
    request = make_urgent(contact=Contact())
    urgent.approve(request.pk, "商务", officer, NOW)
    assert told() == []


def test_reasons_are_the_eight_national_ones():
    codes = [str(reason) for reason in urgent.reasons_at(make_office())]
    assert codes == [
        "funeral",
        "visit_critical",
        "medical",
        "emergency_abroad",
        "meeting",
        "contract",
        "study",
        "doc_lost",
    ]


def test_an_office_or_its_bureau_enables_more():
    bureau = make_bureau(policy={"urgent_reasons": ["other"]})
    assert urgent.reasons_at(make_office(bureau=bureau))[8:] == ["other"]
    own = make_office("own", policy={"urgent_reasons": ["training", "visa_expiring"]})
    assert urgent.reasons_at(own)[8:] == ["visa_expiring", "training"]
