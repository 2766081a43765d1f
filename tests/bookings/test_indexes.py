"""Every index is written with each booking: none is there without a statement that needs it."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

# The primary keys, and then what finds or forbids what.
EXPECTED = {
    "bookings_booking": {
        "bookings_booking_number_key",
        "bookings_booking_quota_id_90cfa859",
        "booking_held",
        "booking_of_citizen",
        "booking_of_clerk",
        "booking_of_phone",
        "booking_of_slot",
    },
    "bookings_attendee": {
        "bookings_attendee_booking_id_d4e8f9f6",
        "attendee_of_person",
        "attendee_once_per_line",
    },
    "bookings_application": {"application_once"},
    "bookings_bookingevent": {"bookings_bookingevent_booking_id_98f25503", "event_of_account"},
    "bookings_quota": {"quota_once"},
    "partners_idempotencykey": {"idempotency_age", "idempotency_key_once"},
    "bookings_slot": {"slot_ending", "slot_of_office_day", "slot_of_session", "slot_once"},
}


STORED = {
    "bookings_quota": {"fillfactor": "90"},
    "bookings_booking": {
        "autovacuum_vacuum_scale_factor": "0.01",
        "autovacuum_vacuum_threshold": "1000",
    },
    "applicants_message": {
        "autovacuum_vacuum_scale_factor": "0.01",
        "autovacuum_vacuum_threshold": "1000",
    },
}


@pytest.mark.parametrize("table", EXPECTED)
def test_a_table_has_the_indexes_that_its_statements_need_and_no_other(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [table])
        found = {name for (name,) in cursor.fetchall()}
    assert found - {f"{table}_pkey"} == EXPECTED[table]


@pytest.mark.parametrize("table", STORED)
def test_what_is_updated_in_place_is_stored_with_room_and_cleaned_early(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [table])
        [(options,)] = cursor.fetchall()
    assert dict(option.split("=") for option in options) == STORED[table]
