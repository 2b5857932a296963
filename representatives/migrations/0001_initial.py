import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
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
    ]

    operations = [
        migrations.CreateModel(
            name="Constituency",
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
                ("name", models.CharField(max_length=40, verbose_name="推选单元")),
                (
                    "mode",
                    models.CharField(
                        choices=[("households", "按户推选"), ("group", "按组推选")],
                        max_length=10,
                        verbose_name="推选方式",
                    ),
                ),
                (
                    "decided_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="名额决定日期"
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="名额决定依据"
                    ),
                ),
                (
                    "ended_on",
                    models.DateField(blank=True, null=True, verbose_name="撤销日期"),
                ),
                (
                    "group",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.villagergroup",
                        verbose_name="所在小组",
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
                "verbose_name": "推选单元",
                "verbose_name_plural": "推选单元",
                "indexes": [
                    models.Index(
                        fields=["region", "group"], name="reps_constituency_region"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("region", "name"),
                        name="reps_constituency_name_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mode", "group"), _negated=True),
                            ("group__isnull", False),
                            _connector="OR",
                        ),
                        name="reps_constituency_by_group_has_group",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Representative",
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
                ("name", models.CharField(max_length=30, verbose_name="姓名")),
                (
                    "initials",
                    models.CharField(
                        blank=True, max_length=30, verbose_name="拼音首字母"
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("m", "男"), ("f", "女")],
                        max_length=1,
                        verbose_name="性别",
                    ),
                ),
                (
                    "nation",
                    models.CharField(
                        default="汉族", max_length=20, verbose_name="民族"
                    ),
                ),
                (
                    "birth_year",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="出生年份"
                    ),
                ),
                (
                    "id_number",
                    accounts.sealing.SealedField(
                        blank=True, kind="id_number", null=True, verbose_name="身份证号"
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
                    "education",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("primary", "小学"),
                            ("junior", "初中"),
                            ("senior", "高中"),
                            ("vocational", "中专"),
                            ("college", "大专"),
                            ("bachelor", "本科"),
                            ("master", "研究生"),
                            ("none", "文盲或半文盲"),
                        ],
                        max_length=12,
                        verbose_name="文化程度",
                    ),
                ),
                (
                    "politics",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("member", "中共党员"),
                            ("probationary", "预备党员"),
                            ("league", "共青团员"),
                            ("democratic", "民主党派"),
                            ("masses", "群众"),
                        ],
                        max_length=12,
                        verbose_name="政治面貌",
                    ),
                ),
                (
                    "offices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="兼任",
                    ),
                ),
                (
                    "draws_allowance",
                    models.BooleanField(default=False, verbose_name="领取固定补贴"),
                ),
                (
                    "remark",
                    models.CharField(blank=True, max_length=200, verbose_name="备注"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "group",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.villagergroup",
                        verbose_name="村（居）民小组",
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
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="representative",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登录账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "村（居）民代表",
                "verbose_name_plural": "村（居）民代表",
                "indexes": [
                    models.Index(
                        fields=["region", "name"], name="reps_rep_region_name"
                    ),
                    models.Index(
                        fields=["region", "initials"], name="reps_rep_region_initials"
                    ),
                    models.Index(fields=["phone_index"], name="reps_rep_phone"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "id_index"),
                        name="reps_rep_id_once_in_village",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("birth_year", None),
                            models.Q(
                                ("birth_year__gte", 1900), ("birth_year__lte", 2100)
                            ),
                            _connector="OR",
                        ),
                        name="reps_rep_birth_year_plausible",
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
                        name="reps_rep_id_sealed_and_indexed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="席位号")),
                ("opened_on", models.DateField(verbose_name="设立日期")),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="撤销日期"),
                ),
                (
                    "constituency",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="representatives.constituency",
                        verbose_name="推选单元",
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
                "verbose_name": "席位",
                "verbose_name_plural": "席位",
                "indexes": [
                    models.Index(
                        fields=["region", "constituency"], name="reps_seat_region"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("constituency", "number"), name="reps_seat_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on", None),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="reps_seat_closes_after_opening",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mandate",
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
                (
                    "mode",
                    models.CharField(
                        choices=[("households", "按户推选"), ("group", "按组推选")],
                        max_length=10,
                        verbose_name="推选方式",
                    ),
                ),
                (
                    "is_by_election",
                    models.BooleanField(default=False, verbose_name="是否补选"),
                ),
                ("started_on", models.DateField(verbose_name="当选时间")),
                ("until", models.DateField(verbose_name="任期至")),
                (
                    "ended_on",
                    models.DateField(blank=True, null=True, verbose_name="离任日期"),
                ),
                (
                    "end_cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("death", "死亡"),
                            ("moved", "迁出"),
                            ("job", "工作变动"),
                            ("resigned", "辞职"),
                            ("recalled", "罢免"),
                            ("incapacity", "丧失行为能力"),
                            ("sentenced", "被判处刑罚"),
                            ("expired", "届满"),
                            ("entry_error", "录入有误"),
                        ],
                        max_length=12,
                        verbose_name="离任原因",
                    ),
                ),
                (
                    "end_evidence",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="离任依据"
                    ),
                ),
                (
                    "person_index",
                    models.CharField(blank=True, max_length=64, null=True),
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
                        related_name="mandates",
                        to="representatives.representative",
                        verbose_name="代表",
                    ),
                ),
                (
                    "seat",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mandates",
                        to="representatives.seat",
                        verbose_name="席位",
                    ),
                ),
            ],
            options={
                "verbose_name": "代表任职",
                "verbose_name_plural": "代表任职",
                "indexes": [
                    models.Index(
                        fields=["region", "until"], name="reps_mandate_region_until"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("seat",),
                        name="reps_mandate_seat_filled_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("representative",),
                        name="reps_mandate_one_per_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("person_index",),
                        name="reps_mandate_one_in_city",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("started_on"))),
                        name="reps_mandate_until_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_cause", ""), ("ended_on", None)),
                            models.Q(
                                ("ended_on__isnull", False),
                                models.Q(("end_cause", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reps_mandate_end_has_cause",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None),
                            ("ended_on__gte", models.F("started_on")),
                            _connector="OR",
                        ),
                        name="reps_mandate_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommitteeTerm",
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
                ("started_on", models.DateField(verbose_name="届期开始")),
                ("ends_on", models.DateField(verbose_name="届期到期")),
                (
                    "members",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="村（居）委会成员数"
                    ),
                ),
                (
                    "women",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="其中妇女"
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
                "verbose_name": "村（居）委会届期",
                "verbose_name_plural": "村（居）委会届期",
                "indexes": [
                    models.Index(
                        fields=["region", "started_on"], name="reps_term_region_start"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("started_on"))),
                        name="reps_term_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("women__lte", models.F("members"))),
                        name="reps_term_women_among_members",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("region", "="),
                            (
                                models.Func(
                                    "started_on",
                                    "ends_on",
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="reps_term_one_at_a_time",
                    ),
                ],
            },
        ),
    ]
