from django.db import migrations, models


class Migration(migrations.Migration):
    """An answer is stored with the work or not at all: no row waits for its answer."""

    dependencies = [
        ("partners", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="idempotencykey",
            name="answer",
            field=models.JSONField(),
        ),
        migrations.AlterField(
            model_name="idempotencykey",
            name="status",
            field=models.PositiveSmallIntegerField(),
        ),
    ]
