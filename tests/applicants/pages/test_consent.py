"""Before anybody is kept in a list: a short notice, and one box that nobody has ticked."""

import datetime as dt

import pytest
from django.test import Client

from applicants.domain import consents
from applicants.domain.consents import agree, agrees
from applicants.enums import ConsentKind
from applicants.models import Account, Applicant, Consent
from tests.citizens import make_account, make_member, signed_in
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ADD = "/household/add/"
CONSENT = "/privacy/consent/"
ASKED = f"{CONSENT}?next=%2Fhousehold%2Fadd%2F"
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
    return signed_in(account, agreed=False)


def test_nobody_is_added_before_the_notice_is_agreed_to(citizen: Client) -> None:
    assert citizen.get(ADD).headers["Location"] == ASKED
    assert citizen.post(ADD, PERSON).headers["Location"] == ASKED
    assert not Applicant.objects.exists()


def test_the_notice_says_who_what_why_how_how_long_and_which_rights(citizen: Client) -> None:
    page = citizen.get(ASKED).content.decode()
    for asked in ["谁在收集", "收集什么", "用来做什么", "怎样保管", "保存多久", "您的权利"]:
        assert asked in page
    assert "90天" in page
    assert 'href="/privacy/"' in page


def test_the_box_is_never_ticked_beforehand(citizen: Client) -> None:
    page = citizen.get(ASKED).content.decode()
    box = page[page.index('name="sensitive"') - 120 :][:240]
    assert 'type="checkbox"' in box
    assert "checked" not in box


def test_without_the_tick_nothing_is_kept_and_other_ways_are_named(citizen: Client) -> None:
    page = citizen.post(ASKED).content.decode()
    assert 'href="#id_sensitive"' in page
    assert "tel:12367" in page
    assert not Consent.objects.exists()


def test_the_tick_is_kept_with_its_version_and_leads_on(citizen: Client, account: Account) -> None:
    assert citizen.post(ASKED, {"sensitive": "on"}).headers["Location"] == ADD
    kept = set(Consent.objects.values_list("account", "kind", "version", "withdrawn_at"))
    version = consents.VERSIONS[ConsentKind.SENSITIVE]
    assert kept == {
        (account.pk, "notice", version, None),
        (account.pk, "sensitive", version, None),
    }
    assert citizen.get(ADD).status_code == 200


def test_it_leads_nowhere_else(citizen: Client) -> None:
    away = f"{CONSENT}?next=https://evil.example/"
    assert citizen.post(away, {"sensitive": "on"}).headers["Location"] == "/household/"


def test_whoever_has_agreed_is_not_asked_again(citizen: Client, account: Account) -> None:
    agree(account, NOW)
    assert citizen.get(ASKED).headers["Location"] == ADD


def test_new_words_ask_again_before_the_next_booking(
    citizen: Client, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(account, NOW)
    make_member(account)
    new = {**consents.VERSIONS, ConsentKind.SENSITIVE: "2027-03-01"}
    monkeypatch.setattr(consents, "VERSIONS", new)
    asked = citizen.get("/book/people/", follow=False).headers["Location"]
    assert asked == f"{CONSENT}?next=%2Fbook%2Fpeople%2F"
    assert "有更新" in citizen.get(asked).content.decode()
    citizen.post(asked, {"sensitive": "on"})
    assert agrees(account)


def test_what_was_agreed_to_stays_provable_when_it_is_taken_back(account: Account) -> None:
    agree(account, NOW)
    consents.take_back(account, NOW + dt.timedelta(days=1))
    assert not agrees(account)
    assert Consent.objects.filter(given_at=NOW, withdrawn_at__isnull=False).count() == 2
    agree(account, NOW + dt.timedelta(days=2))
    assert agrees(account)


def test_the_childrens_rule_is_a_page_of_its_own(client: Client) -> None:
    page = client.get("/privacy/children/").content.decode()
    assert "未满14周岁" in page
    assert client.get("/privacy/").content.decode().count('href="/privacy/children/"') >= 1


def test_the_notice_explains_what_is_decided_automatically_and_who_looks_at_it(
    client: Client,
) -> None:
    page = client.get("/privacy/").content.decode()
    assert 'href="/suspensions/"' in page
    assert "爽约" in page
