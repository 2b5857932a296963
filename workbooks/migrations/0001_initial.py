import uuid

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import regions.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_scope"),
        ("accounts", "__first__"),
        ("jobs", "0002_scope"),
        ("regions", "0002_scope"),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("name", models.CharField(max_length=120, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64, verbose_name="文件指纹")),
                ("size", models.PositiveIntegerField(verbose_name="大小（字节）")),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                ("business_date", models.DateField(verbose_name="业务日期")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("reading", "正在读取"),
                            ("refused", "文件不能用"),
                            ("columns", "等待认列"),
                            ("preview", "等待确认"),
                            ("applying", "正在写入"),
                            ("applied", "已导入"),
                            ("undoing", "正在撤销"),
                            ("undone", "已撤销"),
                            ("abandoned", "已放弃"),
                        ],
                        default="reading",
                        max_length=10,
                        verbose_name="进度",
                    ),
                ),
                (
                    "sheet",
                    models.CharField(blank=True, max_length=40, verbose_name="工作表"),
                ),
                ("mapping", models.JSONField(default=dict, verbose_name="列对应")),
                ("facts", models.JSONField(default=dict, verbose_name="读取情况")),
                ("read", models.PositiveIntegerField(default=0, verbose_name="读到")),
                (
                    "created",
                    models.PositiveIntegerField(default=0, verbose_name="新增"),
                ),
                (
                    "updated",
                    models.PositiveIntegerField(default=0, verbose_name="更新"),
                ),
                (
                    "unchanged",
                    models.PositiveIntegerField(default=0, verbose_name="不变"),
                ),
                (
                    "refused",
                    models.PositiveIntegerField(default=0, verbose_name="退回"),
                ),
                ("blank", models.PositiveIntegerField(default=0, verbose_name="空行")),
                (
                    "skipped",
                    models.PositiveIntegerField(default=0, verbose_name="非数据行"),
                ),
                (
                    "message",
                    models.CharField(blank=True, max_length=300, verbose_name="说明"),
                ),
                (
                    "applied_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="导入时间"
                    ),
                ),
                (
                    "job",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="jobs.job",
                        verbose_name="后台任务",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.post",
                        verbose_name="以何职务",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入",
                "verbose_name_plural": "导入",
                "indexes": [
                    models.Index(
                        fields=["region", "-uploaded_at"], name="wb_upload_region_at"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "read",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("created"),
                                                "+",
                                                models.F("updated"),
                                            ),
                                            "+",
                                            models.F("unchanged"),
                                        ),
                                        "+",
                                        models.F("refused"),
                                    ),
                                    "+",
                                    models.F("blank"),
                                ),
                            )
                        ),
                        name="wb_upload_balance",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("stage", "applying")),
                        fields=("region", "kind", "sha256"),
                        name="wb_upload_applied_once_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RowVerdict",
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
                ("number", models.PositiveIntegerField(verbose_name="行号")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("new", "新增"),
                            ("changed", "更新"),
                            ("refused", "退回"),
                        ],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                (
                    "label",
                    models.CharField(blank=True, max_length=80, verbose_name="对象"),
                ),
                ("problems", models.JSONField(default=list, verbose_name="问题")),
                ("changes", models.JSONField(default=list, verbose_name="变化")),
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
                    "upload",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to="workbooks.upload",
                        verbose_name="导入",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入明细",
                "verbose_name_plural": "导入明细",
                "indexes": [
                    models.Index(fields=["region", "upload"], name="wb_verdict_region")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("upload", "number"), name="wb_verdict_row_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RememberedColumns",
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
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("titles", models.CharField(max_length=64, verbose_name="表头指纹")),
                ("mapping", models.JSONField(verbose_name="列对应")),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, verbose_name="更新时间"),
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
                "verbose_name": "列对应记忆",
                "verbose_name_plural": "列对应记忆",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "kind", "titles"), name="wb_columns_once"
                    )
                ],
            },
        ),
    ]
