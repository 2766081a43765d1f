"""Where a party goes: to the office, or to the place where a session of it is held (WH-12)."""

from django.utils.translation import gettext as _

from bookings.domain.eligibility import find_session
from bookings.models import Slot
from offices.wording import say_address


def site_of(slot: Slot) -> tuple[str, str]:
    """In Chinese and in English; empty where it is the office itself."""
    session = find_session(slot.session_id)
    return (session.site, session.site_en) if session else ("", "")


def say_site(slot: Slot) -> str:
    """In the language of the request; empty where it is the office itself."""
    session = find_session(slot.session_id)
    site = session.site_label if session else ""
    return _("At %(site)s") % {"site": site} if site else ""


def say_place(slot: Slot) -> str:
    """The site, or the address of the office."""
    office = slot.office
    address = say_address(office.city_label, office.district_label, office.address_label)
    return say_site(slot) or address


def map_query(slot: Slot) -> str:
    """What maps of the mainland find it by: in Chinese, with the city."""
    office = slot.office
    site, _site_en = site_of(slot)
    return office.city + (site or f"{office.district}{office.address}" or office.name)
