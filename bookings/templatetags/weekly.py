"""Weekly hours and seasons in templates."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext as _

from offices.domain import catalogue
from offices.domain.seasons import seasons_on
from offices.enums import CounterKind
from offices.models import Office, OpeningHours, OrganisationChange, Season, ServiceLine
from offices.wording import say_list, say_validity, say_weekdays

register = template.Library()


@register.filter
def validity(first: dt.date, last: dt.date | None) -> str:
    return say_validity(first, last)


@register.filter
def weekdays(rules: Iterable[OpeningHours]) -> str:
    return say_weekdays(rule.weekday for rule in rules)


@register.filter
def say_hours_change(change: OrganisationChange) -> str:
    """Added or ended: lines, kind, weekdays and times."""
    if not change.before:
        return _("Added: %(hours)s") % {"hours": _hours(change.after)}
    return _("Ended: %(hours)s") % {"hours": _hours(change.before)}


@register.simple_tag
def seasons_of_day(office: Office, line: ServiceLine | None, day: dt.date) -> list[Season]:
    """The peak seasons that the day falls into (XM-24)."""
    return list(seasons_on(office, line, day))


def _hours(shown: dict[str, Any]) -> str:
    known = catalogue.lines()
    lines = say_list(known[code].label if code in known else code for code in shown["lines"])
    kind = str(CounterKind(shown["kind"]).label)
    return " · ".join(
        [lines, kind, f"{say_weekdays(shown['weekdays'])} {say_list(shown['hours'])}"]
    )
