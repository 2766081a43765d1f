"""Days and windows with their places left, for choosing when to come or to move to."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.domain import board
from bookings.domain.availability import SlotView
from bookings.domain.board import DayView
from bookings.domain.eligibility import against_session, find_session, suits
from bookings.domain.parties import Alternative, Person
from bookings.enums import SlotState
from bookings.forms.cards import Card, Choices, Groups
from bookings.forms.typed import whole_number
from bookings.models import Slot
from bookings.wording import level_of, say_hours, say_left, say_moment, say_window
from offices.domain.audience import ON_SITE, conditions_of
from offices.domain.policy import policy_for
from offices.models import Office, ServiceLine, Session

# Leads from a full window to its alternatives.
FullUrl = Callable[[int], str]
NOON, EVENING = 12, 18
_WORDS = {
    "plenty": gettext_lazy("Plenty"),
    "some": gettext_lazy("Some"),
    "few": gettext_lazy("Few"),
    "full": gettext_lazy("Full"),
    "closed": gettext_lazy("Closed"),
    "not_yet_open": gettext_lazy("Not open yet"),
    "on_site": gettext_lazy("No booking"),
    "restricted": gettext_lazy("Restricted"),
}


@dataclass(frozen=True, slots=True)
class Want:
    """What is looked for: so many places of a line at an office, by a channel, for `people`."""

    office: Office
    line: ServiceLine
    channel: str
    places: int
    # The window that the party has already, when it wants another.
    own_slot: int | None = None
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the calendar. `column` is set for the first one, from 1 for Monday."""

    date: dt.date
    level: str
    left: int
    column: int = 0

    @property
    def short(self) -> str:
        """The month is said where it begins."""
        begins = self.date.day == 1
        return f"{self.date.month}/{self.date.day}" if begins else str(self.date.day)

    @property
    def is_open(self) -> bool:
        return self.level in {"plenty", "some", "few"}

    @property
    def has_windows(self) -> bool:
        """Something to look at, though it may be for others, or not for booking."""
        return self.is_open or self.level in {"on_site", "restricted"}

    @property
    def word(self) -> str:
        return str(_WORDS[self.level])

    @property
    def left_text(self) -> str:
        return say_left(self.left)


@dataclass(frozen=True, slots=True)
class Calendar:
    cells: list[Cell]
    # The day whose windows are shown; None where every day is full or closed.
    day: dt.date | None
    # By part of the day.
    groups: Groups

    @property
    def is_full(self) -> bool:
        return not any(cell.is_open for cell in self.cells)


def calendar_for(want: Want, asked: str, now: dt.datetime, full_url: FullUrl) -> Calendar:
    """The days of the horizon, and the windows of the day that was asked for (ISO date).

    Without one, those of the first day with room. `full_url` leads from a full window to the
    alternatives.
    """
    today = want.office.local_date(now)
    last = today + dt.timedelta(days=policy_for(want.office).horizon_days)
    days = board.days(
        want.office, want.line, today, last, want.channel, want.places, now, want.people
    )
    cells = [_cell(want, day, index == 0) for index, day in enumerate(days)]
    chosen = _chosen(days, asked)
    groups = _window_groups(want, chosen.slots, full_url) if chosen else []
    return Calendar(cells, chosen.date if chosen else None, groups)


def asked_slot(request: HttpRequest, want: Want) -> int | None:
    """The window of this office and line that a form names, whether it is shown or not.

    Whether it still has room is for the hold to say: who chose it from a page of a minute ago is
    led to other times, and not told that it never was.
    """
    slot_id = whole_number(request.POST.get("slot", ""))
    if slot_id is None:
        return None
    known = Slot.objects.of_line(want.office, want.line).filter(pk=slot_id)
    return slot_id if known.exists() else None


def alternative_cards(want: Want, alternatives: list[Alternative]) -> Choices:
    return [
        (
            str(other.slot_id),
            Card(
                say_window(other.starts_at, other.ends_at, want.office.zone),
                level=level_of(SlotState.OPEN, other.places_left, other.capacity),
                left=other.places_left,
                public=True,
            ),
        )
        for other in alternatives
    ]


def full_in_booking(slot_id: int) -> str:
    return reverse("book-full", args=[slot_id])


def _cell(want: Want, day: DayView, first: bool) -> Cell:
    level = _special(want, day) or level_of(day.state, day.places_left, day.capacity)
    return Cell(day.date, level, day.places_left, day.date.isoweekday() if first else 0)


def _special(want: Want, day: DayView) -> str:
    """What a day that has no room for the party has besides: numbers on site, or sessions that
    are for others."""
    if day.state != SlotState.FULL:
        return ""
    live = [view for view in day.slots if view.session_id and view.state != SlotState.CLOSED]
    sessions = [find_session(view.session_id) for view in live]
    if any(session and session.booking_free for session in sessions):
        return "on_site"
    roomy = [view for view in live if view.fits(want.places)]
    unsuited = any(not suits(want.people, view.session_id, view.date) for view in roomy)
    return "restricted" if want.people and unsuited else ""


def _chosen(days: list[DayView], asked: str) -> DayView | None:
    by_date = {day.date.isoformat(): day for day in days}
    with_room = (day for day in days if day.state == SlotState.OPEN)
    return by_date.get(asked) or next(with_room, None)


def _window_groups(want: Want, views: Sequence[SlotView], full_url: FullUrl) -> Groups:
    groups: dict[str, list[tuple[str, Card]]] = {}
    for view in views:
        if view.state != SlotState.CLOSED:
            card = _window_card(want, view, find_session(view.session_id), full_url)
            part = part_of_day(view.starts_at.astimezone(want.office.zone))
            groups.setdefault(part, []).append((str(view.id), card))
    return list(groups.items())


def part_of_day(local: dt.datetime) -> str:
    if local.hour < NOON:
        return _("Morning")
    return _("Afternoon") if local.hour < EVENING else _("Evening")


def _window_card(want: Want, view: SlotView, session: Session | None, full_url: FullUrl) -> Card:
    against = [reason.message for reason in against_session(want.people, session, view.date)]
    barred = _why_barred(want, view, session) or " ".join(against)
    no_room = "" if barred else _why_no_room(want, view)
    is_full = bool(no_room) and view.state != SlotState.NOT_YET_OPEN
    on_site = session is not None and session.booking_free
    return Card(
        say_hours(view.starts_at, view.ends_at, want.office.zone),
        hints=conditions_of(session) if session else (),
        tag=session.label if session else "",
        problem=barred or no_room,
        level="" if on_site else level_of(view.state, view.places_left, view.capacity),
        left=view.places_left,
        opens=say_moment(view.opens_at, want.office.zone),
        link_url=full_url(view.id) if is_full else "",
        link=_("Similar times") if is_full else "",
        # The reasons name people.
        public=not against,
    )


def _why_barred(want: Want, view: SlotView, session: Session | None) -> str:
    if view.id == want.own_slot:
        return _("Your present time")
    return str(ON_SITE) if session and session.booking_free else ""


def _why_no_room(want: Want, view: SlotView) -> str:
    if view.fits(want.places):
        return ""
    if view.state == SlotState.NOT_YET_OPEN:
        return _("Booking has not opened yet")
    if view.places_left:
        text = ngettext(
            "Too few places for %(n)s person", "Too few places for %(n)s people", want.places
        )
        return text % {"n": want.places}
    return _("No places left")
