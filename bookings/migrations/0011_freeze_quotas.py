from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0010_propose_more_places'),
    ]

    operations = [
        migrations.AddField(
            model_name='quota',
            name='frozen',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddConstraint(
            model_name='quota',
            constraint=models.CheckConstraint(condition=models.Q(('frozen', False), ('closed', True), _connector='OR'), name='quota_frozen_gives_nothing'),
        ),
        migrations.AlterField(
            model_name='quotachange',
            name='kind',
            field=models.CharField(choices=[('set', 'Set'), ('moved', 'Moved between pools'), ('closed', 'Window closed'), ('reopened', 'Window opened again'), ('released', 'Released unclaimed'), ('published', 'Follows changed hours'), ('added', 'Numbers added'), ('frozen', 'Frozen'), ('thawed', 'Given out again')], default='set', max_length=10),
        ),
    ]
