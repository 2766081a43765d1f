"""What somebody brings to an appointment: of all that the guides name, what is for them."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.identity import age_on
from bookings.domain.eligibility import GUARDIAN_AGE
from bookings.domain.targets import as_person
from bookings.enums import Purpose
from bookings.models import Attendee, Booking
from offices.enums import MaterialFor
from offices.models import ServiceGuide
from offices.models.catalogue import Material

# Short enough to stand in a text message, beside the thing.
_FOR_WHOM = {
    MaterialFor.UNDER_16: gettext_lazy("under 16"),
    MaterialFor.STATE_STAFF: gettext_lazy("registered state staff"),
    MaterialFor.WITH_PURPOSE: gettext_lazy("not for tourism"),
}


def materials_for(
    guides: Iterable[ServiceGuide | None], born: dt.date | None, day: dt.date, purpose: str
) -> list[Material]:
    """What somebody needs on the day of the appointment, each thing once.

    `purpose`: one of `Purpose`, "" where nobody was asked. `only` stays with what may be for them,
    as far as we know; see `with_conditions`.
    """
    known = _known(born, day, purpose)
    named = (item for guide in guides if guide for item in guide.materials)
    return each_once(_settled(item, known) for item in named if _may_concern(item, known))


def materials_of(
    attendee: Attendee, guides: Iterable[ServiceGuide | None], booking: Booking
) -> list[Material]:
    """The same for somebody of this booking."""
    return materials_for(guides, as_person(attendee).born, booking.slot.date, booking.purpose)


def each_once(materials: Iterable[Material]) -> list[Material]:
    """In the order in which they are named; a condition stays only where it does for all."""
    things: dict[str, Material] = {}
    for item in materials:
        before = things.setdefault(item["name"], item)
        if before.get("only") and not item.get("only"):
            things[item["name"]] = item
    return list(things.values())


def with_conditions(materials: Iterable[Material]) -> list[Material]:
    """With the words for `only` beside the names, in both languages."""
    return [_with_condition(item) if item.get("only") else item for item in materials]


def _known(born: dt.date | None, day: dt.date, purpose: str) -> Mapping[str, bool]:
    known: dict[str, bool] = {}
    if purpose:
        known[MaterialFor.WITH_PURPOSE] = purpose != Purpose.TOURISM
    if born:
        child = age_on(day, born) < GUARDIAN_AGE
        known[MaterialFor.UNDER_16] = child
        if child:
            known[MaterialFor.STATE_STAFF] = False
    return known


def _may_concern(item: Material, known: Mapping[str, bool]) -> bool:
    return known.get(item.get("only", ""), True)


def _settled(item: Material, known: Mapping[str, bool]) -> Material:
    """Without a condition that is known to hold."""
    if item.get("only") and item["only"] not in known:
        return item
    settled = item.copy()
    settled.pop("only", None)
    return settled


def _with_condition(item: Material) -> Material:
    said = item.copy()
    with translation.override("zh-hans"):
        said["name"] = _beside(item["name"], item["only"])
    if english := item.get("name_en"):
        with translation.override("en"):
            said["name_en"] = _beside(english, item["only"])
    return said


def _beside(thing: str, only: str) -> str:
    return _("%(thing)s (%(whom)s)") % {"thing": thing, "whom": _FOR_WHOM[MaterialFor(only)]}
