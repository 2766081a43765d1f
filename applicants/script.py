"""Messages in the characters of Hong Kong, Macao and Taiwan."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC


def traditional(simplified: str) -> str:
    return str(_converter().convert(simplified))


@cache
def _converter() -> "OpenCC":
    # Its tables take a fifth of a second, which only texts in Traditional Chinese need.
    from opencc import OpenCC

    return OpenCC("s2hk")
