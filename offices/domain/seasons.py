"""Peak seasons: which days they tag, for which bureaus, offices and lines (XM-24, FS-32)."""

import datetime as dt
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet

from offices.domain.changes import note_change
from offices.domain.permissions import with_those_above
from offices.enums import Matters
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


def add_season(
    season: Season, *, reason: str, account: AbstractBaseUser, now: dt.datetime
) -> Season:
    """Tag the days of a new season. It changes no window by itself."""
    with transaction.atomic():
        season.save()
        note_change(
            Matters.SEASON, season.bureau, season.name, {}, _shown(season), reason, account, now
        )
    return season


def remove_season(
    season: Season, *, reason: str, account: AbstractBaseUser, now: dt.datetime
) -> None:
    with transaction.atomic():
        note_change(
            Matters.SEASON, season.bureau, season.name, _shown(season), {}, reason, account, now
        )
        season.delete()


def _shown(season: Season) -> dict[str, Any]:
    return {
        "name": season.name,
        "kind": season.kind,
        "line": season.line.code if season.line else "",
        "first_day": season.first_day.isoformat(),
        "last_day": season.last_day.isoformat(),
        "demand": season.demand,
    }
