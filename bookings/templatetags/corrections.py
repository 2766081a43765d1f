"""What was put right about a booking, for the history of staff."""

from django import template
from django.utils.translation import gettext_lazy as _

from bookings.forms.correct import CHECKS, REASONS
from bookings.models import BookingEvent
from offices.wording import say_list

register = template.Library()

_FIELDS = {
    "name": _("Full name"),
    "document": _("Identity document"),
    "birth_date": _("Date of birth"),
    "nationality": _("Nationality"),
    "priority": _("Priority"),
    "accompanied": _("Guardian"),
    "is_student": _("Student"),
    "home_city": _("City of residence"),
    "services": _("Services"),
    "contact_phone": _("Mobile number"),
    "contact_email": _("E-mail address"),
    "language": _("Language"),
    "delivery": _("Getting the documents"),
    "delivery_address": _("Delivery address"),
}


@register.filter
def corrected(event: BookingEvent) -> str:
    """The fields, the reason, and what was checked beforehand; never their contents."""
    data = event.data
    fields = say_list(str(_FIELDS[name]) for name in data["changed"])
    reason = str(dict(REASONS).get(data.get("reason", ""), ""))
    checked = [str(label) for code, label in CHECKS if code in data.get("checked", ())]
    return " · ".join(part for part in (fields, reason, *checked) if part)
