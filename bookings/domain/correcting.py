"""Putting right what was booked: how the party is reached, and, by staff, who they are (JJ-03)."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from applicants.enums import Medium, MessageKind
from applicants.models.account import contact_hash
from bookings.domain import allocation, messages
from bookings.domain.eligibility import find_services, reasons_against
from bookings.domain.errors import AlreadyBooked, NotEligible, Reason, SlotFull
from bookings.domain.lifecycle import lapse, lock_booking, record, refuse_changing
from bookings.domain.parties import Actor, Contact, Person, service_codes
from bookings.domain.promise import person_places
from bookings.domain.targets import as_person
from bookings.enums import EventKind, Status
from bookings.models import Application, Attendee, Booking
from offices.domain import catalogue
from offices.domain.policy import policy_for


@dataclass(frozen=True, slots=True)
class Correction:
    """Who somebody of the party really is. `reason` and `checked` are codes, kept with it."""

    position: int
    person: Person
    reason: str
    checked: tuple[str, ...] = ()


@transaction.atomic
def change_contact(
    booking_id: int,
    contact: Contact,
    delivery: str,
    delivery_address: str,
    actor: Actor,
    now: dt.datetime,
) -> Booking:
    """How the party of a confirmed booking is reached and gets its documents, until the deadline.

    Reminders follow. Raises HoldExpired, TooLate, WrongStatus.
    """
    booking = lock_booking(booking_id)
    refuse_changing(booking, now, by_staff=False)
    values = {
        "contact_phone": contact.phone,
        "contact_email": contact.email,
        "language": contact.language,
        "delivery": delivery,
        "delivery_address": delivery_address,
    }
    changed = sorted(name for name, value in values.items() if getattr(booking, name) != value)
    if not changed:
        return booking
    for name, value in values.items():
        setattr(booking, name, value)
    phone = contact.phone
    booking.contact_phone_hash = contact_hash(Medium.SMS, phone) if phone else None
    booking.version += 1
    booking.save(update_fields=[*values, "contact_phone_hash", "version"])
    record(booking, EventKind.CORRECTED, actor, now, changed=changed)
    messages.renew_reminders(booking, now)
    return booking


def correct_person(
    booking_id: int, correction: Correction, actor: Actor, now: dt.datetime
) -> Booking:
    """Staff put right who somebody is, or what they apply for (帮办); the holder is told.

    Raises HoldExpired, WrongStatus, NotEligible, AlreadyBooked (rule 3), SlotFull where a place is
    needed for each document, Attendee.DoesNotExist.
    """
    try:
        with transaction.atomic():
            return _correct(booking_id, correction, actor, now)
    except allocation.NoPlaces:
        booking = Booking.objects.get(pk=booking_id)
        raise SlotFull(booking.slot_id, booking.places + 1) from None
    except IntegrityError as error:
        if "attendee_once_per_line" not in str(error):
            raise
        raise AlreadyBooked([correction.position], [correction.person.name]) from error


def _correct(booking_id: int, correction: Correction, actor: Actor, now: dt.datetime) -> Booking:
    booking = lock_booking(booking_id)
    refuse_changing(booking, now, by_staff=True)
    one = booking.attendees.coming().get(position=correction.position)
    person, before = correction.person, _with_services(one)
    changed = _changed(before, person)
    if not changed:
        return booking
    _refuse_unfit(booking, one, person)
    lapsed = lapse(_in_the_way(one, person), now) if "document" in changed else Counter()
    more = person_places(person, policy_for(booking.slot.office)) - one.places
    _write_person(one, person, more)
    if "services" in changed:
        _write_services(one, person, booking.slot.office.local_date(now))
    booking.places += more
    booking.version += 1
    booking.save(update_fields=["places", "version"])
    record(
        booking,
        EventKind.CORRECTED,
        actor,
        now,
        position=one.position,
        changed=changed,
        reason=correction.reason,
        checked=list(correction.checked),
    )
    _tell(booking, now)
    allocation.settle(allocation.net({booking.quota_id: more}, lapsed))
    return booking


_FIELDS = ("name", "birth_date", "nationality", "priority", "accompanied", "is_student")


def _changed(before: Person, after: Person) -> list[str]:
    """Names of what differs, and nothing of what it was or is."""
    changed = [name for name in (*_FIELDS, "home_city") if _of(before, name) != _of(after, name)]
    if before.identity.hash != after.identity.hash:
        changed.append("document")
    if set(before.services) != set(after.services):
        changed.append("services")
    return changed


def _of(person: Person, name: str) -> object:
    return person.born if name == "birth_date" else getattr(person, name)


def _with_services(one: Attendee) -> Person:
    codes = one.applications.values_list("service__code", flat=True)
    person = as_person(one)
    return replace(
        person, services=tuple(codes), nationality=one.nationality, priority=one.priority
    )


def _refuse_unfit(booking: Booking, one: Attendee, person: Person) -> None:
    """What spoke against the party already is not what this correction brings about."""
    party = list(booking.attendees.coming())
    place = next(index for index, other in enumerate(party) if other.pk == one.pk)
    before = [_with_services(other) for other in party]
    after = [*before[:place], person, *before[place + 1 :]]
    known = {(reason.code, reason.position) for reason in _reasons(booking, before)}
    reasons = [r for r in _reasons(booking, after) if (r.code, r.position) not in known]
    if reasons:
        raise NotEligible(reasons)


def _reasons(booking: Booking, people: Sequence[Person]) -> list[Reason]:
    slot = booking.slot
    services = find_services(service_codes(people))
    offered = catalogue.offered(slot.office_id, slot.date)
    return reasons_against(people, slot, policy_for(slot.office), services, offered)


def _in_the_way(one: Attendee, person: Person) -> Q:
    """Expired holds of who this turns out to be."""
    active = Attendee.objects.filter(
        identity_hash=person.identity.hash, line=one.line_id, active=True
    )
    return Q(pk__in=active.values("booking_id"))


def _write_person(one: Attendee, person: Person, more: int) -> None:
    values: Mapping[str, object] = {
        "name": person.name,
        "id_type": person.identity.id_type,
        "id_number": person.identity.number,
        "identity_hash": person.identity.hash,
        "birth_date_text": person.born.isoformat() if person.born else "",
        "nationality": person.nationality,
        "priority": person.priority,
        "accompanied": person.accompanied,
        "is_student": person.is_student,
        "home_city": person.home_city,
        "places": one.places + more,
    }
    for name, value in values.items():
        setattr(one, name, value)
    one.save(update_fields=list(values))


def _write_services(one: Attendee, person: Person, day: dt.date) -> None:
    services, guides = find_services(person.services), catalogue.guides(day)
    one.applications.exclude(service__code__in=person.services).delete()
    kept = set(one.applications.values_list("service__code", flat=True))
    Application.objects.bulk_create(
        Application(attendee=one, service=service, guide=guides.get(service.pk))
        for code, service in services.items()
        if code not in kept
    )


def _tell(booking: Booking, now: dt.datetime) -> None:
    if booking.status != Status.CONFIRMED:
        return
    messages.renew_reminders(booking, now)
    notice = {"notice": _notice("zh-hans"), "notice_en": _notice("en")}
    messages.announce_with(booking, MessageKind.OFFICE_NOTICE, notice, now)


def _notice(language: str) -> str:
    with translation.override(language):
        return _("Our staff have corrected the details of this booking. Please check them.")
