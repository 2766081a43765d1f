"""A retried write gets the first answer and does nothing twice, also when both are under way."""

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from bookings.models import Booking
from partners.domain.idempotency import (
    Answer,
    Attempt,
    InFlight,
    Reused,
    claim,
    fingerprint,
    first_answer,
    forget_answers,
    keep_answer,
)
from partners.models import IdempotencyKey
from tests.api import booking_body, make_client, make_partner
from tests.factories import NOW, make_slot, quota_of

BODY = {"slot": 1, "attendees": [{"name": "演示甲"}]}
ANSWER = Answer(201, {"number": "408823911672"}, {"Location": "/here/"})


def attempt(key: str = "b0b1", body: Any = BODY) -> Attempt:
    return Attempt(make_partner(), key, fingerprint("POST", "/api/v1/bookings/", body))


def test_a_fingerprint_tells_method_path_and_body_but_not_the_order_of_names() -> None:
    prints = [
        fingerprint("POST", "/a/", {"x": 1, "y": 2}),
        fingerprint("POST", "/a/", {"y": 2, "x": 1}),
        fingerprint("PATCH", "/a/", {"x": 1, "y": 2}),
        fingerprint("POST", "/b/", {"x": 1, "y": 2}),
        fingerprint("POST", "/a/", {"x": 1, "y": "2"}),
    ]
    assert (prints[0], len(set(prints))) == (prints[1], 4)


@pytest.mark.django_db
def test_the_first_answer_is_given_again() -> None:
    assert first_answer(attempt()) is None
    keep_answer(attempt(), ANSWER, NOW)
    assert first_answer(attempt()) == ANSWER


@pytest.mark.django_db
def test_another_body_is_another_request() -> None:
    keep_answer(attempt(), ANSWER, NOW)
    with pytest.raises(Reused):
        first_answer(attempt(body={"slot": 2}))


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_day() -> None:
    for key, age in (("old", 25), ("older", 26), ("young", 23)):
        keep_answer(attempt(key), ANSWER, NOW - dt.timedelta(hours=age))
    assert (forget_answers(NOW, limit=1), forget_answers(NOW), forget_answers(NOW)) == (1, 1, 0)
    assert [row.key for row in IdempotencyKey.objects.all()] == ["young"]


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_under_way_a_second_is_sent_away() -> None:
    under_way = attempt()

    def second() -> str:
        try:
            with transaction.atomic():
                return str(claim(under_way))
        except InFlight:
            return "in flight"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as elsewhere:
        with transaction.atomic():
            claim(under_way)
            assert elsewhere.submit(second).result() == "in flight"
        # It died without an answer: nothing was done, so the retry may do it.
        assert elsewhere.submit(second).result() == "None"


@pytest.mark.django_db(transaction=True)
def test_work_that_fails_leaves_no_answer_behind() -> None:
    @transaction.atomic
    def work() -> float:
        keep_answer(attempt(), ANSWER, timezone.now())
        return 1 / 0

    with pytest.raises(ZeroDivisionError):
        work()
    assert IdempotencyKey.objects.count() == 0


def race(**headers: str) -> tuple[Counter[str], Any]:
    """The same booking asked for twenty times at once: answers by code, and how to ask again."""
    slot = make_slot(online=100, starts_at=timezone.now() + dt.timedelta(days=1))
    client, body = make_client(), booking_body(slot.pk)

    def send(_number: int = 0) -> str:
        try:
            answer = client.post("/api/v1/bookings/", body, **headers).json()
            return str(answer.get("code") or answer["number"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as crowd:
        answers = Counter(crowd.map(send, range(20)))
    assert quota_of(slot).taken == 1
    return answers, send


@pytest.mark.django_db(transaction=True)
def test_without_a_key_a_second_request_is_another_booking() -> None:
    answers, _send = race()
    assert answers == {Booking.objects.get().number: 1, "already_booked": 19}


@pytest.mark.django_db(transaction=True)
def test_twenty_identical_requests_at_once_make_one_booking() -> None:
    answers, send = race(HTTP_IDEMPOTENCY_KEY="b0b1")
    number = Booking.objects.get().number
    assert answers.keys() <= {number, "idempotency_in_flight"}
    assert answers[number] >= 1
    assert send() == number
