"""Cities as people write them: 厦门, 厦门市 and Xiamen are one."""

from collections.abc import Mapping

from offices.domain import catalogue
from offices.models import Office
from offices.models.naming import in_language


def same_city(one: str, other: str) -> bool:
    """Whether both name the same city; nothing names none."""
    return bool(one.strip()) and _plain(one) == _plain(other)


def city_label(city: str) -> str:
    """A city with offices in the reader's language."""
    return in_language(city, _english_names().get(city, ""))


def _plain(name: str) -> str:
    bare = _bare(name)
    return _chinese_names().get(bare, bare)


def _bare(name: str) -> str:
    return name.strip().casefold().removesuffix("市")


@catalogue.kept(1)
def _chinese_names() -> Mapping[str, str]:
    """Of the cities with offices, by the English name."""
    cities = Office.objects.exclude(city_en="").order_by().values_list("city_en", "city").distinct()
    return {_bare(english): _bare(chinese) for english, chinese in cities}


@catalogue.kept(1)
def _english_names() -> Mapping[str, str]:
    cities = Office.objects.exclude(city_en="").order_by().values_list("city", "city_en").distinct()
    return dict(cities)
