"""The loads of the background, short: they come through, and see what they are there to see."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bench import invariants
from bench.figures import Broken
from bench.loads import background, holds, reminders
from bench.stage import Options, stage
from bench.witness import asked_for

SHORT = Options(rounds=1, seconds=1, warm_up=1)
FEW = 500


def test_a_witness_counts_how_often_a_message_was_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "witness"
    file.write_text("R1 97\nR2 97\nR1 97\n")

    assert asked_for(file) == Counter({"R1": 2, "R2": 1})


class Said:
    """A stage whose database says that these have left."""

    def __init__(self, folder: Path, *sent: str) -> None:
        self.state = type("State", (), {"root": folder})
        self.sent = sent

    def rows(self, _sql: str) -> list[tuple[str]]:
        return [(reference,) for reference in self.sent]


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("R1 9\nR1 9\nR2 9\n", "R1 was sent 2 times"),
        ("R1 9\n", "R2 is said to have left and did not"),
        ("R1 9\nR2 9\nR3 9\n", "R3 left, and nobody knows"),
    ],
)
def test_gateway_and_database_have_to_agree(tmp_path: Path, seen: str, said: str) -> None:
    (tmp_path / "witness").write_text(seen)
    on: Any = Said(tmp_path, "R1", "R2")

    with pytest.raises(Broken) as broken:
        reminders._Post(on, 1, 1)._require_once(2)
    assert broken.value.violations == [said]


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIHAO_STATE_DIR", str(tmp_path))


@pytest.mark.slow
@pytest.mark.usefixtures("own_folder")
def test_expired_holds_are_freed_by_the_worker_and_by_bare_sql() -> None:
    with stage(**holds.STAGE) as on:
        figures = {figure.name: figure for figure in holds.run(on, SHORT, FEW)}
        ended = on.rows("SELECT count(*) FROM bookings_booking WHERE status = 'expired'")
        assert invariants.broken(on) == []

    # Once to warm up, once each.
    assert ended == [(3 * FEW,)]
    assert figures["expire_holds by the worker"].ratio_to == "bare SQL"
    assert figures["by worker: postgres"].unit == "ms of processor time a hold"


@pytest.mark.slow
@pytest.mark.usefixtures("own_folder")
def test_reminders_leave_once_through_quick_and_slow_gateways_and_a_kill() -> None:
    with stage(**reminders.STAGE) as on:
        figures = {figure.name: figure for figure in reminders.run(on, SHORT, FEW)}
        assert invariants.broken(on) == []

    assert figures["reminders, the gateway answers at once"].median > 0
    assert figures["reminders, the gateway takes 50 ms"].median > 0
    killed = figures["reminders in doubt after kill -9"]
    assert killed.goal is not None
    assert killed.goal.met


@pytest.mark.slow
@pytest.mark.usefixtures("own_folder")
@pytest.mark.skipif(not shutil.which("wrk"), reason="needs wrk: apt-get install wrk")
def test_loads_are_measured_with_and_without_a_backlog() -> None:
    with stage() as on:
        figures = {figure.name: figure for figure in background.run(on, SHORT, FEW)}
        assert invariants.broken(on) == []

    for condition in ("a backlog", "a backlog, at a release"):
        assert figures[f"{condition}: bookings/s"].ratio_to == "nothing behind"
        assert figures[f"{condition}: holds/s"].median > 0
