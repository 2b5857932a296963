"""Files behind the points that a township gives by hand; graded villages are frozen."""

import django.db.models.deletion
from django.db import migrations

import regions.models
from evaluations.triggers import FREEZE, THAW
from regions.operations import AddScopedReference


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0002_scope"),
        ("evaluations", "0002_scope"),
    ]

    operations = [
        migrations.AddField(
            model_name="manualpoints",
            name="evidence",
            field=regions.models.ScopedForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="attachments.attachment",
                verbose_name="附件",
            ),
        ),
        AddScopedReference("ManualPoints", "evidence"),
        migrations.RunSQL(FREEZE, THAW),
    ]
