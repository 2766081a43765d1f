from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Of tens of thousands of holds that wait to be ended, a slot's own are found at once."""

    atomic = False

    dependencies = [("bookings", "0007_begin_quotas_with_nothing_taken")]

    operations = [
        AddIndexConcurrently(
            "booking",
            models.Index(
                fields=["slot", "expires_at"],
                condition=models.Q(status="held"),
                name="booking_held",
            ),
        ),
        RemoveIndexConcurrently("booking", "booking_expiring"),
    ]
