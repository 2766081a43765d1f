"""What the crowd was answered, person by person, as bench/wrk/rush.lua wrote it down."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BOOKED = "booked"
# Refusals that say why, and mean no.
REASONS = ("slot_full", "already_booked", "not_eligible", "suspended")
NOT_OPEN = "slot_not_open"
SERVER_ERRORS = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """Times are Unix times in seconds. A connection asks for its people one after the other."""

    connection: int
    person: int
    asked: float
    answered: float
    status: int
    code: str
    slot: int

    @property
    def seconds(self) -> float:
        return self.answered - self.asked


def parse(lines: Iterable[str], connection: int) -> list[Answer]:
    """The answers that one connection got, in their order."""
    return [_answer(line, connection) for line in lines]


def _answer(line: str, connection: int) -> Answer:
    person, asked, answered, status, code, slot = line.rstrip("\n").split("\t")
    return Answer(
        connection,
        int(person),
        int(asked) / 1e6,
        int(answered) / 1e6,
        int(status),
        code,
        int(slot),
    )


@dataclass(frozen=True)
class Crowd:
    """The answers to a crowd of so many `people` for so many `places`; doors opened at `opened`."""

    answers: Sequence[Answer]
    people: int
    places: int
    opened: float

    @property
    def last_words(self) -> Counter[str]:
        """People by the code of the last answer that each of them got."""
        last = {answer.person: answer.code for answer in self.answers}
        return Counter(last.values())

    @property
    def codes(self) -> Counter[str]:
        return Counter(answer.code for answer in self.answers)

    @property
    def sold_out_at(self) -> float:
        """When the last place was given."""
        return max((a.answered for a in self.answers if a.code == BOOKED), default=self.opened)

    @property
    def seconds_to_sell(self) -> float:
        return self.sold_out_at - self.opened

    @property
    def refusals(self) -> list[Answer]:
        """Refusals while the whole crowd still pressed: after the last place was given, and
        before the first connection had nobody left to ask for."""
        sold_out_at, pressed_until = self.sold_out_at, self._pressed_until()
        return [
            answer
            for answer in self.answers
            if answer.code == "slot_full" and sold_out_at < answer.answered <= pressed_until
        ]

    @property
    def refusals_per_second(self) -> float:
        refusals = self.refusals
        if not refusals:
            return 0.0
        return len(refusals) / (max(each.answered for each in refusals) - self.sold_out_at)

    def _pressed_until(self) -> float:
        ended: dict[int, float] = {}
        for answer in self.answers:
            ended[answer.connection] = max(answer.answered, ended.get(answer.connection, 0.0))
        return min(ended.values(), default=0.0)

    def complaints(self) -> list[str]:
        """What the answers say against the house; empty when all is well."""
        said = self.last_words
        booked = said[BOOKED]
        refused = sum(said[code] for code in REASONS)
        failed = sum(answer.status >= SERVER_ERRORS for answer in self.answers)
        early = sum(a.code == BOOKED and a.answered < self.opened for a in self.answers)
        return [
            *([f"{booked} places were given of {self.places}"] if booked != self.places else []),
            *([f"{failed} answers were server errors"] if failed else []),
            *([f"{early} places were given before the doors opened"] if early else []),
            *(
                [f"of {self.people} people {booked} were booked and {refused} refused: {said}"]
                if booked + refused != self.people
                else []
            ),
        ]


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that `share` of the values don't exceed; 0 without any."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    rank = -(-len(ordered) * share // 1)
    return ordered[max(int(rank), 1) - 1]
