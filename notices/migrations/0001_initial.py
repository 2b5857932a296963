"""Notices and objections to them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.sealing
import notices.models
import regions.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("regions", "0002_scope"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="类别")),
                ("title", models.CharField(max_length=60, verbose_name="标题")),
                ("issuer", models.CharField(max_length=60, verbose_name="公示单位")),
                ("paragraphs", models.JSONField(default=list, verbose_name="正文")),
                (
                    "table",
                    models.JSONField(blank=True, default=dict, verbose_name="表格"),
                ),
                ("first_day", models.DateField(verbose_name="公示开始")),
                ("last_day", models.DateField(verbose_name="公示截止")),
                (
                    "least_days",
                    models.PositiveSmallIntegerField(
                        default=1, verbose_name="至少公示天数"
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="公示天数依据"
                    ),
                ),
                (
                    "contact_name",
                    models.CharField(max_length=30, verbose_name="异议受理人"),
                ),
                (
                    "contact_phone",
                    models.CharField(max_length=20, verbose_name="异议受理电话"),
                ),
                (
                    "contact_place",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="受理地点"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("published", "公示中"),
                            ("ended", "期满"),
                            ("withdrawn", "已撤下"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=notices.models.new_token, max_length=32, unique=True
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="发布时间"
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="结束日期"),
                ),
                (
                    "withdrawal",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="撤下原因"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="来自页面"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "follows",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="notices.publicnotice",
                        verbose_name="接续",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发布人",
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
            ],
            options={
                "verbose_name": "公示",
                "verbose_name_plural": "公示",
                "indexes": [
                    models.Index(
                        fields=["region", "state", "last_day"],
                        name="notices_region_state",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="notices_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("published_at", None),
                                ("published_by", None),
                                ("state", "draft"),
                            ),
                            models.Q(
                                models.Q(("state", "draft"), _negated=True),
                                ("published_at__isnull", False),
                                ("published_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="notices_published_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            models.Q(("withdrawal", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="notices_withdrawn_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("received_on", models.DateField(verbose_name="收到日期")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "电话"),
                            ("paper", "书面"),
                            ("person", "当面"),
                        ],
                        max_length=8,
                        verbose_name="方式",
                    ),
                ),
                (
                    "who",
                    accounts.sealing.SealedField(
                        blank=True, kind="name", null=True, verbose_name="反映人"
                    ),
                ),
                ("words", models.TextField(verbose_name="异议内容")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "settled_on",
                    models.DateField(blank=True, null=True, verbose_name="处理日期"),
                ),
                ("outcome", models.TextField(blank=True, verbose_name="处理结果")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
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
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                (
                    "notice",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="notices.publicnotice",
                        verbose_name="公示",
                    ),
                ),
            ],
            options={
                "verbose_name": "公示异议",
                "verbose_name_plural": "公示异议",
                "indexes": [
                    models.Index(
                        fields=["region", "settled_on"], name="notices_objection_region"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("outcome", ""),
                                ("settled_by", None),
                                ("settled_on", None),
                            ),
                            models.Q(
                                ("settled_by__isnull", False),
                                ("settled_on__isnull", False),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notices_objection_settled_whole",
                    )
                ],
            },
        ),
    ]
