"""The rules of the peer's tables, on a copy of their shape: pretix itself isn't installed here."""

import json
from typing import Any

import pytest
from django.db import connection

from bench.peer import invariants

TABLES = """
    CREATE TABLE pretixbase_quota (id int, subevent_id int, size int);
    CREATE TABLE pretixbase_quota_items (quota_id int, item_id int);
    CREATE TABLE pretixbase_order (id int, code text, status text);
    CREATE TABLE pretixbase_orderposition
        (order_id int, item_id int, subevent_id int, canceled boolean);
    CREATE TABLE pretixbase_orderpayment (order_id int, state text);
    CREATE TABLE pretixapi_apicall (response_code int, response_body bytea);
    INSERT INTO pretixbase_quota VALUES (1, 10, 2), (2, 20, 2), (3, 30, NULL);
    INSERT INTO pretixbase_quota_items VALUES (1, 7), (2, 7), (3, 7);
"""


def rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def execute(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


class Orders:
    """Orders of one place each, answered with 201."""

    def __init__(self) -> None:
        self.count = 0

    def add(self, subevent: int, status: str = "p", *, canceled: bool = False) -> str:
        self.count += 1
        code = f"ORDER{self.count}"
        execute("INSERT INTO pretixbase_order VALUES (%s, %s, %s)", self.count, code, status)
        execute(
            "INSERT INTO pretixbase_orderposition VALUES (%s, 7, %s, %s)",
            self.count,
            subevent,
            canceled,
        )
        execute("INSERT INTO pretixbase_orderpayment VALUES (%s, 'confirmed')", self.count)
        answer(code)
        return code


def answer(code: str) -> None:
    body = json.dumps({"code": code, "name": "演示"}, ensure_ascii=False).encode()
    execute("INSERT INTO pretixapi_apicall VALUES (201, %s)", body)


@pytest.fixture
def orders(db: None) -> Orders:
    execute(TABLES)
    return Orders()


def test_full_quotas_break_nothing(orders: Orders) -> None:
    for subevent in (10, 10, 20, 30, 30, 30):
        orders.add(subevent)

    assert invariants.broken(rows, answered=6) == []


def test_an_oversold_quota_is_found(orders: Orders) -> None:
    for subevent in (10, 10, 10, 20, 20):
        orders.add(subevent)

    assert invariants.broken(rows, answered=5) == ["pretix sold 3 places of quota 1, which has 2"]


def test_an_answer_without_its_order_is_found(orders: Orders) -> None:
    orders.add(10)
    answer("GONE1")

    assert invariants.broken(rows, answered=2) == [
        "pretix answered 201 for order GONE1, which isn't there"
    ]


def test_an_answer_that_pretix_does_not_know_of_is_found(orders: Orders) -> None:
    orders.add(10)

    assert invariants.broken(rows, answered=2) == [
        "pretix answered 201 2 times and knows of 1 only"
    ]


def test_orders_that_are_not_one_paid_place_are_found(orders: Orders) -> None:
    unpaid = orders.add(10, status="n")
    empty = orders.add(20, canceled=True)

    assert invariants.broken(rows, answered=2) == [
        f"pretix's order {code} isn't one paid place with one payment" for code in (unpaid, empty)
    ]


def test_an_order_that_no_client_waited_for_breaks_nothing(orders: Orders) -> None:
    orders.add(10)
    orders.add(10)

    assert invariants.broken(rows, answered=1) == []
