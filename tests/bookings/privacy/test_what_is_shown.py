"""What people chose to say about somebody is shown to them as well."""

import pytest

from applicants.models import Applicant
from tests.citizens import make_account, make_member, signed_in
from tests.requests import make_visit

pytestmark = pytest.mark.django_db


def test_my_data_shows_what_was_said_by_choice():
    account = make_account()
    person = make_member(account, "演示甲")
    Applicant.objects.filter(pk=person.pk).update(
        nationality="CN",
        priority="pregnant",
        is_student=True,
        home_city="厦门",
        document_expires_text="2027-01-31",
    )
    make_visit(account=account)
    text = signed_in(account).get("/privacy/my-data/").text
    for words in ("厦门", "学生", "孕", "2027-01-31", "长期卧床"):
        assert words in text


@pytest.mark.parametrize("page", ["urgent", "home-visits"])
def test_health_is_told_only_after_its_consent(page, db):
    account = make_account()
    address = f"/{page}/?office=xiamen-zhenhai"
    response = signed_in(account, agreed=False).get(address)
    assert response["Location"].startswith("/privacy/consent/?next=")
    assert signed_in(account).get(address).status_code == 200
