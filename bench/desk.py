"""Booking through the API with wrk: a party of one, a person and a key of its own each time."""

from dataclasses import dataclass
from pathlib import Path

from bench import people
from bench.scene import Scene
from bench.stage import Stage
from bench.wrk import SCRIPTS, Load, wrk

THREADS = 2
# A run that is quicker says so and fails.
MOST_PER_SECOND = 2500


@dataclass
class Desk:
    """Where wrk books: windows, and people who have not booked yet."""

    stage: Stage
    scene: Scene
    crowd: people.Crowd
    most_per_second: int = MOST_PER_SECOND

    def send(self, connections: int, seconds: float, expected: int) -> Load:
        """What POST answered. Raises WrkError unless every answer has the expected status."""
        file = self._write(round(self.most_per_second * (seconds + 1)))
        try:
            load = wrk(
                f"{self.stage.base}/api/v1/bookings/",
                connections=connections,
                seconds=seconds,
                script=SCRIPTS / "post.lua",
                arguments=[str(file), str(THREADS), self.scene.token],
                threads=THREADS,
            )
        finally:
            file.unlink()
        return load.require(expected)

    def _write(self, count: int) -> Path:
        file = self.stage.state.root / "requests.tsv"
        people.write_requests(file, self.scene.slots, self.crowd.take(count))
        return file
