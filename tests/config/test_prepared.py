"""Marked statements are prepared once a connection, and answer as they did before."""

from collections.abc import Iterator

import psycopg2
import pytest
from django.db import connection

from config.prepared import MARK, PREPARING

pytestmark = pytest.mark.django_db

SUM = f"{MARK} SELECT %s::int + %s::int, '100%%'"


@pytest.fixture
def fresh() -> Iterator["psycopg2.extensions.connection"]:
    fresh = psycopg2.connect(**connection.get_connection_params() | PREPARING)
    yield fresh
    fresh.close()


def prepared(by: "psycopg2.extensions.connection") -> int:
    with by.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])


def test_a_marked_statement_is_prepared_once_for_any_parameters(fresh) -> None:
    with fresh.cursor() as cursor:
        for pair in ((1, 2), (30, 4)):
            cursor.execute(SUM, pair)
            assert cursor.fetchone() == (sum(pair), "100%")
    assert prepared(fresh) == 1


def test_other_statements_are_not(fresh) -> None:
    with fresh.cursor() as cursor:
        cursor.execute("SELECT %s", [1])
        cursor.execute(f"{MARK} SELECT 1")
    assert prepared(fresh) == 0


def test_it_is_still_there_after_a_rollback(fresh) -> None:
    for _attempt in range(2):
        with fresh.cursor() as cursor:
            cursor.execute(SUM, (1, 2))
        fresh.rollback()
    assert prepared(fresh) == 1


def test_the_site_connects_so() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SUM, [1, 2])
        assert cursor.fetchone() == (3, "100%")
    assert prepared(connection.connection) >= 1
