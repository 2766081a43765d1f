"""Where somebody wants to be told, and in which order.

The contact that an account signs in with is one of them and stays; others are shown to be theirs
by a code, or by WeChat.
"""

import datetime as dt
import json
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from applicants.domain import sign_in
from applicants.models import Account, ContactPoint
from applicants.models.account import contact_hash

MOST = 5


@dataclass
class TooManyPoints(Exception):
    """So many are enough to be found by."""

    most: int = MOST

    def __str__(self) -> str:
        text = _("You can be told in %(n)s places at most. Remove one first.")
        return text % {"n": self.most}


def points_of(account: Account) -> list[ContactPoint]:
    """In the order in which they are tried."""
    points = list(account.contact_points.exclude(verified_at=None))
    if account.contact and not any(is_own(account, point) for point in points):
        # Those who never changed anything have no row.
        return [_own(account), *points]
    return points


def is_own(account: Account, point: ContactPoint) -> bool:
    """It is what the account signs in with."""
    return bytes(point.address_hash) == bytes(account.contact_hash or b"")


def send_code(
    account: Account, medium: str, address: str, language: str, now: dt.datetime, source: str
) -> None:
    """To show that the address is theirs. Raises TooManyPoints, or as `sign_in.send_code` does."""
    if len(points_of(account)) >= MOST:
        raise TooManyPoints
    sign_in.send_code(medium, address, language, now, source=source, purpose=sign_in.CONTACT)


def add_by_code(
    account: Account, medium: str, address: str, digits: str, now: dt.datetime, source: str
) -> None:
    """Raises TooManyPoints, WrongCode, CodeSpent, TooManyCodes."""
    sign_in.check_code(medium, address, digits, now, source=source, purpose=sign_in.CONTACT)
    add(account, medium, address, now)


@transaction.atomic
def add(account: Account, medium: str, address: str, now: dt.datetime) -> None:
    """Theirs, as has been shown; tried after the others. Raises TooManyPoints."""
    points = _locked(account, now)
    digest = contact_hash(medium, address)
    if any(bytes(point.address_hash) == digest for point in points):
        return
    if len(points) >= MOST:
        raise TooManyPoints
    point = ContactPoint(
        account=account, medium=medium, address=address, address_hash=digest, verified_at=now
    )
    _store(account, [*points, point])


@transaction.atomic
def move_up(account: Account, pk: int, now: dt.datetime) -> None:
    """Try it before the one that was before it. Raises ContactPoint.DoesNotExist."""
    points = _locked(account, now)
    place = _place(points, pk)
    if place:
        points[place - 1 : place + 1] = points[place], points[place - 1]
        _store(account, points)


@transaction.atomic
def remove(account: Account, pk: int, now: dt.datetime) -> bool:
    """False for what the account signs in with. Raises ContactPoint.DoesNotExist."""
    points = _locked(account, now)
    point = points.pop(_place(points, pk))
    if is_own(account, point):
        return False
    point.delete()
    _store(account, points)
    return True


def _locked(account: Account, now: dt.datetime) -> list[ContactPoint]:
    """All of them as rows; nobody else changes them meanwhile."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    points = points_of(account)
    for point in points:
        if point.pk is None:
            point.verified_at = now
            point.save(force_insert=True)
    return points


def _store(account: Account, points: list[ContactPoint]) -> None:
    """Write down the order, and for the account what its messages go by."""
    for position, point in enumerate(points):
        point.position = position
        point.save()
    account.reach = json.dumps([[point.medium, point.address] for point in points])
    account.save(update_fields=["reach"])


def _own(account: Account) -> ContactPoint:
    return ContactPoint(
        account=account,
        medium=account.medium,
        address=account.contact,
        address_hash=account.contact_hash,
        verified_at=account.created_at,
    )


def _place(points: list[ContactPoint], pk: int) -> int:
    for place, point in enumerate(points):
        if point.pk == pk:
            return place
    raise ContactPoint.DoesNotExist
