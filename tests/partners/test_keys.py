"""Keys: how they are made, recognised, noted and revoked."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.domain.keys import issue_key, note_use, recognise, revoke
from partners.models import ApiKey, Partner
from tests.api import anyone, make_partner
from tests.factories import NOW, make_office
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db


def create_partner(name: str, *arguments: str) -> str:
    """What the command prints."""
    out, told = StringIO(), StringIO()
    call_command("create_partner", name, *arguments, stdout=out, stderr=told)
    return out.getvalue().strip()


# --- Recognising -------------------------------------------------------------------------------


def test_a_key_is_recognised_and_its_secret_is_not_kept() -> None:
    key, token = issue_key(make_partner(), ["bookings:write", "bookings:read"])
    found = recognise(token)
    assert found == key
    assert key.scopes == ["bookings:read", "bookings:write"]
    secret = token.split("_", 2)[2]
    assert secret.encode() not in bytes(ApiKey.objects.get().secret_hash)
    assert secret not in str(vars(ApiKey.objects.get()))


def test_two_keys_have_nothing_in_common() -> None:
    (_one, first), (_other, second) = (issue_key(make_partner(), []) for _ in range(2))
    assert [a == b for a, b in zip(first.split("_", 2), second.split("_", 2), strict=True)] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token + "x",
        lambda token: token.replace("yk_", "yl_"),
        lambda token: token[:13],
        lambda token: token[:0],
        lambda token: token[:3] + "_",
        lambda token: token[:3] + "\x00_secret",
        lambda token: token + "é",
        lambda token: token.swapcase(),
    ],
)
def test_what_is_not_exactly_the_key_is_unknown(spoil: Any) -> None:
    _key, token = issue_key(make_partner(), [])
    assert recognise(spoil(token)) is None


def test_a_revoked_key_is_unknown_and_stays_revoked() -> None:
    key, token = issue_key(make_partner(), [])
    assert (revoke([key.pk], NOW), revoke([key.pk], timezone.now())) == (1, 0)
    assert recognise(token) is None
    assert ApiKey.objects.get().revoked_at == NOW


def test_the_keys_of_a_partner_that_is_switched_off_are_unknown() -> None:
    partner = make_partner()
    _key, token = issue_key(partner, [])
    Partner.objects.update(is_active=False)
    assert recognise(token) is None


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer yk_a_b", "bearer x y", "Bearer \xff\xfe", "Bearer yk_é_é"],
)
def test_a_wrong_key_gets_a_challenge(header: str) -> None:
    response = anyone().get("/api/v1/offices/", HTTP_AUTHORIZATION=header)
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="Yihao API"'


def test_other_schemes_count_as_no_key() -> None:
    make_office()
    response = anyone().get("/api/v1/offices/", HTTP_AUTHORIZATION="Basic dXNlcjpwYXNz")
    assert response.status_code == 200


# --- Noting ------------------------------------------------------------------------------------


def test_use_is_noted_once_a_minute(django_assert_num_queries: Any) -> None:
    key, token = issue_key(make_partner(), [])
    note_use(key, NOW)
    key = recognise(token)  # type: ignore[assignment]
    with django_assert_num_queries(0):
        note_use(key, NOW + dt.timedelta(seconds=59))
    note_use(key, NOW + dt.timedelta(seconds=60))
    assert ApiKey.objects.get().last_used_at == NOW + dt.timedelta(seconds=60)


def test_of_two_requests_in_a_minute_one_writes() -> None:
    key, _token = issue_key(make_partner(), [])
    seen_before = ApiKey.objects.get()
    note_use(key, NOW)
    note_use(seen_before, NOW + dt.timedelta(seconds=1))
    assert ApiKey.objects.get().last_used_at == NOW


# --- The command -------------------------------------------------------------------------------


def test_the_command_prints_a_key_that_works() -> None:
    make_office("jinjiang"), make_office()
    token = create_partner(
        "114",
        "--scopes=bookings:write, quotas:read",
        "--office=jinjiang",
        "--office=xiamen-zhenhai",
    )
    key = recognise(token)
    assert key is not None
    assert (key.partner.name, key.scopes) == ("114", ["bookings:write", "quotas:read"])
    assert [office.code for office in key.partner.offices.order_by("code")] == [
        "jinjiang",
        "xiamen-zhenhai",
    ]


def test_a_partner_gets_another_key_and_keeps_what_it_has() -> None:
    make_office("jinjiang"), make_office()
    first = create_partner("114", "--scopes=bookings:write", "--office", "jinjiang")
    second = create_partner("114", "--scopes=quotas:read", "--office", "xiamen-zhenhai")
    assert Partner.objects.count() == 1
    assert [recognise(token) is not None for token in (first, second)] == [True, True]
    assert Partner.objects.get().offices.count() == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--scopes=bookings:delete", "--office=jinjiang"],
            "Unknown scope: bookings:delete. "
            "There are: bookings:read, bookings:write, quotas:read, quotas:write.",
        ),
        (
            ["--scopes=,", "--office=jinjiang"],
            "Give at least one scope. "
            "There are: bookings:read, bookings:write, quotas:read, quotas:write.",
        ),
        (
            ["--scopes=quotas:read", "--office=moon"],
            "Unknown office: moon. There are: jinjiang, xiamen-zhenhai.",
        ),
        (
            ["--scopes=quotas:read"],
            "Give at least one office. There are: jinjiang, xiamen-zhenhai.",
        ),
    ],
)
def test_a_slip_of_the_pen_is_answered_with_what_there_is(arguments: list[str], told: str) -> None:
    make_office("jinjiang"), make_office()
    with pytest.raises(CommandError) as refusal:
        create_partner("114", *arguments)
    assert str(refusal.value) == told
    assert Partner.objects.count() == 0


# --- The admin ---------------------------------------------------------------------------------


@time_machine.travel(NOW, tick=False)
def test_an_administrator_revokes_keys_and_makes_none(client: Client) -> None:
    admin = make_staff()
    admin.is_superuser = True
    admin.save(update_fields=["is_superuser"])
    sign_in(client, admin)
    key, token = issue_key(make_partner(), [])
    response = client.post(
        reverse("admin:partners_apikey_changelist"),
        {"action": "revoke_keys", "_selected_action": [key.pk]},
    )
    assert response.status_code == 302
    assert (recognise(token), ApiKey.objects.get().revoked_at) == (None, NOW)
    assert client.get(reverse("admin:partners_apikey_add")).status_code == 403
    shown = client.get(reverse("admin:partners_partner_changelist"))
    assert shown.status_code == 200
