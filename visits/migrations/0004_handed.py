"""Records that phones could not store, kept for the village."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import regions.models


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0003_categories"),
        ("regions", "0002_scope"),
        ("representatives", "0002_scope"),
        ("visits", "0003_policy"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandedVisit",
            fields=[
                (
                    "id",
                    models.UUIDField(editable=False, primary_key=True, serialize=False),
                ),
                ("head", models.CharField(max_length=30, verbose_name="户主")),
                ("visited_on", models.DateField(verbose_name="走访时间")),
                (
                    "has_matter",
                    models.BooleanField(default=False, verbose_name="有情况"),
                ),
                (
                    "topics",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        default=list,
                        size=None,
                        verbose_name="反映类别",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="反映问题/诉求"
                    ),
                ),
                (
                    "satisfaction",
                    models.CharField(
                        blank=True,
                        choices=[("good", "满意"), ("fair", "一般"), ("bad", "不满")],
                        max_length=4,
                        verbose_name="满意吗",
                    ),
                ),
                (
                    "for_village",
                    models.BooleanField(default=False, verbose_name="要村里办"),
                ),
                (
                    "refusal",
                    models.CharField(max_length=200, verbose_name="没有记上的原因"),
                ),
                ("captured_at", models.DateTimeField(verbose_name="记录时间")),
                ("handed_at", models.DateTimeField(verbose_name="交来时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等村里处理"),
                            ("taken", "村里已收"),
                            ("declined", "村里没有收"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "settled_at",
                    models.DateTimeField(null=True, verbose_name="处理时间"),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="处理说明"
                    ),
                ),
                (
                    "handed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="交来人",
                    ),
                ),
                (
                    "household",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.household",
                        verbose_name="走访对象",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_column="region_code",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.region",
                        verbose_name="所属区划",
                    ),
                ),
                (
                    "representative",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="representatives.representative",
                        verbose_name="走访代表",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
            ],
            options={
                "verbose_name": "代表交来的走访",
                "verbose_name_plural": "代表交来的走访",
                "indexes": [
                    models.Index(
                        fields=["region", "state", "-handed_at"],
                        name="visits_handed_region",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at", None),
                                ("settled_by", None),
                                ("state", "waiting"),
                            ),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="visits_handed_settled_by_somebody",
                    )
                ],
            },
        ),
    ]
