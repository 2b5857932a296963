"""By-elections, and the survey."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.sealing
import regions.models
import representatives.rules.by_elections


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("notices", "0002_scope"),
        ("regions", "0002_scope"),
        ("representatives", "0002_scope"),
    ]

    operations = [
        migrations.CreateModel(
            name="ByElection",
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
                    "stage",
                    models.CharField(
                        choices=[
                            ("survey", "摸底"),
                            ("plan", "方案"),
                            ("review", "镇审核"),
                            ("vote", "推选"),
                            ("notice", "公示"),
                            ("filing", "备案"),
                            ("done", "已备案"),
                            ("void", "已作废"),
                        ],
                        default=representatives.rules.by_elections.Stage["PLAN"],
                        max_length=10,
                        verbose_name="阶段",
                    ),
                ),
                ("started_on", models.DateField(verbose_name="启动日期")),
                (
                    "meets_on",
                    models.DateField(blank=True, null=True, verbose_name="推选日期"),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="推选地点"
                    ),
                ),
                (
                    "presider",
                    models.CharField(blank=True, max_length=30, verbose_name="主持人"),
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
                    "voters",
                    models.CharField(
                        choices=[
                            ("households", "户的代表"),
                            ("adults", "十八周岁以上村（居）民"),
                        ],
                        default="households",
                        max_length=10,
                        verbose_name="参加人员",
                    ),
                ),
                (
                    "entitled",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="应到人数"
                    ),
                ),
                (
                    "plan_note",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="方案说明"
                    ),
                ),
                (
                    "submitted_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="方案报送日期"
                    ),
                ),
                (
                    "reviewed_on",
                    models.DateField(blank=True, null=True, verbose_name="审核日期"),
                ),
                (
                    "review_words",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="审核意见"
                    ),
                ),
                (
                    "filed_on",
                    models.DateField(blank=True, null=True, verbose_name="备案日期"),
                ),
                (
                    "archive_number",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="纸质档案号"
                    ),
                ),
                (
                    "cancelled_on",
                    models.DateField(blank=True, null=True, verbose_name="作废日期"),
                ),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="作废原因"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "constituency",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="by_elections",
                        to="representatives.constituency",
                        verbose_name="推选单元",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="备案人",
                    ),
                ),
                (
                    "notice",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.publicnotice",
                        verbose_name="公示",
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
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="启动人",
                    ),
                ),
            ],
            options={
                "verbose_name": "补选",
                "verbose_name_plural": "补选",
                "indexes": [
                    models.Index(
                        fields=["region", "stage"], name="reps_byel_region_stage"
                    ),
                    models.Index(
                        fields=["region", "filed_on"], name="reps_byel_region_filed"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("stage__in", ["done", "void"]), _negated=True
                        ),
                        fields=("constituency",),
                        name="reps_byel_one_running",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("filed_on__isnull", False), ("stage", "done")),
                            models.Q(
                                models.Q(("stage", "done"), _negated=True),
                                ("filed_on", None),
                            ),
                            _connector="OR",
                        ),
                        name="reps_byel_filed_when_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "void"), _negated=True),
                            models.Q(("cancel_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="reps_byel_void_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Candidate",
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
                    "sex",
                    models.CharField(
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
                    "nominated_by",
                    models.CharField(
                        choices=[
                            ("self", "自荐"),
                            ("households", "户代表联名推荐"),
                            ("group", "村（居）民小组推荐"),
                            ("party", "党组织推荐"),
                        ],
                        max_length=12,
                        verbose_name="推荐方式",
                    ),
                ),
                (
                    "has_rights",
                    models.BooleanField(
                        default=False, verbose_name="确认未被剥夺政治权利"
                    ),
                ),
                (
                    "on_committee",
                    models.BooleanField(
                        default=False, verbose_name="是村（居）委会成员"
                    ),
                ),
                ("is_elected", models.BooleanField(default=False, verbose_name="当选")),
                (
                    "by_election",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidates",
                        to="representatives.byelection",
                        verbose_name="补选",
                    ),
                ),
                (
                    "former",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="representatives.representative",
                        verbose_name="以前任过代表",
                    ),
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
                "verbose_name": "补选候选人",
                "verbose_name_plural": "补选候选人",
                "indexes": [
                    models.Index(
                        fields=["region", "by_election"],
                        name="reps_candidate_region_byel",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("by_election", "id_index"),
                        name="reps_candidate_id_once",
                    ),
                    models.UniqueConstraint(
                        fields=("by_election", "name", "group"),
                        name="reps_candidate_name_once",
                        nulls_distinct=False,
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
                        name="reps_candidate_sealed_indexed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Round",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="第几轮")),
                ("held_on", models.DateField(verbose_name="投票日期")),
                ("entitled", models.PositiveIntegerField(verbose_name="应到")),
                ("present", models.PositiveIntegerField(verbose_name="实到")),
                ("issued", models.PositiveIntegerField(verbose_name="发出票")),
                ("returned", models.PositiveIntegerField(verbose_name="收回票")),
                ("invalid", models.PositiveIntegerField(verbose_name="无效票")),
                ("seats", models.PositiveSmallIntegerField(verbose_name="本轮名额")),
                (
                    "quorum_reason",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="不足法定人数的说明"
                    ),
                ),
                (
                    "tellers",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="监票人、计票人"
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "set_aside_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="宣布无效的日期"
                    ),
                ),
                (
                    "by_election",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="representatives.byelection",
                        verbose_name="补选",
                    ),
                ),
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
            ],
            options={
                "verbose_name": "补选投票",
                "verbose_name_plural": "补选投票",
                "ordering": ("number",),
                "indexes": [
                    models.Index(
                        fields=["region", "by_election"], name="reps_round_region_byel"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("by_election", "number"), name="reps_round_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("present__lte", models.F("entitled")),
                            ("issued__lte", models.F("present")),
                            ("returned__lte", models.F("issued")),
                            ("invalid__lte", models.F("returned")),
                        ),
                        name="reps_round_ballots_balance",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SurveyConfirmation",
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
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("quarter", models.PositiveSmallIntegerField(verbose_name="季度")),
                ("seats", models.PositiveIntegerField(verbose_name="应有代表数")),
                ("filled", models.PositiveIntegerField(verbose_name="现有数")),
                ("vacant", models.PositiveIntegerField(verbose_name="缺额数")),
                (
                    "causes",
                    models.JSONField(blank=True, default=dict, verbose_name="出缺原因"),
                ),
                ("confirmed_on", models.DateField(verbose_name="确认日期")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
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
                "verbose_name": "摸底确认",
                "verbose_name_plural": "摸底确认",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "year", "quarter"), name="reps_survey_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quarter__gte", 1), ("quarter__lte", 4)),
                        name="reps_survey_quarter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Vacancy",
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
                    "cause",
                    models.CharField(
                        blank=True, max_length=12, verbose_name="出缺原因"
                    ),
                ),
                ("since", models.DateField(verbose_name="出缺日期")),
                ("evidence", models.CharField(max_length=200, verbose_name="出缺依据")),
                (
                    "by_election",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vacancies",
                        to="representatives.byelection",
                        verbose_name="补选",
                    ),
                ),
                (
                    "former",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="representatives.representative",
                        verbose_name="原代表",
                    ),
                ),
                (
                    "mandate",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filled",
                        to="representatives.mandate",
                        verbose_name="补选产生的任职",
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
                    "seat",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="vacancies",
                        to="representatives.seat",
                        verbose_name="席位",
                    ),
                ),
            ],
            options={
                "verbose_name": "出缺登记",
                "verbose_name_plural": "出缺登记",
                "indexes": [
                    models.Index(
                        fields=["region", "by_election"],
                        name="reps_vacancy_region_byel",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("by_election", "seat"), name="reps_vacancy_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Vote",
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
                ("votes_for", models.PositiveIntegerField(verbose_name="赞成")),
                ("votes_against", models.PositiveIntegerField(verbose_name="反对")),
                ("votes_abstaining", models.PositiveIntegerField(verbose_name="弃权")),
                (
                    "candidate",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="representatives.candidate",
                        verbose_name="候选人",
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
                    "round",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="representatives.round",
                        verbose_name="投票",
                    ),
                ),
            ],
            options={
                "verbose_name": "得票",
                "verbose_name_plural": "得票",
                "indexes": [
                    models.Index(fields=["region", "round"], name="reps_vote_region")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("round", "candidate"), name="reps_vote_once"
                    )
                ],
            },
        ),
    ]
