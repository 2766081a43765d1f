"""Where people go who have a booking."""

from django import template

from bookings.domain.whereabouts import map_query, say_place, say_site
from bookings.models import Slot

register = template.Library()


@register.filter
def where(slot: Slot) -> str:
    """The office, with the site of the session where it isn't held there."""
    return " · ".join(part for part in (slot.office.label, say_site(slot)) if part)


@register.filter
def place(slot: Slot) -> str:
    """The site, or the address of the office."""
    return say_place(slot)


@register.filter(name="map_query")
def find_on_map(slot: Slot) -> str:
    return map_query(slot)
