"""The wizard as people use it: one question a page, then the advice."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.utils.http import urlencode

from offices.demo.loading import load_catalogue
from offices.domain.wizard import advise
from offices.models import ServiceGuide
from tests.factories import make_service
from tests.offices.test_wizard import ALL, AT_MACHINE, ONLINE

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 8, 3)


@pytest.fixture(autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 8, 3, 1, tzinfo=dt.UTC), tick=False):
        load_catalogue()
        yield


def text_of(client: Client, language: str = "zh-hans", **answers: str) -> str:
    client.cookies["django_language"] = language
    page = client.get("/start/", answers)
    assert page.status_code == 200
    main = page.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def walk(client: Client, answers: dict[str, str]) -> str:
    """Fill in the forms one after the other, as a browser does; the last page."""
    query = ""
    while True:
        page = client.get(f"/start/?{query}").text
        asked = re.search(r'name="asked" value="(\w+)"', page)
        if asked is None:
            return page
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', page))
        assert f'name="{asked[1]}" value="{answers[asked[1]]}"' in page
        query = urlencode(hidden | {asked[1]: answers[asked[1]]})


def test_the_home_page_leads_to_the_wizard(client: Client) -> None:
    assert 'href="/start/"' in client.get("/").text
    assert 'href="/start/"' in client.get("/book/").text


def test_every_question_is_a_page_and_the_last_leads_to_the_advice(client: Client) -> None:
    page = walk(client, AT_MACHINE)
    assert "自助办理，无需预约" in page
    assert 'href="/self-service/?machine=smart_endorsement&amp;limit=elsewhere"' in page
    local = walk(client, AT_MACHINE | {"residence": "local"})
    assert 'href="/self-service/?machine=smart_endorsement"' in local


@pytest.mark.row("XM-40")
def test_a_card_holder_is_told_that_no_appointment_is_needed(client: Client) -> None:
    text = text_of(client, **AT_MACHINE)
    assert "无需预约" in text
    assert "立等可取" in text
    assert "卡式通行证" in text
    assert "no appointment needed" in text_of(client, "en", **AT_MACHINE)


def test_one_may_book_anyway(client: Client) -> None:
    client.cookies["django_language"] = "zh-hans"
    page = client.get("/start/", AT_MACHINE).text
    assert "/book/?service=hkm-endorsement" in page
    booking = client.get("/book/?service=hkm-endorsement").text
    assert re.search(r'value="hkm-endorsement"[^>]*checked', booking)


def test_no_answer_is_stored_and_none_says_who_it_is(client: Client) -> None:
    walk(client, ONLINE)
    assert "sessionid" not in client.cookies
    assert client.get("/start/", ONLINE).context["advice"].way == "online"


def test_going_on_without_an_answer_names_what_is_missing(client: Client) -> None:
    first = text_of(client)
    assert "请选择一项" not in first
    assert "请选择一项" in text_of(client, asked="document")
    assert "请选择一项" in text_of(client, document="passport", asked="matter")


def test_an_answer_is_changed_from_the_advice(client: Client) -> None:
    rows = client.get("/start/", ONLINE).context["answers"]
    addresses = [row["change_url"] for row in rows]
    assert addresses[:2] == ["/start/", "/start/?document=passport"]
    assert "document=passport&matter=renewal" in addresses[2]
    assert "?document=passport" in client.get("/start/?document=passport&matter=renewal").text


def test_what_the_catalogue_does_not_have_is_not_offered(client: Client) -> None:
    assert "居民身份证" in text_of(client)
    assert "出入境通行证" not in text_of(client)


@pytest.mark.row("XM-06")
def test_an_applicant_from_another_province_sees_20_days_since_may_2018(client: Client) -> None:
    far = ONLINE | {"residence": "elsewhere"}
    del far["online_city"], far["fingerprints"]
    assert "20个工作日" in text_of(client, **far)
    assert "7个工作日" in text_of(client, **far | {"residence": "in_province"})
    days = {
        day: ServiceGuide.objects.in_force(day)
        .get(service__code="passport-renewal")
        .days_for(elsewhere=True)
        for day in (dt.date(2018, 4, 30), dt.date(2018, 5, 1), TODAY)
    }
    assert list(days.values()) == [30, 20, 20]


HKM_ENDORSED = AT_MACHINE | {"residence": "local"}
TW_ENDORSED = HKM_ENDORSED | {"document": "tw_permit"}


@pytest.mark.parametrize(
    ("answers", "fee"),
    [
        (HKM_ENDORSED | {"purpose": "tourism"}, "一次15元，二次30元，香港、澳门分别收费"),
        (HKM_ENDORSED | {"purpose": "business"}, "80元至240元（按有效期），香港、澳门分别收费"),
        (HKM_ENDORSED | {"purpose": "other"}, "费用以窗口告知为准"),
        (TW_ENDORSED | {"purpose": "tourism"}, "一次15元"),
        (TW_ENDORSED | {"purpose": "business"}, "多次80元"),
        (TW_ENDORSED | {"purpose": "other"}, "费用以窗口告知为准"),
        (ONLINE, "120元"),
        (ONLINE | {"document": "hkm_permit"}, "60元"),
        (ONLINE | {"document": "tw_permit"}, "60元"),
        ({"document": "visa"}, "费用以窗口告知为准"),
        ({"document": "residence_permit"}, "费用以窗口告知为准"),
    ],
)
def test_the_fee_is_that_of_what_was_answered(
    client: Client, answers: dict[str, str], fee: str
) -> None:
    client.cookies["django_language"] = "zh-hans"
    context = client.get("/start/", answers).context
    rows = {row["label"]: row["value"] for row in context["rows"]}
    assert rows["工本费"] == fee


@pytest.mark.row("FS-25")
def test_the_guide_of_identity_cards_links_out_and_books_nothing(client: Client) -> None:
    page = client.get("/services/id-card-renewal/").text
    assert 'href="https://www.gdzwfw.gov.cn/"' in page
    assert "粤居码" in page
    assert "/book/?service=" not in page
    assert 'value="id-card-renewal"' not in client.get("/book/").text
    advice = client.get("/start/?document=id_card").text
    assert 'href="https://www.gdzwfw.gov.cn/"' in advice
    assert "/book/?service=" not in advice


@pytest.mark.row("WH-21")
def test_a_service_says_whether_it_is_booked_done_on_the_spot_or_at_home(client: Client) -> None:
    assert "预约办、现场办、上门办" in client.get("/services/passport-first/").text
    assert "预约办、现场办" in client.get("/services/visa-extension/").text


def test_every_way_has_a_page_in_both_languages(client: Client) -> None:
    by_way = {advise(answers).way: answers for answers in ALL}
    assert len(by_way) == 8
    for answers in by_way.values():
        assert "原因" in text_of(client, **answers)
        assert "Why" in text_of(client, "en", **answers)


def test_a_service_that_is_not_listed_yet_leads_to_the_hotline(client: Client) -> None:
    make_service("passport-first")
    ServiceGuide.objects.filter(service__code="passport-renewal").delete()
    assert "12367" in text_of(client, **ONLINE)
