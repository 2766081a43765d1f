"""Writes a size into an empty database: one transaction, and no index while rows come."""

import datetime as dt
import json
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg2.extras import execute_values

from applicants.domain.texts import BookingFacts, Thing
from applicants.models import Account
from bench.seeding import house, people
from bench.seeding.indexes import without_indexes
from bench.seeding.sizes import Size
from offices.domain.policy import policy_for, split_capacity
from offices.models import Office, ServiceGuide, ServiceLine
from partners.models import Partner

# Each is a file of SQL beside this one; later ones build on earlier ones.
STEPS = (
    "slots",
    "drafts",
    "accounts",
    "bookings",
    "attendees",
    "applications",
    "events",
    "messages",
    "quotas",
)
TABLES = (
    "applicants_account",
    "applicants_message",
    "bookings_application",
    "bookings_attendee",
    "bookings_booking",
    "bookings_bookingevent",
    "bookings_quota",
    "bookings_quotachange",
    "bookings_slot",
)
BOOKINGS_AN_ACCOUNT = 4
PEOPLE_A_BOOKING = 0.5
WINDOW_MINUTES = 30
# Bookings of a window, from the fewest over so many different numbers, all equally likely.
BOOKED = {"mainland": (1, 11), "foreigners": (0, 5)}

Say = Callable[[str], None]


def load(size: Size, now: dt.datetime, say: Say) -> None:
    """Fill the database. Nothing is left in it when this fails."""
    begun = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        # No trigger looks up, row by row, what the statements join anyway.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '1GB'")
        house.build(size.offices)
        _prepare(cursor, size, now)
        with without_indexes(TABLES):
            _write(cursor, _parameters(size, now), say)
            say("indexes")
        _restart_ids(cursor)
    say("vacuum")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    say(f"{size}: {time.monotonic() - begun:.0f} s")


def _write(cursor: Any, parameters: dict[str, object], say: Say) -> None:
    for step in STEPS:
        say(step)
        cursor.execute(_sql(step), parameters)


def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


def _parameters(size: Size, now: dt.datetime) -> dict[str, object]:
    operator = Account.objects.get(username=house.CLERK).pk
    return {
        "now": now,
        "offices": size.offices,
        "accounts": max(people.COUNT, size.bookings // BOOKINGS_AN_ACCOUNT),
        "first_account": operator + 1,
        "people": max(people.COUNT, int(size.bookings * PEOPLE_A_BOOKING)),
        "operator": operator,
        "partner": Partner.objects.get().pk,
    }


def _prepare(cursor: Any, size: Size, now: dt.datetime) -> None:
    """Temporary tables of what every statement chooses from."""
    cursor.execute(_sql("functions"))
    days = enumerate(size.workdays(Office.objects.all()[0].local_date(now)))
    _table(cursor, "seed_day (n int, date date)", days)
    offices = list(Office.objects.select_related("bureau__parent").order_by("pk"))
    rows = ((n, office.pk, json.dumps(_facts(office))) for n, office in enumerate(offices))
    _table(cursor, "seed_office (n int, id bigint, facts jsonb)", rows)
    _table(cursor, f"seed_window ({_WINDOW})", _windows(offices[0]))
    _table(cursor, f"seed_service ({_SERVICE})", _services(now))
    columns = (
        "n int, contact bytea, contact_hash bytea, phone bytea, recipient bytea, name bytea,"
        " id_number bytea, identity_hash bytea, birth_date bytea"
    )
    _table(cursor, f"seed_person ({columns})", map(people.person, range(people.COUNT)))


_WINDOW = (
    "n int, line_id bigint, starts time, online int, assisted int, walk_in int, fewest int,"
    " spread int"
)
_SERVICE = "n int, of_line int, line_id bigint, id bigint, guide_id bigint"


def _windows(office: Office) -> Iterable[tuple[object, ...]]:
    shares = policy_for(office).pool_shares
    starts = [
        dt.time(minutes // 60, minutes % 60)
        for opens, closes in house.HOURS
        for minutes in range(opens * 60, closes * 60, WINDOW_MINUTES)
    ]
    lines = ServiceLine.objects.in_bulk(list(house.CAPACITIES), field_name="code")
    windows = [(start, code) for start in starts for code in house.CAPACITIES]
    for n, (start, code) in enumerate(windows):
        places = split_capacity(house.CAPACITIES[code], shares)
        pools = (places["online"], places["assisted"], places["walk_in"])
        yield n, lines[code].pk, start, *pools, *BOOKED[code]


def _services(now: dt.datetime) -> Iterable[tuple[object, ...]]:
    for line in ServiceLine.objects.filter(code__in=house.CAPACITIES):
        guides = list(ServiceGuide.objects.filter(service__line=line).in_force(now.date()))
        for n, guide in enumerate(guides):
            yield n, len(guides), line.pk, guide.service_id, guide.pk


def _facts(office: Office) -> BookingFacts:
    """What the messages of an office have in common, at the length of real ones."""
    guide = ServiceGuide.objects.order_by("-valid_from", "pk")[0]
    things: list[Thing] = [
        {"name": item["name"], "name_en": item.get("name_en", "")} for item in guide.materials
    ]
    return {
        "number": "",
        "city": office.city,
        "city_en": office.city_en,
        "office": office.name,
        "office_en": office.name_en,
        "address": office.address,
        "address_en": office.address_en,
        "starts_at": "",
        "ends_at": "",
        "places": 1,
        "check_in_minutes": 30,
        "change_until": "",
        "materials": things,
    }


def _table(cursor: Any, definition: str, rows: Iterable[Sequence[object]]) -> None:
    name = definition.partition(" ")[0]
    cursor.execute(f"CREATE TEMP TABLE {definition} ON COMMIT DROP")
    execute_values(cursor.cursor, f"INSERT INTO {name} VALUES %s", list(rows), page_size=1000)
    cursor.execute(f"ANALYZE {name}")


def _restart_ids(cursor: Any) -> None:
    for table in TABLES:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"
            f" (SELECT coalesce(max(id), 1) FROM {table}))"
        )
