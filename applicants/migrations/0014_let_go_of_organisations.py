"""An organisation lapses with its last account, and its code is free for another that asks.

Those whose accounts were deleted before lapse now.
"""

from django.db import migrations, models
from django.db.models import Q

LAPSE = """
    UPDATE applicants_group SET
        state = CASE state WHEN 'refused' THEN state ELSE 'lapsed' END,
        contact_name = '', contact_phone = ''
    WHERE NOT EXISTS (
        SELECT FROM applicants_groupmember WHERE group_id = applicants_group.id
    )
"""
# Whoever was refused may ask again as well.
REFUSE = "UPDATE applicants_group SET state = 'refused' WHERE state = 'lapsed'"


class Migration(migrations.Migration):
    dependencies = [("applicants", "0013_name_only_kinds_that_are_sent")]

    operations = [
        migrations.RemoveConstraint(model_name="group", name="group_once"),
        migrations.AlterField(
            model_name="group",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Awaiting review"),
                    ("admitted", "Admitted"),
                    ("refused", "Refused"),
                    ("lapsed", "Lapsed"),
                ],
                default="asked",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="group",
            constraint=models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(state__in=["refused", "lapsed"]),
                name="group_once",
            ),
        ),
        migrations.RunSQL(LAPSE, REFUSE),
    ]
