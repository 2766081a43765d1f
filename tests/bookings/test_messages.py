"""What the holder of a booking is told, when, and what is never told."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from applicants.domain import delivery, outbox
from applicants.domain.manage_code import manage_code
from applicants.domain.texts import render
from applicants.enums import MessageKind, MessageState
from applicants.gateways import GatewayRefused
from applicants.identity import Identity
from applicants.models import Message
from bookings.domain.lifecycle import cancel, confirm, mark_no_shows, reschedule
from bookings.domain.messages import announce, announce_notice
from bookings.domain.parties import SYSTEM, Actor, Contact, Party
from bookings.domain.promise import book, hold_places
from bookings.models import Booking, Slot
from offices.models import ServiceGuide, Session
from tests.citizens import make_account
from tests.factories import (
    NOW,
    make_office,
    make_party,
    make_person,
    make_service,
    make_slot,
)
from tests.gateways import Recorder
from visits.domain.check_in import check_in
from visits.domain.errors import TooEarly

pytestmark = pytest.mark.django_db

# The slot of `make_slot` is tomorrow, Tuesday 4 August, at 10:00 in Xiamen.
START = NOW + dt.timedelta(days=1, hours=1)
EVENING = NOW + dt.timedelta(hours=9)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


def messages_of(booking: Booking) -> dict[str, Message]:
    found = Message.objects.filter(reference=booking.number, version=booking.version)
    return {message.kind: message for message in found}


def states_of(booking: Booking) -> list[tuple[int, str, str]]:
    found = Message.objects.filter(reference=booking.number).order_by("version", "due_at", "kind")
    return list(found.values_list("version", "kind", "state"))


def party_of(slot: Slot, contact: Contact) -> Party:
    return Party(slot_id=slot.pk, channel="web", people=(make_person(),), contact=contact)


def refuse(_message: Message) -> None:
    raise GatewayRefused("busy")


def deliver_until(end: dt.datetime) -> None:
    """Look into the outbox every ten minutes, as beat would."""
    now = NOW
    while now <= end:
        outbox.withdraw_outdated(now)
        delivery.deliver_due(now)
        now += 10 * MINUTE


def test_a_hold_says_nothing_and_its_confirmation_says_all() -> None:
    booking = hold_places(make_party(make_slot()), SYSTEM, NOW)
    assert states_of(booking) == []

    confirm(booking.pk, SYSTEM, NOW + MINUTE)

    due = {kind: message.due_at for kind, message in messages_of(booking).items()}
    assert due == {
        MessageKind.CONFIRMED: NOW + MINUTE,
        MessageKind.REMINDER_DAY: EVENING,
        MessageKind.REMINDER_HOURS: START - 2 * HOUR,
    }


def test_confirming_again_writes_nothing_more() -> None:
    booking = book(make_party(make_slot()), SYSTEM, NOW)

    confirm(booking.pk, SYSTEM, NOW + MINUTE)

    assert Message.objects.count() == 3


def test_the_texts_of_a_family_booking() -> None:
    office = make_office(address="思明区镇海路64号之一")
    family = Actor(account=make_account())
    booking = book(make_party(make_slot(office=office), 3), family, NOW)
    number = booking.number

    texts = {kind: render(message) for kind, message in messages_of(booking).items()}

    assert texts == {
        MessageKind.CONFIRMED: (
            "【厦门出入境】您已预约8月4日（周二）10:00–10:30，厦门出入境办证大厅，名额3个，"
            f"预约号{number}。9:30起可凭身份证件取号。"
            "如需改期或取消，请在8月3日（周一）24:00前办理。咨询电话12367。"
        ),
        MessageKind.REMINDER_DAY: (
            "【厦门出入境】请记得按时办证：8月4日（周二）10:00–10:30，"
            f"厦门出入境办证大厅，地址：思明区镇海路64号之一，名额3个，预约号{number}。"
            "请带齐：居民身份证。9:30起可凭身份证件取号。"
            "如不能前来，请在8月3日（周一）24:00前取消，把名额留给其他人。"
        ),
        MessageKind.REMINDER_HOURS: (
            "【厦门出入境】您预约的时间快到了：8月4日（周二）10:00–10:30，"
            f"厦门出入境办证大厅，地址：思明区镇海路64号之一，名额3个，预约号{number}。"
            "请带齐：居民身份证。9:30起可凭身份证件取号。如果迟到，可领取现场号继续办理。"
        ),
    }


def test_who_booked_without_an_account_gets_the_code_to_manage_it_and_no_row_holds_it() -> None:
    booking = book(make_party(make_slot()), SYSTEM, NOW)
    code = manage_code(booking.number)
    written = messages_of(booking)

    told = render(written[MessageKind.CONFIRMED])

    assert f"管理码{code}，凭此可在本网站查看、改期或取消。" in told
    assert code not in render(written[MessageKind.REMINDER_DAY])
    assert all(code not in str(message.context) for message in written.values())


def test_the_texts_of_somebody_who_booked_in_english() -> None:
    contact = Contact(email="visitor@example.com", language="en")
    booking = book(party_of(make_slot(), contact), SYSTEM, NOW)

    messages = messages_of(booking)

    assert {(message.medium, message.recipient) for message in messages.values()} == {
        ("email", "visitor@example.com")
    }
    assert render(messages[MessageKind.REMINDER_DAY]) == (
        "[Xiamen Exit-Entry] Reminder of your appointment: Tue 4 Aug, 10:00–10:30, "
        f"Xiamen Exit-Entry Hall, booking number {booking.number}. "
        "Please bring: Resident ID card. "
        "You can take your number from 09:30 with your identity document. "
        "If you can't come, please cancel until Mon 3 Aug, midnight, so that someone else can."
    )


@pytest.mark.row("JJ-17")
def test_the_reminder_lists_the_materials_and_check_in_opens_when_it_says() -> None:
    photo = {"name": "近期照片", "name_en": "Recent photo"}
    card = {"name": "居民身份证", "name_en": "Resident ID card"}
    passport, permit = make_service("passport-first"), make_service("hkm-permit-first")
    ServiceGuide.objects.filter(service=passport).update(materials=[card, photo])
    ServiceGuide.objects.filter(service=permit).update(materials=[card])
    office = make_office(policy={"check_in_early_minutes": 40})
    slot = make_slot(office=office)
    people = (make_person("passport-first", "hkm-permit-first"), make_person("hkm-permit-first"))
    booking = book(make_party(slot, people=people), SYSTEM, NOW)

    reminder = render(messages_of(booking)[MessageKind.REMINDER_HOURS])

    assert "请带齐：居民身份证、近期照片。" in reminder
    assert "9:20起可凭身份证件取号。" in reminder
    with pytest.raises(TooEarly):
        check_in(booking.pk, office, SYSTEM, START - 41 * MINUTE)
    assert check_in(booking.pk, office, SYSTEM, START - 40 * MINUTE).ticket.label == "A001"


def test_reminders_are_due_at_the_offices_times_on_its_own_clock() -> None:
    office = make_office(
        timezone="Asia/Urumqi", policy={"reminder_time": "19:30", "reminder_minutes_before": 90}
    )
    booking = book(make_party(make_slot(office=office)), SYSTEM, NOW)

    due = {kind: message.due_at for kind, message in messages_of(booking).items()}
    # Xinjiang time is UTC+6.
    assert due[MessageKind.REMINDER_DAY] == dt.datetime(2026, 8, 3, 13, 30, tzinfo=dt.UTC)
    assert due[MessageKind.REMINDER_HOURS] == START - 90 * MINUTE


@pytest.mark.parametrize(
    ("booked_at", "kinds"),
    [
        (EVENING, {"confirmed", "reminder_hours"}),
        (START - 2 * HOUR, {"confirmed"}),
    ],
)
def test_who_books_after_the_time_of_a_reminder_gets_none(
    booked_at: dt.datetime, kinds: set[str]
) -> None:
    booking = book(make_party(make_slot()), SYSTEM, booked_at)

    assert messages_of(booking).keys() == kinds


def test_a_message_does_not_name_a_deadline_that_is_over() -> None:
    booking = book(make_party(make_slot()), SYSTEM, START - 3 * HOUR)

    confirmed = messages_of(booking)[MessageKind.CONFIRMED]

    assert "如需改期或取消" not in render(confirmed)


def test_no_reminder_leaves_once_the_appointment_has_begun() -> None:
    booking = book(make_party(make_slot()), SYSTEM, NOW)

    assert {
        message.not_after
        for kind, message in messages_of(booking).items()
        if kind != MessageKind.CONFIRMED
    } == {START}


def test_cancelling_withdraws_the_reminders_and_says_so() -> None:
    booking = book(make_party(make_slot()), SYSTEM, NOW)

    cancel(booking.pk, SYSTEM, NOW + MINUTE)

    assert states_of(booking) == [
        (0, MessageKind.CONFIRMED, MessageState.WITHDRAWN),
        (0, MessageKind.CANCELLED, MessageState.PENDING),
        (0, MessageKind.REMINDER_DAY, MessageState.WITHDRAWN),
        (0, MessageKind.REMINDER_HOURS, MessageState.WITHDRAWN),
    ]


def test_moving_replaces_the_reminders() -> None:
    booking = book(make_party(make_slot()), SYSTEM, NOW)
    later = make_slot(starts_at=START + 4 * HOUR)

    moved = reschedule(booking.pk, later.pk, SYSTEM, NOW + MINUTE)

    assert states_of(moved) == [
        (0, MessageKind.CONFIRMED, MessageState.WITHDRAWN),
        (0, MessageKind.REMINDER_DAY, MessageState.WITHDRAWN),
        (0, MessageKind.REMINDER_HOURS, MessageState.WITHDRAWN),
        (1, MessageKind.RESCHEDULED, MessageState.PENDING),
        (1, MessageKind.REMINDER_DAY, MessageState.PENDING),
        (1, MessageKind.REMINDER_HOURS, MessageState.PENDING),
    ]
    text = render(messages_of(moved)[MessageKind.RESCHEDULED])
    assert text.startswith("【厦门出入境】您的预约已改到8月4日（周二）14:00–14:30，")


@pytest.mark.parametrize("moved", [False, True], ids=["cancelled", "moved"])
def test_a_busy_gateway_does_not_confirm_what_has_ended_since(
    monkeypatch: pytest.MonkeyPatch, moved: bool
) -> None:
    gateway = Recorder()
    monkeypatch.setattr(delivery, "current_gateway", lambda: gateway)
    slot, later = make_slot(), make_slot(starts_at=START + HOUR)
    booking = book(make_party(slot), SYSTEM, NOW)
    gateway.answer = refuse
    delivery.deliver_due(NOW)
    if moved:
        booking = reschedule(booking.pk, later.pk, SYSTEM, NOW + MINUTE)
    else:
        booking = cancel(booking.pk, SYSTEM, NOW + MINUTE)
    gateway.forget()
    deliver_until(NOW + HOUR)
    news = MessageKind.RESCHEDULED if moved else MessageKind.CANCELLED
    assert gateway.sent == [(booking.number, render(messages_of(booking)[news]))]


def test_each_reminder_leaves_once_and_none_after_cancellation() -> None:
    kept = book(make_party(make_slot()), SYSTEM, NOW)
    given_up = book(make_party(make_slot(starts_at=START + 4 * HOUR)), SYSTEM, NOW)

    deliver_until(EVENING)
    cancel(given_up.pk, SYSTEM, EVENING + MINUTE)
    deliver_until(START + 24 * HOUR)

    sent = Message.objects.filter(state=MessageState.SENT)
    assert sorted(sent.filter(reference=kept.number).values_list("kind", "attempts")) == [
        ("confirmed", 1),
        ("reminder_day", 1),
        ("reminder_hours", 1),
    ]
    assert sorted(sent.filter(reference=given_up.number).values_list("kind", flat=True)) == [
        "cancelled",
        "confirmed",
        "reminder_day",
    ]


def test_a_worker_that_comes_back_after_the_appointment_sends_nothing() -> None:
    booking = book(make_party(make_slot()), SYSTEM, NOW)

    outbox.withdraw_outdated(START)
    delivery.deliver_due(START)

    assert {message.state for message in messages_of(booking).values()} == {MessageState.WITHDRAWN}


def test_a_no_show_is_not_reminded() -> None:
    booking = book(make_party(make_slot()), SYSTEM, NOW)

    mark_no_shows(START + 3 * HOUR)

    reminders = {kind: m.state for kind, m in messages_of(booking).items() if "reminder" in kind}
    assert set(reminders.values()) == {MessageState.WITHDRAWN}


def test_who_left_neither_phone_nor_address_gets_no_message() -> None:
    booking = book(party_of(make_slot(), Contact()), SYSTEM, NOW)
    cancel(booking.pk, SYSTEM, NOW)

    assert Message.objects.count() == 0


def test_a_notice_of_the_office_reaches_each_booking_once() -> None:
    slot = make_slot()
    bookings = [book(make_party(slot), SYSTEM, NOW) for _ in range(2)]
    silent = book(party_of(slot, Contact()), SYSTEM, NOW)

    told = announce_notice([*bookings, silent], "因设备检修，当天上午暂停办理。", NOW)
    announce_notice(bookings, "又及。", NOW + MINUTE)

    notices = Message.objects.filter(kind=MessageKind.OFFICE_NOTICE)
    assert told == 2
    assert {message.reference for message in notices} == {b.number for b in bookings}
    assert render(notices[0]).endswith("）：因设备检修，当天上午暂停办理。咨询电话12367。")


def test_messages_hold_no_personal_data_but_the_recipient() -> None:
    person = make_person(name="演示甲")
    booking = book(make_party(make_slot(), people=(person,)), SYSTEM, NOW)

    for message in messages_of(booking).values():
        seen = f"{message.context}{render(message)}{message.reference}"
        assert [secret for secret in _personal(person.identity) if secret in seen] == []


def _personal(identity: Identity) -> list[str]:
    return ["演示甲", identity.number, "13800138000"]


@pytest.mark.parametrize("size", [1, 3])
def test_a_confirmation_with_its_reminders_costs_two_statements(
    django_assert_num_queries: DjangoAssertNumQueries, size: int
) -> None:
    booking = hold_places(make_party(make_slot(), size), SYSTEM, NOW)
    booking = Booking.objects.select_related("slot__office__bureau").get(pk=booking.pk)

    # The materials, and one INSERT for three messages.
    with django_assert_num_queries(2):
        announce(booking, MessageKind.CONFIRMED, NOW, reminders=True)

    assert Message.objects.count() == 3


def test_texts_carry_no_links() -> None:
    booking = book(make_party(make_slot()), SYSTEM, NOW)

    assert [m for m in messages_of(booking).values() if "http" in render(m)] == []


def test_where_a_session_is_held_elsewhere_every_text_names_that_place() -> None:
    slot = make_slot()
    slot.session = Session.objects.create(
        office=slot.office,
        line=slot.line,
        kind="pop_up",
        date=slot.date,
        opens=dt.time(9),
        closes=dt.time(12),
        capacity=10,
        site="第一中学",
        site_en="No. 1 School",
    )
    slot.save()
    chinese = book(make_party(slot), SYSTEM, NOW)
    texts = [render(message) for message in messages_of(chinese).values()]
    assert len(texts) == 3
    assert all("，第一中学（厦门出入境办证大厅服务点），" in text for text in texts)
    english = Contact(phone="+8613800138000", language="en")
    booking = book(party_of(slot, english), SYSTEM, NOW)
    cancel(booking.pk, SYSTEM, NOW)
    text = render(messages_of(booking)[MessageKind.CANCELLED])
    assert "No. 1 School (a service point of Xiamen Exit-Entry Hall)" in text


# --- Training offices --------------------------------------------------------------------------


def test_an_office_for_training_writes_all_messages_and_sends_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gateway = Recorder()
    monkeypatch.setattr(delivery, "current_gateway", lambda: gateway)
    drill = make_office("drill", is_training=True)
    booking = book(make_party(make_slot(office=drill)), SYSTEM, NOW)
    announce_notice([booking], "请带身份证", NOW)
    later = make_slot(office=drill, starts_at=START + HOUR)
    reschedule(booking.pk, later.pk, SYSTEM, NOW + MINUTE)
    cancel(booking.pk, SYSTEM, NOW + 2 * MINUTE)

    deliver_until(START + HOUR)

    written = states_of(booking)
    assert {kind for _version, kind, _state in written} == {
        MessageKind.CONFIRMED,
        MessageKind.REMINDER_DAY,
        MessageKind.REMINDER_HOURS,
        MessageKind.OFFICE_NOTICE,
        MessageKind.RESCHEDULED,
        MessageKind.CANCELLED,
    }
    assert {state for _version, _kind, state in written} == {MessageState.WITHDRAWN}
    assert gateway.sent == []
