"""Whom a session is for, in words, and which names mean one city."""

import pytest

from offices.domain.audience import terms_of
from offices.domain.cities import same_city
from offices.models import Session
from tests.factories import make_office

ALL = Session(
    students_only=True, min_age=14, max_age=25, residents_of="厦门", booking_free=True, site="一中"
)


def test_a_session_for_everybody_has_no_terms() -> None:
    assert terms_of(Session()) == ()


def test_all_that_differs_is_said() -> None:
    assert terms_of(ALL) == (
        "免预约，现场取号",
        "限学生及陪同的成年人",
        "限14至25周岁人员",
        "限厦门居民",
        "地点：一中",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["厦门", "厦门市", " 厦门 ", "Xiamen", "xiamen"])
def test_a_city_may_be_written_in_several_ways(name: str) -> None:
    make_office()
    assert same_city("厦门市", name)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "  ", "福州", "Fuzhou"])
def test_another_city_or_none_is_not_the_same(name: str) -> None:
    make_office()
    assert not same_city("厦门", name)
    assert not same_city("", name)
