"""/api/v1/quotas/: who may, what changes, what is refused, and that nothing is overwritten."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from bookings.models import Quota, QuotaChange
from tests.api import anyone, booking_body, make_client, make_partner
from tests.factories import NOW, make_office, make_slot, quota_of

pytestmark = pytest.mark.django_db
URL = "/api/v1/quotas/"
RAISE = {"capacity": 45, "reason": "暑期高峰，增开窗口"}


@pytest.fixture(autouse=True)
def _on_monday_morning() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def patch(
    client: Any, quota: Quota, body: Any, if_match: str | None = '"1"', **headers: Any
) -> Any:
    if if_match is not None:
        headers["HTTP_IF_MATCH"] = if_match
    return client.patch(f"{URL}{quota.pk}/", body, **headers)


def refused(response: Any) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def shape(quota: Quota, **fields: Any) -> dict[str, Any]:
    return {
        "id": quota.pk,
        "slot": quota.slot_id,
        "pool": "online",
        "capacity": 30,
        "taken": 0,
        "version": 1,
        "closed": False,
        "office": "xiamen-zhenhai",
        "line": "mainland",
        "date": "2026-08-04",
        "starts_at": "2026-08-04T02:00:00Z",
        "ends_at": "2026-08-04T02:30:00Z",
    } | fields


# --- Reading -----------------------------------------------------------------------------------


def test_a_quota_is_read_with_its_version() -> None:
    quota = quota_of(make_slot(online=30))
    response = make_client("quotas:read").get(f"{URL}{quota.pk}/")
    assert (response.status_code, response.json()) == (200, shape(quota))
    assert response["ETag"] == '"1"'


def test_quotas_are_listed_by_office_line_day_and_slot() -> None:
    harbin = make_office("harbin-city")
    client = make_client(partner=make_partner("platform", make_office(), harbin))
    slots = [
        make_slot(),
        make_slot(line="foreigners"),
        make_slot(starts_at=NOW + dt.timedelta(days=2)),
        make_slot(office=harbin),
    ]

    def found(**query: Any) -> list[int]:
        rows = client.get(URL, query).json()["results"]
        return [slots.index(next(s for s in slots if s.pk == row["slot"])) for row in rows]

    three = [0, 0, 0]
    assert found(office="harbin-city") == [3, 3, 3]
    assert found(line="foreigners") == [1, 1, 1]
    assert found(date="2026-08-05") == [2, 2, 2]
    assert found(slot=slots[0].pk) == three
    assert found(office="xiamen-zhenhai", line="mainland", date="2026-08-04") == three
    assert found(office="nowhere") == []


def test_the_list_goes_on_where_the_cursor_points() -> None:
    make_slot(), make_slot(line="foreigners")
    client = make_client()
    pages, url = [], f"{URL}?page_size=4"
    while url:
        page = client.get(url).json()
        pages.append([row["id"] for row in page["results"]])
        url = page["next"]
    everything = list(Quota.objects.order_by("pk").values_list("pk", flat=True))
    assert pages == [everything[:4], everything[4:]]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"date": "tomorrow"}, "date"),
        ({"slot": "x"}, "slot"),
        ({"slot": 2**63}, "slot"),
        ({"office": "\x00"}, "office"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "cD1hYmM="}, "cursor"),
        ({"cursor": "cD0lMDA="}, "cursor"),
    ],
)
def test_a_wrong_parameter_is_named(query: dict[str, Any], parameter: str) -> None:
    response = make_client().get(URL, query)
    assert refused(response) == (400, "invalid")
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


@pytest.mark.usefixtures("facts_kept")
def test_a_list_takes_as_many_statements_for_three_windows_as_for_one(
    django_assert_num_queries: Any,
) -> None:
    client = make_client()
    client.get(URL)
    for line in ("mainland", "foreigners", "collection"):
        make_slot(line=line)
        with django_assert_num_queries(1):
            client.get(URL)


# --- Who may -----------------------------------------------------------------------------------


def test_reading_needs_a_key_with_a_scope_for_quotas() -> None:
    quota = quota_of(make_slot())
    for url in (URL, f"{URL}{quota.pk}/"):
        assert refused(anyone().get(url)) == (401, "not_authenticated")
        assert refused(make_client("bookings:write").get(url)) == (403, "forbidden")
        assert make_client("quotas:write").get(url).status_code == 200


def test_changing_needs_the_scope_to_write() -> None:
    quota = quota_of(make_slot())
    assert refused(patch(make_client("quotas:read"), quota, RAISE)) == (403, "forbidden")


def test_another_offices_quotas_are_not_there() -> None:
    quota = quota_of(make_slot())
    client = make_client(partner=make_partner("Jinjiang", make_office("jinjiang")))
    assert client.get(URL).json()["results"] == []
    assert refused(client.get(f"{URL}{quota.pk}/")) == (404, "not_found")
    assert refused(patch(client, quota, RAISE)) == (404, "not_found")
    assert quota_of(quota.slot).capacity == 10


def test_methods_that_are_not_offered_are_told_apart_from_scopes_that_are_missing() -> None:
    quota = quota_of(make_slot())
    client = make_client("quotas:read")
    assert client.head(URL).status_code == 200
    assert refused(client.delete(f"{URL}{quota.pk}/")) == (405, "method_not_allowed")
    assert refused(client.options(URL)) == (403, "forbidden")


# --- Changing ----------------------------------------------------------------------------------


def test_a_change_counts_at_once_and_is_kept_with_its_reason() -> None:
    quota = quota_of(make_slot(online=30))
    partner = make_partner()
    response = patch(make_client("quotas:write", partner=partner), quota, RAISE)
    assert (response.status_code, response.json()) == (200, shape(quota, capacity=45, version=2))
    assert response["ETag"] == '"2"'
    change = QuotaChange.objects.get()
    assert (change.partner, change.from_capacity, change.to_capacity, change.reason) == (
        partner,
        30,
        45,
        RAISE["reason"],
    )


def test_without_if_match_nothing_changes() -> None:
    quota = quota_of(make_slot(online=30))
    response = patch(make_client(), quota, RAISE, if_match=None)
    assert refused(response) == (428, "precondition_required")


@pytest.mark.parametrize("if_match", ['"1"', '"3"', "*", "2", 'W/"2"', '"2", "1"', ""])
def test_a_change_based_on_another_version_is_refused_with_the_present_state(
    if_match: str,
) -> None:
    quota = quota_of(make_slot(online=30))
    client = make_client()
    patch(client, quota, RAISE)
    response = patch(client, quota, {"capacity": 20, "reason": "停电"}, if_match)
    assert refused(response) == (412, "changed_meanwhile")
    assert response.json()["current"] == shape(quota, capacity=45, version=2)


def test_a_quota_does_not_drop_below_what_is_taken() -> None:
    slot = make_slot(online=30)
    client = make_client()
    booking = client.post("/api/v1/bookings/", booking_body(slot.pk, 1, 2)).json()
    response = patch(client, quota_of(slot), {"capacity": 1, "reason": "窗口故障"})
    assert refused(response) == (409, "below_taken")
    assert (response.json()["taken"], response.json()["bookings"]) == (2, [booking["number"]])
    assert quota_of(slot).capacity == 30


def test_what_is_over_stays_as_it_was() -> None:
    slot = make_slot(starts_at=NOW - dt.timedelta(hours=1))
    assert refused(patch(make_client(), quota_of(slot), RAISE)) == (409, "slot_over")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"capacity": -1, "reason": "x"}, "#/capacity"),
        ({"capacity": 10_001, "reason": "x"}, "#/capacity"),
        ({"reason": "x"}, "#/capacity"),
        ({"capacity": 45}, "#/reason"),
        ({"capacity": 45, "reason": "  "}, "#/reason"),
        ({"capacity": 45, "reason": "x", "taken": 0}, "#/taken"),
    ],
)
def test_a_mistake_is_pointed_out(body: dict[str, Any], pointer: str) -> None:
    response = patch(make_client(), quota_of(make_slot()), body)
    assert refused(response) == (400, "invalid")
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_a_retry_with_its_key_gets_the_first_answer() -> None:
    quota = quota_of(make_slot(online=30))
    client, key = make_client(), {"HTTP_IDEMPOTENCY_KEY": "9d1e"}
    first = patch(client, quota, RAISE, **key)
    again = patch(client, quota, RAISE, **key)
    assert (again.status_code, again.json(), again["ETag"]) == (200, first.json(), '"2"')
    assert QuotaChange.objects.count() == 1
