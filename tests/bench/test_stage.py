"""One short run of the whole: servers, product, wrk and pgbench, and what they leave behind."""

import shutil
from pathlib import Path

import psycopg2
import pytest
import redis

from bench import __main__ as program
from bench import invariants
from bench.loads import bookings, empty_view
from bench.stage import Options, stage
from bench.statements import recording

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("wrk"), reason="needs wrk: apt-get install wrk"),
]
SHORT = Options(rounds=1, seconds=2, warm_up=1)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIHAO_STATE_DIR", str(tmp_path))


def test_bookings_and_their_ceiling_are_measured_and_break_no_rule(tmp_path: Path) -> None:
    with stage(programs=["web"]) as on:
        figures = {figure.name: figure for figure in bookings.run(on, SHORT)}
        [(made,)] = on.rows("SELECT count(*) FROM bookings_booking")
        assert invariants.broken(on) == []
        assert on.rows("SHOW fsync") == [("on",)]
        url = on.database_url
    assert made > 50
    assert figures["bookings, many slots, 16 connections"].ratio_to.startswith("ceiling, ")
    assert figures["sold out, 16 connections"].ratio_to == "empty view, 16 connections"
    assert 5 <= figures["statements of one booking"].median <= 12
    assert figures["booking: web"].median > 0
    # Nothing runs any more, and nothing is left.
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url)
    assert list((tmp_path / "bench").glob("stage-*")) == []


def test_an_empty_view_asks_neither_postgresql_nor_valkey() -> None:
    with stage(programs=["web"]) as on, redis.Redis.from_url(on.redis_url) as valkey:
        empty_view.measure(on, 4, 1)
        with recording(on) as statements:
            before = valkey.info("stats")["total_commands_processed"]
            answered = empty_view.measure(on, 4, 1)
            asked = valkey.info("stats")["total_commands_processed"] - before
    assert answered > 50
    assert statements == []
    # The question itself.
    assert asked == 1


def test_a_broken_rule_fails_the_run_and_a_slow_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["empty_view", "--rounds", "1", "--seconds", "1", "--warm-up", "1"]
    arguments += ["--out", str(tmp_path / "results")]
    assert program.main(arguments) == 0
    monkeypatch.setattr(invariants, "broken", lambda _stage: ["quota 1: taken is 2"])
    assert program.main(arguments) == 1
    assert "BROKEN: quota 1: taken is 2" in capsys.readouterr().out
    assert "- quota 1: taken is 2" in (tmp_path / "results" / "latest.md").read_text()
