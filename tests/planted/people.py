"""People whose numbers and names nobody else has, the same in every run."""

import datetime as dt
import random
from dataclasses import dataclass

from stdnum.iso7064 import mod_11_2

# Han characters that hardly any name has; together they occur nowhere else.
RARE = [chr(code) for code in range(0x4DB0 - 900, 0x4DB0)]


@dataclass(frozen=True)
class Planted:
    """One person: an identity number, a mobile number, and a name of rare characters."""

    name: str
    id_number: str
    phone: str

    @property
    def e164(self) -> str:
        return f"+86{self.phone}"

    @property
    def spaced_phone(self) -> str:
        """As people type it: 177 1234 5678."""
        return f"{self.phone[:3]} {self.phone[3:7]} {self.phone[7:]}"

    @property
    def email(self) -> str:
        return f"p{self.phone}@example.com"


def plant(count: int, seed: int = 2026) -> list[Planted]:
    chance = random.Random(seed)
    serials = chance.sample(range(10_000_000), count)
    return [_person(chance, f"1770{serial:07d}") for serial in serials]


def _person(chance: random.Random, phone: str) -> Planted:
    born = dt.date(1960, 1, 1) + dt.timedelta(days=chance.randrange(14_000))
    # A province-level area code that was never given to a county.
    body = f"350000{born:%Y%m%d}{chance.randrange(1000):03d}"
    name = "".join(chance.sample(RARE, 4))
    return Planted(name, body + mod_11_2.calc_check_digit(body), phone)
