"""Surge plans put in force for some days, and ended again, each as a whole (JJ-07, FS-10).

A period is a layer of planning: publishing makes the windows follow it, those of days that are
published later included. Once it is over or was ended, planning no longer sees it, so everything
is as it would have been without it. Windows that staff edited or closed stay as they left them;
nobody who is booked loses a place.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.domain.errors import BookingError
from bookings.domain.parties import Actor
from bookings.domain.publishing import (
    PublishReport,
    publish_together,
    queue_together,
)
from offices.models import Office, SurgePeriod, SurgePlan
from offices.wording import say_list


class PeriodState(models.TextChoices):
    COMING = "coming", _("Not begun yet")
    IN_FORCE = "in_force", _("Under way")
    OVER = "over", _("Over")
    ENDED = "ended", _("Ended early")


CAN_END = frozenset({PeriodState.COMING, PeriodState.IN_FORCE})


@dataclass
class PlanInForce(BookingError):
    """The plan is in force on some of these days already; twice would be twice as much."""

    code: ClassVar[str] = "plan_in_force"
    offices: list[Office]

    @property
    def message(self) -> str:
        return gettext(
            "This plan is in force on some of these days already: %(offices)s. "
            "Choose other days, or end it there first."
        ) % {"offices": say_list(office.label for office in self.offices)}


@dataclass
class PlanInUse(BookingError):
    """Windows follow the plan, or did: what was applied stays as it was."""

    code: ClassVar[str] = "plan_in_use"

    @property
    def message(self) -> str:
        return gettext("This plan has been applied, so it stays as it is. Add another one instead.")


def apply(
    plan: SurgePlan,
    offices: Iterable[Office],
    first: dt.date,
    last: dt.date,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> PublishReport:
    """Put the plan in force at all these offices or none, from the first to the last day.

    Raises PlanInForce, SurgePlan.DoesNotExist.
    """
    if not reason.strip():
        raise ValueError("A surge needs a reason.")
    with transaction.atomic():
        plan = SurgePlan.objects.select_for_update(no_key=True, of=("self",)).get(pk=plan.pk)
        offices = queue_together(offices)
        if taken := in_force_at(plan, offices, first, last):
            raise PlanInForce(taken)
        SurgePeriod.objects.bulk_create(
            SurgePeriod(
                plan=plan,
                office=office,
                first_day=first,
                last_day=last,
                reason=reason.strip(),
                applied_by=actor.person,
                applied_at=now,
            )
            for office in offices
        )
        return publish_together(offices, now, reason=reason, actor=actor)


def end(
    periods: Iterable[SurgePeriod], *, reason: str, actor: Actor, now: dt.datetime
) -> PublishReport:
    """End these periods now, all of them; what begins from now on is as without them.

    Those that are over or ended already stay as they are, with who ended them and why.
    """
    if not reason.strip():
        raise ValueError("Ending a surge needs a reason.")
    periods = [period for period in periods if state_of(period, now) in CAN_END]
    if not periods:
        return PublishReport()
    with transaction.atomic():
        offices = queue_together(period.office for period in periods)
        SurgePeriod.objects.filter(pk__in=[one.pk for one in periods], ended_at=None).update(
            ended_at=now, ended_by=actor.person, end_reason=reason.strip()
        )
        return publish_together(offices, now, reason=reason, actor=actor)


def save_plan(plan: SurgePlan) -> None:
    """Keep a new plan, or what was changed of one that was never applied. Raises PlanInUse."""
    with transaction.atomic():
        _unused(plan)
        plan.save()


def remove_plan(plan: SurgePlan) -> None:
    """Raises PlanInUse."""
    with transaction.atomic():
        _unused(plan)
        plan.delete()


def in_force_at(
    plan: SurgePlan, offices: Sequence[Office], first: dt.date, last: dt.date
) -> list[Office]:
    """Those of the offices where the plan is in force on some of these days."""
    periods = SurgePeriod.objects.in_force(first, last).filter(plan=plan)
    taken = set(periods.values_list("office_id", flat=True))
    return [office for office in offices if office.pk in taken]


def state_of(period: SurgePeriod, now: dt.datetime) -> PeriodState:
    today = period.office.local_date(now)
    if period.ended_at is not None:
        return PeriodState.ENDED
    if period.last_day < today:
        return PeriodState.OVER
    return PeriodState.IN_FORCE if period.first_day <= today else PeriodState.COMING


def _unused(plan: SurgePlan) -> None:
    if plan.pk is None:
        return
    # Whoever applies it locks this row too.
    SurgePlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if plan.periods.exists():
        raise PlanInUse
