"""The people whom an account books for."""

import datetime as dt

import pytest
from django.db import connection

from applicants.domain.household import (
    MAX_MEMBERS,
    AlreadyInHousehold,
    HouseholdFull,
    change_person,
    remove_person,
)
from applicants.models import Applicant
from tests.citizens import make_account, make_member
from tests.factories import make_identity

pytestmark = pytest.mark.django_db


def test_a_person_is_stored_encrypted() -> None:
    member = make_member(make_account(), "演示甲")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, id_number, birth_date_text FROM applicants_applicant")
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert "演示甲".encode() not in stored
    assert member.id_number.encode() not in stored
    assert b"1990" not in stored


def test_a_person_is_in_a_household_once() -> None:
    account, identity = make_account(), make_identity()
    make_member(account, identity=identity)
    with pytest.raises(AlreadyInHousehold):
        make_member(account, identity=identity)
    assert Applicant.objects.count() == 1


def test_the_same_person_may_be_in_two_households() -> None:
    identity = make_identity()
    make_member(make_account(), identity=identity)
    make_member(make_account("+8613800138001"), identity=identity)
    assert Applicant.objects.count() == 2


def test_a_household_has_an_end() -> None:
    account = make_account()
    for _number in range(MAX_MEMBERS):
        make_member(account)
    with pytest.raises(HouseholdFull):
        make_member(account)


def test_name_relation_and_priority_may_change() -> None:
    member = make_member(make_account())
    change_person(
        member,
        name="演示丁",
        relation="parent",
        priority="elderly",
        is_student=True,
        home_city="厦门",
        document_expires=dt.date(2031, 5, 21),
    )
    member.refresh_from_db()
    assert (member.name, member.relation, member.priority) == ("演示丁", "parent", "elderly")
    assert (member.is_student, member.home_city) == (True, "厦门")
    assert member.document_expires == dt.date(2031, 5, 21)


def test_a_person_may_be_removed() -> None:
    remove_person(make_member(make_account()))
    assert not Applicant.objects.exists()
