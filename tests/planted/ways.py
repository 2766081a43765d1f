"""Every way in which people's data come to us, walked by planted people."""

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone
from stdnum.cn import uscc

from applicants.enums import GroupState
from applicants.models import Applicant, Group
from applicants.pages import household
from bookings.models import Booking, Slot
from partners.domain.keys import issue_key
from partners.enums import Scope
from tests.api import make_partner
from tests.citizens import last_code
from tests.factories import make_office, make_slot
from tests.planted.browser import Browser, Trail
from tests.planted.people import Planted
from tests.requests import make_pdf
from tests.staff import make_staff, sign_in

OFFICE = "xiamen-zhenhai"
DESK = f"/desk/{OFFICE}"
SERVICES = ["passport-first"]


@dataclass
class World:
    """An office with places for everybody, somebody at its desk, and a partner."""

    base: str
    trail: Trail
    slot: Slot
    full: Slot
    staff: str
    token: str

    def browser(self, **cookies: str) -> Browser:
        return Browser(self.base, self.trail, **cookies)

    def desk(self) -> Browser:
        return self.browser(sessionid=self.staff)


def build(base: str) -> World:
    office = make_office()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    ten = dt.datetime.combine(tomorrow, dt.time(10), tzinfo=office.zone)
    slot = make_slot(2000, assisted=2000, office=office, starts_at=ten)
    full = make_slot(0, office=office, starts_at=ten + dt.timedelta(days=1))
    staff = sign_in(Client(), make_staff(office=office, username="officer"))
    _key, token = issue_key(make_partner("114", office), Scope.values)
    return World(base, Trail(), slot, full, staff.cookies["sessionid"].value, token)


def typed(one: Planted) -> dict[str, object]:
    return {
        "name": one.name,
        "relation": "self",
        "priority": "none",
        "id_type": "resident_id",
        "id_number": one.id_number,
    }


def join(browser: Browser, one: Planted) -> Applicant:
    """Sign in by phone, agree to the notice, and enter the household."""
    browser.post("/sign-in/?next=/household/", contact=one.spaced_phone)
    browser.post("/sign-in/code/", code=last_code())
    browser.post("/privacy/consent/?next=/household/", sensitive="on")
    browser.post("/household/add/", **typed(one))
    return Applicant.objects.latest("pk")


def by_web(world: World, one: Planted) -> None:
    """Booked, delivered to an address, moved in the list, seen and taken along."""
    with world.browser() as browser:
        person = join(browser, one)
        answer_until_time(browser, person)
        browser.post(f"/book/time/?day={world.slot.date}", slot=world.slot.pk)
        number = Booking.objects.latest("pk").number
        browser.post(
            f"/book/{number}/contact/",
            phone=one.phone,
            email=one.email,
            delivery="courier",
            delivery_address=f"厦门市演示路1号 {one.name} {one.spaced_phone}",
        )
        browser.submit(browser.get(f"/book/{number}/check/"), f"/book/{number}/confirm/")
        for page in ("", "confirmed/", "form/", "form.pdf", "appointment.ics"):
            browser.get(f"/bookings/{number}/{page}")
        for page in ("/bookings/", "/household/", "/privacy/my-data/", "/privacy/my-data/export/"):
            browser.get(page)


def answer_until_time(browser: Browser, person: Applicant) -> None:
    browser.post("/book/", services=SERVICES, purpose="tourism")
    browser.post("/book/people/", people=person.pk)
    browser.post("/book/office/", office=OFFICE)


def by_api(world: World, one: Planted) -> None:
    """Booked, booked twice, and refused for each of several reasons."""
    attendee = {
        "name": one.name,
        "id_type": "resident_id",
        "id_number": one.id_number,
        "services": SERVICES,
        "priority": "none",
    }
    body = {
        "slot": world.slot.pk,
        "channel": "partner",
        "confirm": True,
        "contact": {"phone": one.e164, "email": one.email, "language": "zh-hans"},
        "attendees": [attendee],
    }
    wrong = {**body, "attendees": [{**attendee, "services": ["nothing"], "id_type": one.name}]}
    with world.browser() as browser:
        key = {"Idempotency-Key": f"planted-{one.id_number[-6:]}"}
        for sent in (body, body, wrong):
            browser.call("/api/v1/bookings/", world.token, sent, **key)
        for sent in (body, wrong, {"contact": one.phone}, [one.id_number]):
            browser.call("/api/v1/bookings/", world.token, sent)
        browser.call("/api/v1/bookings/", "yk_wrong", body)


def by_desk(world: World, one: Planted) -> None:
    """Refused first, then booked, and found by phone and by document."""
    sheet = {
        "do": "book",
        "channel": "phone",
        "line": "mainland",
        "date": world.slot.date.isoformat(),
        "slot": world.slot.pk,
        "phone": one.spaced_phone,
        "language": "zh-hans",
        "people-TOTAL_FORMS": 1,
        "people-INITIAL_FORMS": 0,
        **{f"people-0-{name}": value for name, value in typed(one).items()},
        "people-0-services": SERVICES,
    }
    with world.desk() as desk:
        desk.post(f"{DESK}/book/", **sheet)
        desk.post(f"{DESK}/book/", **sheet, notice_read="on")
        for by, text in (("phone", one.phone), ("resident_id", one.id_number)):
            desk.post(f"{DESK}/bookings/", by=by, text=text)


def by_request(world: World, one: Planted) -> None:
    """An urgent request with evidence, and a home visit."""
    week = timezone.localdate() + dt.timedelta(days=7)
    with world.browser() as browser:
        person = join(browser, one)
        file = make_pdf(f"{one.name} {one.phone}.pdf", Title=one.id_number)
        browser.post(
            f"/urgent/?office={OFFICE}",
            files={"evidence": (file.name, file.read(), "application/pdf")},
            person=person.pk,
            reason="meeting",
            deadline=week.isoformat(),
            services=SERVICES,
        )
        browser.post(
            f"/home-visits/?office={OFFICE}",
            person=person.pk,
            services=SERVICES,
            circumstances=f"{one.name}长期卧床，电话{one.spaced_phone}",
            address=f"厦门市演示路1号 {one.id_number}",
            first_day=week.isoformat(),
            last_day=week.isoformat(),
        )
        browser.get("/requests/")


def by_waiting(world: World, one: Planted) -> None:
    with world.browser() as browser:
        answer_until_time(browser, join(browser, one))
        day = world.full.date.isoformat()
        answers = {"where": "here", "first_day": day, "last_day": day, "times": ""}
        browser.post(f"/waiting/?day={day}", **answers)
        browser.get("/bookings/")


def by_refused_form(world: World, one: Planted) -> None:
    """Forms that come back filled in, with numbers where others belong."""
    with world.browser() as browser:
        browser.post("/sign-in/", contact=f"{one.phone}x")
        browser.post("/sign-in/", contact=one.id_number)
        browser.post("/sign-in/?by=email", contact=f"{one.email}@")
        browser.post("/manage/", number=one.phone, code=one.id_number)
        join(browser, one)
        for wrong in ({"name": ""}, {"id_type": "passport"}, {"id_number": one.phone}):
            browser.post("/household/add/", **(typed(one) | wrong))
        # Twice the same.
        browser.post("/household/add/", **typed(one))
    with world.desk() as desk:
        desk.post(f"{DESK}/bookings/", by="number", text=one.phone)
        desk.post(f"{DESK}/bookings/", by="phone", text=one.id_number)


def by_group(world: World, one: Planted) -> None:
    """Asks for an organisation, sends a list with a wrong row, and then the right one."""
    head, row = "name,id_type,id_number\n", f"{one.name},resident_id,{one.id_number}\n"
    with world.browser() as browser:
        join(browser, one)
        browser.post(
            "/groups/",
            name="厦门某旅行社",
            kind="travel_agency",
            credit_code=credit_code(one),
            contact_name=one.name,
            contact_phone=one.spaced_phone,
            office=OFFICE,
        )
        Group.objects.filter(state=GroupState.ASKED).update(state=GroupState.ADMITTED)
        path = f"/groups/{Group.objects.latest('pk').pk}/"
        wrong = f"{head}{row}{one.phone},passport,{one.name}\n"
        for text in (wrong, head + row):
            browser.post(path, services=SERVICES, office=OFFICE, text=text, told="on")
        browser.post(f"{path}time/?day={world.slot.date}", slot=world.slot.pk)
        browser.get("/groups/")
    with world.desk() as desk:
        desk.get(f"{DESK}/groups/")


def credit_code(one: Planted) -> str:
    """A valid one that nobody else has."""
    body = f"91350200MA{int(one.id_number[-6:-1]):07}"
    return body + uscc.calc_check_digit(body)


def by_error(world: World, one: Planted) -> None:
    """400, 403, 404, 405 and 500, each with somebody's data in what was sent."""
    person = typed(one)
    with world.browser() as browser:
        kept = join(browser, one)
        browser.send("/household/add/", person)
        browser.get(f"/bookings/{one.id_number}/", typed=True)
        browser.get(f"/nothing/{one.phone}/?q={one.id_number}", typed=True)
        browser.send("/privacy/", person)
        many = {f"field-{n}": one.id_number for n in range(1001)}
        browser.send("/sign-in/", many)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(household, "change_person", _breaks)
            browser.post(f"/household/{kept.pk}/", **person)


def _breaks(applicant: Applicant, **_: object) -> None:
    """As a library would that quotes what it can't store."""
    number = applicant.id_number
    raise RuntimeError(f"can't store {number!r} of {number[:6]} {number[6:14]} {number[14:]}")


WAYS: list[Callable[[World, Planted], None]] = [
    by_web,
    by_api,
    by_desk,
    by_request,
    by_waiting,
    by_refused_form,
    by_group,
    by_error,
]


def walk(world: World, people: list[Planted]) -> None:
    """Each of them goes one way."""
    for one, way in zip(people, itertools.cycle(WAYS)):
        way(world, one)
