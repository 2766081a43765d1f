"""The crowd at the API: wrk asks for everybody, each person until they are booked or refused."""

import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench import people
from bench.rush.answers import Answer, Crowd, parse
from bench.rush.hall import Hall, open_doors
from bench.stage import Stage
from bench.wrk import SCRIPTS, wrk

CONNECTIONS = 256
# The crowd comes before the doors open.
EARLY_SECONDS = 2.0
MOST_SECONDS = 300


def ask(stage: Stage, hall: Hall, serials: Sequence[int], places: int) -> Crowd:
    """Let these people ask for windows of the day, which opens while they are at the doors."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_crowd(folder, hall.slots, serials)
        opened = open_doors(stage, hall, EARLY_SECONDS)
        wrk(
            stage.base,
            connections=CONNECTIONS,
            seconds=MOST_SECONDS,
            script=SCRIPTS / "rush.lua",
            arguments=[str(folder), str(CONNECTIONS), hall.token],
            threads=CONNECTIONS,
        )
        return Crowd(read_answers(folder), len(serials), places, opened)


def write_crowd(folder: Path, slots: Sequence[int], serials: Sequence[int]) -> None:
    """A file for each connection, and in it a line for each of its people: serial, the window
    wanted first, the rest of the body."""
    choice = random.Random(1)
    lines = [_line(serial, choice.choice(slots)) for serial in serials]
    for connection in range(CONNECTIONS):
        file = folder / f"crowd-{connection}"
        file.write_text("".join(lines[connection::CONNECTIONS]), encoding="utf-8")


def read_answers(folder: Path) -> list[Answer]:
    """In the order in which they were given; none of a connection that never ended."""
    found = [
        answer
        for file in folder.glob("answers-*")
        for answer in parse(file.read_text().splitlines(), int(file.stem.rpartition("-")[2]))
    ]
    return sorted(found, key=lambda answer: answer.answered)


def _line(serial: int, slot: int) -> str:
    body = people.booking_body(slot, [serial])
    del body["slot"]
    rest = json.dumps(body, ensure_ascii=False).removeprefix("{")
    return f"{serial}\t{slot}\t{rest}\n"
