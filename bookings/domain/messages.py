"""What the holder of a booking is told, written in the transaction of the change itself."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import cast

from django.db.models import prefetch_related_objects

from applicants.domain import outbox
from applicants.domain.texts import BookingFacts, Thing
from applicants.enums import Medium, MessageKind, MessageState
from applicants.models import Message
from applicants.models.message import Way
from bookings.domain.deadlines import change_deadline
from bookings.domain.materials import each_once, materials_of, with_conditions
from bookings.domain.reminders import reminders_to_come
from bookings.domain.whereabouts import site_of
from bookings.models import Application, Booking, HomeVisit, UrgentRequest
from offices.domain.policy import BookingPolicy, policy_for
from offices.models import Office
from offices.models.catalogue import Material

# What speaks of a time as if the party were to come then.
PROMISES = (
    MessageKind.CONFIRMED,
    MessageKind.RESCHEDULED,
    MessageKind.REMINDER_DAY,
    MessageKind.REMINDER_HOURS,
    MessageKind.PARTY_REDUCED,
)
REMINDERS = (MessageKind.REMINDER_DAY, MessageKind.REMINDER_HOURS)
# News of a change is still worth having a day later.
NEWS_LASTS = dt.timedelta(days=1)

Things = dict[int, list[Thing]]


def announce(
    booking: Booking, kind: MessageKind, now: dt.datetime, *, reminders: bool = False
) -> None:
    """Write the message, and with `reminders` those of the day and hours before.

    A booking without phone and e-mail, made at a counter, gets none.
    """
    announce_all([booking], kind, now, reminders=reminders)


def announce_made(booking: Booking, now: dt.datetime, things: list[Thing]) -> None:
    """Confirm a booking that was made just now, with its reminders; `things` are to be brought."""
    if booking.contact_phone or booking.contact_email:
        made = _messages(booking, MessageKind.CONFIRMED, now, things, reminders=True)
        outbox.write(list(made))


def announce_all(
    bookings: Iterable[Booking],
    kind: MessageKind,
    now: dt.datetime,
    *,
    reminders: bool = False,
    notice: str = "",
) -> None:
    """The same for many bookings: one INSERT, whatever their number.

    `notice` is what their office has to say about it.
    """
    reachable = _reachable(bookings)
    things = _things_to_bring(reachable) if reminders else {}
    messages = [
        message
        for booking in reachable
        for message in _messages(booking, kind, now, things.get(booking.pk, []), reminders, notice)
    ]
    if messages:
        outbox.write(messages)


def announce_notice(bookings: Iterable[Booking], notice: str, now: dt.datetime) -> int:
    """Tell the holders what their office has to say, once for each time of a booking.

    How many of them can be reached.
    """
    messages = []
    for booking in _reachable(bookings):
        facts = _noting(_facts(booking, policy_for(booking.slot.office), []), notice)
        messages.append(_news(booking, MessageKind.OFFICE_NOTICE, facts, now))
    if messages:
        outbox.write(messages)
    return len(messages)


def announce_with(
    booking: Booking,
    kind: MessageKind,
    more: Mapping[str, object],
    now: dt.datetime,
) -> None:
    """Tell its holder what goes beyond the booking; `more` are facts of it."""
    facts = {**_facts(booking, policy_for(booking.slot.office), []), **more}
    message = _news(booking, kind, cast(BookingFacts, facts), now)
    if message.recipient:
        outbox.write([message])


def announce_until(
    booking: Booking,
    kind: MessageKind,
    more: Mapping[str, object],
    now: dt.datetime,
    until: dt.datetime,
    version: int | None = None,
) -> None:
    """The same, for news that is of no use after `until`.

    `version` tells several of a kind apart.
    """
    facts = {**_facts(booking, policy_for(booking.slot.office), []), **more}
    message = _message(booking, kind, cast(BookingFacts, facts), now, until)
    if version is not None:
        message.version = version
    if message.recipient:
        outbox.write([message])


def renew_reminders(booking: Booking, now: dt.datetime) -> None:
    """Withdraw those that have not left, and write them anew for a new version of the booking."""
    outbox.withdraw([booking.number], REMINDERS)
    for each in _reachable([booking]):
        policy = policy_for(each.slot.office)
        facts = _facts(each, policy, _things_to_bring([each]).get(each.pk, []))
        if reminders := list(_reminders(each, policy, facts, now)):
            outbox.write(reminders)


def withdraw_promises(numbers: Sequence[str]) -> None:
    """Withdraw reminders, and news of a time that no longer holds, as far as they have not left.

    A gateway that was busy must not confirm a booking after it has reported its end.
    """
    if numbers:
        outbox.withdraw(numbers, PROMISES)


def _reachable(bookings: Iterable[Booking]) -> list[Booking]:
    reachable = [booking for booking in bookings if booking.contact_phone or booking.contact_email]
    prefetch_related_objects(reachable, "slot__office__bureau", "account")
    return reachable


def _messages(
    booking: Booking,
    kind: MessageKind,
    now: dt.datetime,
    things: list[Thing],
    reminders: bool,
    notice: str = "",
) -> Iterator[Message]:
    policy = policy_for(booking.slot.office)
    facts = _facts(booking, policy, things)
    yield _news(booking, kind, _noting(facts, notice) if notice else facts, now)
    if reminders:
        yield from _reminders(booking, policy, facts, now)


def _reminders(
    booking: Booking, policy: BookingPolicy, facts: BookingFacts, now: dt.datetime
) -> Iterator[Message]:
    for reminder, due_at in reminders_to_come(booking, policy, now):
        yield _message(booking, reminder, facts, due_at, booking.slot.starts_at)


def _noting(facts: BookingFacts, notice: str) -> BookingFacts:
    return {**facts, "notice": notice, "notice_en": ""}


def _news(booking: Booking, kind: MessageKind, facts: BookingFacts, now: dt.datetime) -> Message:
    last = max(booking.slot.starts_at, now + NEWS_LASTS)
    return _message(booking, kind, facts, now, last)


def _message(
    booking: Booking,
    kind: MessageKind,
    facts: BookingFacts,
    due_at: dt.datetime,
    not_after: dt.datetime,
) -> Message:
    office = booking.slot.office
    deadline = change_deadline(booking).astimezone(office.zone)
    if due_at < deadline:
        facts = {**facts, "change_until": deadline.isoformat()}
    message = Message(
        reference=booking.number,
        kind=kind,
        version=booking.version,
        language=booking.language,
        context=facts,
        due_at=due_at,
        not_after=not_after,
        state=state_at(office),
    )
    return message.address_to(ways_to(booking) or [("", "")])


def ways_to(asked: Booking | UrgentRequest | HomeVisit) -> list[Way]:
    """What was typed for just this, in the order that its account prefers; WeChat as well.

    What a partner or a counter made has no account: phone, then e-mail.
    """
    typed = {Medium.SMS: asked.contact_phone, Medium.EMAIL: asked.contact_email}
    ways: list[Way] = []
    for medium, address in asked.account.ways if asked.account else ():
        if medium == Medium.WECHAT:
            ways.append((medium, address))
        elif own := typed.pop(Medium(medium), ""):
            ways.append((medium, own))
    return [*ways, *((medium, address) for medium, address in typed.items() if address)]


def state_at(office: Office) -> MessageState:
    """That of a new message. One of an office for training is written and never leaves: staff who
    practise type numbers at random, and somebody may own them.
    """
    return MessageState.WITHDRAWN if office.is_training else MessageState.PENDING


def _facts(booking: Booking, policy: BookingPolicy, things: list[Thing]) -> BookingFacts:
    slot = booking.slot
    office = slot.office
    site, site_en = site_of(slot)
    return {
        "number": booking.number,
        "city": office.city,
        "city_en": office.city_en,
        "office": office.name,
        "office_en": office.name_en,
        "address": office.address,
        "address_en": office.address_en,
        "site": site,
        "site_en": site_en,
        "starts_at": slot.local_start.isoformat(),
        "ends_at": slot.local_end.isoformat(),
        "places": booking.places,
        "check_in_minutes": policy.check_in_early_minutes,
        "change_until": "",
        "materials": things,
        "without_account": booking.account_id is None,
    }


def things_to_bring(materials: Iterable[Iterable[Material]]) -> list[Thing]:
    """Each thing once, in the order of the people who need it."""
    return [
        {"name": item["name"], "name_en": item.get("name_en", "")}
        for item in with_conditions(each_once(chain.from_iterable(materials)))
    ]


def _things_to_bring(bookings: Sequence[Booking]) -> Things:
    """By booking, in the order of its people and services."""
    booked = {booking.pk: booking for booking in bookings}
    wanted = (
        Application.objects.filter(
            attendee__booking__in=bookings, attendee__left_at=None, guide__isnull=False
        )
        .order_by("attendee__position", "pk")
        .select_related("attendee", "guide")
    )
    named: dict[int, list[list[Material]]] = defaultdict(list)
    for application in wanted:
        attendee = application.attendee
        named[attendee.booking_id].append(
            materials_of(attendee, [application.guide], booked[attendee.booking_id])
        )
    return {booking_id: things_to_bring(materials) for booking_id, materials in named.items()}
