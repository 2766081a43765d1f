"""Pages with nothing on them, forms that come back, and what is shown when something fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from playwright.sync_api import Error

import config.urls
from config import pages
from offices.models import Office
from tests.citizens import make_account, make_member, signed_in, start_booking
from tests.every_page import World, make_world
from tests.journeys.conftest import Journey
from tests.journeys.reading import NARROW, Browse, carry, look_at_all, read

# --- Nothing yet -------------------------------------------------------------------------------

NOTHING_YET = [
    *("my-bookings", "household", "my-requests", "suspensions", "groups", "account"),
    *("privacy-my-data", "privacy-take-back", "privacy-delete", "book-people", "book-office"),
    *("book-time", "book-times", "waiting-join", "urgent-new", "home-visit-new"),
]
READERS = [
    pytest.param("zh-hans", False, id="zh"),
    pytest.param("en", True, id="en-elder"),
    pytest.param("zh-hant", True, id="zh-hant-elder", marks=pytest.mark.slow),
]


@pytest.mark.slow
@pytest.mark.parametrize(("language", "elder"), READERS)
def test_every_page_with_nothing_on_it(
    office: Office, new_journey: Browse, base_url: str, language: str, elder: bool
) -> None:
    """Who came a minute ago, while nothing can be booked."""
    client = signed_in(make_account())
    journey = new_journey(viewport=NARROW)
    carry(journey, client, language, base_url, elder=elder)
    found = look_at_all(journey, map(reverse, NOTHING_YET))
    asked = [f"{reverse(name)}?office={office.code}" for name in ("urgent-new", "home-visit-new")]
    found += look_at_all(journey, [*asked, "/offices/?q=nowhere", "/self-service/?city=nowhere"])
    start_booking(client, [make_member(make_account())])
    found += look_at_all(journey, map(reverse, ["book-office", "book-time", "book-times"]))
    assert not found, "\n".join(found)


# --- Forms that come back ----------------------------------------------------------------------


@pytest.fixture
def world(office: Office, windows: list[Any]) -> World:
    return make_world(office, windows)


ASKING = [
    *("manage", "household-add", "household-change", "account", "book", "book-people"),
    *("book-wanted", "book-office", "book-time", "book-contact", "waiting-join"),
    *("booking-contact", "booking-late", "booking-leave", "booking-move"),
    *("groups", "group-names", "group-time", "suspensions"),
    *("privacy-take-back", "privacy-delete", "contact-add", "urgent"),
]
# Everything that was filled in is taken out, or nonsense is put in.
FILL = """(text) => {
  const form = [...document.querySelectorAll("main form")].find((one) => one.method === "post");
  if (!form) return false;
  for (const field of form.elements) {
    if (field.type === "radio" || field.type === "checkbox") field.checked = false;
    else if (field.tagName === "SELECT") field.value = "";
    else if (field.tagName === "TEXTAREA" || ["text", "tel", "email"].includes(field.type))
      field.value = text;
    else if (field.type === "date") field.value = text && "1850-01-01";
  }
  const main = form.querySelector(".action-bar button") || form.querySelector("[type=submit]");
  form.requestSubmit(main);
  return true;
}"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "elder", "text"),
    [
        pytest.param("zh-hans", False, "", id="zh-empty"),
        pytest.param("en", True, "???", id="en-elder-wrong", marks=pytest.mark.slow),
        pytest.param("zh-hant", False, "???", id="zh-hant-wrong", marks=pytest.mark.slow),
    ],
)
def test_every_form_that_comes_back(
    world: World, new_journey: Browse, base_url: str, language: str, elder: bool, text: str
) -> None:
    client, addresses = world
    journey = new_journey(viewport=NARROW)
    found = [f"sign-in: {why}" for why in refused(journey, addresses["sign-in"], text)]
    found += refused_code(journey, addresses["sign-in"], "13900139000", text)
    newcomer = signed_in(make_account("+8613900139001"), agreed=False)
    carry(journey, newcomer, language, base_url, elder=elder)
    found += refused(journey, addresses["privacy-consent"], text)
    carry(journey, client, language, base_url, elder=elder)
    asked = [
        f"{addresses[name]}?office=xiamen-zhenhai" for name in ("urgent-new", "home-visit-new")
    ]
    found += [
        f"{one}: {why}"
        for one in [*asked, *(addresses[name] for name in ASKING)]
        for why in refused(journey, one, text)
    ]
    found += refused_code(journey, addresses["contact-add"], "jia@example.com", text)
    assert not found, "\n".join(found)


def refused(journey: Journey, address: str, text: str) -> Iterator[str]:
    """What is wrong with the answer to the form there."""
    journey.page.goto(address)
    yield from refused_here(journey, text)


def refused_code(journey: Journey, address: str, contact: str, text: str) -> Iterator[str]:
    """The same for the code that is sent to a contact which is typed there."""
    journey.page.goto(address)
    journey.fill(contact=contact)
    with journey.page.expect_navigation():
        journey.go_on()
    yield from refused_here(journey, text)


def refused_here(journey: Journey, text: str) -> Iterator[str]:
    try:
        with journey.page.expect_navigation():
            assert journey.page.evaluate(FILL, text), "no form"
        read(journey)
    except (AssertionError, Error) as complaint:
        journey.complaints.clear()
        yield str(complaint)[:1500]


# --- What fails --------------------------------------------------------------------------------


def fails(request: HttpRequest, how: str) -> HttpResponse:
    if how == "429":
        return render(request, "429.html", status=429)
    raise {
        "400": SuspiciousOperation("odd"),
        "403": PermissionDenied(),
        "500": ValueError("a fault"),
        "503": OperationalError("connection refused"),
    }[how]


urlpatterns = [path("fails/<how>/", fails), *config.urls.urlpatterns]
handler400, handler403 = pages.bad_request, pages.permission_denied
handler404, handler500 = pages.not_found, pages.server_error


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("language", "elder"), READERS)
def test_every_page_of_a_failure(
    live_server: Any, new_journey: Browse, base_url: str, language: str, elder: bool
) -> None:
    journey = new_journey(viewport=NARROW)
    # Chromium notes each refusal and failure, which are meant.
    journey.hear = len  # type: ignore[assignment]
    carry(journey, signed_in(), language, base_url, elder=elder)
    found = []
    addresses = {"/nowhere/": 404} | {f"/fails/{how}/": how for how in (400, 403, 429, 500, 503)}
    for address, status in addresses.items():
        answer = journey.page.goto(address)
        assert answer is not None
        assert answer.status == status
        try:
            read(journey)
        except AssertionError as complaint:
            found.append(f"{address}: {complaint}")
    assert not found, "\n".join(found)
