"""How people say days, windows and places left."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from bookings.domain.errors import BelowTaken
from bookings.qr import qr_svg
from bookings.wording import level_of, say_deadline, say_left, say_window, weekday_names

XIAMEN = ZoneInfo("Asia/Shanghai")
TEN = dt.datetime(2026, 8, 3, 2, 0, tzinfo=dt.UTC)
MIDNIGHT = dt.datetime(2026, 8, 2, 16, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "said"),
    [("zh-hans", "8月3日 周一 10:00–10:30"), ("en", "Mon 3 Aug, 10:00–10:30")],
)
def test_a_window_is_said_as_people_say_it(language: str, said: str) -> None:
    with translation.override(language):
        assert say_window(TEN, TEN + dt.timedelta(minutes=30), XIAMEN) == said


@pytest.mark.parametrize(
    ("language", "moment", "said"),
    [
        ("zh-hans", MIDNIGHT, "8月2日 周日 24:00"),
        ("en", MIDNIGHT, "Sun 2 Aug, midnight"),
        ("zh-hans", TEN, "8月3日 周一 10:00"),
        ("en", TEN, "Mon 3 Aug, 10:00"),
    ],
)
def test_a_deadline_at_midnight_belongs_to_the_day_before(
    language: str, moment: dt.datetime, said: str
) -> None:
    with translation.override(language):
        assert say_deadline(moment, XIAMEN) == said


def test_the_calendar_begins_on_monday() -> None:
    assert weekday_names()[0] == "一"
    with translation.override("en"):
        assert weekday_names()[0] == "Mon"


@pytest.mark.parametrize(
    ("state", "left", "capacity", "level"),
    [
        ("open", 24, 24, "plenty"),
        ("open", 12, 24, "plenty"),
        ("open", 11, 24, "some"),
        ("open", 5, 24, "some"),
        ("open", 4, 24, "few"),
        ("open", 2, 2, "few"),
        ("full", 0, 24, "full"),
        ("closed", 0, 0, "closed"),
        ("not_yet_open", 0, 24, "not_yet_open"),
    ],
)
def test_places_left_are_a_word(state: str, left: int, capacity: int, level: str) -> None:
    assert level_of(state, left, capacity) == level


def test_places_left_fit_into_a_cell() -> None:
    assert say_left(120) == "余120"
    with translation.override("en"):
        assert say_left(120) == "120"


@pytest.mark.parametrize(("taken", "said"), [(1, "1 place is"), (2, "2 places are")])
def test_a_refusal_counts_in_english_too(taken: int, said: str) -> None:
    with translation.override("en"):
        refusal = BelowTaken(quota_id=1, capacity=0, taken=taken).message
    assert refusal == f"{said} already taken, so the quota can't go down to 0."


def test_a_code_is_an_image_with_a_name_and_without_styles() -> None:
    drawing = qr_svg("123456789012", 'a "name"')
    assert drawing.startswith(
        '<svg class="qr" role="img" aria-label="a &quot;name&quot;"  viewBox="'
    )
    assert "style" not in drawing
    assert drawing.rstrip().endswith("</svg>")
