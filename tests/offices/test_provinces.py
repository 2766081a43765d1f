"""Where people come from, as they write it."""

import pytest

from offices.domain.provinces import province_of, residence_at
from offices.enums import Residence
from tests.factories import make_office


@pytest.mark.parametrize(
    ("place", "province"),
    [
        ("福州", "福建"),
        ("福州市", "福建"),
        ("福建省福州市", "福建"),
        ("泉州市晋江市", "福建"),
        ("吉林市", "吉林"),
        ("湖南", "湖南"),
        ("上海", "上海"),
        ("Paris", ""),
        ("", ""),
    ],
)
def test_a_place_is_in_a_province(place: str, province: str) -> None:
    assert province_of(place) == province


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("home", "residence"),
    [
        ("厦门", Residence.LOCAL),
        ("厦门市思明区", Residence.LOCAL),
        ("福建省厦门市", Residence.LOCAL),
        ("Xiamen", Residence.LOCAL),
        (" 福州 ", Residence.IN_PROVINCE),
        ("武汉", Residence.ELSEWHERE),
        ("广东省", Residence.ELSEWHERE),
        ("Paris", Residence.NOT_KNOWN),
        ("", Residence.NOT_SAID),
    ],
)
def test_a_hall_in_xiamen_sees_where_people_live(home: str, residence: str) -> None:
    make_office()
    assert residence_at("厦门", home) == residence
