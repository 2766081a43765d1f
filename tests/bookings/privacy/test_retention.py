"""Retention really deletes: each test looks into the database afterwards."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection

from applicants.domain.contact_points import add
from applicants.enums import Medium, MessageKind
from applicants.fields import EncryptedTextField
from applicants.models import Account, Applicant, Group, Message
from bookings import tasks
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.privacy import retention, unused
from bookings.domain.promise import book
from bookings.domain.suspending import suspend_absentees
from bookings.enums import Status
from bookings.models import (
    Attendee,
    Booking,
    Forgotten,
    HomeVisit,
    Slot,
    UrgentRequest,
    WaitingEntry,
)
from offices.models import Bureau
from tests.bookings.privacy.conftest import DAY, booked, missed
from tests.citizens import make_account, make_member
from tests.factories import NOW, make_identity, make_party, make_person, make_slot, quota_of
from tests.requests import make_pdf, make_urgent, make_visit

pytestmark = pytest.mark.django_db
PERSONAL = {
    Attendee: {"name", "id_number", "birth_date_text"},
    Booking: {"contact_phone", "contact_email", "delivery_address"},
    UrgentRequest: {"name", "id_number", "contact_phone", "contact_email"},
    HomeVisit: {
        "name",
        "id_number",
        "contact_phone",
        "contact_email",
        "address",
        "circumstances",
    },
    Group: {"contact_name", "contact_phone"},
}


def forget_all(now: dt.datetime) -> int:
    days = 0
    while retention.forget_details(now):
        days += 1
    return days


def forget_all_identities(now: dt.datetime) -> None:
    while retention.forget_identities(now):
        pass


def raw(sql: str) -> list[tuple[Any, ...]]:
    """As the database has it, without the fields that decrypt."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def text_of(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def personal_columns(model: Any) -> set[str]:
    fields = model._meta.get_fields()
    return {field.name for field in fields if isinstance(field, EncryptedTextField)}


@pytest.mark.parametrize("model", PERSONAL, ids=lambda model: model.__name__)
def test_these_are_all_the_columns_that_hold_personal_data(model: Any) -> None:
    """A new one is emptied, too, or fails here."""
    assert personal_columns(model) == PERSONAL[model]


def test_ninety_days_after_the_visit_nobody_is_left_in_a_booking(account: Account) -> None:
    person = make_member(account)
    old = booked(account, person, NOW - 91 * DAY)
    young = booked(account, make_member(account, "演示乙"), NOW - 89 * DAY)
    before = quota_of(old.slot).taken

    forget_all(NOW)

    columns = "name, id_number, birth_date_text, priority"
    [row] = raw(f"SELECT {columns} FROM bookings_attendee WHERE booking_id = {old.pk}")
    assert [text_of(value) for value in row] == [b"", b"", b"", "none"]
    columns = "contact_phone, contact_phone_hash, contact_email, delivery_address"
    [row] = raw(f"SELECT {columns} FROM bookings_booking WHERE id = {old.pk}")
    assert [text_of(value) for value in row] == [b"", None, b"", b""]
    young.refresh_from_db()
    assert young.contact_phone
    assert quota_of(old.slot).taken == before == 1
    assert Booking.objects.get(pk=old.pk).status == Status.CONFIRMED


def test_a_batch_of_days_goes_on_where_the_last_night_stopped(account: Account) -> None:
    for days in (100, 99, 98):
        booked(account, make_member(account, "演示", identity=make_identity()), NOW - days * DAY)
    assert retention.forget_details(NOW) == 1
    assert Attendee.objects.exclude(name="").count() == 2
    # Two more with a booking, and seven without.
    assert forget_all(NOW) == 9
    assert not Attendee.objects.exclude(name="").exists()
    mark = Forgotten.objects.get(kind="details")
    assert mark.before == NOW.date() - 90 * DAY
    assert forget_all(NOW) == 0


def test_it_reads_only_the_bookings_of_its_day(
    account: Account, django_assert_num_queries: Any
) -> None:
    booked(account, make_member(account), NOW - 91 * DAY)
    Forgotten.objects.create(kind="details", before=NOW.date() - 91 * DAY)
    with django_assert_num_queries(7):
        assert retention.forget_details(NOW) == 1


def test_without_bookings_there_is_nothing_to_do(db: None) -> None:
    assert (forget_all(NOW), Forgotten.objects.count()) == (0, 0)


def test_whose_visits_belong_together_is_known_as_long_as_the_rule_asks(account: Account) -> None:
    old = missed(account, make_member(account), NOW - 181 * DAY)
    young = missed(account, make_member(account, "演示乙"), NOW - 179 * DAY)
    forget_all(NOW)
    forget_all_identities(NOW)
    hashes = dict(raw("SELECT booking_id, octet_length(identity_hash) FROM bookings_attendee"))
    assert hashes == {old.pk: 0, young.pk: 32}


def test_a_policy_that_looks_back_longer_keeps_them_longer(account: Account) -> None:
    missed(account, make_member(account), NOW - 200 * DAY)
    Bureau.objects.update(policy={"no_show_window_days": 365})
    forget_all_identities(NOW)
    assert not Attendee.objects.filter(identity_hash=b"").exists()
    Bureau.objects.update(policy={})
    forget_all_identities(NOW)
    assert Attendee.objects.filter(identity_hash=b"").count() == 1


def test_emptied_visits_still_count_for_a_suspension(account: Account) -> None:
    person = make_member(account)
    for days in (120, 100, 1):
        missed(account, person, NOW - days * DAY)
    forget_all(NOW)
    assert Attendee.objects.filter(name="").count() == 2
    assert suspend_absentees(NOW) == 1


def test_many_emptied_people_do_not_stand_in_each_others_way(account: Account) -> None:
    """Rule 3 is a unique index over active people: the emptied ones are not in it."""
    slot = make_slot(10, starts_at=NOW - 200 * DAY)
    for _n in range(3):
        book(make_party(slot), SYSTEM, NOW - 201 * DAY)
    Attendee.objects.update(active=True)
    forget_all_identities(NOW)
    assert set(Attendee.objects.values_list("identity_hash", "active")) == {(b"", False)}


def test_requests_are_emptied_with_their_time(account: Account) -> None:
    then = NOW - 200 * DAY
    old = make_urgent(account=account, now=then, deadline=then.date() + 7 * DAY)
    visit = make_visit(account=account, now=then)
    HomeVisit.objects.update(first_day=then.date(), last_day=then.date() + 7 * DAY, made_at=then)
    young = make_urgent(account=account, name="演示新")
    assert retention.forget_requests(NOW) == 2
    assert retention.forget_requests(NOW) == 0
    for model, pk in ((UrgentRequest, old.pk), (HomeVisit, visit.pk)):
        row = model.objects.filter(pk=pk).values(*PERSONAL[model], "identity_hash").get()
        assert {text_of(value) or b"" for value in row.values()} == {b""}
    assert UrgentRequest.objects.get(pk=young.pk).name == "演示新"


def test_what_was_decided_late_is_kept_from_then_on(account: Account) -> None:
    then = NOW - 200 * DAY
    make_urgent(account=account, now=then, deadline=then.date() + 7 * DAY)
    UrgentRequest.objects.update(decided_at=NOW - DAY)
    assert retention.forget_requests(NOW) == 0


def test_old_entries_of_the_waiting_list_go(everything: dict[str, Any]) -> None:
    entry = everything["waiting"]
    WaitingEntry.objects.update(state="left", ended_at=NOW)
    assert retention.forget_waiting(NOW + 89 * DAY) == 0
    assert retention.forget_waiting(NOW + 91 * DAY) == 1
    assert not WaitingEntry.objects.filter(pk=entry.pk).exists()


# --- What nobody uses ---------------------------------------------------------------------------

YEARS = 730 * DAY


def age(account: Account, days: int) -> None:
    """As if the account had last been used so many days ago."""
    Account.objects.filter(pk=account.pk).update(
        created_at=NOW - 2 * YEARS, last_login=NOW - days * DAY
    )


def settle(person: Applicant, days: int) -> None:
    Applicant.objects.filter(pk=person.pk).update(created_at=NOW - days * DAY)


def test_a_person_whom_nobody_books_for_is_deleted_after_a_notice(account: Account) -> None:
    age(account, 1)
    idle, fresh = make_member(account), make_member(account, "演示乙")
    settle(idle, 701)
    assert unused.forget_unused(NOW) == 0
    assert unused.warn_of_deletion(NOW) == 1
    told = Message.objects.get(kind=MessageKind.DATA_UNUSED)
    assert (told.recipient, told.context) == ("+8613800138000", {"account": False, "days": 30})
    assert unused.warn_of_deletion(NOW) == 0

    assert unused.forget_unused(NOW + 29 * DAY) == 0
    later = NOW + 31 * DAY
    assert unused.forget_unused(later) == 1
    assert list(Applicant.objects.all()) == [fresh]
    assert unused.forget_unused(later) == 0


def test_who_was_booked_for_stays(account: Account) -> None:
    age(account, 1)
    person = make_member(account)
    settle(person, 800)
    booked(account, person, NOW - 100 * DAY)
    assert unused.warn_of_deletion(NOW) == 0
    forget_all(NOW)
    forget_all_identities(NOW + 100 * DAY)
    person.refresh_from_db()
    assert person.used_on == NOW.date() - 100 * DAY
    assert unused.warn_of_deletion(NOW + 100 * DAY) == 0


def test_use_after_the_notice_keeps_a_person(account: Account) -> None:
    age(account, 1)
    person = make_member(account)
    settle(person, 740)
    unused.warn_of_deletion(NOW)
    booked(account, person, NOW + 20 * DAY)
    assert unused.forget_unused(NOW + 40 * DAY) == 0


def test_whoever_waits_for_a_renewal_is_in_use(account: Account) -> None:
    age(account, 1)
    person = make_member(account)
    settle(person, 740)
    person.document_expires_text = "2030-01-01"
    person.save(update_fields=["document_expires_text"])
    assert unused.warn_of_deletion(NOW) == 0
    age(account, 740)
    assert unused.warn_of_deletion(NOW) == 0
    person.document_expires_text = "2026-01-01"
    person.save(update_fields=["document_expires_text"])
    assert unused.warn_of_deletion(NOW) == 1


def test_an_account_that_nobody_uses_is_deleted_after_a_notice(account: Account) -> None:
    age(account, 701)
    make_member(account)
    assert unused.warn_of_deletion(NOW) == 1
    told = Message.objects.get(kind=MessageKind.DATA_UNUSED)
    assert told.context["account"] is True
    later = NOW + 31 * DAY
    assert unused.forget_unused(later) == 1
    assert (Account.objects.count(), Applicant.objects.count()) == (0, 0)
    assert unused.forget_unused(later) == 0


def test_signing_in_after_the_notice_keeps_the_account(account: Account) -> None:
    age(account, 740)
    unused.warn_of_deletion(NOW)
    Account.objects.update(last_login=NOW + DAY)
    assert unused.forget_unused(NOW + 31 * DAY) == 0


def test_whoever_comes_is_not_forgotten_before(account: Account) -> None:
    age(account, 740)
    slot = make_slot(10, starts_at=NOW + DAY)
    book(make_party(slot, people=(make_person(),)), Actor(account=account), NOW)
    assert unused.warn_of_deletion(NOW) == 0


def test_staff_accounts_are_not_of_this_rule(db: None) -> None:
    staff = Account.objects.create_staff("clerk", None)
    age(staff, 900)
    assert unused.warn_of_deletion(NOW) == 0


def test_an_account_without_a_contact_can_not_be_told(db: None) -> None:
    silent = Account.objects.create(contact_hash=b"platform")
    age(silent, 740)
    assert unused.warn_of_deletion(NOW) == 1
    assert not Message.objects.exists()
    assert unused.forget_unused(NOW + 31 * DAY) == 1


def test_a_platforms_account_is_told_by_the_contact_that_it_has_shown(db: None) -> None:
    ada = Account.objects.create(contact_hash=b"platform")
    add(ada, Medium.EMAIL, "ada@example.com", NOW)
    age(ada, 740)
    assert unused.warn_of_deletion(NOW) == 1
    told = Message.objects.get()
    assert (told.medium, told.recipient) == (Medium.EMAIL, "ada@example.com")


def test_several_people_of_one_list_are_one_message(account: Account) -> None:
    age(account, 1)
    for name in ("演示甲", "演示乙", "演示丙"):
        settle(make_member(account, name), 740)
    assert unused.warn_of_deletion(NOW) == 3
    assert Message.objects.count() == 1


# --- The tasks ----------------------------------------------------------------------------------


def test_the_nights_tasks_do_it_all_and_are_safe_to_repeat(account: Account) -> None:
    booked(account, make_member(account), NOW - 91 * DAY)
    make_urgent(
        account=account, now=NOW - 200 * DAY, deadline=NOW.date() - 190 * DAY, files=[make_pdf()]
    )
    idle = make_account("+8613900139000")
    age(idle, 740)
    for _twice in range(2):
        tasks.forget_details()
        tasks.forget_unused()
    assert not Attendee.objects.exclude(name="").exists()
    assert not UrgentRequest.objects.exclude(name="").exists()
    idle.refresh_from_db()
    assert idle.warned_at == NOW
    assert Slot.objects.count() == 1
