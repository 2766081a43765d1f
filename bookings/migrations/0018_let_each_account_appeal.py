"""One open appeal of each account, where each suspension had one.

Done concurrently; a run that was interrupted may leave an invalid index behind: drop it by its name
and migrate again. The way back needs every suspension to have one open appeal at most: decide the
others first.
"""

from django.db import migrations, models
from django.db.models import Q

OPEN = Q(state="open")


def unique(name: str, columns: str) -> tuple[str, str]:
    """What makes such an index, and what drops it."""
    return (
        f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {name} ON bookings_appeal ({columns})"
        " WHERE state = 'open'",
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("bookings", "0017_note_how_far_retention_came")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint(
                    "appeal",
                    models.UniqueConstraint(
                        fields=["suspension", "account"],
                        condition=OPEN,
                        name="appeal_open_once_each",
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(*unique("appeal_open_once_each", "suspension_id, account_id"))
            ],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveConstraint("appeal", "appeal_open_once")],
            database_operations=[
                migrations.RunSQL(*reversed(unique("appeal_open_once", "suspension_id")))
            ],
        ),
    ]
