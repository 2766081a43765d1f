"""Who stays away again and again, what they are told, and what an appeal changes."""

import datetime as dt

import pytest

from applicants.domain.texts import render
from applicants.enums import MessageKind
from applicants.models import Message, Suspension
from bookings.domain import lifecycle, messages
from bookings.domain.appeals import AppealRefused, appeal, decide
from bookings.domain.errors import Suspended
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.privacy.kept import kept_about
from bookings.domain.promise import book
from bookings.domain.suspending import suspend_absentees
from bookings.enums import AppealState, Channel, Status
from bookings.models import Appeal, Booking
from offices.models import Office
from tests.citizens import PHONE, make_account, make_member, signed_in
from tests.factories import NOW, make_identity, make_office, make_party, make_person, make_slot
from tests.staff import make_staff, sign_in
from visits.domain.check_in import check_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def miss(person, when: dt.datetime, **fields) -> Booking:
    """The person books the window that begins then, and nobody comes."""
    slot = make_slot(starts_at=when, **fields)
    booking = book(make_party(slot, people=(person,)), SYSTEM, when - DAY)
    lifecycle.mark_no_shows(when + dt.timedelta(hours=1))
    return booking


def make_appeal(office: Office) -> Appeal:
    slot = make_slot(office=office, starts_at=NOW - DAY)
    number = book(make_party(slot), SYSTEM, NOW - 2 * DAY).number
    suspension = Suspension.objects.create(
        identity_hash=make_identity().hash,
        starts_at=NOW,
        ends_at=NOW + 30 * DAY,
        no_shows=3,
        missed=[number],
    )
    account = make_account(f"+86138{suspension.pk:08d}")
    return appeal(suspension, account, "我当天住院。", NOW)


@pytest.fixture
def person():
    return make_person("passport-first")


@pytest.fixture
def absent(person):
    """Three appointments missed within a month, the last on the morning of NOW's day."""
    for days in (20, 10, 0):
        miss(person, NOW - days * DAY)
    return person


NEXT_MORNING = NOW + DAY


def test_three_missed_appointments_suspend_online_booking_for_a_month(absent):
    assert suspend_absentees(NEXT_MORNING) == 1
    one = Suspension.objects.get()
    assert (one.no_shows, len(one.missed)) == (3, 3)
    assert one.ends_at - one.starts_at == 30 * DAY
    later = make_slot(starts_at=NEXT_MORNING + DAY)
    with pytest.raises(Suspended):
        book(make_party(later, people=(absent,)), SYSTEM, NEXT_MORNING)


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.COUNTER])
def test_phone_and_counter_stay_open(absent, channel):
    suspend_absentees(NEXT_MORNING)
    later = make_slot(starts_at=NEXT_MORNING + DAY)
    clerk = Actor(operator=make_staff(office=later.office))
    booking = book(make_party(later, people=(absent,), channel=channel), clerk, NEXT_MORNING)
    assert booking.status == Status.CONFIRMED


def test_two_are_not_three(person):
    for days in (10, 0):
        miss(person, NOW - days * DAY)
    assert suspend_absentees(NEXT_MORNING) == 0


def test_what_is_longer_ago_than_the_window_does_not_count(person):
    for days in (200, 10, 0):
        miss(person, NOW - days * DAY)
    assert suspend_absentees(NEXT_MORNING) == 0


def test_nothing_is_decided_before_the_day_is_over(absent):
    assert suspend_absentees(NOW + dt.timedelta(hours=3)) == 0


def test_who_came_late_did_come(person):
    for days in (20, 10):
        miss(person, NOW - days * DAY)
    booking = miss(person, NOW)
    check_in(booking.pk, booking.slot.office, SYSTEM, NOW + dt.timedelta(hours=2))
    assert suspend_absentees(NEXT_MORNING) == 0


def test_a_cancelled_booking_is_no_miss(person):
    for days in (20, 10):
        miss(person, NOW - days * DAY)
    slot = make_slot(starts_at=NOW)
    lifecycle.cancel(
        book(make_party(slot, people=(person,)), SYSTEM, NOW - DAY).pk, SYSTEM, NOW - DAY
    )
    lifecycle.mark_no_shows(NOW + dt.timedelta(hours=1))
    assert suspend_absentees(NEXT_MORNING) == 0


def test_it_is_safe_to_look_again(absent):
    assert [suspend_absentees(NEXT_MORNING) for _ in range(3)] == [1, 0, 0]
    assert suspend_absentees(NEXT_MORNING + DAY) == 0


def test_what_was_counted_once_is_not_counted_again(absent):
    suspend_absentees(NEXT_MORNING)
    Suspension.objects.update(lifted_at=NEXT_MORNING)
    miss(absent, NOW + 2 * DAY)
    assert suspend_absentees(NOW + 3 * DAY) == 0


def test_the_policy_of_the_office_sets_the_numbers(person):
    office = make_office()
    office.bureau.policy = {"no_show_limit": 1, "suspension_days": 7}
    office.bureau.save()
    miss(person, NOW)
    suspend_absentees(NEXT_MORNING)
    one = Suspension.objects.get()
    assert one.ends_at - one.starts_at == 7 * DAY


def _killed(*_args: object) -> None:
    raise SystemExit


def test_nobody_is_suspended_without_being_told(absent, monkeypatch):
    """A worker that is killed before the message leaves nothing behind, and another does both."""
    with monkeypatch.context() as killed:
        killed.setattr(messages, "announce_with", _killed)
        with pytest.raises(SystemExit):
            suspend_absentees(NEXT_MORNING)
    assert not Suspension.objects.exists()
    assert suspend_absentees(NEXT_MORNING) == 1
    assert Message.objects.filter(kind=MessageKind.SUSPENDED).count() == 1


def test_practice_at_an_office_for_training_suspends_nobody(person):
    """Whose number staff typed at random never booked anything."""
    office = make_office("training", is_training=True)
    for days in (20, 10, 0):
        miss(person, NOW - days * DAY, office=office)
    assert suspend_absentees(NEXT_MORNING) == 0


def test_a_miss_is_told_at_once_and_a_suspension_in_the_morning(absent):
    suspend_absentees(NOW + dt.timedelta(hours=15, minutes=30))
    assert Message.objects.filter(kind=MessageKind.NO_SHOW).count() == 3
    told = Message.objects.get(kind=MessageKind.SUSPENDED)
    assert told.due_at == dt.datetime(2026, 8, 4, 1, 0, tzinfo=dt.UTC)
    text = render(told)
    assert "2026年9月3日" in text or "9月3日" in text
    assert "申诉" in text


def test_an_appeal_that_is_upheld_lifts_the_suspension_and_says_why(absent):
    suspend_absentees(NEXT_MORNING)
    suspension = Suspension.objects.get()
    account = make_account("+8613800138009")
    one = appeal(suspension, account, "系统故障，我已到场。", NEXT_MORNING)
    assert one.office == Booking.objects.get(number=suspension.missed[0]).slot.office
    chief = Actor(operator=make_staff(office=one.office))
    decide(one.pk, lift=True, answer="已核实您当天到场。", actor=chief, now=NEXT_MORNING)
    later = make_slot(starts_at=NEXT_MORNING + DAY)
    assert (
        book(make_party(later, people=(absent,)), SYSTEM, NEXT_MORNING).status == Status.CONFIRMED
    )
    message = Message.objects.get(kind=MessageKind.APPEAL_DECIDED)
    assert message.recipient == "+8613800138009"
    assert "已核实您当天到场" in render(message)


def test_an_appeal_that_is_rejected_leaves_it_and_cannot_be_repeated(absent):
    suspend_absentees(NEXT_MORNING)
    suspension = Suspension.objects.get()
    account = make_account("+8613800138009")
    one = appeal(suspension, account, "忘了。", NEXT_MORNING)
    with pytest.raises(AppealRefused):
        appeal(suspension, account, "再说一次。", NEXT_MORNING)
    decide(one.pk, lift=False, answer="未提供证明。", actor=SYSTEM, now=NEXT_MORNING)
    assert Appeal.objects.get().state == AppealState.REJECTED
    assert Suspension.objects.get().lifted_at is None
    with pytest.raises(AppealRefused):
        decide(one.pk, lift=True, answer="算了。", actor=SYSTEM, now=NEXT_MORNING)
    with pytest.raises(AppealRefused):
        appeal(suspension, account, "又来。", NEXT_MORNING)


def test_the_household_reads_why_and_appeals_on_a_page(absent):
    suspend_absentees(NEXT_MORNING)
    account = make_account()
    make_member(account, "演示甲", identity=absent.identity)
    client = signed_in(account)
    Suspension.objects.update(starts_at=NOW - 200 * DAY, ends_at=NOW + 5000 * DAY)
    page = client.get("/suspensions/").content.decode()
    assert "演示甲" in page
    assert "180天内" in page
    pk = Suspension.objects.get().pk
    empty = client.post("/suspensions/", {"suspension": pk, "text": ""})
    assert "请写明" in empty.content.decode()
    client.post("/suspensions/", {"suspension": pk, "text": "当天航班取消。"})
    assert Appeal.objects.get().text == "当天航班取消。"
    assert "审核中" in client.get("/suspensions/").content.decode()


@pytest.fixture
def appeals(absent) -> list[Appeal]:
    """Two households with the same person on their list object to the suspension."""
    suspend_absentees(NEXT_MORNING)
    Suspension.objects.update(starts_at=NOW - 200 * DAY, ends_at=NOW + 5000 * DAY)
    made = []
    for phone, text in (("+8613800138009", "我在住院。"), ("+8613900139000", "我已到场。")):
        account = make_account(phone)
        make_member(account, "演示甲", identity=absent.identity)
        made.append(appeal(Suspension.objects.get(), account, text, NEXT_MORNING))
    return made


def decide_as_chief(one: Appeal, *, lift: bool, answer: str) -> None:
    chief = Actor(operator=make_staff(office=one.office))
    decide(one.pk, lift=lift, answer=answer, actor=chief, now=NEXT_MORNING)


def test_each_household_sees_its_own_appeal_and_answer(appeals):
    first, second = appeals
    decide_as_chief(first, lift=False, answer="住院证明日期不符。")
    page = signed_in(second.account).get("/suspensions/").content.decode()
    assert "审核中" in page
    assert "住院证明日期不符" not in page
    assert "住院证明日期不符" in signed_in(first.account).get("/suspensions/").content.decode()


def test_an_appeal_of_others_leaves_a_household_its_form(appeals):
    _first, second = appeals
    account = second.account
    second.delete()
    client = signed_in(account)
    assert 'name="suspension"' in client.get("/suspensions/").content.decode()
    client.post(
        "/suspensions/", {"suspension": Suspension.objects.get().pk, "text": "当天航班取消。"}
    )
    assert account.appeals.get().text == "当天航班取消。"


def test_one_that_is_rejected_leaves_the_other_open(appeals):
    first, second = appeals
    decide_as_chief(first, lift=False, answer="未提供证明。")
    second.refresh_from_db()
    assert second.state == AppealState.OPEN


def test_one_that_is_upheld_answers_the_other_without_a_word_about_the_first(appeals):
    first, second = appeals
    decide_as_chief(first, lift=True, answer="已核实您的住院证明。")
    second.refresh_from_db()
    assert (second.state, second.answer) == (AppealState.UPHELD, "暂停网上预约已解除。")
    told = Message.objects.filter(kind=MessageKind.APPEAL_DECIDED)
    texts = {message.recipient: render(message) for message in told}
    assert "住院" in texts["+8613800138009"]
    assert "住院" not in texts["+8613900139000"]
    assert "暂停网上预约已解除" in texts["+8613900139000"]


def test_nobody_appeals_against_what_was_lifted_meanwhile(appeals):
    first, _second = appeals
    suspension = Suspension.objects.get()
    decide_as_chief(first, lift=True, answer="已核实。")
    with pytest.raises(AppealRefused):
        appeal(suspension, make_account("+8613700137000"), "我也申诉。", NEXT_MORNING)


def test_the_answer_is_no_message_about_a_booking_of_others(appeals):
    first, _second = appeals
    decide_as_chief(first, lift=False, answer="未提供证明。")
    told = Message.objects.get(kind=MessageKind.APPEAL_DECIDED)
    assert told.reference not in first.suspension.missed
    assert told in kept_about(first.account).messages


def test_the_desk_sees_that_there_are_two(client, appeals):
    first, second = appeals
    sign_in(client, make_staff(office=first.office))
    path = f"/desk/{first.office.code}/appeals/"
    page = client.get(f"{path}{first.pk}/").content.decode()
    assert f'href="{path}{second.pk}/"' in page
    assert "仍待处理的申诉" in page


def test_nobody_appeals_for_strangers(absent):
    suspend_absentees(NEXT_MORNING)
    stranger = signed_in(make_account("+8613900139000"))
    answer = stranger.post(
        "/suspensions/", {"suspension": Suspension.objects.get().pk, "text": "x"}
    )
    assert answer.status_code == 404
    assert not Appeal.objects.exists()


def test_a_supervisor_decides_at_the_desk(client):
    office = make_office()
    one = make_appeal(office)
    sign_in(client, make_staff(office=office))
    assert "我当天住院。" in client.get(f"/desk/{office.code}/appeals/").content.decode()
    path = f"/desk/{office.code}/appeals/{one.pk}/"
    assert client.post(path, {"decision": "lift", "answer": ""}).status_code == 200
    client.post(path, {"decision": "lift", "answer": "已核实住院证明。"})
    one.refresh_from_db()
    assert (one.state, one.answer) == (AppealState.UPHELD, "已核实住院证明。")
    assert one.suspension.lifted_at is not None
    assert PHONE not in client.get(f"/desk/{office.code}/appeals/").content.decode()
