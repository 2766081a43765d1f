"""The answers so far, between the pages of a booking: codes and keys, no personal data."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.http import HttpRequest

KEY = "draft"


@dataclass
class Draft:
    """Answers in the order of the pages; what is empty is still to be asked."""

    services: list[str] = field(default_factory=list)
    # Keys of the household's members.
    people: list[int] = field(default_factory=list)
    # Services of those who don't need all of them, by key; JSON makes the keys text.
    wanted: dict[str, list[str]] = field(default_factory=dict)
    accompanied: bool = False
    # Why they travel (JJ-05); "" for foreigners' matters.
    purpose: str = ""
    office: str = ""
    # Chosen before the booking began, on the office's own page.
    office_given: bool = False
    # The number of the hold that came of it.
    hold: str = ""
    # Members that were there when somebody was about to be added; None otherwise.
    known: list[int] | None = None

    def choose_services(self, codes: list[str]) -> None:
        if set(codes) != set(self.services):
            self.wanted = {}
        self.services = codes

    def wanted_by(self, pk: int) -> list[str]:
        """What this person needs: of the chosen services all, or those picked for them."""
        picked = self.wanted.get(str(pk), self.services)
        return [code for code in self.services if code in picked]


_NAMES = [answer.name for answer in fields(Draft)]


def load(request: HttpRequest) -> Draft:
    """What an earlier version of Yihao kept besides is left out."""
    stored: dict[str, Any] = request.session.get(KEY, {})
    return Draft(**{name: stored[name] for name in _NAMES if name in stored})


def save(request: HttpRequest, draft: Draft) -> None:
    request.session[KEY] = asdict(draft)


def discard(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
