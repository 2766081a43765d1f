"""POST /api/v1/bookings/: who may, what changes, what is refused, and that a retry does
nothing twice."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applicants.domain.manage_code import manage_code
from applicants.identity import identity_hash
from applicants.models import Suspension
from bookings.domain.allocation import settle
from bookings.models import Booking, Slot
from offices.models import Session
from partners.models import IdempotencyKey
from tests.api import anyone, attendee, booking_body, make_client, make_partner
from tests.factories import NOW, make_line, make_office, make_slot, quota_of, resident_number
from tests.house import ROOT

pytestmark = pytest.mark.django_db
URL = "/api/v1/bookings/"


@pytest.fixture(autouse=True)
def _on_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def refused(response: Any) -> tuple[int, str]:
    """Status and code of a refusal, once its form is that of every problem document."""
    document = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert document["type"] == f"/api/v1/docs/#{document['code']}"
    assert document["status"] == response.status_code
    assert document["title"]
    assert document["detail"]
    return response.status_code, document["code"]


# --- What changes ------------------------------------------------------------------------------


def test_a_booking_is_confirmed_and_shown_with_masked_people() -> None:
    slot = make_slot(online=10)
    response = make_client().post(URL, booking_body(slot.pk, 1, 2))
    booking = Booking.objects.get()
    assert response.status_code == 201
    itself = f"http://testserver{URL}{booking.number}/"
    assert response["Location"] == itself
    assert response.json() == {
        "number": booking.number,
        "status": "confirmed",
        "channel": "partner",
        "office": "xiamen-zhenhai",
        "slot": {
            "id": slot.pk,
            "office": "xiamen-zhenhai",
            "line": "mainland",
            "starts_at": "2026-08-04T02:00:00Z",
            "ends_at": "2026-08-04T02:30:00Z",
        },
        "places": 2,
        "attendees": [
            {
                "position": position,
                "name": "演**",
                "id_type": "resident_id",
                "id_number": f"350***********{end}",
                "services": ["passport-first"],
                "priority": "none",
            }
            for position, end in enumerate(("0018", "0026"))
        ],
        "expires_at": None,
        "links": {
            "self": itself,
            "cancel": f"{itself}cancel/",
            "reschedule": f"{itself}reschedule/",
            "check_in": f"{itself}check-in/",
        },
        "manage_code": manage_code(booking.number),
    }
    assert quota_of(slot).taken == 2


def test_the_code_to_manage_it_is_said_again_to_a_retry_and_kept_nowhere() -> None:
    client, body = make_client(), booking_body(make_slot().pk, 1)
    first, again = (client.post(URL, body, HTTP_IDEMPOTENCY_KEY="b0b1") for _try in (1, 2))
    code = manage_code(first.json()["number"])
    assert [one.json()["manage_code"] for one in (first, again)] == [code, code]
    assert code not in str(IdempotencyKey.objects.get().answer)
    assert "manage_code" not in client.get(f"{URL}{first.json()['number']}/").json()


def test_what_was_sent_is_what_is_stored() -> None:
    office, slot = make_office(), make_slot()
    partner = make_partner("WeChat account", office)
    person = attendee(
        7, name=" 王小明 ", services=["passport-first", "hkm-permit-first"], priority="pregnant"
    )
    body = booking_body(
        slot.pk,
        channel="wechat",
        contact={"phone": "13800138000", "email": "Name@Example.com", "language": "en"},
        attendees=[person],
        delivery="courier",
        delivery_address="镇海路64号",
    )
    assert make_client(partner=partner).post(URL, body).status_code == 201
    booking = Booking.objects.with_details().get()
    stored = booking.attendees.get()
    assert (booking.partner, booking.channel, booking.language) == (partner, "wechat", "en")
    assert (booking.contact_phone, booking.contact_email) == ("+8613800138000", "name@example.com")
    assert (booking.delivery, booking.delivery_address) == ("courier", "镇海路64号")
    assert (stored.name, stored.id_number, stored.priority) == (
        "王小明",
        person["id_number"],
        "pregnant",
    )
    assert sorted(a.service.code for a in stored.applications.all()) == sorted(person["services"])


def test_an_address_is_kept_only_where_a_courier_needs_it() -> None:
    body = booking_body(make_slot().pk, 1, delivery="pickup", delivery_address="镇海路64号")
    make_client().post(URL, body)
    assert Booking.objects.get().delivery_address == ""


def test_a_hold_says_until_when_it_stands() -> None:
    slot = make_slot()
    response = make_client().post(URL, booking_body(slot.pk, confirm=False))
    shown = response.json()
    assert (response.status_code, shown["status"]) == (201, "held")
    assert shown["expires_at"] == "2026-08-03T01:10:00Z"
    assert sorted(shown["links"]) == ["cancel", "confirm", "reschedule", "self"]
    assert quota_of(slot).taken == 1


def test_the_phone_desk_takes_assisted_places() -> None:
    slot = make_slot(online=1, assisted=1)
    assert make_client().post(URL, booking_body(slot.pk, channel="phone")).status_code == 201
    assert (quota_of(slot, "assisted").taken, quota_of(slot).taken) == (1, 0)


def test_the_purpose_of_the_journey_is_kept_where_it_is_given() -> None:
    slot, client = make_slot(), make_client()
    assert client.post(URL, booking_body(slot.pk, 1, purpose="study")).status_code == 201
    assert client.post(URL, booking_body(slot.pk, 2)).status_code == 201
    assert list(Booking.objects.order_by("pk").values_list("purpose", flat=True)) == ["study", ""]
    response = client.post(URL, booking_body(slot.pk, 3, purpose="fun"))
    assert refused(response) == (400, "invalid")


@pytest.mark.row("XM-44")
def test_a_foreigner_books_in_english_with_a_passport() -> None:
    slot = make_slot(line="foreigners")
    person = attendee(
        name="Marie Curie",
        id_type="passport",
        id_number="17fv12345",
        birth_date="1987-11-07",
        nationality="FR",
        services=["visa-extension"],
    )
    response = make_client().post(URL, booking_body(slot.pk, attendees=[person]))
    assert response.status_code == 201
    assert response.json()["attendees"][0]["id_number"] == "17F**2345"


# --- Who may -----------------------------------------------------------------------------------


def test_without_a_key_nothing_is_booked() -> None:
    response = anyone().post(URL, booking_body(make_slot().pk))
    assert refused(response) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="Yihao API"'
    assert Booking.objects.count() == 0


def test_a_key_that_may_only_read_is_refused() -> None:
    client = make_client("bookings:read", "quotas:write")
    assert refused(client.post(URL, booking_body(make_slot().pk))) == (403, "forbidden")


def test_another_office_than_the_partners_has_no_windows_for_it() -> None:
    partner = make_partner("Jinjiang", make_office("jinjiang"))
    response = make_client(partner=partner).post(URL, booking_body(make_slot().pk))
    assert refused(response) == (400, "invalid")
    assert response.json()["errors"] == [
        {"pointer": "#/slot", "detail": "There is no such window at your offices."}
    ]


@pytest.mark.parametrize("channel", ["web", "counter", "fax"])
def test_a_key_books_through_the_channels_of_partners_only(channel: str) -> None:
    response = make_client().post(URL, booking_body(make_slot().pk, channel=channel))
    assert refused(response) == (400, "invalid")
    assert [error["pointer"] for error in response.json()["errors"]] == ["#/channel"]


# --- What is refused ---------------------------------------------------------------------------


def test_every_mistake_is_pointed_out_at_once() -> None:
    body = booking_body(0)
    body |= {
        "confrim": False,
        "contact": {"phone": "123", "email": "nobody", "language": "fr"},
        "attendees": [
            attendee(1),
            attendee(2, id_number="350000199001010019", priority="vip"),
            attendee(3, nationality="XX", services=[]),
        ],
    }
    response = make_client().post(URL, body)
    assert refused(response) == (400, "invalid")
    assert [error["pointer"] for error in response.json()["errors"]] == ["#/confrim"]
    del body["confrim"]
    response = make_client().post(URL, body)
    assert [error["pointer"] for error in response.json()["errors"]] == [
        "#/slot",
        "#/contact/phone",
        "#/contact/email",
        "#/contact/language",
        "#/attendees/1/priority",
        "#/attendees/2/nationality",
        "#/attendees/2/services",
    ]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"slot": None}, "#/slot"),
        ({"slot": 2**63}, "#/slot"),
        ({"contact": {"phone": "", "email": ""}}, "#/contact"),
        ({"contact": {"phone": "010-12345678"}}, "#/contact/phone"),
        ({"attendees": []}, "#/attendees"),
        ({"attendees": [attendee(i) for i in range(21)]}, "#/attendees"),
        ({"attendees": [attendee(id_number="350000199001010019")]}, "#/attendees/0/id_number"),
        ({"attendees": [attendee(id_type="library_card")]}, "#/attendees/0/id_type"),
        ({"attendees": [attendee(name="")]}, "#/attendees/0/name"),
        ({"attendees": [attendee(name="a\x00b")]}, "#/attendees/0/name"),
        ({"attendees": [attendee(birth_date="1990-02-30")]}, "#/attendees/0/birth_date"),
        ({"attendees": [attendee(services=[""])]}, "#/attendees/0/services/0"),
        ({"delivery": "courier"}, "#/delivery_address"),
        ({"delivery": "courier_both"}, "#/delivery_address"),
    ],
)
def test_a_mistake_is_pointed_out(change: dict[str, Any], pointer: str) -> None:
    response = make_client().post(URL, booking_body(make_slot().pk) | change)
    assert refused(response) == (400, "invalid")
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[1]",
        "nul",
        '{"slot": NaN}',
        '{"slot": "\\ud800"}',
        '{"channel": "\\ud800"}',
        '{"\\ud800": 1}',
        "[" * 60_000,
        '"' + "x" * 70_000 + '"',
        b"\xff{}",
    ],
    ids=[
        "empty",
        "cut off",
        "a list",
        "no word",
        "not a number",
        "half a character",
        "half a choice",
        "half a name",
        "deep",
        "long",
        "not UTF-8",
    ],
)
def test_what_is_not_an_object_of_json_is_refused(body: str | bytes) -> None:
    response = make_client().generic("POST", URL, body, content_type="application/json")
    assert refused(response) == (400, "invalid")


def test_forms_are_not_json() -> None:
    response = make_client().post(URL, {"slot": 1}, format="multipart")
    assert refused(response) == (415, "unsupported_media_type")


def test_a_refusal_speaks_the_callers_language() -> None:
    body = booking_body(make_slot().pk, contact={"phone": "", "email": ""})
    response = make_client(language="zh-CN").post(URL, body)
    assert response.json()["title"] == "请求有误"
    assert response.json()["detail"] == "请提供手机号码或电子邮箱。"


@pytest.mark.row("JJ-10")
def test_a_full_window_offers_the_three_least_loaded_others() -> None:
    slot = make_slot(online=1)
    others = [make_slot(starts_at=slot.starts_at + dt.timedelta(hours=n)) for n in (1, 2, 3, 4)]
    for other, taken in zip(others, (4, 9, 0, 2), strict=True):
        settle({quota_of(other).pk: taken})
    make_slot(online=1, starts_at=slot.starts_at + dt.timedelta(hours=5))
    response = make_client().post(URL, booking_body(slot.pk, 1, 2))
    assert refused(response) == (409, "slot_full")
    alternatives = response.json()["alternatives"]
    assert [(one["id"], one["places_left"]) for one in alternatives] == [
        (others[2].pk, 10),
        (others[3].pk, 8),
        (others[0].pk, 6),
    ]
    assert alternatives[0] == {
        "id": others[2].pk,
        "office": "xiamen-zhenhai",
        "line": "mainland",
        "starts_at": "2026-08-04T05:00:00Z",
        "ends_at": "2026-08-04T05:30:00Z",
        "state": "open",
        "places_left": 10,
    }
    assert quota_of(slot).taken == 0


@pytest.mark.parametrize(
    ("slot_fields", "state"),
    [
        ({"starts_at": NOW - dt.timedelta(minutes=1)}, "closed"),
        ({"opens_at": NOW + dt.timedelta(minutes=1)}, "not_yet_open"),
    ],
)
def test_a_window_that_is_not_open_says_why(slot_fields: dict[str, Any], state: str) -> None:
    response = make_client().post(URL, booking_body(make_slot(**slot_fields).pk))
    assert refused(response) == (409, "slot_not_open")
    assert response.json()["state"] == state
    opens = {"opens_at": "2026-08-03T01:01:00Z"} if state == "not_yet_open" else {}
    assert {k: v for k, v in response.json().items() if k == "opens_at"} == opens
    assert [way["code"] for way in response.json()["do"]] == [
        "choose_time",
        "choose_office",
        "walk_in",
    ]


def test_a_person_books_a_line_once() -> None:
    slot = make_slot()
    made = make_client().post(URL, booking_body(slot.pk, 1))
    assert made.status_code == 201
    response = make_client().post(URL, booking_body(slot.pk, 2, 1))
    assert refused(response) == (409, "already_booked")
    assert [error["pointer"] for error in response.json()["errors"]] == ["#/attendees/1"]
    assert response.json()["bookings"] == [made.json()["number"]]
    # Whose booking it is otherwise is nobody's business.
    other = make_client(partner=make_partner("Kiosks")).post(URL, booking_body(slot.pk, 1))
    assert (refused(other), other.json()["bookings"]) == ((409, "already_booked"), [])
    assert quota_of(slot).taken == 1


def test_a_refusal_names_nobody_whole() -> None:
    """It ends up in the logs of programmes: 王** is enough to tell who it is."""
    slot = make_slot()
    child = attendee(1, name="王小明", id_number=resident_number(1, dt.date(2020, 1, 1)))
    alone = make_client().post(URL, booking_body(slot.pk) | {"attendees": [child]})
    assert refused(alone) == (422, "not_eligible")
    adult = attendee(2, name="王小明")
    make_client().post(URL, booking_body(slot.pk) | {"attendees": [adult]})
    again = make_client().post(URL, booking_body(slot.pk) | {"attendees": [adult]})
    assert refused(again) == (409, "already_booked")
    for answer in (alone, again):
        assert "王** " in answer.content.decode()
        assert "王小明" not in answer.content.decode()


def test_who_is_not_eligible_hears_every_reason() -> None:
    session = Session.objects.create(
        office=make_office(),
        line=make_slot().line,
        kind="student",
        date=dt.date(2026, 8, 5),
        opens=dt.time(9),
        closes=dt.time(12),
        capacity=10,
        max_age=25,
    )
    starts = NOW + dt.timedelta(days=2)
    slot = make_slot(session=session, starts_at=starts)
    grown_up = attendee(1, services=["passport-first", "no-such-service"])
    response = make_client().post(URL, booking_body(slot.pk, attendees=[grown_up]))
    assert refused(response) == (422, "not_eligible")
    reasons = response.json()["reasons"]
    assert [(reason["code"], reason["pointer"]) for reason in reasons] == [
        ("service_unknown", "#/attendees/0"),
        ("session_age", "#/attendees/0"),
    ]


def window_for_students_of_xiamen() -> Slot:
    session = Session.objects.create(
        office=make_office(),
        line=make_line(),
        kind="student",
        date=dt.date(2026, 8, 9),
        opens=dt.time(9),
        closes=dt.time(12),
        capacity=20,
        students_only=True,
        residents_of="厦门",
    )
    return make_slot(starts_at=NOW + dt.timedelta(days=6), session=session)


def test_students_and_residents_are_let_into_their_session() -> None:
    slot = window_for_students_of_xiamen()
    response = make_client().post(URL, booking_body(slot.pk))
    assert refused(response) == (422, "not_eligible")
    reasons = response.json()["reasons"]
    assert [(reason["code"], reason["pointer"]) for reason in reasons] == [
        ("session_students", "#/attendees/0"),
        ("session_residence", "#/attendees/0"),
    ]
    student = attendee(student=True, home_city="Xiamen")
    response = make_client().post(URL, booking_body(slot.pk, attendees=[student]))
    assert response.status_code == 201
    told = Booking.objects.get().attendees.get()
    assert (told.is_student, told.home_city) == (True, "Xiamen")


def test_the_requests_of_the_guide_book_as_they_are_printed() -> None:
    guide = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    printed = re.findall(r'^curl "\$API/bookings/".*?-d \'\n(.*?)\'$', guide, re.M | re.S)
    family, student = map(json.loads, printed)
    assert {"student", "home_city"} < student["attendees"][0].keys()
    for_students = window_for_students_of_xiamen()
    for body, slot in ((family, make_slot()), (student, for_students)):
        response = make_client().post(URL, {**body, "slot": slot.pk})
        assert response.status_code == 201
    told = Booking.objects.get(slot=for_students).attendees.get()
    assert (told.is_student, told.home_city) == (True, "厦门")


def test_after_missed_appointments_only_assisted_channels_book() -> None:
    slot = make_slot(online=5, assisted=5)
    body = booking_body(slot.pk, 1)
    person = body["attendees"][0]
    Suspension.objects.create(
        identity_hash=identity_hash(person["id_type"], person["id_number"]),
        starts_at=NOW,
        ends_at=NOW + dt.timedelta(days=30),
        no_shows=3,
    )
    response = make_client().post(URL, body)
    assert refused(response) == (403, "suspended")
    assert response.json()["until"] == "2026-09-02T01:00:00Z"
    assert make_client().post(URL, body | {"channel": "phone"}).status_code == 201


# --- A retry does nothing twice ----------------------------------------------------------------


def test_a_retry_gets_the_first_answer() -> None:
    slot = make_slot()
    client, key = make_client(), {"HTTP_IDEMPOTENCY_KEY": "b0b1"}
    first = client.post(URL, booking_body(slot.pk), **key)
    again = client.post(URL, booking_body(slot.pk), **key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Location"] == first["Location"]
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert (Booking.objects.count(), quota_of(slot).taken) == (1, 1)


def test_a_key_belongs_to_one_request() -> None:
    slot = make_slot()
    client, key = make_client(), {"HTTP_IDEMPOTENCY_KEY": "b0b1"}
    client.post(URL, booking_body(slot.pk, 1), **key)
    response = client.post(URL, booking_body(slot.pk, 2), **key)
    assert refused(response) == (422, "idempotency_reused")
    assert Booking.objects.count() == 1


def test_a_key_belongs_to_one_partner() -> None:
    slot = make_slot()
    key = {"HTTP_IDEMPOTENCY_KEY": "b0b1"}
    make_client().post(URL, booking_body(slot.pk, 1), **key)
    other = make_client(partner=make_partner("Kiosks"))
    assert other.post(URL, booking_body(slot.pk, 2), **key).status_code == 201


def test_a_refusal_is_not_kept() -> None:
    slot = make_slot(online=0)
    client, key = make_client(), {"HTTP_IDEMPOTENCY_KEY": "b0b1"}
    assert refused(client.post(URL, booking_body(slot.pk), **key)) == (409, "slot_full")
    slot.quotas.filter(pool="online").update(capacity=1)
    assert client.post(URL, booking_body(slot.pk), **key).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 101, "ключ"])
def test_a_key_is_printable_and_short(key: str) -> None:
    response = make_client().post(URL, booking_body(make_slot().pk), HTTP_IDEMPOTENCY_KEY=key)
    assert refused(response) == (400, "invalid")
    assert [error["header"] for error in response.json()["errors"]] == ["Idempotency-Key"]


def test_what_is_kept_for_retries_names_nobody() -> None:
    body = booking_body(make_slot().pk)
    make_client().post(URL, body, HTTP_IDEMPOTENCY_KEY="b0b1")
    kept = str(vars(IdempotencyKey.objects.get()))
    person = body["attendees"][0]
    assert [
        text for text in (person["name"], person["id_number"], "13800138000") if text in kept
    ] == []


# --- What it costs -----------------------------------------------------------------------------


@pytest.mark.usefixtures("facts_kept")
def test_a_booking_takes_eleven_statements_for_three_people_as_for_one() -> None:
    """Look, suspensions; begin, answer, booking, people, services, events, messages, places; end.

    Here each test is a transaction, so that a savepoint stands for begin and end.
    """
    slot = make_slot()
    client = make_client()
    counts = []
    for number, serials in enumerate([(9,), (1,), (2, 3, 4)]):
        with CaptureQueriesContext(connection) as statements:
            response = client.post(
                URL, booking_body(slot.pk, *serials), HTTP_IDEMPOTENCY_KEY=str(number)
            )
        assert response.status_code == 201
        counts.append(len(statements))
    assert counts[1:] == [11, 11]


@pytest.mark.usefixtures("facts_kept", "places_kept")
def test_who_comes_too_late_costs_two_statements() -> None:
    slot = make_slot(online=1)
    client = make_client()
    client.post(URL, booking_body(slot.pk, 1), HTTP_IDEMPOTENCY_KEY="1")
    counts = []
    for serial in (2, 3):
        with CaptureQueriesContext(connection) as statements:
            body = booking_body(slot.pk, serial)
            response = client.post(URL, body, HTTP_IDEMPOTENCY_KEY=str(serial))
        assert refused(response) == (409, "slot_full")
        counts.append(len(statements))
    # The alternatives are looked up once a second.
    assert counts[1] == 2


def test_alternatives_are_for_the_people_who_ask() -> None:
    slot = make_slot(online=1)
    session = Session.objects.create(
        office=slot.office,
        line=slot.line,
        kind="student",
        date=slot.date,
        opens=dt.time(14),
        closes=dt.time(17),
        capacity=10,
        students_only=True,
    )
    for_students = make_slot(starts_at=slot.starts_at + dt.timedelta(hours=4), session=session)
    client = make_client()
    for student, offered in ((False, []), (True, [for_students.pk])):
        body = booking_body(slot.pk)
        body["attendees"] = [attendee(n, student=student) for n in (1, 2)]
        response = client.post(URL, body)
        assert refused(response) == (409, "slot_full")
        assert [one["id"] for one in response.json()["alternatives"]] == offered


# --- Retries -----------------------------------------------------------------------------------


def test_a_retry_gets_its_booking_although_the_window_is_full_by_now() -> None:
    slot, client = make_slot(online=1), make_client()
    body = booking_body(slot.pk, 1)
    first = client.post(URL, body, HTTP_IDEMPOTENCY_KEY="b0b1")
    again = client.post(URL, body, HTTP_IDEMPOTENCY_KEY="b0b1")
    other = client.post(URL, booking_body(slot.pk, 2), HTTP_IDEMPOTENCY_KEY="b0b2")
    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert refused(other) == (409, "slot_full")


def test_a_key_with_another_body_is_refused_as_reused_whatever_else_is_wrong() -> None:
    slot, client = make_slot(online=1), make_client()
    client.post(URL, booking_body(slot.pk, 1), HTTP_IDEMPOTENCY_KEY="b0b1")
    full = client.post(URL, booking_body(slot.pk, 2), HTTP_IDEMPOTENCY_KEY="b0b1")
    invalid = client.post(URL, {}, HTTP_IDEMPOTENCY_KEY="b0b1")
    assert {refused(full), refused(invalid)} == {(422, "idempotency_reused")}
