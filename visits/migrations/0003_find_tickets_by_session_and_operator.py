from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Numbers of a session are counted with each that is given out."""

    atomic = False

    dependencies = [("visits", "0002_keep_session_and_operator_of_tickets")]

    operations = [
        AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["session"],
                condition=models.Q(session__isnull=False),
                name="ticket_of_session",
            ),
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["operator"],
                condition=models.Q(operator__isnull=False),
                name="ticket_of_operator",
            ),
        ),
    ]
