"""What the duty roster lacks, in templates."""

import datetime as dt

from django import template
from django.utils.translation import gettext as _

from offices.domain.roster import Gap, gaps
from offices.models import Office
from offices.wording import say_day

register = template.Library()
DAYS_AHEAD = 14


@register.simple_tag
def coming_gaps(office: Office, today: dt.date) -> list[Gap]:
    """Of the coming two weeks."""
    return gaps(office, today, today + dt.timedelta(days=DAYS_AHEAD))


@register.filter
def say_gap(gap: Gap) -> str:
    """8月8日 周六：值班民警差2人（应有2人）."""
    return _("%(day)s: %(role)s, %(missing)s missing of %(needed)s") % {
        "day": say_day(gap.date),
        "role": gap.role.label,
        "missing": gap.missing,
        "needed": gap.needed,
    }
