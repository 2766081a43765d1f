"""Who may open each route that there is. A new route fails here until it says for whom it is."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.citizens import signed_in
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db


def names(text: str) -> list[str]:
    return text.split()


# Shows nothing of a person.
OPEN = names("""
    home help privacy privacy-children accessibility sign-in sign-in-code sign-in-platform
    sign-in-platform-back offices office services service book wizard self-service manage
    help-messages office-display
    account_login account_inactive healthz readyz demo-messages
    api-offices api-office api-services api-service api-days api-slots api-schema api-docs
""")
# Concerns nobody but who asks, and works by POST only.
SWITCHES = names("elder-mode set_language sign-in-resend sign-out manage-leave")
CITIZEN = names("""
    privacy-consent privacy-my-data privacy-export privacy-take-back privacy-delete
    household household-add household-change household-remove
    account sign-out-everywhere platform-link platform-unlink
    account-messages contact-add contact-code contact-up contact-remove contact-wechat
    contact-wechat-back
    book-people book-wanted book-office book-time book-times book-full
    book-check book-contact book-confirm book-give-up
    waiting-join waiting-leave waiting-offer waiting-accept waiting-decline booking-earlier
    my-bookings booking booking-confirmed booking-form
    booking-authorisation booking-contact booking-again booking-late booking-cancel
    booking-leave booking-move booking-move-full booking-pdf booking-form-pdf booking-calendar
    booking-visit groups group-names group-time suspensions
    my-requests urgent-new urgent urgent-withdraw urgent-evidence
    home-visit-new home-visit home-visit-withdraw
""")
# Where the second factor is still to be given or set up, or the session ends.
ON_THE_WAY_IN = names("""
    account_reauthenticate account_logout mfa_index mfa_authenticate mfa_reauthenticate
    mfa_activate_totp mfa_view_recovery_codes mfa_download_recovery_codes
""")
STAFF = names("""
    account_change_password mfa_deactivate_totp mfa_generate_recovery_codes
    desk desk-day desk-week desk-slot desk-close-day desk-reopen-day desk-split desk-history
    desk-cell desk-range desk-add-numbers
    desk-undo desk-sessions desk-session-remove desk-series-remove desk-book desk-bookings
    desk-booking desk-booking-correct desk-booking-form desk-scan desk-reports
    desk-check-in desk-hours desk-hours-end
    desk-policy bureau-policy desk-exchange bureau-access-withdraw bureau-access desk-roster
    bureau-services
    desk-counters desk-counters-change desk-counters-add desk-shift-withdraw
    desk-plans desk-plan-apply desk-plan-end
    bureau-plans bureau-plan bureau-plan-remove bureau-plan-apply bureau-plan-end
    bureau bureau-hall-add bureau-hall bureau-district-add
    desk-month desk-load desk-compare desk-forecast desk-suggestions desk-suggestion
    bureau-city bureau-forecast
    bureau-calendar bureau-seasons bureau-season-remove
    bureau-notices bureau-notice-remove bureau-notice-poster bureau-sites bureau-site desk-devices
    desk-conflicts desk-conflicts-move desk-conflicts-calls desk-appeals desk-appeal desk-groups
    desk-visits desk-calling desk-counter desk-conditional
    desk-urgent desk-urgent-enter desk-urgent-request desk-urgent-evidence desk-urgent-arrival
    desk-home-visits desk-home-visit desk-home-visit-sheet
""")
PARTNER = names("""
    api-bookings api-booking api-booking-confirm api-booking-cancel
    api-booking-reschedule api-check-in api-forms api-quotas api-quota
""")


def walk(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, str]]:
    """Name and an address of every route; the things in the addresses don't exist."""
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry, path)
        elif isinstance(entry, URLPattern):
            filled = re.sub(r"\(\?P<\w+>\.\*\)\$", "nowhere", path)
            yield entry.name or path, re.sub(r"<[\w:]+>", "1", filled)


ROUTES = list(walk(get_resolver()))
ADMIN = [path for _name, path in ROUTES if path.startswith("/admin/")]
ADDRESSES = {name: path for name, path in ROUTES if not path.startswith("/admin/")}


def addresses(*lists: list[str]) -> list[str]:
    return [ADDRESSES[name] for one in lists for name in one]


def ask(client: Client, paths: list[str]) -> dict[str, list[HttpResponse]]:
    """What each path answers to GET and to POST, where it knows these methods."""
    answers = {path: [client.get(path), client.post(path)] for path in paths}
    return {path: [one for one in both if one.status_code != 405] for path, both in answers.items()}


def led_to(answers: dict[str, list[HttpResponse]]) -> dict[str, set[str]]:
    """Where each path leads, without the query; the status of what leads nowhere."""
    return {
        path: {one.headers.get("Location", str(one.status_code)).partition("?")[0] for one in both}
        for path, both in answers.items()
    }


def test_every_route_says_for_whom_it_is():
    declared = [*OPEN, *SWITCHES, *CITIZEN, *ON_THE_WAY_IN, *STAFF, *PARTNER]
    assert sorted(ADDRESSES) == sorted(declared)


def test_a_stranger_is_led_to_the_sign_in(client):
    paths = addresses(CITIZEN)
    assert led_to(ask(client, paths)) == {path: {"/sign-in/"} for path in paths}


def test_nobody_but_staff_gets_to_the_desk_and_the_admin(client):
    paths = [*addresses(ON_THE_WAY_IN, STAFF), *ADMIN]
    assert led_to(ask(client, paths)) == {path: {"/accounts/login/"} for path in paths}


def test_a_citizen_finds_neither_desk_nor_admin():
    paths = [*addresses(STAFF), *ADMIN]
    paths.remove("/admin/login/")
    assert led_to(ask(signed_in(), paths)) == {path: {"404"} for path in paths}


def test_a_password_alone_opens_neither_desk_nor_admin(client):
    client.force_login(make_staff())
    paths = [*addresses(STAFF), *ADMIN]
    paths.remove("/admin/login/")
    answers = led_to(ask(client, paths))
    assert answers == {path: {"/accounts/2fa/reauthenticate/"} for path in paths}


def test_no_session_opens_what_needs_a_key(client):
    paths = addresses(PARTNER)
    for asking in (client, signed_in(), sign_in(Client(), make_staff())):
        assert led_to(ask(asking, paths)) == {path: {"401"} for path in paths}


def test_no_link_switches_anything(client):
    paths = addresses(SWITCHES)
    assert [client.get(path).status_code for path in paths] == [405] * 5


def test_a_form_of_another_site_is_refused():
    open_forms = ["sign-in", "sign-in-code", "book", "self-service", "account_login"]
    paths = addresses(SWITCHES, CITIZEN, open_forms)
    assert forged(signed_in(), paths) == dict.fromkeys(paths, 403)


def test_a_form_of_another_site_is_refused_at_the_desk():
    paths = [*addresses(ON_THE_WAY_IN, STAFF), *ADMIN]
    assert forged(sign_in(Client(), make_staff()), paths) == dict.fromkeys(paths, 403)


def forged(client: Client, paths: list[str]) -> dict[str, int]:
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = client.cookies
    return {path: checked.post(path).status_code for path in paths}


def test_a_shared_computer_keeps_no_page_of_a_person():
    staff = sign_in(Client(), make_staff())
    both = ((signed_in(), CITIZEN), (staff, [*ON_THE_WAY_IN, *STAFF]))
    shown = [client.get(path) for client, pages in both for path in addresses(pages)]
    kept = [page.headers.get("Cache-Control", "") for page in shown if page.status_code == 200]
    assert kept
    assert all("no-store" in one for one in kept)
