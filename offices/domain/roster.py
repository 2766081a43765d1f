"""Who is on duty on which day, and where somebody is missing (HB-06, XM-34)."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from offices.domain.calendar import SATURDAY, holidays_between
from offices.domain.changes import note_change
from offices.domain.hours import windows
from offices.domain.policy import BookingPolicy, policy_for
from offices.domain.timetable import timetable
from offices.enums import DutyRole, HolidayKind, Matters
from offices.models import Duty, Holiday, Office, Session

ONE_DAY = dt.timedelta(days=1)
WEEK = 7
Holidays = Mapping[dt.date, Holiday]


@dataclass(frozen=True, slots=True)
class Gap:
    """A day on which fewer people of a role are down than the policy asks for."""

    date: dt.date
    role: DutyRole
    needed: int
    found: int

    @property
    def missing(self) -> int:
        return self.needed - self.found


def duties_between(office: Office, first: dt.date, last: dt.date) -> dict[dt.date, list[Duty]]:
    """By day, both ends included. One query."""
    found: dict[dt.date, list[Duty]] = defaultdict(list)
    for duty in Duty.objects.filter(office=office, date__range=(first, last)):
        found[duty.date].append(duty)
    return found


def gaps(office: Office, first: dt.date, last: dt.date) -> list[Gap]:
    """What the roster lacks on these days, in their order.

    A weekend day or public holiday that is worked needs leaders and officers, a public holiday
    people on call, as many as the policy says.
    """
    policy, holidays = policy_for(office), holidays_between(first, last)
    days = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    off = [day for day in days if _is_off(day, holidays)]
    if not off:
        return []
    worked = _worked(office, off, policy)
    there = Counter(Duty.objects.filter(office=office, date__in=off).values_list("date", "role"))
    return [
        Gap(day, role, needed, there[day, role])
        for day in off
        for role, needed in _needs(day in worked, holidays.get(day), policy).items()
        if there[day, role] < needed
    ]


def _is_off(day: dt.date, holidays: Holidays) -> bool:
    if day in holidays:
        return holidays[day].kind == HolidayKind.HOLIDAY
    return day.weekday() >= SATURDAY


def _needs(worked: bool, holiday: Holiday | None, policy: BookingPolicy) -> dict[DutyRole, int]:
    needs = {}
    if worked:
        needs[DutyRole.LEADER] = policy.off_day_leaders
        needs[DutyRole.OFFICER] = policy.off_day_officers
    if holiday is not None:
        needs[DutyRole.ON_CALL] = policy.holiday_on_call
    return needs


def _worked(office: Office, days: list[dt.date], policy: BookingPolicy) -> set[dt.date]:
    """Those with a session or with weekly hours that hold on them."""
    sessions = Session.objects.filter(office=office, date__in=days)
    table = timetable(office, days[0], days[-1], open_on_holidays=policy.open_on_holidays)
    by_hours = {day for day in days if windows(table.plan, day, policy.slot_minutes)}
    return by_hours | set(sessions.values_list("date", flat=True))


def put_on_duty(
    office: Office,
    days: Iterable[dt.date],
    role: str,
    name: str,
    *,
    account: AbstractBaseUser,
) -> int:
    """Put somebody down for these days; on how many they weren't yet."""
    fresh = 0
    with transaction.atomic():
        for day in days:
            _duty, created = Duty.objects.get_or_create(
                office=office,
                date=day,
                role=role,
                name=name,
                defaults={"created_by_id": account.pk},
            )
            fresh += created
    return fresh


def take_off_duty(duty: Duty, *, reason: str, account: AbstractBaseUser, now: dt.datetime) -> None:
    """Remove them from that day, and keep who did it and why."""
    with transaction.atomic():
        before = {"date": duty.date.isoformat(), "name": duty.name}
        note_change(Matters.ROSTER, duty.office, duty.role, before, {}, reason, account, now)
        duty.delete()


def copy_week(
    office: Office, source: dt.date, target: dt.date, *, account: AbstractBaseUser
) -> int:
    """Put whom the week of `source` has on the same weekdays of the week of `target`.

    Who is down there already stays. Returns how many duties were added.
    """
    first, other = (day - day.weekday() * ONE_DAY for day in (source, target))
    duties = duties_between(office, first, first + (WEEK - 1) * ONE_DAY)
    return sum(
        put_on_duty(office, [other + (day - first)], duty.role, duty.name, account=account)
        for day, of_day in duties.items()
        for duty in of_day
    )
