"""Messages leave the index of what is due, and their entries stay until the table is cleaned.

Whoever looks for due messages walks over them: 350 pages after 240,000 sent ones. With the server's
default a fifth of all messages that ever were would have to leave before that happens.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("applicants", "0003_ask_at_each_booking_who_accompanies")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE applicants_message SET ("
            "autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)",
            "ALTER TABLE applicants_message RESET ("
            "autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)",
        ),
    ]
