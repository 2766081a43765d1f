"""The page of one's own account."""

from typing import Any

import pytest
from django.test import Client

from applicants.models import Account
from tests.citizens import PHONE, last_code, make_account, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/account/"


def text_of(citizen: Client, path: str = PAGE) -> str:
    return citizen.get(path).content.decode()


def enter_by_code(address: str = PHONE) -> Client:
    citizen = Client()
    citizen.post("/sign-in/", {"contact": address})
    citizen.post("/sign-in/code/", {"code": last_code()})
    return citizen


def test_it_shows_the_contact_and_leads_on() -> None:
    page = text_of(signed_in())
    assert "138 0013 8000" in page
    for path in ("/bookings/", "/household/", "/privacy/"):
        assert f'href="{path}"' in page


def test_it_is_kept_out_of_caches_and_asks_for_the_sign_in() -> None:
    assert signed_in().get(PAGE).headers["Cache-Control"] == "no-store"
    assert Client().get(PAGE).headers["Location"] == "/sign-in/?next=/account/"


def test_the_language_of_messages_is_chosen() -> None:
    account = make_account()
    citizen = signed_in(account)
    assert citizen.post(PAGE, {"language": "en"}).headers["Location"] == PAGE
    account.refresh_from_db()
    assert account.language == "en"


def test_a_language_that_we_do_not_speak_is_refused() -> None:
    account = make_account()
    response = signed_in(account).post(PAGE, {"language": "tlh"})
    assert 'class="error-summary"' in response.content.decode()
    account.refresh_from_db()
    assert account.language == "zh-hans"


def test_signing_out_everywhere_ends_all_sessions_but_this_one() -> None:
    here, lost = enter_by_code(), signed_in()
    key = here.session.session_key
    assert here.post("/account/sessions/end/").headers["Location"] == PAGE
    assert lost.get(PAGE).headers["Location"].startswith("/sign-in/")
    assert here.get(PAGE).status_code == 200
    assert here.session.session_key != key


def test_it_ends_nobody_elses_session_and_lets_one_in_again() -> None:
    other = signed_in(make_account("+8613900139000"))
    signed_in().post("/account/sessions/end/")
    assert other.get(PAGE).status_code == 200
    again = signed_in(Account.objects.get(pk=make_account().pk))
    assert again.get(PAGE).status_code == 200
    assert not make_account().has_usable_password()


def test_it_takes_a_post() -> None:
    citizen = signed_in()
    assert citizen.get("/account/sessions/end/").status_code == 405
    assert citizen.get("/account/platform/remove/").status_code == 405


def test_without_a_platform_nothing_is_said_of_one(settings: Any) -> None:
    assert "一网通办" not in text_of(signed_in())
    citizen = signed_in()
    assert citizen.get("/account/platform/").status_code == 404
    assert citizen.post("/account/platform/remove/").status_code == 404


def test_my_bookings_lead_to_it() -> None:
    assert f'href="{PAGE}"' in text_of(signed_in(), "/bookings/")
