"""Cards and days are rendered once for everybody, and those about people never kept."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import override

from bookings.forms.cards import Card
from bookings.pages.citizen.calendar import Cell
from bookings.templatetags import choices

WINDOW = Card("10:00–10:30", level="some", left=7, public=True)
PERSON = Card("演示甲", hints=("居民身份证 3500**********0018",))


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    choices._public.cache_clear()
    choices._days.cache_clear()


def option(card: Card, **attributes: Any) -> dict[str, Any]:
    attrs = {"id": "id_slot_0"} | attributes
    return {"type": "radio", "name": "slot", "value": 17, "label": card, "attrs": attrs}


def test_a_card_is_rendered_once_for_everybody() -> None:
    first = choices.choice(option(WINDOW))
    assert choices.choice(option(WINDOW)) is first
    assert (choices._public.cache_info().hits, choices._public.cache_info().currsize) == (1, 1)
    assert '<input type="radio" name="slot" value="17"  id="id_slot_0">' in first


def test_what_a_card_says_is_what_it_is_kept_for() -> None:
    shown = [
        choices.choice(option(WINDOW)),
        choices.choice(option(replace(WINDOW, left=6))),
        choices.choice(option(WINDOW, checked=True)),
        choices.choice(option(WINDOW, id="id_slot_1")),
    ]
    with override("en"):
        shown.append(choices.choice(option(WINDOW)))
    assert len(set(shown)) == 5


def test_a_card_about_a_person_is_never_kept() -> None:
    shown = [choices.choice(option(PERSON)) for _ in range(2)]
    assert "3500**********0018" in shown[0]
    assert shown[0] is not shown[1]
    assert choices._public.cache_info().currsize == 0


def test_days_are_rendered_once_for_everybody() -> None:
    monday = dt.date(2026, 8, 3)
    cells = [Cell(monday, "few", 3, 1), Cell(dt.date(2026, 8, 4), "full", 0)]
    first = choices.days(cells, monday)
    assert choices.days(list(cells), monday) is first
    assert choices.days(cells, None) != first
    with override("en"):
        assert choices.days(cells, monday) != first
