"""What stands above the pages of a desk: its sections, and the pages of the present one."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bookings.domain.conflicts import count_open
from offices.domain.permissions import Action
from offices.models import Bureau, Office

register = template.Library()


@dataclass(frozen=True)
class Way:
    """A page that can be chosen. `here` is what it and the pages behind it call themselves."""

    here: str
    route: str
    label: Promise
    action: Action
    # For those only who may not do this, because another way leads them there.
    unless: Action | None = None

    def open_to(self, actions: frozenset[Action]) -> bool:
        return self.action in actions and self.unless not in actions


@dataclass(frozen=True)
class Section:
    label: Promise
    ways: tuple[Way, ...]


OFFICE = (
    Section(
        _("Places"),
        (
            Way("day", "desk-day", _("The day"), Action.SEE_DESK),
            Way("week", "desk-week", _("Week"), Action.SEE_DESK),
            Way("month", "desk-month", _("Month"), Action.SEE_DESK),
            Way("suggestions", "desk-suggestions", _("Suggestions"), Action.CHANGE_QUOTAS),
            Way("range", "desk-range", _("Over a range"), Action.CHANGE_QUOTAS),
            Way("add-numbers", "desk-add-numbers", _("Add numbers"), Action.CHANGE_QUOTAS),
            Way("conflicts", "desk-conflicts", _("Affected bookings"), Action.CLOSE_WINDOWS),
            Way("history", "desk-history", _("Changes"), Action.SEE_DESK),
        ),
    ),
    Section(
        _("At the hall"),
        (
            Way("scan", "desk-scan", _("Scan"), Action.FIND_BOOKINGS),
            Way("check-in", "desk-check-in", _("Check in"), Action.CHECK_IN),
            Way("urgent-arrival", "desk-urgent-arrival", _("Urgent number"), Action.CHECK_IN),
            Way("calling", "desk-calling", _("Call numbers"), Action.CALL_NUMBERS),
            Way(
                "conditional",
                "desk-conditional",
                _("Accepted with something missing"),
                Action.CALL_NUMBERS,
            ),
        ),
    ),
    Section(
        _("Bookings"),
        (
            Way("bookings", "desk-bookings", _("Find a booking"), Action.FIND_BOOKINGS),
            Way("book", "desk-book", _("Book for a caller"), Action.BOOK_FOR_OTHERS),
            Way("urgent", "desk-urgent", _("Urgent requests"), Action.DECIDE_REQUESTS),
            Way(
                "urgent",
                "desk-urgent-enter",
                _("Enter an urgent request"),
                Action.BOOK_FOR_OTHERS,
                unless=Action.DECIDE_REQUESTS,
            ),
            Way("home-visits", "desk-home-visits", _("Home visits"), Action.DECIDE_REQUESTS),
            Way("groups", "desk-groups", _("Organisations"), Action.ADMIT_GROUPS),
            Way("appeals", "desk-appeals", _("Appeals"), Action.DECIDE_APPEALS),
        ),
    ),
    Section(
        _("Planning"),
        (
            Way("hours", "desk-hours", _("Weekly hours"), Action.PLAN_HOURS),
            Way("counters", "desk-counters", _("Counters"), Action.PLAN_HOURS),
            Way("sessions", "desk-sessions", _("Sessions"), Action.PUBLISH_SESSIONS),
            Way("plans", "desk-plans", _("Surge plans"), Action.PLAN_SURGES),
            Way("roster", "desk-roster", _("Duty roster"), Action.KEEP_ROSTER),
            Way("exchange", "desk-exchange", _("Import and export"), Action.PLAN_HOURS),
        ),
    ),
    Section(
        _("Figures"),
        (
            Way("reports", "desk-reports", _("Bookings by channel"), Action.SEE_REPORTS),
            Way("visits", "desk-visits", _("Visits"), Action.SEE_REPORTS),
            Way("load", "desk-load", _("How full"), Action.SEE_REPORTS),
            Way("forecast", "desk-forecast", _("Forecast"), Action.SEE_REPORTS),
        ),
    ),
    Section(
        _("Settings"),
        (
            Way("policy", "desk-policy", _("Policy"), Action.SET_POLICY),
            Way("devices", "desk-devices", _("Machines"), Action.KEEP_DEVICES),
        ),
    ),
)

BUREAU = (
    Way("overview", "bureau", _("Overview"), Action.SEE_REPORTS),
    Way("city", "bureau-city", _("City view"), Action.SEE_REPORTS),
    Way("forecast", "bureau-forecast", _("Forecast"), Action.SEE_REPORTS),
    Way("calendar", "bureau-calendar", _("Calendar"), Action.PLAN_HOURS),
    Way("seasons", "bureau-seasons", _("Seasons"), Action.PLAN_HOURS),
    Way("notices", "bureau-notices", _("Notices"), Action.SET_UP_OFFICES),
    Way("policy", "bureau-policy", _("Policy"), Action.SET_POLICY),
    Way("plans", "bureau-plans", _("Surge plans"), Action.PLAN_SURGES),
    Way("services", "bureau-services", _("Services"), Action.GRANT_SERVICES),
    Way("sites", "bureau-sites", _("Self-service sites"), Action.KEEP_DEVICES),
    Way("access", "bureau-access", _("Who may do what"), Action.SEE_ACCESS),
)


@dataclass(frozen=True)
class Link:
    """`waiting`: so many things there wait for somebody's decision."""

    label: Promise
    url: str
    current: bool
    waiting: int = 0


@register.inclusion_tag("desk/includes/menu.html")
def office_menu(
    office: Office, actions: frozenset[Action], now: dt.datetime, here: str
) -> dict[str, object]:
    """All sections, each leading to its first page, and the pages of the one with `here`."""

    def link(way: Way) -> Link:
        count = count_open(office, now) if way.here == "conflicts" else 0
        url = reverse(way.route, args=[office.code])
        return Link(way.label, url, way.here == here, count)

    sections, pages = [], []
    for section in open_sections(actions):
        links = [link(way) for way in section.ways]
        current = any(one.current for one in links)
        waiting = sum(one.waiting for one in links)
        sections.append(Link(section.label, links[0].url, current, waiting))
        pages += links if current else []
    return {"sections": sections, "pages": pages}


@register.inclusion_tag("desk/includes/menu.html")
def bureau_menu(bureau: Bureau, actions: frozenset[Action], here: str) -> dict[str, object]:
    """Its pages, which need no sections."""
    pages = [
        Link(way.label, reverse(way.route, args=[bureau.code]), way.here == here)
        for way in open_ways(BUREAU, actions)
    ]
    return {"pages": pages}


def open_ways(ways: Iterable[Way], actions: frozenset[Action]) -> tuple[Way, ...]:
    return tuple(way for way in ways if way.open_to(actions))


def open_sections(actions: frozenset[Action]) -> list[Section]:
    """Those of an office in which something is open, with what is."""
    found = [Section(section.label, open_ways(section.ways, actions)) for section in OFFICE]
    return [section for section in found if section.ways]
