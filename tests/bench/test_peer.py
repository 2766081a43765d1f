"""What we tell pretix, and how its figures stand beside ours."""

import configparser
import json
import re
from pathlib import Path

from bench.figures import Goal
from bench.peer.environment import version
from bench.peer.house import WEB, Seeded, configured
from bench.peer.load import BOOKINGS, compared
from bench.peer.orders import write_orders
from config.servers import workload

SEEDED = Seeded(
    token="secret",
    organizer="bench",
    event="bench",
    item=7,
    many=[{"subevent": 10, "quota": 1}, {"subevent": 20, "quota": 2}],
    few=[],
    last=[],
)


def test_pretix_gets_databases_of_its_own_on_our_servers() -> None:
    text = configured(
        Path("/state/pretix"),
        8345,
        "postgresql://yihao:p%25ss@127.0.0.1:5000/yihao",
        "redis://:word@127.0.0.1:6000/0",
    )
    told = configparser.RawConfigParser()
    told.read_string(text)

    assert dict(told["database"]) == {
        "backend": "postgresql",
        "name": "pretix",
        "user": "yihao",
        "password": "p%ss",
        "host": "127.0.0.1",
        "port": "5000",
    }
    assert dict(told["redis"]) == {
        "location": "redis://:word@127.0.0.1:6000/10",
        "sessions": "true",
    }
    assert dict(told["celery"]) == {
        "backend": "redis://:word@127.0.0.1:6000/11",
        "broker": "redis://:word@127.0.0.1:6000/12",
    }
    assert dict(told["django"]) == {"debug": "off"}


def test_the_orders_take_the_dates_in_turn(tmp_path: Path) -> None:
    file = tmp_path / "orders.tsv"
    write_orders(file, SEEDED, SEEDED.many, range(3))

    lines = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    assert [key for key, _body in lines] == ["bench-0", "bench-1", "bench-2"]
    assert json.loads(lines[1][1]) == {
        "status": "p",
        "phone": "+8613800000001",
        "locale": "en",
        "positions": [{"item": 7, "subevent": 20, "attendee_name": "演示1"}],
    }
    taken = [json.loads(body)["positions"][0]["subevent"] for _key, body in lines]
    assert taken == [10, 20, 10]


def test_our_bookings_are_told_as_a_multiple_of_theirs() -> None:
    ours, theirs = compared(
        BOOKINGS, {BOOKINGS.ours: [620.0, 700.0, 660.0], BOOKINGS.theirs: [20.0, 20.0, 20.0]}
    )

    assert (ours.ratio, ours.ratio_to) == (33.0, "pretix: orders, 200 dates")
    assert ours.goal == Goal("≥ 30 × pretix's order API", True)
    assert (theirs.ratio, theirs.goal) == (None, None)


def test_a_missed_goal_is_told_too() -> None:
    ours, _theirs = compared(BOOKINGS, {BOOKINGS.ours: [580.0], BOOKINGS.theirs: [20.0]})

    assert ours.goal == Goal("≥ 30 × pretix's order API", False)


def test_the_version_is_the_pinned_one() -> None:
    assert re.fullmatch(r"20\d\d\.\d+\.\d+", version())


def test_pretix_gets_as_many_web_processes_as_ours() -> None:
    assert processes(WEB) == processes(workload.WEB)


def processes(command: str) -> list[str]:
    return re.findall(r"--workers (\d+)", command)
