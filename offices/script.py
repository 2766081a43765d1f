"""Chinese in the characters of Hong Kong, Macao and Taiwan."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import get_language

if TYPE_CHECKING:
    from opencc import OpenCC


def in_script(simplified: str) -> str:
    """The text in the characters of this request. What people typed stays as they typed it."""
    return _traditional(simplified) if get_language() == "zh-hant" else simplified


@lru_cache(maxsize=4096)
def _traditional(simplified: str) -> str:
    return str(_converter().convert(simplified))


@cache
def _converter() -> "OpenCC":
    # Its tables take a fifth of a second, which only readers of Traditional Chinese need.
    from opencc import OpenCC

    return OpenCC("s2hk")
