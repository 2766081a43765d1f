"""Home visits (上门办): the office comes to those who can't leave their bed (WH-13).

A visit is submitted → approved or rejected → assigned to two of the office's staff, with a day,
a time and equipment → done. It takes no slot and no place of a quota.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from applicants.models import Account
from bookings.domain.eligibility import refuse_wrong_document
from bookings.domain.errors import BookingError
from bookings.domain.parties import Actor
from bookings.domain.requests import Asking, decide, end, lock, note, person_values, refuse_second
from bookings.enums import RequestEventKind as Kind
from bookings.enums import RequestState
from bookings.models import HomeVisit
from offices.domain.permissions import with_those_above
from offices.models import Membership, Office
from offices.wording import say_list

STAFF = 2
# The way there and back included.
LASTS = dt.timedelta(hours=2)
UNDECIDED = (RequestState.SUBMITTED,)
ASSIGNABLE = (RequestState.APPROVED, RequestState.ASSIGNED)
OPEN = (*UNDECIDED, *ASSIGNABLE)


@dataclass(frozen=True, slots=True)
class Need:
    """Where, why, and between which days."""

    address: str
    circumstances: str
    first_day: dt.date
    last_day: dt.date


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who goes, when, with what. `anyway`: although they are busy then."""

    staff: tuple[Account, ...]
    day: dt.date
    time: dt.time
    equipment: tuple[str, ...] = ()
    anyway: bool = False


@dataclass
class StaffBusy(BookingError):
    """Somebody is on another visit at that time."""

    code: ClassVar[str] = "staff_busy"
    names: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        text = _("%(names)s already has a visit within two hours of that time.")
        return text % {"names": say_list(self.names)}


def ask(asking: Asking, need: Need, actor: Actor, now: dt.datetime) -> HomeVisit:
    """Raises AskedAlready, NotEligible."""
    refuse_wrong_document(asking.name, asking.identity, asking.services)
    with transaction.atomic():
        refuse_second(HomeVisit, asking, actor, OPEN)
        visit = HomeVisit.objects.create(
            **person_values(asking, actor, now),
            address=need.address,
            circumstances=need.circumstances,
            first_day=need.first_day,
            last_day=need.last_day,
        )
        note(visit, Kind.ASKED, actor, now)
    return visit


def approve(visit_id: int, answer: str, actor: Actor, now: dt.datetime) -> HomeVisit:
    """Raises WrongState."""
    return decide(HomeVisit, visit_id, UNDECIDED, Kind.APPROVED, answer, actor, now)


def reject(visit_id: int, answer: str, actor: Actor, now: dt.datetime) -> HomeVisit:
    """Raises WrongState."""
    return decide(HomeVisit, visit_id, UNDECIDED, Kind.REJECTED, answer, actor, now)


def assign(visit_id: int, assignment: Assignment, actor: Actor, now: dt.datetime) -> HomeVisit:
    """Arrange the visit, or arrange it anew. Raises WrongState, StaffBusy."""
    with transaction.atomic():
        _lock_people(assignment.staff)
        visit = lock(HomeVisit, visit_id, ASSIGNABLE)
        if not assignment.anyway and (busy := busy_at(visit, assignment)):
            raise StaffBusy([str(person) for person in busy])
        visit.state = RequestState.ASSIGNED
        visit.visit_on, visit.visit_from = assignment.day, assignment.time
        visit.equipment = list(assignment.equipment)
        visit.save(update_fields=["state", "visit_on", "visit_from", "equipment"])
        visit.staff.set(assignment.staff)
        note(visit, Kind.ASSIGNED, actor, now)
    return visit


def finish(visit_id: int, actor: Actor, now: dt.datetime) -> HomeVisit:
    """Raises WrongState."""
    return end(HomeVisit, visit_id, (RequestState.ASSIGNED,), Kind.DONE, actor, now)


def withdraw(visit_id: int, actor: Actor, now: dt.datetime) -> HomeVisit:
    """By the applicant. Raises WrongState."""
    return end(HomeVisit, visit_id, OPEN, Kind.WITHDRAWN, actor, now)


def staff_at(office: Office) -> "QuerySet[Account]":
    """Whoever has a role at the office, its own or over its bureau."""
    places = Q(office=office) | Q(bureau_id__in=with_those_above(office.bureau))
    members = Membership.objects.filter(places).values("account_id")
    return Account.objects.filter(pk__in=members, is_active=True).order_by("username")


def busy_at(visit: HomeVisit, assignment: Assignment) -> list[Account]:
    """Those of the staff who are on another visit then, at whatever office."""
    moment = dt.datetime.combine(assignment.day, assignment.time)
    others = HomeVisit.objects.filter(
        state=RequestState.ASSIGNED, visit_on=assignment.day, staff__in=assignment.staff
    ).exclude(pk=visit.pk)
    busy: set[int] = set()
    for other in others.distinct().prefetch_related("staff"):
        if other.visit_from and _near(other.visit_from, moment):
            busy |= {person.pk for person in other.staff.all()}
    return [person for person in assignment.staff if person.pk in busy]


def _near(time: dt.time, moment: dt.datetime) -> bool:
    return abs(dt.datetime.combine(moment.date(), time) - moment) < LASTS


def _lock_people(staff: Iterable[Account]) -> None:
    """Two supervisors who send the same person at once take turns."""
    ids = [person.pk for person in staff]
    list(Account.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
