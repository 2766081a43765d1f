"""The crowd at the API, as it is written for wrk and read back."""

import json
from pathlib import Path

from bench.rush.asking import CONNECTIONS, read_answers, write_crowd


def test_everybody_comes_once_and_wants_a_window_of_the_day(tmp_path: Path) -> None:
    write_crowd(tmp_path, [5, 6], range(600))
    lines = [line for file in tmp_path.glob("crowd-*") for line in file.read_text().splitlines()]
    assert len(list(tmp_path.glob("crowd-*"))) == CONNECTIONS
    serials, slots, bodies = zip(*(line.split("\t") for line in lines), strict=True)
    assert sorted(map(int, serials)) == list(range(600))
    assert set(slots) == {"5", "6"}
    body = json.loads('{"slot": 5, ' + bodies[0])
    assert body["attendees"][0]["services"] == ["passport-first"]


def test_answers_of_all_connections_are_read_in_order_of_time(tmp_path: Path) -> None:
    (tmp_path / "answers-0").write_text("1\t100\t300\t201\tbooked\t5\n")
    (tmp_path / "answers-12").write_text("2\t100\t200\t409\tslot_full\t5\n")
    found = read_answers(tmp_path)
    assert [(each.connection, each.person, each.code) for each in found] == [
        (12, 2, "slot_full"),
        (0, 1, "booked"),
    ]
