"""Traditional Chinese: what the house says follows the language, what people typed stays."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import translation

from bookings.wording import say_left
from offices.models.naming import in_language
from offices.script import in_script
from offices.wording import say_day


@pytest.mark.parametrize(
    ("language", "name"),
    [("zh-hans", "厦门出入境办证大厅"), ("zh-hant", "廈門出入境辦證大廳"), ("en", "Xiamen Hall")],
)
def test_names_follow_the_language(language: str, name: str) -> None:
    with translation.override(language):
        assert in_language("厦门出入境办证大厅", "Xiamen Hall") == name


def test_days_and_places_are_said_in_the_same_characters() -> None:
    with translation.override("zh-hant"):
        assert say_day(dt.date(2026, 8, 3)) == "8月3日 週一"
        assert say_left(3) == "餘3"


def test_simplified_chinese_is_left_alone() -> None:
    with translation.override("zh-hans"):
        assert in_script("周一余3个") == "周一余3个"


@pytest.mark.django_db
@pytest.mark.parametrize("accepted", ["zh-TW", "zh-HK", "zh-Hant", "zh-MO,zh;q=0.8"])
def test_browsers_of_hong_kong_macao_and_taiwan_get_it_unasked(accepted: str) -> None:
    page = Client().get("/", headers={"accept-language": accepted}).content.decode()
    assert '<html lang="zh-Hant"' in page
    assert "預約" in page
    assert "预约" not in page
