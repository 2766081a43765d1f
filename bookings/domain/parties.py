"""What a booking asks for: plain values, already checked for form."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from applicants.identity import Identity
from bookings.enums import Delivery

if TYPE_CHECKING:
    from applicants.models import Account, Group
    from bookings.models import Booking
    from offices.models import Office
    from partners.models import Partner


@dataclass(frozen=True, slots=True)
class Person:
    """One attendee. `services` are codes; `birth_date` is needed where the number has none."""

    name: str
    identity: Identity
    services: tuple[str, ...]
    birth_date: dt.date | None = None
    nationality: str = ""
    priority: str = "none"
    # A guardian who applies for nothing comes along.
    accompanied: bool = False
    # As they state it; sessions may be for students, or for the residents of a city.
    is_student: bool = False
    home_city: str = ""

    @property
    def born(self) -> dt.date | None:
        return self.identity.birth_date or self.birth_date


@dataclass(frozen=True, slots=True)
class Contact:
    """Where messages go. `phone` in E.164; at least one of phone and e-mail."""

    phone: str = ""
    email: str = ""
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class Party:
    """A request for places of one slot."""

    slot_id: int
    channel: str
    people: tuple[Person, ...]
    contact: Contact
    delivery: str = Delivery.PICKUP
    delivery_address: str = ""
    # Why they travel, one of `Purpose`; "" where nobody was asked (JJ-05).
    purpose: str = ""
    # In whose name it is booked: more people than a household has (WH-17, HB-26).
    group: "Group | None" = None
    # The code of the kiosk's site, where a kiosk books (XM-14).
    site: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a citizen, a member of staff for somebody, a partner, or the system itself."""

    account: "Account | None" = None
    operator: "Account | None" = None
    partner: "Partner | None" = None
    # Ids of the only offices that it may reach; None for all.
    offices: frozenset[int] | None = None
    # Somebody without an account who knows the number and the code of the booking.
    by_code: bool = False

    @property
    def person(self) -> "Account | None":
        return self.operator or self.account

    @property
    def is_public(self) -> bool:
        """Neither staff nor the system: training offices and coming services aren't there for
        them."""
        return self.operator is None and bool(self.account or self.partner or self.by_code)

    def made(self, booking: "Booking") -> bool:
        """Whether the same citizen or partner made it."""
        by_account = self.account is not None and booking.account_id == self.account.pk
        by_partner = self.partner is not None and booking.partner_id == self.partner.pk
        return by_account or by_partner

    def reaches(self, office: "Office") -> bool:
        if office.is_training and self.is_public:
            return False
        return self.offices is None or office.pk in self.offices


SYSTEM = Actor()


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another slot with places for the party."""

    slot_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    places_left: int
    # Places of the channel's pools, taken or not.
    capacity: int
    office_code: str
    line_code: str


def service_codes(people: Iterable[Person]) -> set[str]:
    return {code for person in people for code in person.services}
