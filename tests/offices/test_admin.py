"""The catalogue in the admin: what is refused, and that a change is published at once."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from applicants.models import Account
from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.domain.publishing import publish
from bookings.models import Slot
from offices.models import Closure, Office, OpeningHours
from tests.factories import LONG_AGO, NOW, make_line, make_office, make_party
from tests.staff import make_staff, sign_in

TUESDAY = dt.date(2026, 8, 4)


@pytest.fixture
def client(db: None) -> Client:
    root = make_staff(username="root")
    Account.objects.filter(pk=root.pk).update(is_superuser=True)
    return sign_in(Client(), root)


@pytest.fixture
def office(db: None) -> Office:
    office = make_office()
    OpeningHours.objects.create(
        office=office,
        line=make_line(),
        weekday=1,
        opens=dt.time(9),
        closes=dt.time(10),
        capacity=30,
        valid_from=LONG_AGO,
    )
    return office


def form_of(client: Client, office: Office) -> dict[str, Any]:
    """What the browser would send for the page as it is."""
    response = client.get(reverse("admin:offices_office_change", args=[office.pk]))
    data: dict[str, Any] = {}
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for name in form.fields:
            value = form[name].value()
            data[form.add_prefix(name)] = "" if value is None else value
    data["features"] = ""
    return data


def save(client: Client, office: Office, **changes: Any) -> Any:
    data = form_of(client, office) | changes
    path = reverse("admin:offices_office_change", args=[office.pk])
    return client.post(path, data, follow=True)


@pytest.mark.django_db(transaction=True)
def test_a_changed_capacity_is_published_with_the_click(client: Client, office: Office) -> None:
    with time_machine.travel(NOW, tick=False):
        publish(office, NOW)
        response = save(client, office, **{"hours-0-capacity": "45"})
    assert [str(message) for message in response.context["messages"]][1:] == []
    slot = Slot.objects.filter(date=TUESDAY).first()
    assert slot is not None
    assert sum(slot.quotas.values_list("capacity", flat=True)) == 45


@pytest.mark.row("XM-05")
@pytest.mark.django_db(transaction=True)
def test_an_admin_publishes_a_saturday_session_with_a_quota_of_its_own(
    client: Client, office: Office
) -> None:
    saturday = dt.date(2026, 8, 8)
    session = {
        "sessions-TOTAL_FORMS": "1",
        "sessions-0-office": str(office.pk),
        "sessions-0-line": str(make_line().pk),
        "sessions-0-kind": "saturday",
        "sessions-0-date": "2026-08-08",
        "sessions-0-opens": "09:00",
        "sessions-0-closes": "10:00",
        "sessions-0-capacity": "12",
    }
    with time_machine.travel(NOW, tick=False):
        publish(office, NOW)
        assert not Slot.objects.filter(date=saturday).exists()
        save(client, office, **session)
    slots = Slot.objects.filter(date=saturday)
    assert [f"{slot.local_start:%H:%M}" for slot in slots] == ["09:00", "09:30"]
    assert [sum(slot.quotas.values_list("capacity", flat=True)) for slot in slots] == [12, 12]
    assert {slot.session.label for slot in slots} == {"周六专场"}


@pytest.mark.django_db(transaction=True)
def test_bookings_in_the_way_are_shown(client: Client, office: Office) -> None:
    with time_machine.travel(NOW, tick=False):
        publish(office, NOW)
        book(make_party(Slot.objects.filter(date=TUESDAY)[0], 2), SYSTEM, NOW)
        closing = {
            "closures-TOTAL_FORMS": "1",
            "closures-0-first_day": "2026-08-04",
            "closures-0-last_day": "2026-08-04",
            "closures-0-reason": "检修",
            "closures-0-office": str(office.pk),
        }
        response = save(client, office, **closing)
    told = [str(message) for message in response.context["messages"]]
    assert told[1:] == ["2026-08-04 09:00：不在办公时间内，预约1个"]
    assert Closure.objects.get().created_by == Account.objects.get(username="root")


def test_a_policy_that_makes_no_sense_is_refused(client: Client, office: Office) -> None:
    response = save(client, office, policy='{"slot_minutes": 0}')
    assert response.context["adminform"].errors["policy"] == ["slot_minutes的值不正确。"]


def test_shares_that_do_not_add_up_are_refused(client: Client, office: Office) -> None:
    response = save(client, office, **{"hours-0-shares": '{"online": 50}'})
    assert "各类号源的比例之和须为100%。" in response.content.decode()


@pytest.mark.parametrize("model", ["bureau", "office", "service", "serviceline", "holiday"])
def test_every_list_opens(client: Client, office: Office, model: str) -> None:
    assert client.get(reverse(f"admin:offices_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:offices_{model}_add")).status_code == 200


def test_a_guide_is_added_and_never_changed(client: Client, office: Office) -> None:
    service = office.permissions.all()[0].service
    page = client.get(reverse("admin:offices_service_change", args=[service.pk]))
    inline = page.context["inline_admin_formsets"][0]
    assert (inline.has_add_permission, inline.has_change_permission) == (True, False)
    assert inline.has_delete_permission is False
