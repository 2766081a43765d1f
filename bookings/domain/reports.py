"""What was booked: figures for the offices' staff. The page repeats the definitions."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from bookings.enums import Channel, Status
from bookings.models import Application, Attendee, Booking
from offices.models import Office

# A hold isn't a booking yet, and a cancelled one no longer.
BOOKED = (Status.CONFIRMED, Status.CHECKED_IN, Status.SERVED, Status.NO_SHOW)


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel's bookings, by the day of the appointment.

    `bookings` were confirmed and not cancelled, those missed among them; `people` (人次) come
    with them and want `items` (件次), one for each service. `cancelled` are counted beside.
    """

    channel: str
    bookings: int
    people: int
    items: int
    missed: int
    cancelled: int

    @property
    def label(self) -> str:
        return str(Channel(self.channel).label)


def bookings_by_channel(
    offices: Iterable[Office], first: dt.date, last: dt.date
) -> list[ChannelRow]:
    """A row for every channel, from first to last, both included (JJ-16). Three queries."""
    made = Booking.objects.filter(slot__office__in=offices, slot__date__range=(first, last))
    kept = made.filter(status__in=BOOKED)
    people = _counted(Attendee.objects.filter(booking__in=kept), "booking__channel")
    items = _counted(
        Application.objects.filter(attendee__booking__in=kept), "attendee__booking__channel"
    )
    counts = {
        row["channel"]: row
        for row in made.order_by()
        .values("channel")
        .annotate(
            booked=Count("pk", filter=Q(status__in=BOOKED)),
            missed=Count("pk", filter=Q(status=Status.NO_SHOW)),
            cancelled=Count("pk", filter=Q(status=Status.CANCELLED)),
        )
    }
    nothing = {"booked": 0, "missed": 0, "cancelled": 0}
    return [
        ChannelRow(
            channel=channel,
            bookings=counts.get(channel, nothing)["booked"],
            people=people.get(channel, 0),
            items=items.get(channel, 0),
            missed=counts.get(channel, nothing)["missed"],
            cancelled=counts.get(channel, nothing)["cancelled"],
        )
        for channel in Channel.values
    ]


def total(rows: Iterable[ChannelRow]) -> dict[str, int]:
    """The sum of every figure, by its name."""
    rows = list(rows)
    names = ("bookings", "people", "items", "missed", "cancelled")
    return {name: sum(getattr(row, name) for row in rows) for name in names}


def _counted(rows: QuerySet, channel: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(channel).annotate(n=Count("pk")))
