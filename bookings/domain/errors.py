"""Refusals, each with a stable code. Pages turn them into an error summary, the API into a
problem document (RFC 9457)."""

import datetime as dt
from dataclasses import dataclass, field
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.ways import Way, rule_of, without_repeats
from bookings.wording import say_deadline, say_moment
from offices.wording import say_full_date


class BookingError(Exception):
    """A refusal that the user can act on. `str()` is a sentence in their language."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    @property
    def message(self) -> str:
        raise NotImplementedError

    @property
    def source(self) -> str:
        """The law that it rests on; "" where the office made the rule."""
        return str(rule_of(self.code).source)

    @property
    def ways(self) -> list[Way]:
        """What whoever is refused can do."""
        return list(rule_of(self.code).ways)

    def __str__(self) -> str:
        return self.message


@dataclass
class SlotFull(BookingError):
    """The pool has fewer places than the party needs."""

    code: ClassVar[str] = "slot_full"
    slot_id: int
    places: int

    @property
    def message(self) -> str:
        return _("This time no longer has %(places)s places. Please choose one of the others.") % {
            "places": self.places
        }


@dataclass
class SlotNotOpen(BookingError):
    """Closed, over, or not released yet. `state` is a SlotState; it opens at `opens_at`."""

    code: ClassVar[str] = "slot_not_open"
    slot_id: int
    state: str
    opens_at: dt.datetime
    zone: ZoneInfo

    @property
    def message(self) -> str:
        if self.state == "not_yet_open":
            return _(
                "Booking for this time opens on %(moment)s. Come back then, or choose another time."
            ) % {"moment": say_moment(self.opens_at, self.zone)}
        return _("This time can no longer be booked. Please choose another time.")


@dataclass
class AlreadyBooked(BookingError):
    """Somebody of the party holds an active booking of the same line (rule 3)."""

    code: ClassVar[str] = "already_booked"
    # Positions in the party, from 0.
    positions: list[int]
    names: list[str]
    # Numbers of those that the same account or partner made; others stay unseen.
    own: list[str] = field(default_factory=list)

    @property
    def message(self) -> str:
        return _(
            "%(names)s already has a booking for this kind of service. "
            "Cancel or move it, or come after it has ended."
        ) % {"names": _("、").join(self.names)}


@dataclass
class Reason:
    """Why somebody isn't eligible: a stable code, whom it concerns, a sentence, its source."""

    code: str
    message: str
    position: int | None = None
    # As the rule says unless it depends on the case.
    source: str = ""

    def __post_init__(self) -> None:
        self.source = self.source or str(rule_of(self.code).source)

    @property
    def ways(self) -> list[Way]:
        return list(rule_of(self.code).ways)


@dataclass
class NotEligible(BookingError):
    code: ClassVar[str] = "not_eligible"
    status: ClassVar[int] = 422
    reasons: list[Reason] = field(default_factory=list)

    @property
    def message(self) -> str:
        return " ".join(reason.message for reason in self.reasons)

    @property
    def ways(self) -> list[Way]:
        return without_repeats(way for reason in self.reasons for way in reason.ways)


@dataclass
class Suspended(BookingError):
    """Online booking is withheld after no-shows; the other ways stay open (rule 9)."""

    code: ClassVar[str] = "suspended"
    status: ClassVar[int] = 403
    ends_at: dt.datetime
    no_shows: int

    @property
    def message(self) -> str:
        return _(
            "Online booking is suspended until %(date)s after %(count)s missed appointments. "
            "You can still come without a booking, or book by phone or at the office."
        ) % {"date": say_full_date(timezone.localdate(self.ends_at)), "count": self.no_shows}


@dataclass
class HoldExpired(BookingError):
    code: ClassVar[str] = "hold_expired"

    @property
    def message(self) -> str:
        return _(
            "The time to confirm has run out and the places were given back. Please book again."
        )


@dataclass
class WrongStatus(BookingError):
    """The booking is no longer in a state that allows this."""

    code: ClassVar[str] = "wrong_status"
    status_now: str

    @property
    def message(self) -> str:
        return _("This booking can no longer be changed: %(status)s.") % {"status": self.status_now}


@dataclass
class TooLate(BookingError):
    """Past the moment until which a booking may be cancelled or moved."""

    code: ClassVar[str] = "too_late"
    until: dt.datetime
    zone: ZoneInfo

    @property
    def message(self) -> str:
        return _(
            "This booking could be cancelled or moved until %(until)s. "
            "If you can't come, please call the office."
        ) % {"until": say_deadline(self.until, self.zone)}


@dataclass
class BelowTaken(BookingError):
    """A quota can't drop under what is taken (rule 7)."""

    code: ClassVar[str] = "below_taken"
    quota_id: int
    capacity: int
    taken: int

    @property
    def message(self) -> str:
        return ngettext(
            "%(taken)s place is already taken, so the quota can't go down to %(capacity)s.",
            "%(taken)s places are already taken, so the quota can't go down to %(capacity)s.",
            self.taken,
        ) % {"taken": self.taken, "capacity": self.capacity}


@dataclass
class ChangedMeanwhile(BookingError):
    """Somebody else changed the quota since it was read (412 in the API)."""

    code: ClassVar[str] = "changed_meanwhile"
    status: ClassVar[int] = 412
    quota_id: int
    version: int
    capacity: int

    @property
    def message(self) -> str:
        return _(
            "Somebody else has changed this quota to %(capacity)s since you looked. "
            "Check it and save again if you still want to."
        ) % {"capacity": self.capacity}


@dataclass
class SlotOver(BookingError):
    """The window has ended: its figures stay as they are."""

    code: ClassVar[str] = "slot_over"
    slot_id: int

    @property
    def message(self) -> str:
        return _("This time is over, so its places can no longer be changed.")
