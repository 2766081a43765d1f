"""The unique constraint begins with the partner: an index of that alone finds nothing more."""

from django.db import migrations, models
from django.db.models import CASCADE

INDEX = "partners_idempotencykey_partner_id_40b7a5a0"


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("partners", "0002_store_whole_answers")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "idempotencykey",
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=CASCADE,
                        related_name="+",
                        to="partners.partner",
                    ),
                )
            ],
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {INDEX}"
                    " ON partners_idempotencykey (partner_id)",
                )
            ],
        ),
    ]
