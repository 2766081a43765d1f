"""The copy of what is kept names nothing that others did."""

import json
from typing import Any

import pytest
from django.test import Client

from applicants.models import Applicant
from tests.bookings.privacy.conftest import DAY, missed
from tests.citizens import make_account
from tests.factories import NOW

pytestmark = pytest.mark.django_db
EXPORT = "/privacy/my-data/export/"


def test_what_others_booked_for_the_person_is_counted_and_not_named(
    citizen: Client, family: list[Applicant], everything: dict[str, Any]
) -> None:
    theirs = missed(make_account("+8613900139000"), family[0], NOW - 12 * DAY)
    suspension = everything["suspension"]
    suspension.missed = [everything["past"].number, theirs.number]
    suspension.save()
    answer = citizen.get(EXPORT).content.decode()
    (copy,) = json.loads(answer)["suspensions"]
    assert (copy["missed"], copy["missed_of_others"]) == ([everything["past"].number], 2)
    assert theirs.number not in answer
