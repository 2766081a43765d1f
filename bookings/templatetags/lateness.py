"""Who of today said that they come late, for the desk."""

import datetime as dt

from django import template

from bookings.domain.lateness import Lateness, late_today
from offices.models import Office

register = template.Library()


@register.simple_tag
def running_late(office: Office, now: dt.datetime) -> list[Lateness]:
    return late_today(office, now)
