"""Who gets to which page of which office, for every route under /desk/ that there is."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from applicants.models import Account
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.quotas import set_quota
from bookings.enums import SuggestionKind
from bookings.models import QuotaChange, Suggestion
from offices.domain.permissions import ALLOWED, Action
from offices.enums import Role, SessionKind
from offices.models import (
    Closure,
    Counter,
    CounterShift,
    Office,
    OpeningHours,
    Session,
    SessionSeries,
    SurgePeriod,
    SurgePlan,
)
from tests.bookings.test_suspending import make_appeal
from tests.factories import NOW, make_bureau, make_office, make_party, make_slot, quota_of
from tests.requests import make_pdf, make_urgent, make_visit
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 8, 8)

# What each page of an office takes beside the office, and what opens it.
PAGES: dict[str, tuple[tuple[str, ...], Action]] = {
    "desk-day": ((), Action.SEE_DESK),
    "desk-week": ((), Action.SEE_DESK),
    "desk-month": ((), Action.SEE_DESK),
    "desk-load": ((), Action.SEE_REPORTS),
    "desk-compare": ((), Action.SEE_REPORTS),
    "desk-forecast": ((), Action.SEE_REPORTS),
    "desk-suggestions": ((), Action.CHANGE_QUOTAS),
    "desk-suggestion": (("suggestion",), Action.CHANGE_QUOTAS),
    "desk-slot": (("slot",), Action.SEE_DESK),
    "desk-close-day": ((), Action.CLOSE_WINDOWS),
    "desk-reopen-day": (("closure",), Action.CLOSE_WINDOWS),
    "desk-conflicts": ((), Action.CLOSE_WINDOWS),
    "desk-conflicts-move": ((), Action.CLOSE_WINDOWS),
    "desk-conflicts-calls": ((), Action.CLOSE_WINDOWS),
    "desk-split": ((), Action.CHANGE_QUOTAS),
    "desk-cell": (("quota",), Action.CHANGE_QUOTAS),
    "desk-range": ((), Action.CHANGE_QUOTAS),
    "desk-add-numbers": ((), Action.CHANGE_QUOTAS),
    "desk-history": ((), Action.SEE_DESK),
    "desk-appeals": ((), Action.DECIDE_APPEALS),
    "desk-groups": ((), Action.ADMIT_GROUPS),
    "desk-visits": ((), Action.SEE_REPORTS),
    "desk-calling": ((), Action.CALL_NUMBERS),
    "desk-counter": (("counter",), Action.CALL_NUMBERS),
    "desk-conditional": ((), Action.CALL_NUMBERS),
    "desk-appeal": (("appeal",), Action.DECIDE_APPEALS),
    "desk-undo": (("change",), Action.CHANGE_QUOTAS),
    "desk-devices": ((), Action.KEEP_DEVICES),
    "desk-hours": ((), Action.PLAN_HOURS),
    "desk-hours-end": (("hours",), Action.PLAN_HOURS),
    "desk-counters": ((), Action.PLAN_HOURS),
    "desk-counters-change": ((), Action.PLAN_HOURS),
    "desk-counters-add": ((), Action.PLAN_HOURS),
    "desk-shift-withdraw": (("shift",), Action.PLAN_HOURS),
    "desk-sessions": ((), Action.PUBLISH_SESSIONS),
    "desk-session-remove": (("session",), Action.PUBLISH_SESSIONS),
    "desk-series-remove": (("series",), Action.PUBLISH_SESSIONS),
    "desk-plans": ((), Action.PLAN_SURGES),
    "desk-plan-apply": (("plan",), Action.PLAN_SURGES),
    "desk-plan-end": (("period",), Action.PLAN_SURGES),
    "desk-book": ((), Action.BOOK_FOR_OTHERS),
    "desk-bookings": ((), Action.FIND_BOOKINGS),
    "desk-booking": (("booking",), Action.FIND_BOOKINGS),
    "desk-booking-form": (("booking",), Action.FIND_BOOKINGS),
    "desk-scan": ((), Action.FIND_BOOKINGS),
    "desk-booking-correct": (("booking", "position"), Action.BOOK_FOR_OTHERS),
    "desk-reports": ((), Action.SEE_REPORTS),
    "desk-policy": ((), Action.SET_POLICY),
    "desk-exchange": ((), Action.PLAN_HOURS),
    "desk-roster": ((), Action.KEEP_ROSTER),
    "desk-check-in": ((), Action.CHECK_IN),
    "desk-urgent": ((), Action.DECIDE_REQUESTS),
    "desk-urgent-enter": ((), Action.BOOK_FOR_OTHERS),
    "desk-urgent-request": (("urgent",), Action.DECIDE_REQUESTS),
    "desk-urgent-evidence": (("urgent", "file"), Action.DECIDE_REQUESTS),
    "desk-urgent-arrival": ((), Action.CHECK_IN),
    "desk-home-visits": ((), Action.DECIDE_REQUESTS),
    "desk-home-visit": (("visit",), Action.DECIDE_REQUESTS),
    "desk-home-visit-sheet": (("visit",), Action.DECIDE_REQUESTS),
}


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Name and pattern of every route."""
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, pattern)
        elif isinstance(entry, URLPattern):
            yield entry.name or "", pattern


def things_of(office: Office) -> dict[str, object]:
    """Something of each kind that pages are about, at this office."""
    slot = make_slot(office=office)
    plan = SurgePlan.objects.create(bureau=office.bureau, code=office.code, name="春节高峰")
    set_quota(quota_of(slot).pk, 20, version=1, reason="高峰", actor=SYSTEM, now=NOW)
    urgent = make_urgent(office, files=[make_pdf()])
    return {
        "slot": slot.pk,
        "urgent": urgent.number,
        "visit": make_visit(office).number,
        "file": urgent.evidence.get().pk,
        "quota": quota_of(slot).pk,
        "booking": book(make_party(slot), SYSTEM, NOW).number,
        "position": 0,
        "change": QuotaChange.objects.get(quota__slot=slot).pk,
        "appeal": make_appeal(office).pk,
        "suggestion": Suggestion.objects.create(
            office=office,
            line=slot.line,
            date=slot.date,
            kind=SuggestionKind.MORE_PLACES,
            amount=20,
            facts={"taken": 9, "capacity": 10, "above": 90},
            made_at=NOW,
        ).pk,
        "closure": Closure.objects.create(
            office=office, first_day=DAY, last_day=DAY, reason="停电"
        ).pk,
        "hours": OpeningHours.objects.create(
            office=office,
            line=slot.line,
            weekday=0,
            opens=dt.time(9),
            closes=dt.time(10),
            valid_from=DAY,
        ).pk,
        "counter": Counter.objects.create(office=office, line=slot.line, label="9").pk,
        "shift": CounterShift.objects.create(
            counter=Counter.objects.create(office=office, line=slot.line, label="1"),
            is_open=False,
            first_day=DAY,
        ).pk,
        "plan": plan.pk,
        "period": SurgePeriod.objects.create(
            plan=plan, office=office, first_day=DAY, last_day=DAY, reason="高峰", applied_at=NOW
        ).pk,
        "series": SessionSeries.objects.create(office=office, line=slot.line).pk,
        "session": Session.objects.create(
            office=office,
            line=slot.line,
            kind=SessionKind.SATURDAY,
            date=DAY,
            opens=dt.time(9),
            closes=dt.time(10),
            capacity=5,
        ).pk,
    }


def address(name: str, office: Office, things: dict[str, object]) -> str:
    return reverse(name, args=[office.code, *(things[kind] for kind in PAGES[name][0])])


@pytest.fixture
def elsewhere(db) -> Office:
    return make_office("harbin-city", bureau=make_bureau("harbin"))


def test_every_route_of_the_desk_is_listed_here():
    found = {name for name, pattern in routes(get_resolver()) if pattern.startswith("desk/")}
    assert found == {"desk", *PAGES}


def answers(client: Client, paths: dict[str, str]) -> dict[str, tuple[int, int]]:
    """What each page says to being looked at and to an empty form."""
    return {
        name: (client.get(path).status_code, client.post(path).status_code)
        for name, path in paths.items()
    }


def opened(client: Client, paths: dict[str, str]) -> list[str]:
    return [name for name, path in paths.items() if client.get(path).status_code in {200, 302}]


def addresses(office: Office, things: dict[str, object]) -> dict[str, str]:
    return {name: address(name, office, things) for name in PAGES}


def test_a_supervisor_opens_the_own_office_and_no_other(client, hall, elsewhere):
    own, foreign = things_of(hall), things_of(elsewhere)
    sign_in(client, make_staff(office=hall))
    assert opened(client, addresses(hall, own)) == [*PAGES]
    nothing = dict.fromkeys(PAGES, (404, 404))
    assert answers(client, addresses(elsewhere, foreign)) == nothing
    # Nor through the own office's address, with a thing of the other.
    mixed = {name: address(name, hall, foreign) for name, (kinds, _do) in PAGES.items() if kinds}
    assert answers(client, mixed) == dict.fromkeys(mixed, (404, 404))


@pytest.mark.parametrize("role", [Role.CLERK, Role.GUIDE, Role.PLANNER, Role.OVERSEER])
def test_a_role_opens_what_belongs_to_it(client, hall, role):
    paths = addresses(hall, things_of(hall))
    sign_in(client, make_staff(role, office=hall))
    allowed = {name: path for name, path in paths.items() if PAGES[name][1] in ALLOWED[role]}
    shut = {name: path for name, path in paths.items() if name not in allowed}
    assert answers(client, shut) == dict.fromkeys(shut, (403, 403))
    assert opened(client, allowed) == [*allowed]


@pytest.mark.parametrize("role", Role)
def test_no_role_opens_anything_of_another_office(client, hall, elsewhere, role):
    foreign = things_of(elsewhere)
    sign_in(client, make_staff(role, office=hall))
    paths = {name: address(name, elsewhere, foreign) for name in PAGES}
    got = {
        name: {client.get(path).status_code, client.post(path).status_code}
        for name, path in paths.items()
    }
    assert got == {name: {404} for name in PAGES}


def test_an_overseer_of_a_bureau_looks_at_its_offices_only(client, hall, elsewhere):
    own, foreign = addresses(hall, things_of(hall)), addresses(elsewhere, things_of(elsewhere))
    sign_in(client, make_staff(Role.OVERSEER, bureau=make_bureau()))
    allowed = {name for name in PAGES if PAGES[name][1] in ALLOWED[Role.OVERSEER]}
    got = {name: client.get(path).status_code for name, path in own.items()}
    assert got == {name: 200 if name in allowed else 403 for name in PAGES}
    assert answers(client, foreign) == dict.fromkeys(PAGES, (404, 404))


def test_nobody_without_a_membership_gets_in(hall):
    paths = addresses(hall, things_of(hall))
    superuser = make_staff(username="root")
    Account.objects.filter(pk=superuser.pk).update(is_superuser=True)
    security = make_staff(Role.SECURITY_ADMIN, office=hall)
    citizen, _created = Account.objects.for_contact("sms", "+8613800138000")
    visitors = [sign_in(Client(), superuser), sign_in(Client(), security), Client()]
    visitors[2].force_login(citizen)
    for visitor in visitors:
        assert answers(visitor, paths) == dict.fromkeys(PAGES, (404, 404))


def test_who_is_not_signed_in_is_led_to_the_sign_in_of_staff(client, hall):
    for path in [reverse("desk"), *addresses(hall, things_of(hall)).values()]:
        for method in (client.get, client.post):
            assert method(path).url == f"/accounts/login/?next={path}"


def test_a_password_alone_opens_nothing(client, hall):
    paths = [reverse("desk"), *addresses(hall, things_of(hall)).values()]
    client.force_login(make_staff(office=hall))
    for path in paths:
        assert client.get(path).url.startswith("/accounts/2fa/reauthenticate/?next=")
    client.force_login(make_staff(office=hall, authenticator=False))
    for path in paths:
        assert client.get(path).url == "/accounts/2fa/totp/activate/"


def test_somebody_elses_code_in_the_session_counts_for_nobody_else(client, hall):
    sign_in(client, make_staff(office=hall))
    records = client.session["account_authentication_methods"]
    client.force_login(make_staff(office=hall))
    session = client.session
    session["account_authentication_methods"] = records
    session.save()
    assert client.get("/desk/xiamen-zhenhai/").status_code == 302


def test_a_page_of_the_desk_is_kept_by_no_cache(desk):
    assert desk.get("/desk/xiamen-zhenhai/").headers["Cache-Control"] == "no-store"


def test_who_has_one_office_goes_straight_to_its_day(desk, elsewhere, supervisor):
    assert desk.get("/desk/").url == "/desk/xiamen-zhenhai/"
    supervisor.memberships.create(role=Role.CLERK, office=elsewhere)
    text = desk.get("/desk/").text
    assert text.count('class="tile"') == 2
    supervisor.memberships.all().delete()
    assert "尚未分配大厅" in desk.get("/desk/").text
