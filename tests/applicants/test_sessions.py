"""Sessions: one statement to read one, one to write it."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.utils import timezone

from applicants.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    """Of a session that holds one answer."""
    store = SessionStore()
    store["answer"] = 1
    store.save()
    assert store.session_key is not None
    return store.session_key


def test_what_was_kept_is_found_again(key: str) -> None:
    assert SessionStore(key)["answer"] == 1


def test_reading_and_writing_take_a_statement_each(
    key: str, django_assert_num_queries: Any
) -> None:
    store = SessionStore(key)
    with django_assert_num_queries(1):
        assert store["answer"] == 1
    store["answer"] = 2
    with django_assert_num_queries(1):
        store.save()
    assert SessionStore(key)["answer"] == 2


def test_a_session_that_was_ended_elsewhere_is_not_written_again(key: str) -> None:
    store = SessionStore(key)
    store["answer"] = 2
    SessionStore(key).delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_a_session_past_its_time_is_empty_and_gets_another_key(key: str) -> None:
    Session.objects.update(expire_date=timezone.now() - dt.timedelta(seconds=1))
    store = SessionStore(key)
    assert dict(store.items()) == {}
    store["answer"] = 3
    store.save()
    assert store.session_key not in (None, key)


def test_a_key_of_a_stranger_is_not_taken_over() -> None:
    store = SessionStore("of-somebody-else")
    assert store.get("answer") is None
    store["answer"] = 1
    store.save()
    assert store.session_key != "of-somebody-else"


def test_writing_puts_off_the_end(key: str) -> None:
    soon = timezone.now() + dt.timedelta(minutes=1)
    Session.objects.update(expire_date=soon)
    store = SessionStore(key)
    store["answer"] = 4
    store.save()
    assert Session.objects.get().expire_date > soon + dt.timedelta(days=13)
