"""Why somebody can't check in, and what they can do."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from bookings.domain.errors import BookingError


@dataclass
class NotToday(BookingError):
    """The booking is for another day or another office."""

    code: ClassVar[str] = "not_today"
    office: str
    when: str
    # Whether one is served today without a booking.
    walk_in: bool = True

    @property
    def message(self) -> str:
        if self.walk_in:
            text = _(
                "This booking is for %(office)s, %(when)s. Without a booking for today you can "
                "still take a walk-in number."
            )
        else:
            text = _(
                "This booking is for %(office)s, %(when)s. Today is by appointment only, urgent "
                "matters and exemptions aside: have a place of today booked at the counter."
            )
        return text % {"office": self.office, "when": self.when}


@dataclass
class TooEarly(BookingError):
    """Check-in for this window has not opened yet."""

    code: ClassVar[str] = "too_early"
    opens: str

    @property
    def message(self) -> str:
        return _("Check-in for this booking opens at %(opens)s. Please come back then.") % {
            "opens": self.opens
        }


@dataclass
class ByAppointmentOnly(BookingError):
    """The office serves nobody without a booking, urgent matters and exemptions aside."""

    code: ClassVar[str] = "by_appointment_only"
    office: str

    @property
    def message(self) -> str:
        return _(
            "%(office)s works by appointment only. Book a place of today here, or give an urgent "
            "number; elderly, pregnant and disabled people and those with infants are exempt."
        ) % {"office": self.office}


@dataclass
class NotAtCounter(BookingError):
    """The number isn't at a counter: somebody else has ended the visit, or it was never called."""

    code: ClassVar[str] = "not_at_counter"
    ticket: str

    @property
    def message(self) -> str:
        return _("%(ticket)s is not at this counter any more. See the list of numbers.") % {
            "ticket": self.ticket
        }


class NobodyAtCounter(BookingError):
    """No number is called to the counter: somebody has ended the visit meanwhile."""

    code: ClassVar[str] = "nobody_at_counter"

    @property
    def message(self) -> str:
        return _("Nobody is at this counter. Call the next number.")


@dataclass
class NotNow(BookingError):
    """Numbers of this session are given out at other times."""

    code: ClassVar[str] = "not_now"
    session: str
    # On the office's clock.
    first: dt.datetime
    last: dt.datetime

    @property
    def message(self) -> str:
        return _("Numbers of %(session)s are given out from %(first)s to %(last)s.") % {
            "session": self.session,
            "first": f"{self.first:%H:%M}",
            "last": f"{self.last:%H:%M}",
        }


@dataclass
class NoNumbersLeft(BookingError):
    """A session without booking has given out as many numbers as it has places."""

    code: ClassVar[str] = "no_numbers_left"
    session: str
    given: int
    # Whether one is served today without a booking (rule 9).
    walk_in: bool = True

    @property
    def message(self) -> str:
        if self.walk_in:
            text = _(
                "All %(given)s numbers of %(session)s are given out. A supervisor can add some "
                "under “Add numbers”; without one they can still take a walk-in number."
            )
        else:
            text = _(
                "All %(given)s numbers of %(session)s are given out. A supervisor can add some "
                "under “Add numbers”. Urgent matters and exemptions are served all the same; for "
                "all others book a place here."
            )
        return text % {"given": self.given, "session": self.session}
