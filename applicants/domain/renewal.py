"""Telling people when a document may be renewed, because they asked for it (WH-14)."""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator

from applicants.domain import outbox
from applicants.enums import MessageKind
from applicants.models import Applicant, Message

# A document is renewed in the last months of its validity (domain.md B3).
RENEWABLE_MONTHS = 6
# A beat that was missed is made up for; whoever types in an older date reads on the page that it
# may be renewed.
MAKE_UP_FOR = dt.timedelta(days=7)
STILL_NEWS = dt.timedelta(days=14)


def renewable_from(expires: dt.date) -> dt.date:
    """The first day of the last six months; on a shorter month's last day where there is no such.

    31 August 2027 → 28 February 2027.
    """
    months = expires.year * 12 + expires.month - 1 - RENEWABLE_MONTHS
    year, month = months // 12, months % 12 + 1
    return dt.date(year, month, min(expires.day, monthrange(year, month)[1]))


def may_be_renewed(expires: dt.date, today: dt.date) -> bool:
    return today >= renewable_from(expires)


def announce_renewals(now: dt.datetime, today: dt.date, after: int, limit: int) -> int | None:
    """Look at the next `limit` people after that key, and write to those whose day has come.

    Returns the key of the last one; None when there is nobody after it. Dates are encrypted, so
    everybody who gave one is looked at. Safe to repeat: each person is written to once
    a year of expiry.
    """
    people = Applicant.objects.exclude(document_expires_text="").filter(pk__gt=after)
    looked_at = list(people.select_related("account").order_by("pk")[:limit])
    outbox.write(_messages(looked_at, now, today))
    return looked_at[-1].pk if len(looked_at) == limit else None


def _messages(people: list[Applicant], now: dt.datetime, today: dt.date) -> Iterator[Message]:
    for person in people:
        expires = person.document_expires
        if expires is None or not _has_come(renewable_from(expires), today):
            continue
        if not person.account.ways:
            continue
        message = Message(
            reference=f"renewal-{person.pk}",
            kind=MessageKind.RENEWAL_DUE,
            version=expires.year,
            language=person.account.language,
            context={"months": RENEWABLE_MONTHS},
            due_at=now,
            not_after=now + STILL_NEWS,
        )
        yield message.address_to(person.account.ways)


def _has_come(day: dt.date, today: dt.date) -> bool:
    return day <= today < day + MAKE_UP_FOR
