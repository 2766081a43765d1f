"""Peak seasons: which days they tag, for which bureaus, offices and lines (XM-24, FS-32)."""

import datetime as dt

from django.db.models import Q, QuerySet

from offices.domain.permissions import with_those_above
from offices.models import Bureau, Office, Season, ServiceLine


def seasons_of_bureau(bureau: Bureau, today: dt.date) -> "QuerySet[Season]":
    """Its own and those of the bureaus above it that aren't over, soonest first."""
    seasons = Season.objects.filter(bureau__in=with_those_above(bureau), last_day__gte=today)
    return seasons.select_related("line", "bureau")


def seasons_of_office(office: Office, today: dt.date) -> "QuerySet[Season]":
    return seasons_of_bureau(office.bureau, today)


def seasons_on(office: Office, line: ServiceLine | None, day: dt.date) -> "QuerySet[Season]":
    """The seasons that a day of a line falls into; without a line, those of any."""
    of_line = Q(line=None) | Q(line=line) if line else Q()
    return seasons_of_office(office, day).filter(of_line, first_day__lte=day)
