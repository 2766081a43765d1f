"""The household pages: who may see it, what is shown, what is kept of a mistake."""

from typing import Any

import pytest
from django.test import Client

from applicants.domain.household import MAX_MEMBERS
from applicants.models import Account, Applicant
from tests.citizens import make_account, make_member, signed_in
from tests.factories import make_identity

pytestmark = pytest.mark.django_db

ADD = "/household/add/"
PERSON = {
    "name": "演示甲",
    "relation": "self",
    "priority": "none",
    "id_type": "resident_id",
    "id_number": "350000199001010018",
}


@pytest.fixture
def account() -> Account:
    return make_account()


@pytest.fixture
def citizen(account: Account) -> Client:
    return signed_in(account)


def test_it_takes_signing_in() -> None:
    response = Client().get("/household/")
    assert response.headers["Location"] == "/sign-in/?next=/household/"


def test_staff_have_no_household(db: Any) -> None:
    staff = Account.objects.create_staff("clerk-xiamen", None)
    citizen = Client()
    citizen.force_login(staff)
    assert citizen.get("/household/").status_code == 302


def test_numbers_are_shown_masked(citizen: Client, account: Account) -> None:
    member = make_member(account, "演示甲")
    page = citizen.get("/household/").content.decode()
    assert member.masked_number in page
    assert member.id_number not in page


def test_the_pages_are_kept_out_of_caches(citizen: Client) -> None:
    assert "no-store" in citizen.get("/household/").headers["Cache-Control"]


def test_a_resident_card_tells_the_date_of_birth(citizen: Client) -> None:
    assert citizen.post(ADD, PERSON).headers["Location"] == "/household/"
    member = Applicant.objects.get()
    assert (member.name, member.birth_date.isoformat()) == ("演示甲", "1990-01-01")


def test_a_passport_needs_birth_date_and_nationality(citizen: Client) -> None:
    passport = PERSON | {"id_type": "passport", "id_number": "x1234567", "name": "DOE, Jane"}
    form = citizen.post(ADD, passport).context["form"]
    assert set(form.errors) == {"birth_date", "nationality"}
    citizen.post(ADD, passport | {"birth_date": "1985.7.9", "nationality": "FR"})
    member = Applicant.objects.get()
    assert (member.id_number, member.birth_date_text, member.nationality) == (
        "X1234567",
        "1985-07-09",
        "FR",
    )


@pytest.mark.parametrize("typed", ["1985-07-09", "1985/7/9", "19850709", "1985年7月9日"])
def test_dates_are_understood_as_people_write_them(citizen: Client, typed: str) -> None:
    permit = {"id_type": "tw_compatriot", "id_number": "12345678", "birth_date": typed}
    citizen.post(ADD, PERSON | permit)
    assert Applicant.objects.get().birth_date_text == "1985-07-09"


@pytest.mark.parametrize("typed", ["1985-13-01", "2999-01-01", "1800-01-01", "soon"])
def test_a_date_that_can_not_be_is_refused(citizen: Client, typed: str) -> None:
    permit = {"id_type": "tw_compatriot", "id_number": "12345678", "birth_date": typed}
    assert "birth_date" in citizen.post(ADD, PERSON | permit).context["form"].errors


def test_a_mistyped_number_is_kept_with_the_reason(citizen: Client) -> None:
    response = citizen.post(ADD, PERSON | {"id_number": "350000199001010019"})
    page = response.content.decode()
    assert 'value="350000199001010019"' in page
    assert 'href="#id_id_number"' in page
    assert not Applicant.objects.exists()


def test_a_person_is_not_added_twice(citizen: Client) -> None:
    citizen.post(ADD, PERSON)
    assert "id_number" in citizen.post(ADD, PERSON).context["form"].errors


def test_a_full_household_says_so(citizen: Client, account: Account) -> None:
    for _number in range(MAX_MEMBERS):
        make_member(account)
    form = citizen.post(ADD, PERSON).context["form"]
    assert form.non_field_errors() == [f"最多可添加{MAX_MEMBERS}人，请先移除不再需要的人员。"]


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/book/people/", "/book/people/"),
        ("https://evil.example/", "/household/"),
        ("nowhere", "/household/"),
    ],
)
def test_adding_leads_back_to_where_it_was_asked_from(
    citizen: Client, asked: str, led_to: str
) -> None:
    assert citizen.post(f"{ADD}?next={asked}", PERSON).headers["Location"] == led_to


def test_a_person_may_be_changed_but_not_their_document(citizen: Client, account: Account) -> None:
    member = make_member(account)
    number = member.id_number
    changed = {"name": "演示丁", "relation": "parent", "priority": "elderly", "id_number": "X"}
    citizen.post(f"/household/{member.pk}/", changed)
    member.refresh_from_db()
    assert (member.name, member.priority, member.id_number) == ("演示丁", "elderly", number)


def test_a_person_is_removed_after_asking(citizen: Client, account: Account) -> None:
    member = make_member(account)
    assert citizen.get(f"/household/{member.pk}/remove/").status_code == 200
    assert Applicant.objects.count() == 1
    citizen.post(f"/household/{member.pk}/remove/")
    assert not Applicant.objects.exists()


@pytest.mark.parametrize("page", ["", "remove/"])
def test_somebody_elses_family_does_not_exist(citizen: Client, page: str) -> None:
    other = make_member(make_account("+8613900139000"), identity=make_identity())
    url = f"/household/{other.pk}/{page}"
    assert citizen.get(url).status_code == 404
    assert citizen.post(url, {"name": "演示丁"}).status_code == 404


def test_countries_are_named_in_the_language_of_the_page(citizen: Client) -> None:
    assert ">法国<" in citizen.get(ADD).content.decode()
    citizen.cookies["django_language"] = "en"
    assert ">France<" in citizen.get(ADD).content.decode()


def test_students_and_residents_may_say_so(citizen: Client, account: Account) -> None:
    citizen.post(ADD, {**PERSON, "is_student": "on", "home_city": " 厦门 "})
    member = Applicant.objects.get()
    assert (member.is_student, member.home_city) == (True, "厦门")
    page = citizen.get(f"/household/{member.pk}/")
    assert page.context["form"].initial["is_student"]
    citizen.post(f"/household/{member.pk}/", {**PERSON, "home_city": ""})
    member.refresh_from_db()
    assert (member.is_student, member.home_city) == (False, "")
