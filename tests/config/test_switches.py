"""Language and 长辈版: kept for a year, on every page, and nothing has to be typed twice."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from config.switches import YEAR
from tests.citizens import signed_in
from tests.factories import make_office
from tests.staff import make_staff, sign_in
from visits.models import Ticket

pytestmark = pytest.mark.django_db
BUTTON = re.compile(r'<button[^>]*formaction="([^"]+)"[^>]*>([^<]+)</button>')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
PERSON = {"name": "演示甲", "relation": "self", "id_type": "resident_id", "id_number": "1"}


def switches(response: HttpResponse) -> dict[str, str]:
    """What the header's buttons are called, and where each leads."""
    found = BUTTON.findall(response.content.decode())
    return {name: address.replace("&amp;", "&") for address, name in found}


def answers(response: HttpResponse) -> dict[str, str]:
    """What the form of the header carries."""
    form = response.content.decode().partition('<form class="switches"')[2].partition("</form>")[0]
    return {name: value for name, value in HIDDEN.findall(form) if name != "csrfmiddlewaretoken"}


def press(client: Client, response: HttpResponse, name: str) -> Any:
    return client.post(switches(response)[name], answers(response), follow=True)


@pytest.mark.parametrize(
    ("language", "present", "others"),
    [
        ("zh-hans", "简体", ["长辈版", "繁體", "English"]),
        ("zh-hant", "繁體", ["長輩版", "简体", "English"]),
        ("en", "English", ["Larger text", "简体", "繁體"]),
    ],
)
def test_the_present_language_is_marked_beside_the_others(
    client: Client, language: str, present: str, others: list[str]
) -> None:
    client.cookies["django_language"] = language
    page = client.get("/help/")
    mark = f'<span class="bar-action is-here" lang="{language}" aria-current="true">{present}<'
    assert mark in page.content.decode()
    assert list(switches(page)) == others


def test_the_language_is_kept_for_a_year(client: Client) -> None:
    answer = client.post("/language/?language=zh-hant&next=/offices/%3Fcity%3Dxiamen")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/offices/?city=xiamen")
    cookie = client.cookies["django_language"]
    assert (cookie.value, cookie["max-age"], cookie["httponly"]) == ("zh-hant", YEAR, True)
    assert 'lang="zh-Hant"' in client.get("/help/").content.decode()


def test_a_language_that_there_is_not_changes_nothing(client: Client) -> None:
    client.post("/language/?language=xx&next=/")
    assert "django_language" not in client.cookies


def test_a_switch_leads_back_to_the_whole_address(client: Client) -> None:
    page = client.get("/offices/?q=a%26b&page=1")
    assert press(client, page, "English").request["QUERY_STRING"] == "q=a%26b&page=1"


def test_what_was_typed_into_a_refused_form_stays_in_the_other_language() -> None:
    client = signed_in()
    refused = client.post("/household/add/?next=/book/people/", PERSON)
    assert "错误：" in refused.content.decode()
    page = press(client, refused, "English")
    shown = page.content.decode()
    assert page.redirect_chain[0][1] == 307
    assert "<title>Error: " in shown
    assert 'value="演示甲"' in shown
    elder = press(client, page, "Larger text").content.decode()
    assert 'class="elder"' in elder
    assert 'value="演示甲"' in elder


def test_no_secret_is_repeated_in_a_page() -> None:
    page = Client().post("/manage/", {"number": "1234", "code": "ABCD1234"})
    assert answers(page) == {"number": "1234"}


def test_what_was_done_is_not_done_again_by_a_switch() -> None:
    office = make_office()
    clerk = sign_in(Client(), make_staff("guide", office=office))
    page = clerk.post(f"/desk/{office.code}/check-in/", {"line": "mainland"})
    assert "X001" in page.content.decode()
    assert answers(page) == {}
    press(clerk, page, "English")
    assert Ticket.objects.count() == 1


def test_what_another_site_sent_is_not_sent_again() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/sign-in/", {"contact": "13800138000"})
    assert page.status_code == 403
    assert "13800138000" not in page.content.decode()
    assert switches(page)["English"] == "/language/?language=en&next=%2F"


def test_what_failed_is_not_tried_again_by_a_switch() -> None:
    page = signed_in().post("/household/999999/remove/", {"reason": "typed"})
    assert page.status_code == 404
    assert "again=1" not in page.content.decode()
