"""Choices as cards: radio buttons and checkboxes with more to say than a label."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms


@dataclass(frozen=True, slots=True)
class Card:
    """What the reader sees of one choice. With a `problem` it can't be chosen, and says why."""

    title: str
    hints: tuple[str, ...] = ()
    tag: str = ""
    problem: str = ""
    # Places left, for places_badge.html; "" shows none.
    level: str = ""
    left: int = 0
    opens: str = ""
    # Markup that is marked as safe.
    guide: str = ""
    link_url: str = ""
    link: str = ""
    # Says nothing about anybody: its markup may be kept and shown to others.
    public: bool = False

    def __str__(self) -> str:
        return self.title


Choices = Sequence[tuple[str, Card]]
Groups = Sequence[tuple[str, Choices]]


class _Cards:
    """Disables what can't be chosen, and gives the first input the id that errors lead to.

    With `asked_above` the page's heading asks the question, and the legend isn't shown again.
    """

    def __init__(self, *args: Any, asked_above: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked_above = asked_above

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> Any:
        option = super().create_option(name, value, label, *args, **kwargs)  # type: ignore[misc]
        if label.problem:
            option["attrs"]["disabled"] = True
        identifier = option["attrs"].get("id", "")
        option["attrs"]["id"] = identifier.removesuffix("_0_0") + (
            "_0" if identifier.endswith("_0_0") else ""
        )
        return option


class RadioCards(_Cards, forms.RadioSelect):
    pass


class CheckboxCards(_Cards, forms.CheckboxSelectMultiple):
    pass


def problems_of(choices: Sequence[tuple[str, Any]]) -> dict[str, str]:
    """By value: why it can't be chosen. Accepts groups as well."""
    found: dict[str, str] = {}
    for value, label in choices:
        if isinstance(label, Card):
            if label.problem:
                found[value] = label.problem
        else:
            found |= problems_of(label)
    return found
