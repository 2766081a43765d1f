"""What waits for a decision, in the desk's navigation."""

import datetime as dt

from django import template

from bookings.domain.conflicts import count_open
from offices.models import Office

register = template.Library()


@register.simple_tag
def open_conflicts(office: Office, now: dt.datetime) -> int:
    """Bookings whose windows don't take place as booked, about which nobody has decided."""
    return count_open(office, now)
