from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    """Recipients are emptied a month after sending; nobody should read all messages for it."""

    atomic = False

    dependencies = [("applicants", "0010_forget_what_is_unused")]

    operations = [
        AddIndexConcurrently(
            "message",
            models.Index(
                Coalesce("sent_at", "not_after"),
                condition=models.Q(state__in=("sent", "failed", "unknown", "withdrawn"))
                & ~models.Q(recipient=""),
                name="message_to_forget",
            ),
        ),
    ]
