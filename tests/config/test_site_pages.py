"""The site's own pages: what every page carries, language, elder mode, errors.

None of these tests may touch the database: the home page must stand while it is away.
"""

import re
from html.parser import HTMLParser

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import config.urls
from config import pages

PAGES = ["/", "/help/", "/privacy/", "/accessibility/", "/no-such-page/"]


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("a fault")


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused")


urlpatterns = [path("broken/", broken), path("away/", away), *config.urls.urlpatterns]
handler500 = pages.server_error


class Outline(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.found if name == tag]


def outline(response: HttpResponse) -> Outline:
    return Outline(response.content.decode())


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("language", "lang"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_every_page_says_its_language_and_name_and_can_be_skipped_into(
    client: Client, address: str, language: str, lang: str
) -> None:
    client.cookies["django_language"] = language
    response = client.get(address)
    page = outline(response)
    title = re.search(r"<title>(.+?) – (.+?)</title>", response.content.decode())
    assert page.all("html")[0]["lang"] == lang
    assert title
    assert title[2] == ("一号" if language == "zh-hans" else "Yihao")
    assert len(page.all("h1")) == 1
    assert page.all("a")[0] == {"class": "skip-link", "href": "#main"}
    assert page.all("main")[0]["id"] == "main"


def test_chinese_is_the_language_of_a_visitor_who_states_none(client: Client) -> None:
    response = client.get("/")
    assert outline(response).all("html")[0]["lang"] == "zh-Hans"


@pytest.mark.parametrize("address", PAGES)
def test_no_page_carries_inline_script_or_style(client: Client, address: str) -> None:
    response = client.get(address)
    policy = response.headers["Content-Security-Policy"]
    page = outline(response)
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert page.all("style") == []
    assert [script for script in page.all("script") if not script.get("src")] == []
    assert [
        name for _, attrs in page.found for name in attrs if name == "style" or name[:2] == "on"
    ] == []


def test_nothing_is_loaded_from_elsewhere(client: Client) -> None:
    page = outline(client.get("/"))
    loaded = [
        *(link["href"] for link in page.all("link")),
        *(script["src"] for script in page.all("script")),
        *(image["src"] for image in page.all("img")),
    ]
    assert [address for address in loaded if not address.startswith("/static/")] == []


def test_language_switch_returns_to_the_same_page_in_the_other_language(client: Client) -> None:
    answer = client.post("/language/?language=en&next=/help/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/help/")
    assert outline(client.get("/help/")).all("html")[0]["lang"] == "en"


def test_elder_mode_stays_until_switched_off(client: Client) -> None:
    answer = client.post("/elder-mode/?on=1&next=/help/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/help/")
    assert outline(client.get("/privacy/")).all("html")[0]["class"] == "elder"
    client.post("/elder-mode/?on=0&next=/")
    assert "class" not in outline(client.get("/privacy/")).all("html")[0]


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", ""])
def test_elder_mode_never_leads_off_the_site(client: Client, target: str) -> None:
    answer = client.post(f"/elder-mode/?on=1&next={target}")
    assert answer.headers["Location"] == "/"


def test_elder_mode_is_not_switched_by_a_link(client: Client) -> None:
    assert client.get("/elder-mode/").status_code == 405


def test_unknown_page_offers_the_way_on(client: Client) -> None:
    response = client.get("/no-such-page/")
    links = [link["href"] for link in outline(response).all("a")]
    assert response.status_code == 404
    assert "/" in links
    assert "tel:12367" in links


def test_unknown_address_of_the_api_answers_with_a_problem_document(client: Client) -> None:
    response = client.get("/api/v1/no-such-thing/")
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "type": "/api/v1/docs/#not_found",
        "title": "未找到",
        "status": 404,
        "detail": "该地址没有内容。",
        "code": "not_found",
    }


@pytest.mark.urls(__name__)
def test_a_fault_is_told_without_asking_the_database_who_is_signed_in(client: Client) -> None:
    client.raise_request_exception = False
    client.cookies["sessionid"] = "would-be-looked-up"
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "a fault" not in response.content.decode()


@pytest.mark.urls(__name__)
def test_page_says_when_to_come_back_while_the_database_is_away(client: Client) -> None:
    client.cookies["sessionid"] = "would-be-looked-up"
    response = client.get("/away/")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "没有预约或更改任何内容" in response.content.decode()


def test_forged_form_is_refused_with_a_page_that_helps() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/elder-mode/?on=1")
    assert response.status_code == 403
    assert "请重新提交" in response.content.decode()
    assert "elder" not in client.cookies


def test_page_says_that_nobody_is_turned_away_for_lack_of_a_booking(english: Client) -> None:
    assert "Nobody is turned away for lack of a booking" in english.get("/").content.decode()


def test_demonstration_says_so(client: Client, settings) -> None:
    settings.DEMO = True
    assert "演示系统" in client.get("/").content.decode()
    settings.DEMO = False
    assert "演示系统" not in client.get("/").content.decode()
