"""What waits to be done by itself: holds that have expired, reminders that are due.

The product makes one of each, and the database copies it, so that a copy has all that a real one
has. The making runs inside Django: python -m bench.backlog '[slot, …]'
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bench import people

if TYPE_CHECKING:
    from bench.stage import Stage

# Apart from those whom other loads book.
FIRST_SERIAL = 40_000_000
PATIENCE_SECONDS = 300

_HOLDS = """
WITH fresh AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('bookings_booking', 'id')) AS id,
        quota.id AS quota_id, quota.slot_id, n
    FROM generate_series(0, %(count)s - 1) AS n
    JOIN bookings_quota AS quota
      ON quota.slot_id = (%(slots)s)[n %% cardinality(%(slots)s) + 1] AND quota.pool = 'online'
), person AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('bookings_attendee', 'id')) AS id, fresh.id AS booking_id
    FROM fresh
), counted AS (
    UPDATE bookings_quota SET taken = taken + held.places
    FROM (SELECT quota_id, count(*) AS places FROM fresh GROUP BY quota_id) AS held
    WHERE bookings_quota.id = held.quota_id
), holds AS (
    INSERT INTO bookings_booking
    SELECT copy.* FROM fresh, bookings_booking AS model,
        jsonb_populate_record(model, jsonb_build_object(
            'id', fresh.id, 'number', 'H' || lpad(fresh.id::text, 11, '0'),
            'slot_id', fresh.slot_id, 'quota_id', fresh.quota_id,
            'status', 'held', 'ended_at', NULL,
            'expires_at', now() - interval '1 minute' + n * interval '1 microsecond'
        )) AS copy
    WHERE model.id = %(hold)s
), attendees AS (
    INSERT INTO bookings_attendee
    SELECT copy.* FROM person, bookings_attendee AS model,
        jsonb_populate_record(model, jsonb_build_object(
            'id', person.id, 'booking_id', person.booking_id, 'active', true,
            'identity_hash', sha256(person.id::text::bytea)
        )) AS copy
    WHERE model.booking_id = %(hold)s
), applications AS (
    INSERT INTO bookings_application
    SELECT copy.* FROM person, bookings_application AS model, jsonb_populate_record(
            model, jsonb_build_object(
                'id', nextval(pg_get_serial_sequence('bookings_application', 'id')),
                'attendee_id', person.id
            )) AS copy
    WHERE model.attendee_id = (SELECT id FROM bookings_attendee WHERE booking_id = %(hold)s)
)
INSERT INTO bookings_bookingevent
SELECT copy.* FROM fresh, bookings_bookingevent AS model, jsonb_populate_record(
        model, jsonb_build_object(
            'id', nextval(pg_get_serial_sequence('bookings_bookingevent', 'id')),
            'booking_id', fresh.id
        )) AS copy
WHERE model.booking_id = %(hold)s AND model.kind = 'held'
"""
_REMINDERS = """
INSERT INTO applicants_message
SELECT copy.* FROM applicants_message AS model,
    (SELECT nextval(pg_get_serial_sequence('applicants_message', 'id')) AS id
     FROM generate_series(1, %(count)s)) AS fresh,
    jsonb_populate_record(model, jsonb_build_object(
        'id', fresh.id, 'reference', 'R' || fresh.id,
        'context', model.context || jsonb_build_object('number', 'R' || fresh.id),
        'due_at', now() - interval '1 minute', 'not_after', now() + interval '1 day',
        'state', 'pending', 'attempts', 0, 'claimed_at', NULL, 'sent_at', NULL
    )) AS copy
WHERE model.id = %(reminder)s
"""
HOLDS_WAIT = "SELECT FROM bookings_booking WHERE status = 'held' AND expires_at <= now()"
MESSAGES_WAIT = "SELECT FROM applicants_message WHERE state = 'pending' AND due_at <= now()"


@dataclass(frozen=True)
class Models:
    """The rows to copy, by their ids."""

    hold: int
    reminder: int


def make_models(stage: "Stage", slots: Sequence[int]) -> Models:
    return Models(**json.loads(stage.python("bench.backlog", json.dumps(slots[0]))))


def add_holds(stage: "Stage", model: int, slots: Sequence[int], count: int) -> None:
    """Holds of one person each that have just expired, over all these windows."""
    parameters = {"count": count, "slots": list(slots), "hold": model}
    stage.execute(_HOLDS, parameters)
    stage.execute("ANALYZE bookings_booking, bookings_attendee, bookings_quota")


def add_reminders(stage: "Stage", model: int, count: int) -> None:
    """Reminders that are due; their references begin with R."""
    stage.execute(_REMINDERS, {"count": count, "reminder": model})
    stage.execute("ANALYZE applicants_message")


def any_of(stage: "Stage", rows: str) -> bool:
    """Whether a query finds anything, e.g. HOLDS_WAIT."""
    [(found,)] = stage.rows(f"SELECT EXISTS ({rows})")
    return bool(found)


def ask_for(stage: "Stage", task: str, queue: str) -> None:
    """Hand a task to the broker, as beat does."""
    from celery import Celery

    with Celery(broker=stage.redis_url, set_as_current=False) as app:
        app.send_task(task, queue=queue, ignore_result=True)


def wait_until(done: Callable[[], bool], seconds_between: float = 0.02) -> None:
    """Raises TimeoutError after a few minutes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError("The background did not come to an end.")
        time.sleep(seconds_between)


def build(slot: int) -> Models:
    """One hold and one booking of that slot; the same inside Django."""
    from django.utils import timezone

    from applicants.enums import MessageKind
    from applicants.identity import parse_identity
    from applicants.models import Message
    from bookings.domain.parties import SYSTEM, Contact, Party, Person
    from bookings.domain.promise import book, hold_places

    def party(serial: int) -> Party:
        identity = parse_identity("resident_id", people.resident_number(serial))
        person = Person(people.name(serial), identity, ("passport-first",))
        return Party(slot, "web", (person,), Contact(phone=people.phone(serial)))

    now = timezone.now()
    hold = hold_places(party(FIRST_SERIAL), SYSTEM, now)
    booking = book(party(FIRST_SERIAL + 1), SYSTEM, now)
    reminder = Message.objects.get(reference=booking.number, kind=MessageKind.REMINDER_DAY)
    return Models(hold.pk, reminder.pk)


def main() -> None:
    import django

    django.setup()
    print(json.dumps(asdict(build(json.loads(sys.argv[1])))))


if __name__ == "__main__":
    main()
