"""Large houses, here small: filled once, measured side by side."""

import shutil
from pathlib import Path

import pytest

from bench import invariants
from bench.houses import houses
from bench.loads import growth, publishing, reports
from bench.seeding.sizes import Size
from bench.stage import Options, stage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("wrk"), reason="needs wrk: apt-get install wrk"),
]
SMALL, LARGE = Size(300, 1), Size(600, 2)
SHORT = Options(rounds=2, seconds=1, warm_up=1)
PUBLISHED = Size(1, 3)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIHAO_STATE_DIR", str(tmp_path))
    for load in (growth, reports):
        monkeypatch.setattr(load, "SMALLEST", SMALL)
        monkeypatch.setattr(load, "LARGEST", LARGE)


def test_growth_and_reports_are_measured_in_houses_that_are_kept() -> None:
    with houses([SMALL, LARGE]) as opened:
        figures = {figure.name: figure for figure in growth.run(opened, SHORT)}
        figures |= {figure.name: figure for figure in reports.run(opened, SHORT)}
        booked = [_bookings(house) for house in opened.values()]
        assert all(invariants.broken(house) == [] for house in opened.values())
    for name in ("days, read anew", "page of times, from the board", "bookings"):
        large = figures[f"{name}: {LARGE}"]
        assert large.ratio_to == "the smallest"
        assert large.goal is not None
    assert figures[f"all offices, a year: {LARGE}"].median > 0
    with houses([SMALL, LARGE]) as opened:
        assert [_bookings(house) for house in opened.values()] == booked
        # Whoever booked in the measurement before books again.
        growth.run(opened, Options(rounds=1, seconds=1, warm_up=1))
        assert all(invariants.broken(house) == [] for house in opened.values())


def test_a_house_whose_days_are_nearly_over_is_filled_anew() -> None:
    with houses([SMALL]) as opened:
        opened[SMALL].execute("UPDATE bookings_slot SET date = date - 10")
        opened[SMALL].execute("UPDATE offices_office SET name = 'old'")
    with houses([SMALL]) as opened:
        assert opened[SMALL].rows("SELECT count(*) FROM offices_office WHERE name = 'old'") == [
            (0,)
        ]


def test_publishing_far_ahead_is_measured_beside_the_bare_insert(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publishing, "HOUSE", PUBLISHED)
    monkeypatch.setattr(publishing, "DAYS_AHEAD", 40)
    with stage(programs=[]) as on:
        figures = {figure.name: figure for figure in publishing.run(on, SHORT)}
        [(windows,)] = on.rows("SELECT count(*) FROM bookings_slot WHERE date > current_date + 60")
        assert invariants.broken(on) == []
    # Each of the two rounds wrote a year later as many as it had published.
    assert f"{windows:,} windows" in figures["published"].note
    assert figures["published"].ratio_to == "bare SQL"


def _bookings(house: growth.Stage) -> int:
    [(count,)] = house.rows("SELECT count(*) FROM bookings_booking")
    return int(count)
