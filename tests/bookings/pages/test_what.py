"""/book/: the first question, open to everybody."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client

from bookings.models import Slot
from offices.models import OfficeService, Service, ServiceGuide
from tests.factories import make_office

URL = "/book/"


@pytest.fixture
def anyone(slot: Slot) -> Client:
    return Client()


def test_it_takes_no_signing_in(anyone: Client) -> None:
    assert anyone.get(URL).status_code == 200


@pytest.mark.row("XM-15")
def test_the_guide_in_force_is_shown_before_anything_is_booked(anyone: Client) -> None:
    service = Service.objects.get(code="passport-first")
    newer = {"materials": [{"name": "近期照片", "name_en": "Recent photo"}], "working_days": 5}
    for valid_from, fee in ((dt.date(2026, 8, 1), 110), (dt.date(2026, 9, 1), 100)):
        ServiceGuide.objects.create(
            service=service, valid_from=valid_from, fee=Decimal(fee), **newer
        )
    page = anyone.get(URL).content.decode()
    assert "近期照片" in page
    assert "110元" in page
    assert "5个工作日" in page
    assert "100元" not in page


def test_the_answer_leads_to_who_and_is_kept(anyone: Client) -> None:
    response = anyone.post(
        URL, {"services": ["passport-first", "hkm-permit-first"], "purpose": "tourism"}
    )
    assert response.headers["Location"] == "/book/people/"
    assert anyone.session["draft"]["services"] == ["passport-first", "hkm-permit-first"]


@pytest.mark.row("HB-29")
def test_one_form_carries_three_documents(anyone: Client) -> None:
    three = ["passport-first", "hkm-permit-first", "tw-permit-first"]
    assert anyone.post(URL, {"services": three, "purpose": "tourism"}).status_code == 302


def test_more_services_than_a_form_carries_are_refused(anyone: Client) -> None:
    office = make_office("small", policy={"max_services": 1})
    response = anyone.post(
        f"{URL}?office={office.code}",
        {"services": ["passport-first", "hkm-permit-first"], "purpose": "tourism"},
    )
    assert response.context["form"].errors["services"] == ["一张申请表最多办理1项。"]


def test_services_of_different_counters_are_two_bookings(anyone: Client) -> None:
    form = anyone.post(
        URL, {"services": ["passport-first", "visa-extension"], "purpose": "tourism"}
    ).context["form"]
    assert len(form.errors["services"]) == 1
    assert form["services"].value() == ["passport-first", "visa-extension"]


def test_an_empty_answer_says_so_with_a_link_to_the_first_choice(anyone: Client) -> None:
    page = anyone.post(URL, {}).content.decode()
    assert 'href="#id_services_0"' in page
    assert 'id="id_services_0"' in page


def test_a_guide_page_may_tick_a_service_beforehand(anyone: Client) -> None:
    form = anyone.get(f"{URL}?service=hkm-permit-first").context["form"]
    assert form["services"].value() == ["hkm-permit-first"]


def test_an_office_page_may_choose_the_office_beforehand(anyone: Client) -> None:
    office = make_office("other")
    OfficeService.objects.filter(office=office).exclude(service__code="passport-first").delete()
    url = f"{URL}?office={office.code}"
    groups = anyone.get(url).context["form"].fields["services"].choices
    assert [code for _line, cards in groups for code, _card in cards] == ["passport-first"]
    anyone.post(url, {"services": ["passport-first"], "purpose": "tourism"})
    assert anyone.session["draft"]["office"] == "other"


@pytest.mark.parametrize("code", ["nowhere", "%00", "a%00b", "%F0%9F%99%82", "x" * 5000])
def test_an_office_that_is_not_there_is_not_chosen(anyone: Client, code: str) -> None:
    assert anyone.get(f"{URL}?office={code}").context["office"] is None


def test_an_office_that_does_not_offer_the_new_answer_is_asked_for_again(anyone: Client) -> None:
    office = make_office("other")
    anyone.post(f"{URL}?office=other", {"services": ["passport-first"]})
    OfficeService.objects.filter(office=office, service__code="tw-permit-first").delete()
    anyone.post(URL, {"services": ["tw-permit-first"], "purpose": "tourism"})
    assert anyone.session["draft"]["office"] == ""


def test_what_needs_no_visit_is_named_and_not_booked(anyone: Client) -> None:
    Service.objects.filter(code="tw-permit-first").update(visit_needed=False)
    page = anyone.get(URL).content.decode()
    assert 'href="/services/tw-permit-first/"' in page
    assert 'value="tw-permit-first"' not in page


def test_services_that_are_no_longer_offered_are_not_asked_for(anyone: Client) -> None:
    Service.objects.filter(code="tw-permit-first").update(is_active=False)
    assert (
        anyone.post(URL, {"services": ["tw-permit-first"], "purpose": "tourism"}).status_code == 200
    )


def test_the_page_speaks_english(slot: Slot) -> None:
    page = Client(headers={"Accept-Language": "en"}).get(URL).content.decode()
    assert "Which services do you need?" in page
    assert "Resident ID card" in page


@pytest.mark.usefixtures("facts_kept")
def test_a_visitor_who_has_answered_nothing_costs_no_queries(
    anyone: Client, django_assert_num_queries: object
) -> None:
    anyone.get(URL)
    with django_assert_num_queries(0):  # type: ignore[operator]
        anyone.get(URL)


@pytest.mark.row("JJ-05")
def test_who_travels_says_why(anyone: Client) -> None:
    response = anyone.post(URL, {"services": ["passport-first"]})
    assert response.status_code == 200
    assert "请选择出行事由。" in response.text
    assert "checked" in response.text
    chosen = anyone.post(URL, {"services": ["passport-first"], "purpose": "study"})
    assert chosen.status_code == 302
    assert anyone.session["draft"]["purpose"] == "study"
    assert 'value="study" selected' in anyone.get(URL).text


def test_a_foreigners_visa_asks_for_no_purpose(anyone: Client) -> None:
    assert anyone.post(URL, {"services": ["visa-extension"]}).status_code == 302
