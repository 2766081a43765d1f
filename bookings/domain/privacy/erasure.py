"""Deleting an account, and taking back the consent to keep people in its list (PIPL 15, 47).

What others need stays without people: a booking that was kept, its place and its history. Until
the rule about missed appointments no longer looks at it, a keyed hash stays with a visit, so that
nobody escapes the rule by deleting the account; it tells nobody's name.
"""

import datetime as dt
from contextlib import suppress

from django.db import transaction
from django.db.models import QuerySet

from applicants.domain import consents, groups, outbox, retention
from applicants.enums import MessageKind
from applicants.models import Account, Message, SignInCode
from bookings.domain import evidence, home_visit, urgent
from bookings.domain.errors import BookingError
from bookings.domain.lifecycle import cancel
from bookings.domain.parties import Actor
from bookings.domain.privacy.emptying import empty_details, empty_urgent, empty_visits
from bookings.domain.privacy.kept import account_reference, references_of
from bookings.domain.waiting import entries
from bookings.enums import Status
from bookings.models import Booking, HomeVisit, UrgentRequest, WaitingEntry
from bookings.models.booking import BookingQuerySet

TOLD_WITHIN = dt.timedelta(days=2)


def upcoming_of(account: Account, now: dt.datetime) -> BookingQuerySet:
    """Appointments that are still to come, for which the office will look."""
    return Booking.objects.filter(account=account).upcoming(now).order_by("slot__starts_at")


def open_urgent_of(account: Account) -> "QuerySet[UrgentRequest]":
    return UrgentRequest.objects.filter(account=account, state__in=urgent.OPEN)


def open_visits_of(account: Account) -> "QuerySet[HomeVisit]":
    return HomeVisit.objects.filter(account=account, state__in=home_visit.OPEN)


def withdraw_consent(account: Account, now: dt.datetime) -> None:
    """Nobody stays in the list, and nobody waits; appointments stay, and may be cancelled.

    Online booking needs a new consent.
    """
    _leave_queues(account, now)
    with transaction.atomic():
        consents.take_back(account, now)
        account.household.all().delete()


def erase(account: Account, now: dt.datetime, *, cancels: bool) -> None:
    """Delete the account with all that hangs on it; there is no way back.

    `cancels`: appointments to come and open requests as well, as far as that is still possible;
    otherwise they stay, and are managed with their number and code. Safe to repeat where it broke
    off: the account goes last.
    """
    _leave_queues(account, now)
    _cancel(account, now, Status.HELD)
    if cancels:
        _cancel(account, now, Status.CONFIRMED)
        _withdraw(account, now)
    _forget(account, now)


def _leave_queues(account: Account, now: dt.datetime) -> None:
    for entry in WaitingEntry.objects.filter(account=account, state__in=entries.IN_THE_QUEUE):
        entries.leave(entry, now)


def _cancel(account: Account, now: dt.datetime, *statuses: Status) -> None:
    """Each in a transaction of its own: no counter stays locked while another is waited for."""
    for booking in upcoming_of(account, now).filter(status__in=statuses):
        # Too late, or already on their way: it stays, and is emptied when its time has come.
        with suppress(BookingError):
            cancel(booking.pk, Actor(account=account), now)


def _withdraw(account: Account, now: dt.datetime) -> None:
    actor = Actor(account=account)
    for asked in open_urgent_of(account):
        with suppress(BookingError):
            urgent.withdraw(asked.pk, actor, now)
    for visit in open_visits_of(account):
        with suppress(BookingError):
            home_visit.withdraw(visit.pk, actor, now)


@transaction.atomic
def _forget(account: Account, now: dt.datetime) -> None:
    over = Booking.objects.filter(account=account).exclude(pk__in=upcoming_of(account, now))
    empty_details(list(over.values_list("pk", flat=True)))
    asked = UrgentRequest.objects.filter(account=account).exclude(pk__in=open_urgent_of(account))
    evidence.forget_files_of(asked, now)
    empty_urgent(asked)
    visits = HomeVisit.objects.filter(account=account)
    empty_visits(visits.exclude(pk__in=open_visits_of(account)))
    retention.empty_messages(Message.objects.filter(reference__in=references_of(account)))
    SignInCode.objects.filter(contact_hash=account.contact_hash).delete()
    groups.leave_all(account)
    _say_goodbye(account, now)
    account.delete()


def _say_goodbye(account: Account, now: dt.datetime) -> None:
    if not account.ways:
        return
    message = Message(
        reference=account_reference(account),
        kind=MessageKind.ACCOUNT_DELETED,
        language=account.language,
        due_at=now,
        not_after=now + TOLD_WITHIN,
    )
    outbox.write([message.address_to(account.ways)])
