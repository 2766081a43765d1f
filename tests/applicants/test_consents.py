"""A guardian agrees to what is kept of a child under 14, and nobody agrees for them."""

import datetime as dt

import pytest
from django.test import Client

from applicants.domain.consents import VERSIONS, give, has, is_young, lacking
from applicants.enums import ConsentKind
from applicants.models import Account, Applicant, Consent
from tests.citizens import make_account, make_member, signed_in
from tests.factories import NOW, resident_number

pytestmark = pytest.mark.django_db
CHILD = ConsentKind.CHILD
ADD = "/household/add/"
BORN = dt.date(2017, 6, 1)
PERSON = {
    "name": "演示丙",
    "relation": "child",
    "priority": "none",
    "id_type": "resident_id",
    "id_number": resident_number(1, BORN),
}


@pytest.fixture
def account() -> Account:
    return make_account()


@pytest.fixture
def citizen(account: Account) -> Client:
    return signed_in(account)


@pytest.fixture
def child(account: Account) -> Applicant:
    """Without consent: from before it was asked for."""
    return make_member(account, "演示丙", relation="other", born=BORN)


def test_consent_holds_for_one_person_one_matter_and_its_words(
    account: Account, child: Applicant
) -> None:
    give(account, CHILD, child, "2026-11-01", NOW)
    assert has(account, CHILD, child, "2026-11-01")
    assert not has(account, CHILD, child, "2027-01-01")
    assert not has(account, CHILD, None, "2026-11-01")
    assert not has(account, ConsentKind.SENSITIVE, child, "2026-11-01")
    assert not has(make_account("+8613900139000"), CHILD, child, "2026-11-01")


def test_consent_given_twice_stays_as_it_was(account: Account, child: Applicant) -> None:
    give(account, CHILD, child, "2026-11-01", NOW)
    give(account, CHILD, child, "2026-11-01", NOW + dt.timedelta(days=1))
    assert Consent.objects.get().given_at == NOW


def test_consent_taken_back_is_none_and_may_be_given_anew(
    account: Account, child: Applicant
) -> None:
    give(account, CHILD, child, "2026-11-01", NOW)
    Consent.objects.update(withdrawn_at=NOW)
    assert not has(account, CHILD, child, "2026-11-01")
    give(account, CHILD, child, "2026-11-01", NOW)
    assert has(account, CHILD, child, "2026-11-01")


@pytest.mark.parametrize(
    ("today", "young"), [(dt.date(2031, 5, 31), True), (dt.date(2031, 6, 1), False)]
)
def test_children_are_those_under_fourteen(today: dt.date, young: bool) -> None:
    assert is_young(BORN, today) is young


def test_only_children_cost_a_query(
    account: Account, child: Applicant, django_assert_num_queries: object
) -> None:
    adult = make_member(account)
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert lacking(account, [adult], NOW.date()) == set()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert lacking(account, [adult, child], NOW.date()) == {child.pk}


# --- On the pages -------------------------------------------------------------------------------


def test_the_box_is_not_ticked_beforehand(citizen: Client) -> None:
    page = citizen.get(ADD).text
    assert 'name="guardian_agrees"' in page
    assert "checked" not in page
    assert "第三十一条" in page


def test_a_child_is_added_with_its_guardians_consent_alone(
    citizen: Client, account: Account
) -> None:
    form = citizen.post(ADD, PERSON).context["form"]
    assert list(form.errors) == ["guardian_agrees"]
    assert Applicant.objects.count() == 0
    citizen.post(ADD, PERSON | {"guardian_agrees": "on"})
    member = Applicant.objects.get()
    assert has(account, CHILD, member, VERSIONS[CHILD])


@pytest.mark.parametrize("relation", ["self", "other"])
def test_it_is_the_age_that_asks_and_not_the_relation(citizen: Client, relation: str) -> None:
    assert citizen.post(ADD, PERSON | {"relation": relation}).context["form"].errors


def test_nobody_agrees_for_an_adult(citizen: Client) -> None:
    adult = PERSON | {"id_number": resident_number(2), "guardian_agrees": "on"}
    assert citizen.post(ADD, adult).status_code == 302
    assert Consent.objects.filter(kind=CHILD).count() == 0


def test_consent_that_is_lacking_is_asked_for_and_given(
    citizen: Client, account: Account, child: Applicant
) -> None:
    assert "须经监护人同意" in citizen.get("/household/").text
    answer = {"name": child.name, "relation": "child", "priority": "none"}
    citizen.post(f"/household/{child.pk}/", answer)
    assert not has(account, CHILD, child, VERSIONS[CHILD])
    citizen.post(f"/household/{child.pk}/", answer | {"guardian_agrees": "on"})
    assert has(account, CHILD, child, VERSIONS[CHILD])
    assert "须经监护人同意" not in citizen.get("/household/").text
    assert "guardian_agrees" not in citizen.get(f"/household/{child.pk}/").text


def test_a_removed_child_leaves_no_consent_behind(citizen: Client) -> None:
    citizen.post(ADD, PERSON | {"guardian_agrees": "on"})
    citizen.post(f"/household/{Applicant.objects.get().pk}/remove/")
    assert Consent.objects.filter(kind=CHILD).count() == 0


@pytest.mark.parametrize(
    ("id_type", "number"),
    [
        ("hmt_residence", "81000019850505001X"),
        ("hmt_residence", "830000199201300022"),
        ("foreign_resident", "911840199001010018"),
        ("foreign_resident", "FRA350012345678"),
        ("hkm_home_return", "H12345678"),
        ("tw_compatriot", "12345678"),
    ],
)
def test_documents_of_hong_kong_macao_taiwan_and_foreigners_are_taken(
    citizen: Client, id_type: str, number: str
) -> None:
    answer = PERSON | {"relation": "spouse", "id_type": id_type, "id_number": number}
    response = citizen.post(ADD, answer | {"birth_date": "1990-01-01"})
    assert response.status_code == 302, response.context["form"].errors
    assert Applicant.objects.get().id_type == id_type
