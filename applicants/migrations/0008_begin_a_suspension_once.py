from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applicants', '0007_count_codes_and_stop_them_for_a_while'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.UniqueConstraint(fields=('identity_hash', 'starts_at'), name='suspension_begins_once'),
        ),
    ]
