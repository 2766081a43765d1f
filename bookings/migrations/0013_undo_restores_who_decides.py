from django.db import migrations, models

# Of windows that aren't over: what staff had decided before, as far as the log tells.
_FILL = """
    UPDATE bookings_quotachange AS change SET was_edited = true
      FROM bookings_quota quota JOIN bookings_slot slot ON slot.id = quota.slot_id
     WHERE quota.id = change.quota_id AND slot.ends_at > now()
       AND EXISTS (
           SELECT FROM bookings_quotachange earlier
            WHERE earlier.quota_id = change.quota_id AND earlier.version < change.version
              AND earlier.kind IN ('set', 'moved', 'added')
       )
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0012_note_what_became_of_conflicts'),
    ]

    operations = [
        migrations.AddField(
            model_name='quotachange',
            name='was_edited',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
