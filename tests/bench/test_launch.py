"""Where the time of a start goes, from what the launcher says."""

from bench.launch import Launch, durations
from bench.loads.start import figures

COLD = [
    (0.1, "Creating .venv …"),
    (3.1, "Installing requirements.txt into .venv …"),
    (3.5, "WARNING: something of pip's"),
    (15.1, "Starting the servers …"),
    (16.0, "Preparing the database …"),
    (24.0, "Starting web, worker and beat …"),
    (26.2, "Yihao is ready."),
]


def rounded(parts: dict[str, float]) -> dict[str, float]:
    return {part: round(seconds, 3) for part, seconds in parts.items()}


def test_each_part_lasts_until_the_next_begins() -> None:
    assert rounded(durations(COLD, 26.0)) == {
        "environment": 3.0,
        "packages": 12.0,
        "servers": 0.9,
        "preparation": 8.0,
        "web": 2.0,
    }


def test_a_second_start_begins_with_the_servers() -> None:
    assert rounded(durations([(0.2, "Starting the servers …")], 1.0)) == {"servers": 0.8}


def test_goals_are_those_of_the_design() -> None:
    cold = [Launch(91.0, {"packages": 70.0}, 2.0), Launch(91.0, {"packages": 72.0}, 2.0)]
    clone, second, stop = figures(cold, [Launch(4.0, {"web": 2.0}, 1.0)])
    assert (clone.goal.text, clone.goal.met, clone.note) == ("≤ 90 s", False, "packages 71.0")
    assert (second.goal.text, second.goal.met, second.rounds) == ("≤ 8 s", True, [4.0])
    assert stop.rounds == [2.0, 2.0, 1.0]
