"""People of a list whom nobody books for, and accounts that nobody uses: told, then deleted.

Whoever asked to be told when a document may be renewed is in use until it expires.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from applicants.domain import outbox, periods
from applicants.enums import MessageKind
from applicants.models import Account, Applicant, Message
from bookings.domain.privacy.erasure import erase
from bookings.domain.privacy.kept import account_reference, people_reference
from bookings.models import Attendee, Booking

# Messages of one day are one (`version` is a small number).
DAY_ONE = dt.date(2020, 1, 1)
STILL_NEWS = dt.timedelta(days=7)


def warn_of_deletion(now: dt.datetime) -> int:
    """Tell the holders of what is deleted next month; how many people and accounts it is about."""
    before = now - periods.period(periods.UNUSED) + periods.period(periods.UNUSED_NOTICE)
    new = Q(warned_at=None) | Q(warned_at__lt=before)
    accounts = _without_wishes(_unused_accounts(before, now).filter(new), now)
    people = _without_plans(_unused_people(before, now).filter(new), now)
    return _warn_accounts(accounts, now) + _warn_people(people, now)


def forget_unused(now: dt.datetime) -> int:
    """Delete what was announced a month ago and still isn't used; how many people and accounts."""
    unused, notice = periods.period(periods.UNUSED), periods.period(periods.UNUSED_NOTICE)
    before = now - unused
    told = Q(warned_at__lte=now - notice, warned_at__gt=before)
    accounts = _without_wishes(_unused_accounts(before, now).filter(told), now)
    for account in accounts:
        erase(account, now, cancels=False)
    people = _without_plans(_unused_people(before, now).filter(told), now)
    Applicant.objects.filter(pk__in=[one.pk for one in people]).delete()
    return len(accounts) + len(people)


def _unused_accounts(before: dt.datetime, now: dt.datetime) -> "QuerySet[Account]":
    """Citizens who haven't signed in since, and don't come."""
    coming = Booking.objects.filter(account=OuterRef("pk")).upcoming(now)
    citizens = Account.objects.filter(is_staff=False, contact_hash__isnull=False)
    used = citizens.alias(used_at=Coalesce("last_login", "created_at"))
    return used.filter(~Exists(coming), used_at__lt=before)


def _unused_people(before: dt.datetime, now: dt.datetime) -> "QuerySet[Applicant]":
    """Nobody booked for them since, though the account is in use."""
    day = timezone.localdate(before)
    visits = Attendee.objects.filter(
        identity_hash=OuterRef("identity_hash"),
        booking__account=OuterRef("account"),
        booking__slot__date__gte=day,
    )
    added = Applicant.objects.filter(created_at__lt=before).exclude(used_on__gte=day)
    idle = _unused_accounts(before, now).values("pk")
    return added.filter(~Exists(visits)).exclude(account__in=idle)


def _without_plans(people: "QuerySet[Applicant]", now: dt.datetime) -> list[Applicant]:
    """Dates are encrypted, so they are read one by one."""
    today = timezone.localdate(now)
    found = people.select_related("account").order_by("pk").iterator(chunk_size=500)
    return [one for one in found if not _waits_for_renewal(one, today)]


def _without_wishes(accounts: "QuerySet[Account]", now: dt.datetime) -> list[Account]:
    today = timezone.localdate(now)
    found = accounts.order_by("pk").prefetch_related("household").iterator(chunk_size=500)
    return [
        one
        for one in found
        if not any(_waits_for_renewal(person, today) for person in one.household.all())
    ]


def _waits_for_renewal(person: Applicant, today: dt.date) -> bool:
    return person.document_expires is not None and person.document_expires >= today


def _warn_accounts(accounts: Iterable[Account], now: dt.datetime) -> int:
    accounts = list(accounts)
    outbox.write(_messages(accounts, now, of_account=True))
    return Account.objects.filter(pk__in=[one.pk for one in accounts]).update(warned_at=now)


def _warn_people(people: Iterable[Applicant], now: dt.datetime) -> int:
    people = list(people)
    holders = {one.account_id: one.account for one in people}
    outbox.write(_messages(holders.values(), now, of_account=False))
    return Applicant.objects.filter(pk__in=[one.pk for one in people]).update(warned_at=now)


def _messages(
    accounts: Iterable[Account], now: dt.datetime, *, of_account: bool
) -> Iterator[Message]:
    for account in accounts:
        # Who signs in by a platform, and named no contact, can't be reached.
        if account.ways:
            message = Message(
                reference=account_reference(account) if of_account else people_reference(account),
                kind=MessageKind.DATA_UNUSED,
                version=(timezone.localdate(now) - DAY_ONE).days,
                language=account.language,
                context={
                    "account": of_account,
                    "days": periods.days()[periods.UNUSED_NOTICE],
                },
                due_at=now,
                not_after=now + STILL_NEWS,
            )
            yield message.address_to(account.ways)
