"""Surge plans and their periods out of the database: what the pure part in surges.py works on."""

import datetime as dt

from django.db.models import QuerySet

from offices.domain.permissions import with_those_above
from offices.domain.surges import Surge, Uplift
from offices.models import Bureau, Office, Season, SurgePeriod, SurgePlan


def plans_for(bureau: Bureau) -> QuerySet[SurgePlan]:
    """The plans of the bureau and those that it has from the bureaus above it."""
    plans = SurgePlan.objects.filter(bureau__in=with_those_above(bureau))
    return plans.select_related("bureau", "line").order_by("pk")


def seasons_ahead(bureau: Bureau, today: dt.date) -> QuerySet[Season]:
    """The tagged times of the year that aren't over, for which plans are made (XM-24)."""
    seasons = Season.objects.filter(bureau__in=with_those_above(bureau), last_day__gte=today)
    return seasons.order_by("first_day", "pk")


def surges_between(office: Office, first: dt.date, last: dt.date) -> list[Surge]:
    """What is in force at the office on some of these days, both included. One query."""
    periods = SurgePeriod.objects.in_force(first, last).filter(office=office)
    return [
        surge_of(period.plan, period.first_day, period.last_day, period.pk)
        for period in periods.select_related("plan")
    ]


def surge_of(plan: SurgePlan, first: dt.date, last: dt.date, period: int | None = None) -> Surge:
    uplift = Uplift(plan.percent, plan.counters, plan.earlier_minutes, plan.later_minutes)
    return Surge(first, last, uplift, plan.line_id, period)
