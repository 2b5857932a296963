"""What is handed to the village keeps all that the phone sent of it."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0018_tally_heap"),
    ]

    operations = [
        migrations.AddField(
            model_name="handedvisit",
            name="answered",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=300,
                verbose_name="现场答复或处理",
            ),
        ),
        migrations.AddField(
            model_name="handedvisit",
            name="marks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="五必访、五必记",
            ),
        ),
        migrations.AddField(
            model_name="handedvisit",
            name="way",
            field=models.CharField(
                choices=[
                    ("door", "上门"),
                    ("phone", "电话"),
                    ("field", "田间地头"),
                    ("meeting", "院落会"),
                    ("talk", "恳谈会"),
                    ("other", "其他"),
                ],
                db_default="door",
                default="door",
                max_length=8,
                verbose_name="走访方式",
            ),
        ),
    ]
