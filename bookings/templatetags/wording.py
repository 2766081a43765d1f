"""Dates, windows, numbers and QR codes in templates."""

import datetime as dt
from collections.abc import Iterable

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from applicants.domain.manage_code import manage_code
from bookings import wording
from bookings.domain.numbers import printed_number
from bookings.models import Attendee, Booking, Slot
from bookings.qr import qr_svg
from offices.wording import say_day, say_full_date, say_list

register = template.Library()


@register.filter
def window(slot: Slot) -> str:
    """8月3日 周一 10:00–10:30."""
    return wording.say_window(slot.starts_at, slot.ends_at, slot.office.zone)


@register.filter
def day(date: dt.date) -> str:
    return say_day(date)


@register.filter
def full_date(moment: dt.datetime) -> str:
    """8月3日 of which year as well, on the clock of the page."""
    return say_full_date(timezone.localdate(moment))


@register.filter
def names(attendees: Iterable[Attendee]) -> str:
    """Of people; after retention there are none."""
    known = [attendee.name for attendee in attendees if attendee.name]
    return say_list(known) or _("Details deleted")


@register.filter
def grouped(number: str) -> str:
    """A booking number in groups of four."""
    return printed_number(number)


@register.filter(name="manage_code")
def say_manage_code(number: str) -> str:
    """The management code of a booking number in groups of four, as printed and read out."""
    return printed_number(manage_code(number))


@register.filter
def qr(booking: Booking) -> SafeString:
    label = _("QR code with the booking number %(number)s") % {
        "number": printed_number(booking.number)
    }
    return qr_svg(booking.number, label)
