"""Keep programs running: restart what dies, give up on what can't live."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from config.servers.errors import ServersError
from config.servers.programs import Running, start, stop

STEADY_SECONDS = 10
QUICK_DEATHS_ALLOWED = 5
LONGEST_PAUSE_SECONDS = 30


@dataclass
class Watched:
    """A program under supervision. `due` is when to start it again, None while it runs."""

    running: Running
    quick_deaths: int = 0
    due: float | None = None


class Supervisor:
    """Watches groups of programs, each group depending on the ones before it."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._groups: list[list[Watched]] = []

    def watch(self, group: Iterable[Running]) -> None:
        self._groups.append([Watched(running) for running in group])

    def watch_beside(self, others: Iterable[Running]) -> None:
        """Watch more programs in the group that came last."""
        self._groups[-1] += [Watched(running) for running in others]

    @property
    def idle(self) -> bool:
        return not self._groups

    def tick(self) -> None:
        """Look once at every program. Raises ServersError when one keeps dying."""
        now = time.monotonic()
        for one in (one for group in self._groups for one in group):
            if one.due is None:
                self._notice_death(one, now)
            elif now >= one.due:
                one.running = start(one.running.program)
                one.due = None

    def stop(self, grace_seconds: float) -> None:
        """Stop the last group first, so that no program loses what it depends on."""
        while self._groups:
            stop([one.running for one in self._groups.pop()], grace_seconds)

    def _notice_death(self, one: Watched, now: float) -> None:
        if one.running.alive:
            return
        program = one.running.program
        quick = now - one.running.started_at < STEADY_SECONDS
        one.quick_deaths = one.quick_deaths + 1 if quick else 0
        if one.quick_deaths == QUICK_DEATHS_ALLOWED:
            raise ServersError(
                f"{program.name} stopped {QUICK_DEATHS_ALLOWED} times within seconds of its "
                f"start; the reason is at the end of {program.log}."
            )
        one.due = now + min(2.0 ** (one.quick_deaths - 1), LONGEST_PAUSE_SECONDS)
        self._say(f"{program.name} stopped and is being started again; its log is {program.log}.")
