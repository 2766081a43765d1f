"""Fewer indexes to write with each booking, and days found by office and date.

Everything is done concurrently: bookings go on meanwhile, also at ten million of them. A run that
was interrupted may leave an invalid index behind; drop it by its name and migrate again.
"""

from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import CASCADE, PROTECT, SET_NULL, Q


def drop(index: str, table: str, column: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {index} ON {table} ({column})",
    )


def unindexed(
    model: str, name: str, to: str, index: str, on_delete=PROTECT, **options
) -> migrations.SeparateDatabaseAndState:
    """A relation whose own index goes; `index` is the suffix that Django gave to its name."""
    options = {"related_name": "+", **options}
    field = models.ForeignKey(db_index=False, on_delete=on_delete, to=to, **options)
    table, column = f"bookings_{model}", f"{name}_id"
    return migrations.SeparateDatabaseAndState(
        state_operations=[migrations.AlterField(model, name, field)],
        database_operations=[drop(f"{table}_{column}_{index}", table, column)],
    )


def add(model: str, name: str, *fields: str, condition: Q | None = None) -> AddIndexConcurrently:
    return AddIndexConcurrently(
        model, models.Index(fields=list(fields), condition=condition, name=name)
    )


def add_where_given(model: str, name: str, field: str) -> AddIndexConcurrently:
    return add(model, name, field, condition=Q(**{f"{field}__isnull": False}))


ACCOUNT = settings.AUTH_USER_MODEL
PARTNER = "partners.partner"
EMPTY = {"null": True, "blank": True}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("bookings", "0004_name_closing_of_windows"),
        ("offices", "0001_initial"),
        ("partners", "0002_store_whole_answers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # What takes the place of others comes first.
        add("slot", "slot_of_office_day", "office", "date", "line"),
        add_where_given("slot", "slot_of_session", "session"),
        add_where_given("booking", "booking_of_citizen", "account"),
        add_where_given("booking", "booking_of_clerk", "operator"),
        add_where_given("bookingevent", "event_of_account", "account"),
        add_where_given("quotachange", "quota_change_of_account", "account"),
        RemoveIndexConcurrently("slot", "slot_of_day"),
        RemoveIndexConcurrently("booking", "booking_of_account"),
        unindexed("slot", "office", "offices.office", "41b10374", related_name="slots"),
        unindexed("slot", "line", "offices.serviceline", "d44a30c5"),
        unindexed(
            "slot", "session", "offices.session", "e8fda91e", SET_NULL, related_name="slots", **EMPTY
        ),
        unindexed("quota", "slot", "bookings.slot", "ad3d5df2", CASCADE, related_name="quotas"),
        unindexed("quotachange", "quota", "bookings.quota", "a04eb682", related_name="changes"),
        unindexed("quotachange", "account", ACCOUNT, "9e155ccd", null=True),
        unindexed("quotachange", "partner", PARTNER, "b9cefd4a", null=True),
        unindexed("booking", "slot", "bookings.slot", "53c8e8ac", related_name="bookings"),
        unindexed(
            "booking", "account", ACCOUNT, "643a9044", SET_NULL, related_name="bookings", **EMPTY
        ),
        unindexed("booking", "operator", ACCOUNT, "f35cf08f", **EMPTY),
        unindexed("booking", "partner", PARTNER, "c85c08f6", related_name="bookings", **EMPTY),
        # Numbers are looked up whole; this one was for LIKE.
        drop(
            "bookings_booking_number_7b325869_like",
            "bookings_booking",
            "number varchar_pattern_ops",
        ),
        unindexed("attendee", "line", "offices.serviceline", "f73e49a8"),
        unindexed(
            "application",
            "attendee",
            "bookings.attendee",
            "63658894",
            CASCADE,
            related_name="applications",
        ),
        unindexed("application", "service", "offices.service", "163fea7a"),
        unindexed("application", "guide", "offices.serviceguide", "4fb6ca7f", null=True),
        unindexed("bookingevent", "account", ACCOUNT, "39de8bf7", SET_NULL, null=True),
        unindexed("bookingevent", "partner", PARTNER, "c675fb97", null=True),
    ]
