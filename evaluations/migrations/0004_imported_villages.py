"""Results of past years that come in from a workbook: as they were, quota or not."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from evaluations.triggers import PAST, UNPAST


class Migration(migrations.Migration):
    dependencies = [
        ("evaluations", "0003_village_evidence"),
    ]

    operations = [
        migrations.AddField(
            model_name="villagerating",
            name="is_imported",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="由表格导入"
            ),
        ),
        AddConstraintNotValid(
            model_name="villagerating",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_imported", False), ("state", "filed"), _connector="OR"
                ),
                name="eval_village_imported_filed",
            ),
        ),
        migrations.RunSQL(PAST, UNPAST),
    ]
