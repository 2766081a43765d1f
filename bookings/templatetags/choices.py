"""Choices in templates. What is the same for everybody is rendered once, not for each reader: it
depends on nothing but what it shows, so it can't be out of date."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from bookings.forms.cards import Card
from bookings.wording import weekday_names

register = template.Library()

# A card takes a kilobyte, a month of days ten.
_MOST_CARDS, _MOST_CALENDARS = 4_000, 200


@register.simple_tag
def choice(option: dict[str, Any]) -> SafeString:
    """One choice of a field whose choices are cards (bookings/forms/cards.py)."""
    card: Card = option["label"]
    shown = (option["type"], option["name"], str(option["value"]), tuple(option["attrs"].items()))
    if card.public:
        return _public(get_language(), card, shown)
    return _card(card, shown)


_Shown = tuple[str, str, str, tuple[tuple[str, object], ...]]


@lru_cache(_MOST_CARDS)
def _public(_language: str | None, card: Card, shown: _Shown) -> SafeString:
    return _card(card, shown)


def _card(card: Card, shown: _Shown) -> SafeString:
    kind, name, value, attributes = shown
    option = {"type": kind, "name": name, "value": value, "attrs": dict(attributes)}
    return render_to_string("bookings/includes/card.html", {"option": option, "card": card})


@register.simple_tag
def days(cells: list[Any], day: dt.date | None, query: str = "") -> SafeString:
    """The days of a calendar as links to their windows (bookings/pages/citizen/calendar.py).

    `query` is what the page was asked for besides, as it stands in its address.
    """
    return _days(get_language(), tuple(cells), day, query)


@lru_cache(_MOST_CALENDARS)
def _days(
    _language: str | None, cells: tuple[Any, ...], day: dt.date | None, query: str
) -> SafeString:
    context = {"cells": cells, "chosen": day, "query": query, "weekdays": weekday_names()}
    return render_to_string("bookings/includes/days.html", context)
