"""The navigation of a desk."""

from dataclasses import dataclass

from django import template
from django.urls import reverse

from bookings.domain.conflicts import count_open
from bookings.pages.bureau.gate import BureauDesk
from bookings.pages.desk.gate import Desk
from bookings.pages.desk.menu import BUREAU, Way, open_sections, open_ways

register = template.Library()


@dataclass(frozen=True)
class Link:
    """`waiting`: so many things there wait for somebody's decision."""

    label: object
    url: str
    current: bool
    waiting: int = 0


@register.inclusion_tag("desk/includes/menu.html")
def office_menu(desk: Desk, here: str) -> dict[str, object]:
    """All sections, each leading to its first page, and the pages of the one with `here`."""

    def link(way: Way) -> Link:
        count = count_open(desk.office, desk.now) if way.here == "conflicts" else 0
        return Link(way.label, desk.url(way.route), way.here == here, count)

    sections, pages = [], []
    for section in open_sections(desk.actions):
        links = [link(way) for way in section.ways]
        current = any(one.current for one in links)
        waiting = sum(one.waiting for one in links)
        sections.append(Link(section.label, links[0].url, current, waiting))
        pages += links if current else []
    return {"sections": sections, "pages": pages}


@register.inclusion_tag("desk/includes/menu.html")
def bureau_menu(desk: BureauDesk, here: str) -> dict[str, object]:
    """Its pages, which need no sections."""
    ways = open_ways(BUREAU, desk.actions)
    code = desk.bureau.code
    links = [Link(way.label, reverse(way.route, args=[code]), way.here == here) for way in ways]
    return {"pages": links}
