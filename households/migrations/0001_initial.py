import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.sealing
import regions.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("regions", "0002_scope"),
        ("representatives", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                        verbose_name="代码",
                    ),
                ),
                (
                    "name",
                    models.CharField(max_length=20, unique=True, verbose_name="名称"),
                ),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="也叫",
                    ),
                ),
                (
                    "is_key",
                    models.BooleanField(default=True, verbose_name="属于重点户"),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "retired_on",
                    models.DateField(blank=True, null=True, verbose_name="停用日期"),
                ),
            ],
            options={
                "verbose_name": "重点类别",
                "verbose_name_plural": "重点类别",
            },
        ),
        migrations.CreateModel(
            name="Household",
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
                ("head", models.CharField(max_length=30, verbose_name="户主姓名")),
                (
                    "initials",
                    models.CharField(
                        blank=True, max_length=30, verbose_name="拼音首字母"
                    ),
                ),
                (
                    "id_number",
                    accounts.sealing.SealedField(
                        blank=True,
                        kind="id_number",
                        null=True,
                        verbose_name="户主身份证号",
                    ),
                ),
                ("id_index", models.CharField(blank=True, max_length=64, null=True)),
                (
                    "phone",
                    accounts.sealing.SealedField(
                        blank=True, kind="phone", null=True, verbose_name="联系电话"
                    ),
                ),
                ("phone_index", models.CharField(blank=True, max_length=64)),
                (
                    "address",
                    models.CharField(blank=True, max_length=60, verbose_name="住址"),
                ),
                (
                    "members",
                    models.PositiveSmallIntegerField(default=1, verbose_name="人口"),
                ),
                (
                    "residents",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="常住人口"
                    ),
                ),
                (
                    "is_away",
                    models.BooleanField(default=False, verbose_name="外出或空户"),
                ),
                (
                    "situation",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="家庭基本情况"
                    ),
                ),
                (
                    "remark",
                    models.CharField(blank=True, max_length=200, verbose_name="备注"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("living", "在册"),
                            ("moved", "已迁出"),
                            ("dissolved", "已销户"),
                            ("merged", "已并户"),
                        ],
                        default="living",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("registered_on", models.DateField(verbose_name="入册日期")),
                (
                    "ended_on",
                    models.DateField(blank=True, null=True, verbose_name="出册日期"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "constituency",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="households",
                        to="representatives.constituency",
                        verbose_name="推选单元",
                    ),
                ),
                (
                    "group",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="households",
                        to="regions.villagergroup",
                        verbose_name="组别",
                    ),
                ),
                (
                    "merged_into",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed",
                        to="households.household",
                        verbose_name="并入",
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
                "verbose_name": "联系户",
                "verbose_name_plural": "联系户",
                "indexes": [
                    models.Index(
                        fields=["region", "group", "head"], name="hh_region_group_head"
                    ),
                    models.Index(
                        fields=["region", "initials"], name="hh_region_initials"
                    ),
                    models.Index(fields=["phone_index"], name="hh_phone"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "living")),
                        fields=("region", "id_index"),
                        name="hh_id_once_in_village",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("id_index", None), ("id_number", None)),
                            models.Q(
                                ("id_index__isnull", False),
                                ("id_number__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="hh_id_sealed_and_indexed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_on", None), ("status", "living")),
                            models.Q(
                                models.Q(("status", "living"), _negated=True),
                                ("ended_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="hh_ended_unless_living",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="hh_merged_names_the_other",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactLink",
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
                ("started_on", models.DateField(verbose_name="联系起始日期")),
                (
                    "ended_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="联系终止日期"
                    ),
                ),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reassigned", "调整联系人"),
                            ("mandate_ended", "代表离任"),
                            ("household_left", "联系户迁出或销户"),
                            ("entry_error", "录入有误"),
                        ],
                        max_length=16,
                        verbose_name="终止原因",
                    ),
                ),
                (
                    "party_member",
                    models.CharField(
                        blank=True, max_length=30, verbose_name="联系党员"
                    ),
                ),
                (
                    "patch",
                    models.CharField(blank=True, max_length=30, verbose_name="片"),
                ),
                (
                    "neighbourhood",
                    models.CharField(blank=True, max_length=30, verbose_name="邻"),
                ),
                (
                    "grid",
                    models.CharField(blank=True, max_length=30, verbose_name="网格"),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="录入人",
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
                        related_name="links",
                        to="representatives.representative",
                        verbose_name="联系代表",
                    ),
                ),
                (
                    "household",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="households.household",
                        verbose_name="联系户",
                    ),
                ),
            ],
            options={
                "verbose_name": "联系关系",
                "verbose_name_plural": "联系关系",
                "indexes": [
                    models.Index(
                        fields=["region", "representative"], name="hh_link_region_rep"
                    ),
                    models.Index(
                        fields=["household", "started_on"], name="hh_link_household"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("household",),
                        name="hh_link_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            ("ended_on__gte", models.F("started_on")),
                            _connector="OR",
                        ),
                        name="hh_link_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_on", None)),
                            models.Q(
                                ("ended_on__isnull", False),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hh_link_end_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CategoryTag",
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
                ("started_on", models.DateField(verbose_name="起始日期")),
                (
                    "ended_on",
                    models.DateField(blank=True, null=True, verbose_name="终止日期"),
                ),
                (
                    "source",
                    models.CharField(blank=True, max_length=60, verbose_name="依据"),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.category",
                        verbose_name="类别",
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
                    "household",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tags",
                        to="households.household",
                        verbose_name="联系户",
                    ),
                ),
            ],
            options={
                "verbose_name": "重点类别登记",
                "verbose_name_plural": "重点类别登记",
                "indexes": [
                    models.Index(
                        fields=["region", "category"], name="hh_tag_region_category"
                    ),
                    models.Index(fields=["household"], name="hh_tag_household"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("household", "category"),
                        name="hh_tag_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            ("ended_on__gte", models.F("started_on")),
                            _connector="OR",
                        ),
                        name="hh_tag_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
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
                ("pair", models.UUIDField(verbose_name="编号")),
                ("is_outgoing", models.BooleanField(verbose_name="迁出")),
                ("other_region", models.BigIntegerField(verbose_name="对方村（社区）")),
                ("head", models.CharField(max_length=30, verbose_name="户主姓名")),
                (
                    "members",
                    models.PositiveSmallIntegerField(default=1, verbose_name="人口"),
                ),
                (
                    "id_number",
                    accounts.sealing.SealedField(
                        blank=True,
                        kind="id_number",
                        null=True,
                        verbose_name="户主身份证号",
                    ),
                ),
                (
                    "phone",
                    accounts.sealing.SealedField(
                        blank=True, kind="phone", null=True, verbose_name="联系电话"
                    ),
                ),
                ("categories", models.JSONField(default=list, verbose_name="重点类别")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "等待接收"),
                            ("accepted", "已接收"),
                            ("declined", "已退回"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="offered",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="说明"),
                ),
                ("offered_on", models.DateField(verbose_name="提出日期")),
                (
                    "settled_on",
                    models.DateField(blank=True, null=True, verbose_name="办结日期"),
                ),
                (
                    "household",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="households.household",
                        verbose_name="联系户",
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
                "verbose_name": "联系户迁移",
                "verbose_name_plural": "联系户迁移",
                "indexes": [
                    models.Index(fields=["region", "state"], name="hh_transfer_state")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pair", "is_outgoing"),
                        name="hh_transfer_one_row_a_side",
                    )
                ],
            },
        ),
    ]
