"""/book/people/ and /book/people/services/: who is coming, and who needs what."""

import datetime as dt

import pytest
from django.test import Client

from applicants.identity import parse_identity
from applicants.models import Account, Applicant
from tests.citizens import draft, make_account, make_member

URL = "/book/people/"
WANTED = "/book/people/services/"
CHILD_BORN = dt.date(2017, 6, 1)


@pytest.fixture
def asking(citizen: Client) -> Client:
    draft(citizen, services=["passport-first"])
    return citizen


def keys(*people: Applicant) -> list[str]:
    return [str(person.pk) for person in people]


def test_it_takes_signing_in_and_leads_back(slot: object) -> None:
    citizen = Client()
    citizen.post("/book/", {"services": ["passport-first"], "purpose": "tourism"})
    assert citizen.get(URL).headers["Location"] == "/sign-in/?next=/book/people/"


def test_without_services_the_first_question_comes_first(citizen: Client) -> None:
    assert citizen.get(URL).headers["Location"] == "/book/"


def test_an_empty_household_is_asked_for_its_first_person(asking: Client) -> None:
    assert asking.get(URL).headers["Location"] == "/household/add/?next=%2Fbook%2Fpeople%2F"


def test_whoever_was_just_added_is_ticked(asking: Client, account: Account) -> None:
    first = make_member(account)
    asking.post(URL, {"people": keys(first), "add": "1"})
    second = make_member(account, relation="spouse")
    assert asking.get(URL).context["form"]["people"].value() == keys(first, second)


def test_a_household_of_one_is_ticked(asking: Client, account: Account) -> None:
    member = make_member(account)
    assert asking.get(URL).context["form"]["people"].value() == keys(member)


def test_the_answer_leads_to_where(asking: Client, family: list[Applicant]) -> None:
    response = asking.post(URL, {"people": keys(*family)})
    assert response.headers["Location"] == "/book/office/"
    assert asking.session["draft"]["people"] == [member.pk for member in family]


def test_numbers_are_shown_masked(asking: Client, family: list[Applicant]) -> None:
    page = asking.get(URL).content.decode()
    assert family[0].masked_number in page
    assert family[0].id_number not in page


def test_nobody_chosen_says_so(asking: Client, family: list[Applicant]) -> None:
    assert asking.post(URL, {}).context["form"].errors["people"] == ["请至少选择一位办理人。"]


def test_a_child_alone_needs_a_guardian(asking: Client, family: list[Applicant]) -> None:
    response = asking.post(URL, {"people": keys(family[2])})
    assert "未满16周岁" in response.context["form"].errors["people"][0]
    assert asking.session["draft"] == {"services": ["passport-first"]}


def test_a_child_may_come_with_an_adult_who_applies_for_nothing(
    asking: Client, family: list[Applicant]
) -> None:
    response = asking.post(URL, {"people": keys(family[2]), "accompanied": "on"})
    assert response.headers["Location"] == "/book/office/"


def test_without_children_nobody_is_asked_about_guardians(asking: Client, account: Account) -> None:
    make_member(account)
    assert "accompanied" not in asking.get(URL).context["form"].fields


def test_who_can_not_apply_is_shown_with_the_reason(asking: Client, account: Account) -> None:
    make_member(account)
    passport = parse_identity("passport", "X1234567")
    foreigner = make_member(account, "DOE, Jane", identity=passport, nationality="FR")
    cards = dict(asking.get(URL).context["form"].fields["people"].choices)
    assert "须持居民身份证办理" in cards[str(foreigner.pk)].problem
    form = asking.post(URL, {"people": keys(foreigner)}).context["form"]
    assert form.errors["people"] == [cards[str(foreigner.pk)].problem]


def test_a_party_larger_than_the_office_takes_is_refused(asking: Client, account: Account) -> None:
    people = [make_member(account, relation="other") for _number in range(6)]
    form = asking.post(URL, {"people": keys(*people)}).context["form"]
    assert form.errors["people"] == ["一次最多可为5人预约。"]


def test_people_of_another_household_can_not_be_chosen(
    asking: Client, family: list[Applicant]
) -> None:
    stranger = make_member(make_account("+8613900139000"))
    assert asking.post(URL, {"people": keys(stranger)}).status_code == 200


class TestWhoNeedsWhat:
    @pytest.fixture
    def asking(self, citizen: Client) -> Client:
        draft(citizen, services=["passport-first", "hkm-permit-first"])
        return citizen

    def test_it_is_asked_of_several_people_with_several_services(
        self, asking: Client, family: list[Applicant]
    ) -> None:
        assert asking.post(URL, {"people": keys(*family)}).headers["Location"] == WANTED
        assert asking.post(URL, {"people": keys(family[0])}).headers["Location"] == "/book/office/"

    def test_everything_is_ticked_at_first(self, asking: Client, family: list[Applicant]) -> None:
        asking.post(URL, {"people": keys(*family)})
        form = asking.get(WANTED).context["form"]
        everything = ["passport-first", "hkm-permit-first"]
        assert [field.value() for field in form] == [everything] * 3

    def test_each_may_need_something_else(self, asking: Client, family: list[Applicant]) -> None:
        asking.post(URL, {"people": keys(*family)})
        answer = {
            f"person_{family[0].pk}": ["passport-first", "hkm-permit-first"],
            f"person_{family[1].pk}": ["hkm-permit-first"],
            f"person_{family[2].pk}": ["passport-first"],
        }
        assert asking.post(WANTED, answer).headers["Location"] == "/book/office/"
        assert asking.session["draft"]["wanted"][str(family[1].pk)] == ["hkm-permit-first"]

    def test_somebody_without_any_service_is_named(
        self, asking: Client, family: list[Applicant]
    ) -> None:
        asking.post(URL, {"people": keys(*family)})
        form = asking.post(WANTED, {}).context["form"]
        assert form.errors[f"person_{family[0].pk}"] == ["请为演示甲至少选择一项。"]
