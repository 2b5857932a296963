"""A plan of settings says the longest waiver too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0012_planning_scope"),
    ]

    operations = [
        migrations.AddField(
            model_name="policyplan",
            name="waiver_months",
            field=models.PositiveSmallIntegerField(
                db_default=6, default=6, verbose_name="免访最长月数"
            ),
        ),
    ]
