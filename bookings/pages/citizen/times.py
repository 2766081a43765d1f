"""Days and windows of all offices of a city, for who would go to any of them (JJ-10)."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from applicants.pages.access import citizen_of, citizen_required
from bookings.domain.across import Across, Filter, Found, Wanted, at_part, least_loaded, look_across
from bookings.domain.board import DayView
from bookings.domain.eligibility import find_services, reasons_against_people
from bookings.domain.promise import person_places
from bookings.enums import SlotState
from bookings.forms.cards import Card, Groups
from bookings.forms.citizen import WhenForm
from bookings.forms.times import TimesForm
from bookings.forms.typed import whole_number
from bookings.models import Slot
from bookings.pages.citizen import draft as drafts
from bookings.pages.citizen.calendar import Cell, part_of_day
from bookings.pages.citizen.draft import Draft
from bookings.pages.citizen.party import channel_of, offices_offering, people_of
from bookings.pages.citizen.progress import WHEN, WHERE, show
from bookings.pages.citizen.steps import first_gap, take
from bookings.wording import level_of, say_hours, say_window
from offices.domain.policy import policy_for
from offices.models import Office
from offices.wording import say_day

# Nobody compares more offices than that; a district has fewer.
MOST_OFFICES = 40


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One office beside the others: those of its days on which any of them is open."""

    label: str
    cells: list[Cell]


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def times(request: HttpRequest) -> HttpResponse:
    """`?city=&district=&part=&weekend=` choose what is shown, `?day=` whose windows."""
    draft = drafts.load(request)
    if gap := first_gap(request, draft, WHERE):
        return gap
    offices = _offices(request, draft)
    if request.method == "POST" and (chosen := _posted_slot(request, offices)):
        return _take(request, draft, chosen)
    now = timezone.now()
    asked = _asked(request, offices, draft)
    shown = [office for office in offices if asked.covers(office)][:MOST_OFFICES]
    across = _look(request, draft, shown, now)
    fits = at_part(asked.part, weekend=asked.weekend)
    roomy = across.windows(fits)
    day = _day(request, roomy)
    of_day = [one for one in roomy if one.view.date == day]
    cells = _cells(across, roomy, fits)
    dates = [cell.date for cell in cells if cell.level != SlotState.CLOSED]
    context = {
        "filter": asked.form,
        "city": shown[0].city_label if shown else "",
        "earliest": roomy[0] if roomy else None,
        "earliest_text": _say_earliest(across.wanted, roomy[0]) if roomy else "",
        "cells": cells,
        "dates": dates,
        "rows": _rows(_table(across, roomy, fits), dates),
        "wait_query": urlencode({"where": "city", "city": asked.city}),
        "day": day,
        "query": asked.query,
        "is_filtered": bool(asked.district or asked.part or asked.weekend),
        "form": WhenForm(
            request.POST if request.method == "POST" else None,
            cards=_groups(of_day),
            label=say_day(day) if day else "",
        ),
        "hold_minutes": policy_for(shown[0]).hold_minutes if shown else 0,
    }
    return show(request, "bookings/times.html", WHEN, context)


@dataclass(frozen=True, slots=True)
class _Asked:
    city: str
    district: str
    part: str
    weekend: bool
    form: TimesForm

    def covers(self, office: Office) -> bool:
        return office.city == self.city and self.district in ("", office.district)

    @property
    def query(self) -> str:
        values = {"city": self.city, "district": self.district, "part": self.part}
        weekend = {"weekend": "on"} if self.weekend else {}
        return urlencode({name: value for name, value in values.items() if value} | weekend)


def _asked(request: HttpRequest, offices: Sequence[Office], draft: Draft) -> _Asked:
    """What can't be is as if it had not been asked."""
    cities = {office.city: office.city_label for office in offices}
    before = (office.city for office in offices if office.code == draft.office)
    city = request.GET.get("city", "")
    if city not in cities:
        city = next(before, next(iter(cities), ""))
    here = [office for office in offices if office.city == city and office.district]
    districts = {office.district: office.district_label for office in here}
    district = request.GET.get("district", "")
    district = district if district in districts else ""
    part = request.GET.get("part", "")
    part = part if part in ("morning", "afternoon") else ""
    weekend = bool(request.GET.get("weekend"))
    initial = {"city": city, "district": district, "part": part, "weekend": weekend}
    form = TimesForm(cities=cities, districts=districts, initial=initial)
    return _Asked(city, district, part, weekend, form)


def _offices(request: HttpRequest, draft: Draft) -> list[Office]:
    """Those that handle all of it, and where this party may book."""
    today = timezone.localdate()
    people = people_of(citizen_of(request), draft, today)
    services = find_services(draft.services)
    return [
        office
        for office in offices_offering(tuple(draft.services), today)
        if not reasons_against_people(people, today, policy_for(office), services)
    ]


def _look(
    request: HttpRequest, draft: Draft, offices: Sequence[Office], now: dt.datetime
) -> Across:
    services = find_services(draft.services)
    if not services:
        raise Http404
    people = people_of(citizen_of(request), draft, timezone.localdate(now))
    needs = {
        office: sum(person_places(person, policy_for(office)) for person in people)
        for office in offices
    }
    line = next(iter(services.values())).line
    today = min((office.local_date(now) for office in offices), default=timezone.localdate(now))
    horizon = max((policy_for(office).horizon_days for office in offices), default=0)
    wanted = Wanted(needs, line, channel_of(request), people)
    return look_across(wanted, today, today + dt.timedelta(days=horizon), now)


def _posted_slot(request: HttpRequest, offices: Sequence[Office]) -> Slot | None:
    """A window of one of these offices. Whether it still has room is for the hold to say."""
    slot_id = whole_number(request.POST.get("slot", ""))
    if slot_id is None:
        return None
    return Slot.objects.filter(pk=slot_id, office__in=offices).select_related("office").first()


def _take(request: HttpRequest, draft: Draft, slot: Slot) -> HttpResponse:
    draft.office, draft.office_given = slot.office.code, False
    drafts.save(request, draft)
    return take(request, draft, slot.pk)


def _day(request: HttpRequest, roomy: Sequence[Found]) -> dt.date | None:
    """The day that was asked for; otherwise the first with room."""
    try:
        return dt.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return roomy[0].view.date if roomy else None


def _table(across: Across, roomy: Sequence[Found], fits: Filter) -> dict[Office, list[Cell]]:
    """Each office's days, with the places of the windows that have room and were asked for."""
    left = Counter[tuple[int, dt.date]]()
    for one in roomy:
        left[one.office.pk, one.view.date] += one.view.places_left
    return {
        office: [
            _cell([day], left[office.pk, day.date], _capacity(office, day, fits)) for day in days
        ]
        for office, days in across.days.items()
    }


def _capacity(office: Office, day: DayView, fits: Filter) -> int:
    return sum(view.capacity for view in day.slots if fits(Found(office, view)))


def _cells(across: Across, roomy: Sequence[Found], fits: Filter) -> list[Cell]:
    """All offices together, day by day."""
    left = Counter[dt.date]()
    for one in roomy:
        left[one.view.date] += one.view.places_left
    cells = []
    for views in zip(*across.days.values(), strict=True):
        by_office = zip(across.days, views, strict=True)
        capacity = sum(_capacity(office, view, fits) for office, view in by_office)
        cells.append(_cell(views, left[views[0].date], capacity))
    return [replace(cells[0], column=cells[0].date.isoweekday()), *cells[1:]] if cells else []


def _cell(views: Sequence[DayView], left: int, capacity: int) -> Cell:
    """`left` 0: what the day is like where nothing that was asked for has room."""
    if left:
        return Cell(views[0].date, level_of(SlotState.OPEN, left, capacity), left)
    states = {view.state for view in views}
    if states & {SlotState.OPEN, SlotState.FULL}:
        return Cell(views[0].date, SlotState.FULL, 0)
    closed = SlotState.NOT_YET_OPEN not in states
    return Cell(views[0].date, SlotState.CLOSED if closed else SlotState.NOT_YET_OPEN, 0)


def _rows(table: dict[Office, list[Cell]], dates: Collection[dt.date]) -> list[OfficeRow]:
    return [
        OfficeRow(office.label, [cell for cell in cells if cell.date in dates])
        for office, cells in table.items()
    ]


def _groups(windows: Sequence[Found]) -> Groups:
    """By part of the day, in order of time, with the office's name."""
    quiet = least_loaded(windows) if len(windows) > 3 else set()
    return [
        (part, [(str(one.view.id), _card(one, one.view.id in quiet)) for one in group])
        for part, group in groupby(windows, key=lambda one: part_of_day(one.local_start))
    ]


def _card(one: Found, quiet: bool) -> Card:
    view, office = one.view, one.office
    place = " · ".join(filter(None, (office.label, office.district_label)))
    return Card(
        say_hours(view.starts_at, view.ends_at, office.zone),
        hints=(place,),
        tag=_("Quiet time") if quiet else "",
        level=level_of(view.state, view.places_left, view.capacity),
        left=view.places_left,
        public=True,
    )


def _say_earliest(wanted: Wanted, first: Found) -> dict[str, Any]:
    people = len(wanted.people)
    title = ngettext("Earliest for %(n)s person", "Earliest for %(n)s people", people)
    return {
        "title": title % {"n": people},
        "window": say_window(first.view.starts_at, first.view.ends_at, first.office.zone),
        "office": first.office.label,
    }
