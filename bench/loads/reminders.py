"""Reminders that are due, all at once: how many leave a second, and that each leaves once.

They go through the messenger of `make run`, two processes, asked by beat. Whether each was asked
for once is known from the gateway's own file, and not from the database alone. In the end the
messenger is killed in the middle of its work.
"""

import os
import signal
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.backlog import MESSAGES_WAIT, add_reminders, any_of, make_models, wait_until
from bench.figures import Broken, Figure, Goal
from bench.scene import set_scene
from bench.stage import Options, Stage
from bench.witness import QUICK, SLOW, SLOW_SECONDS, Slow, asked_for

TITLE = "100,000 reminders that are due"
STAGE: dict[str, Any] = {"programs": ()}
REMINDERS = 100_000
GOAL, GOAL_TEXT = 1_000, "≥ 1,000/s with two worker processes"
PROCESSES = 2
_IN_DOUBT = "SELECT reference FROM applicants_message WHERE state = 'sending'"


def run(stage: Stage, options: Options, reminders: int = REMINDERS) -> list[Figure]:
    scene = set_scene(stage, slots=10, capacity=10)
    post = _Post(stage, make_models(stage, scene.slots).reminder, options.rounds)
    few = reminders // 10
    quick, *quick_costs = post.send("the gateway answers at once", QUICK, reminders)
    wait = f"the gateway takes {round(1000 * SLOW_SECONDS)} ms"
    held_up, *slow_costs = post.send(wait, SLOW, few)
    met = Goal(GOAL_TEXT, quick.median >= GOAL)
    return [
        replace(quick, goal=met),
        *quick_costs,
        held_up.compared(quick),
        *slow_costs,
        post.survive_a_kill(few),
    ]


@dataclass
class _Post:
    """Sends copies of one reminder, and compares what the gateway saw with the database."""

    stage: Stage
    model: int
    parts: int
    _file: Path = field(init=False)

    def __post_init__(self) -> None:
        self._file = self.stage.state.root / "witness"

    def send(self, how: str, gateway: str, count: int) -> list[Figure]:
        self._prepare(gateway, count)
        programs = ("messenger", "postgres")
        before = {program: self.stage.cpu_seconds(program) for program in programs}
        self.stage.start("beat")
        wait_until(self._done, 0.1)
        spent = {each: self.stage.cpu_seconds(each) - earlier for each, earlier in before.items()}
        self._stop()
        self._require_once(count)
        name, unit = f"reminders, {how}", "ms of processor time a message"
        costs = {each: [1000 * seconds / count] for each, seconds in spent.items()}
        return [
            Figure(name, "messages/s", self._rates(count)),
            *(Figure(f"{name}: {each}", unit, cost) for each, cost in costs.items()),
        ]

    def survive_a_kill(self, count: int) -> Figure:
        """Every process of the messenger is killed when half has left, and another takes over."""
        self._prepare(SLOW, count)
        self.stage.start("beat")
        wait_until(lambda: self._sent() >= count // 2)
        os.killpg(self.stage.pid("messenger"), signal.SIGKILL)
        self.stage.restart("messenger")
        wait_until(self._nothing_waits, 0.1)
        wait_until(lambda: self._sent() + len(self._in_doubt()) == count, 0.1)
        self._stop()
        in_doubt = self._in_doubt()
        self._require_once(count, in_doubt)
        most = PROCESSES * Slow.at_once
        text = f"≤ {most}, as many as were in flight"
        return Figure(
            "reminders in doubt after kill -9",
            "messages",
            [float(len(in_doubt))],
            goal=Goal(text, len(in_doubt) <= most),
            note=f"of {count:,}; all others left once",
        )

    def _prepare(self, gateway: str, count: int) -> None:
        """A messenger that is ready and knows of nothing yet."""
        self._file.unlink(missing_ok=True)
        self.stage.execute("DELETE FROM applicants_message WHERE id <> %s", [self.model])
        self.stage.environment |= {
            "MESSAGE_GATEWAY": gateway,
            "BENCH_WITNESS": str(self._file),
        }
        self.stage.start("messenger")
        wait_until(lambda: " ready." in self.stage.programs["messenger"].output())
        add_reminders(self.stage, self.model, count)

    def _stop(self) -> None:
        self.stage.stop("beat")
        self.stage.stop("messenger")

    def _done(self) -> bool:
        return self._nothing_waits() and not self._in_doubt()

    def _nothing_waits(self) -> bool:
        return not any_of(self.stage, MESSAGES_WAIT)

    def _in_doubt(self) -> set[str]:
        return {reference for (reference,) in self.stage.rows(_IN_DOUBT)}

    def _sent(self) -> int:
        [(sent,)] = self.stage.rows("SELECT count(*) FROM applicants_message WHERE state = 'sent'")
        return int(sent)

    def _require_once(self, count: int, in_doubt: Collection[str] = ()) -> None:
        """Gateway and database agree, and nothing was asked for twice. Raises Broken."""
        seen = asked_for(self._file)
        sent = {
            reference
            for (reference,) in self.stage.rows(
                "SELECT reference FROM applicants_message WHERE state = 'sent' AND attempts = 1"
            )
        }
        wrong = [f"{each} was sent {times} times" for each, times in seen.items() if times > 1]
        wrong += [f"{each} is said to have left and did not" for each in sent - seen.keys()]
        wrong += [f"{each} left, and nobody knows" for each in seen.keys() - sent - set(in_doubt)]
        if len(sent) + len(in_doubt) != count:
            wrong.append(f"{len(sent)} and {len(in_doubt)} in doubt of {count} messages")
        if wrong:
            raise Broken(wrong[:20])

    def _rates(self, count: int) -> list[float]:
        """Messages per second of each part of the run, one after the other."""
        [(begun,)] = self.stage.rows(
            "SELECT min(claimed_at) FROM applicants_message WHERE state = 'sent'"
        )
        moments = [
            sent_at
            for (sent_at,) in self.stage.rows(
                "SELECT sent_at FROM applicants_message WHERE state = 'sent' ORDER BY sent_at"
            )
        ]
        part = count // self.parts
        ends = [begun, *(moments[number * part - 1] for number in range(1, self.parts + 1))]
        return [part / (end - start).total_seconds() for start, end in pairwise(ends)]
