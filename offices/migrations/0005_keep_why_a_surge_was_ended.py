from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0004_keep_shifts_that_were_withdrawn"),
    ]

    operations = [
        migrations.AddField(
            model_name="surgeperiod",
            name="end_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
    ]
