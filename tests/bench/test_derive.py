"""What differs from booking to booking becomes a variable; everything else stays."""

import pytest

from bench.derive import Made, UnknownOrigin, script
from bench.statements import BRACKETS, logged, shape

MADE = Made(
    slot=6181,
    quota=18541,
    booking=700000003,
    attendee=800000003,
    number="997255769546",
    key="bench-12",
    identity_hash="\\x04e5",
    phone_hash="\\xa176",
)
STATEMENTS = [
    "BEGIN",
    "SELECT pg_try_advisory_xact_lock(-78853)",
    "INSERT INTO partners_idempotencykey (key, answer) VALUES"
    " ('bench-12', '{\"slot\":6181,\"ok\":true}'::jsonb)",
    'INSERT INTO "bookings_booking" ("number", "slot_id", "quota_id", "contact_phone_hash")'
    " VALUES ('997255769546', 6181, 18541, '\\xa176'::bytea) RETURNING \"id\"",
    'INSERT INTO "bookings_attendee" ("booking_id", "identity_hash", "at") VALUES'
    " (700000003, '\\x04e5'::bytea, '2026-11-22T06:10:57+00:00'::timestamptz) RETURNING \"id\"",
    "INSERT INTO bookings_application (attendee_id) VALUES (800000003) RETURNING id",
    'UPDATE "bookings_quota" SET "taken" = "taken" + 1 WHERE "id" = 18541',
    "COMMIT",
]


def test_the_statements_keep_their_order_and_their_constants() -> None:
    lines = [line for line in script(STATEMENTS, MADE).splitlines() if line][6:]
    assert lines == [
        "BEGIN;",
        "SELECT pg_try_advisory_xact_lock(:person);",
        "INSERT INTO partners_idempotencykey (key, answer) VALUES"
        ' (:person, \'{"slot":6181,"ok": true}\'::jsonb);',
        'INSERT INTO "bookings_booking" ("number", "slot_id", "quota_id", "contact_phone_hash")'
        " VALUES (:number, :slot, :quota, sha256(int8send(1 + :person::bigint))::bytea)"
        ' RETURNING "id"',
        "\\gset bookings_booking_",
        'INSERT INTO "bookings_attendee" ("booking_id", "identity_hash", "at") VALUES'
        " (:bookings_booking_id, sha256(int8send(:person::bigint))::bytea,"
        " '2026-11-22T06:10:57+00:00'::timestamptz) RETURNING \"id\"",
        "\\gset bookings_attendee_",
        "INSERT INTO bookings_application (attendee_id) VALUES (:bookings_attendee_id)"
        " RETURNING id;",
        'UPDATE "bookings_quota" SET "taken" = "taken" + 1 WHERE "id" = :quota;',
        "COMMIT;",
    ]


def test_an_id_from_nowhere_is_not_guessed() -> None:
    with pytest.raises(UnknownOrigin, match="bookings_booking"):
        script(STATEMENTS[4:], MADE)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('INSERT INTO "bookings_booking" ("number") VALUES (1)', "INSERT bookings_booking"),
        ("UPDATE bookings_quota SET taken = 1", "UPDATE bookings_quota"),
        ('DELETE FROM "x" WHERE id = 1', "DELETE FROM x"),
        ("\nSELECT a, (SELECT 1 FROM b)\nFROM c AS d", "SELECT c"),
        ("SELECT ' FROM x' FROM c", "SELECT c"),
        ("SELECT 1", "SELECT 1"),
        ("SELECT pg_try_advisory_xact_lock(3)", "SELECT pg_try_advisory_xact_lock"),
        ("WITH mine AS (SELECT 1) SELECT * FROM mine", "WITH mine"),
        ('SAVEPOINT "s1_x2"', "SAVEPOINT"),
        ("/*prepared*/ INSERT INTO a (b) VALUES (1)", "INSERT a"),
    ],
)
def test_the_shape_of_a_statement_is_its_verb_and_table(statement: str, expected: str) -> None:
    assert shape(statement) == expected
    assert (expected in BRACKETS) == expected.startswith("SAVEPOINT")


def test_the_log_is_read_for_one_program_with_its_further_lines() -> None:
    text = (
        "<yihao-web 7> LOG:  statement: SELECT a\n\tFROM b\n"
        "<yihao-worker 8> LOG:  statement: SELECT 2\n\tFROM c\n"
        "<[unknown] 9> LOG:  connection received\n"
        "<yihao-web 7> LOG:  statement: COMMIT\n"
    )
    assert logged(text, "yihao-web") == ["SELECT a\nFROM b", "COMMIT"]


def test_a_prepared_statement_is_told_as_what_it_stands_for_on_its_connection() -> None:
    preparing = (
        "<yihao-web 7> LOG:  statement: PREPARE p_0 AS SELECT $2, $1::jsonb\n\tFROM a\n"
        "<yihao-web 8> LOG:  statement: PREPARE p_0 AS UPDATE b SET c = $1\n"
    )
    executing = (
        "<yihao-web 7> LOG:  statement: EXECUTE p_0 ('{\"a,\": \"it''s (\"}', ARRAY[1, 2])\n"
        "<yihao-web 8> LOG:  statement: EXECUTE p_0 (NULL)\n"
        "<yihao-web 9> LOG:  statement: EXECUTE p_0 (1)\n"
    )
    prepared: dict[tuple[str, str], str] = {}
    assert len(logged(preparing, "yihao-web", prepared)) == 2
    assert logged(executing, "yihao-web", prepared) == [
        "SELECT ARRAY[1, 2], '{\"a,\": \"it''s (\"}'::jsonb\nFROM a",
        "UPDATE b SET c = NULL",
        "EXECUTE p_0 (1)",
    ]
