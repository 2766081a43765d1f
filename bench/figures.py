"""Figures: one value a round, their median and spread, ratios and goals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median


class Broken(Exception):
    """Rules of the house that a load broke. The run fails, however fast it was."""

    def __init__(self, violations: Sequence[str]) -> None:
        super().__init__("\n".join(violations))
        self.violations = list(violations)


@dataclass(frozen=True)
class Goal:
    """What design.md §9 asks for, e.g. "≥ 25 % of the ceiling"."""

    text: str
    met: bool


@dataclass(frozen=True)
class Figure:
    """`ratio` is to the figure that `ratio_to` names, e.g. "ceiling"."""

    name: str
    unit: str
    rounds: list[float]
    ratio_to: str = ""
    ratio: float | None = None
    goal: Goal | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return median(self.rounds)

    @property
    def least(self) -> float:
        return min(self.rounds)

    @property
    def most(self) -> float:
        return max(self.rounds)

    def compared(self, to: "Figure", name: str = "") -> "Figure":
        """This figure with its ratio to another one of the same run."""
        return replace(self, ratio_to=name or to.name, ratio=ratio(self.rounds, to.rounds))

    def at_least(self, share: float, text: str) -> "Figure":
        """With the goal that the ratio is so large at least."""
        return replace(self, goal=Goal(text, self.ratio is not None and self.ratio >= share))

    def at_most(self, share: float, text: str) -> "Figure":
        """With the goal that the ratio is so large at most."""
        return replace(self, goal=Goal(text, self.ratio is not None and self.ratio <= share))


def ratio(rounds: Sequence[float], others: Sequence[float]) -> float:
    """The median of the rounds' ratios where they were taken in turn, else that of the medians.

    Two measurements side by side share the machine's mood; their ratio doesn't have it.
    """
    if len(rounds) == len(others):
        return median(one / other for one, other in zip(rounds, others, strict=True))
    return median(rounds) / median(others)


Measurement = Callable[[], float]


def in_turn(
    measurements: Mapping[str, Measurement],
    rounds: int,
    before: Callable[[], None] = lambda: None,
    say: Callable[[str], None] = print,
) -> dict[str, list[float]]:
    """Take every measurement once a round, so that what disturbs the machine hits all of them.

    `before` runs before each of them, e.g. `stage.settle`.
    """
    taken: dict[str, list[float]] = {name: [] for name in measurements}
    for number in range(1, rounds + 1):
        for name, measure in measurements.items():
            before()
            value = measure()
            taken[name].append(value)
            say(f"  round {number} of {rounds}  {name}: {value:,.1f}")
    return taken
