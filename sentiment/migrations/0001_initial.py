import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import regions.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("households", "0003_categories"),
        ("regions", "0002_scope"),
        ("representatives", "0002_scope"),
        ("visits", "0005_handed_scope"),
    ]

    operations = [
        migrations.CreateModel(
            name="Issue",
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
                    "source",
                    models.CharField(
                        choices=[
                            ("visit", "走访"),
                            ("talk", "恳谈会"),
                            ("caller", "来访"),
                            ("phone", "来电"),
                            ("ledger", "台账导入"),
                        ],
                        max_length=8,
                        verbose_name="来源",
                    ),
                ),
                ("heard_on", models.DateField(verbose_name="收集时间")),
                ("topic", models.CharField(max_length=20, verbose_name="类别")),
                ("words", models.CharField(max_length=1000, verbose_name="反映内容")),
                (
                    "satisfaction",
                    models.CharField(
                        blank=True,
                        choices=[("good", "满意"), ("fair", "一般"), ("bad", "不满")],
                        max_length=4,
                        verbose_name="当时满意吗",
                    ),
                ),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("collected", "已收集"),
                            ("accepted", "村已受理"),
                            ("in_hand", "办理中"),
                            ("resolved", "已办结，待反馈"),
                            ("told", "已反馈"),
                            ("closed", "已销号"),
                            ("merged", "已并入"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="collected",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "holder",
                    models.CharField(
                        choices=[
                            ("village", "村（社区）"),
                            ("township", "乡镇（街道）"),
                            ("city", "市级"),
                        ],
                        default="village",
                        max_length=8,
                        verbose_name="现在由谁办",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_spot", "现场办结"),
                            ("village", "村内限期办理"),
                            ("township", "报镇里协调"),
                            ("city", "转市级部门"),
                            ("explain", "解释说明"),
                            ("assembly", "提交代表会议"),
                        ],
                        max_length=8,
                        verbose_name="办理方式",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="承办单位"
                    ),
                ),
                (
                    "person",
                    models.CharField(blank=True, max_length=30, verbose_name="责任人"),
                ),
                (
                    "due_on",
                    models.DateField(blank=True, null=True, verbose_name="办理时限"),
                ),
                (
                    "accepted_on",
                    models.DateField(blank=True, null=True, verbose_name="受理时间"),
                ),
                (
                    "resolved_on",
                    models.DateField(blank=True, null=True, verbose_name="办结时间"),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="办理情况"
                    ),
                ),
                (
                    "told_on",
                    models.DateField(blank=True, null=True, verbose_name="反馈时间"),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("good", "满意"),
                            ("fair", "基本满意"),
                            ("bad", "不满意"),
                        ],
                        max_length=4,
                        verbose_name="群众评价",
                    ),
                ),
                (
                    "closed_on",
                    models.DateField(blank=True, null=True, verbose_name="销号时间"),
                ),
                (
                    "returns",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="退回重办次数"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
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
                    "group",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.villagergroup",
                        verbose_name="所在组",
                    ),
                ),
                (
                    "household",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="households.household",
                        verbose_name="反映户",
                    ),
                ),
                (
                    "merged_into",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="sentiment.issue",
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
                (
                    "representative",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="representatives.representative",
                        verbose_name="收集代表",
                    ),
                ),
                (
                    "visit",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issues",
                        to="visits.visit",
                        verbose_name="走访",
                    ),
                ),
            ],
            options={
                "verbose_name": "社情民意",
                "verbose_name_plural": "社情民意",
                "indexes": [
                    models.Index(
                        fields=["region", "-heard_on"], name="sent_issue_region_day"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state__in", ("collected", "accepted", "in_hand"))
                        ),
                        fields=["region", "holder", "due_on"],
                        name="sent_issue_unresolved",
                    ),
                    models.Index(
                        condition=models.Q(("state", "resolved")),
                        fields=["representative"],
                        name="sent_issue_to_tell",
                    ),
                    models.Index(
                        fields=["household", "-heard_on"], name="sent_issue_household"
                    ),
                    models.Index(fields=["merged_into"], name="sent_issue_merged"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("visit",),
                        name="sent_issue_once_a_visit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("merged_into__isnull", False),
                                ("state", "merged"),
                                models.Q(
                                    ("merged_into", models.F("id")), _negated=True
                                ),
                            ),
                            models.Q(
                                models.Q(("state", "merged"), _negated=True),
                                ("merged_into", None),
                            ),
                            _connector="OR",
                        ),
                        name="sent_issue_merged_names_the_other",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="sent_issue_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(
                                    ("state__in", ("resolved", "told", "closed")),
                                    _negated=True,
                                ),
                                ("resolved_on__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(
                                    ("state__in", ("told", "closed")), _negated=True
                                ),
                                ("told_on__isnull", False),
                                _connector="OR",
                            ),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True),
                                ("closed_on__isnull", False),
                                _connector="OR",
                            ),
                        ),
                        name="sent_issue_days_follow_states",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyDay",
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
                ("held_on", models.DateField(verbose_name="时间")),
                (
                    "place",
                    models.CharField(blank=True, max_length=60, verbose_name="地点"),
                ),
                (
                    "lesson",
                    models.CharField(blank=True, max_length=200, verbose_name="一课"),
                ),
                (
                    "film",
                    models.CharField(blank=True, max_length=200, verbose_name="一片"),
                ),
                (
                    "practice",
                    models.CharField(blank=True, max_length=200, verbose_name="一实践"),
                ),
                (
                    "present",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="到会党员"
                    ),
                ),
                (
                    "representatives",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="参加的代表"
                    ),
                ),
                (
                    "words",
                    models.CharField(blank=True, max_length=1000, verbose_name="记录"),
                ),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "entered_by",
                    models.ForeignKey(
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
            ],
            options={
                "verbose_name": "主题党日",
                "verbose_name_plural": "主题党日",
                "indexes": [
                    models.Index(
                        fields=["region", "-held_on"], name="sent_partyday_region"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "held_on"), name="sent_partyday_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "held_on__lte",
                                django.db.models.functions.datetime.TruncDate(
                                    "entered_at"
                                ),
                            )
                        ),
                        name="sent_partyday_not_in_the_future",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyDayVisit",
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
                    "party_day",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="group_visits",
                        to="sentiment.partyday",
                        verbose_name="主题党日",
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
                    "visit",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.visit",
                        verbose_name="走访",
                    ),
                ),
            ],
            options={
                "verbose_name": "集中走访",
                "verbose_name_plural": "集中走访",
                "indexes": [
                    models.Index(
                        fields=["region", "party_day"], name="sent_groupvisit_region"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("visit",), name="sent_groupvisit_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
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
                ("month", models.DateField(verbose_name="月份")),
                (
                    "number",
                    models.PositiveSmallIntegerField(default=1, verbose_name="版本"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "正在准备"),
                            ("submitted", "已提交"),
                            ("returned", "镇里退回"),
                            ("replaced", "已有更正"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "held_on",
                    models.DateField(blank=True, null=True, verbose_name="召开日期"),
                ),
                (
                    "place",
                    models.CharField(blank=True, max_length=60, verbose_name="地点"),
                ),
                (
                    "chair",
                    models.CharField(blank=True, max_length=30, verbose_name="主持人"),
                ),
                (
                    "recorder",
                    models.CharField(blank=True, max_length=30, verbose_name="记录人"),
                ),
                (
                    "expected",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="应到人数"
                    ),
                ),
                (
                    "present",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="实到人数"
                    ),
                ),
                (
                    "attendees",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="参会人员"
                    ),
                ),
                (
                    "members_say",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="党员意见"
                    ),
                ),
                (
                    "representatives_say",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="代表意见"
                    ),
                ),
                (
                    "covenants_say",
                    models.CharField(
                        blank=True,
                        max_length=1000,
                        verbose_name="群众对“双约双评”的评价",
                    ),
                ),
                (
                    "last_month",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="上次事项落实情况"
                    ),
                ),
                (
                    "conclusion",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="会议结论"
                    ),
                ),
                (
                    "figures",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="提交时的数字"
                    ),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="提交时间"
                    ),
                ),
                (
                    "returned_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="退回时间"
                    ),
                ),
                (
                    "return_reason",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="退回原因"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "corrects",
                    regions.models.ScopedForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="sentiment.review",
                        verbose_name="更正",
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
                    "returned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="退回人",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提交人",
                    ),
                ),
            ],
            options={
                "verbose_name": "民情分析会",
                "verbose_name_plural": "民情分析会",
                "indexes": [
                    models.Index(fields=["region", "-month"], name="sent_review_region")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "replaced"), _negated=True),
                        fields=("region", "month"),
                        name="sent_review_once_a_month",
                    ),
                    models.UniqueConstraint(
                        fields=("region", "month", "number"),
                        name="sent_review_numbered",
                    ),
                    models.UniqueConstraint(
                        fields=("corrects",), name="sent_review_corrected_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)),
                        name="sent_review_month_is_its_first_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "submitted"), _negated=True),
                            models.Q(
                                ("held_on__isnull", False),
                                ("submitted_at__isnull", False),
                                ("submitted_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sent_review_submitted_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True),
                            models.Q(
                                ("returned_at__isnull", False),
                                ("returned_by__isnull", False),
                                models.Q(("return_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="sent_review_returned_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("present", None),
                            ("expected", None),
                            ("present__lte", models.F("expected")),
                            _connector="OR",
                        ),
                        name="sent_review_present_within_expected",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewItem",
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
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("village", "村内解决"),
                            ("township", "报镇里协调"),
                            ("explain", "解释说明"),
                            ("assembly", "提交代表会议"),
                        ],
                        max_length=8,
                        verbose_name="决定",
                    ),
                ),
                (
                    "person",
                    models.CharField(blank=True, max_length=30, verbose_name="责任人"),
                ),
                (
                    "due_on",
                    models.DateField(blank=True, null=True, verbose_name="办理时限"),
                ),
                (
                    "conclusion",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="研判结论"
                    ),
                ),
                (
                    "issue",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_items",
                        to="sentiment.issue",
                        verbose_name="民情",
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
                    "review",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="sentiment.review",
                        verbose_name="民情分析会",
                    ),
                ),
            ],
            options={
                "verbose_name": "研判事项",
                "verbose_name_plural": "研判事项",
                "indexes": [
                    models.Index(fields=["region", "review"], name="sent_item_review")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "issue"), name="sent_item_once_a_review"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TalkMeeting",
            fields=[
                (
                    "id",
                    models.UUIDField(editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("talk", "恳谈会"),
                            ("yard", "屋场会"),
                            ("court", "院落会"),
                            ("bench", "板凳会"),
                            ("evening", "夜谈会"),
                        ],
                        default="talk",
                        max_length=8,
                        verbose_name="形式",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="时间")),
                ("place", models.CharField(max_length=60, verbose_name="地点")),
                (
                    "recorder",
                    models.CharField(blank=True, max_length=30, verbose_name="记录人"),
                ),
                ("topics", models.CharField(max_length=300, verbose_name="议题")),
                (
                    "replies",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="现场答复"
                    ),
                ),
                (
                    "others_present",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="其他到会人数"
                    ),
                ),
                ("on_behalf", models.BooleanField(default=False, verbose_name="代录")),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="撤回时间"
                    ),
                ),
                (
                    "withdrawal",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="撤回原因"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "entered_by",
                    models.ForeignKey(
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
                        related_name="talk_meetings",
                        to="representatives.representative",
                        verbose_name="召集代表",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "恳谈会",
                "verbose_name_plural": "恳谈会",
                "indexes": [
                    models.Index(
                        fields=["region", "-held_on"], name="sent_talk_region_day"
                    ),
                    models.Index(
                        fields=["representative", "-held_on"], name="sent_talk_rep_day"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "held_on__lte",
                                django.db.models.functions.datetime.TruncDate(
                                    "entered_at"
                                ),
                            )
                        ),
                        name="sent_talk_not_in_the_future",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawal", ""),
                                ("withdrawn_at", None),
                                ("withdrawn_by", None),
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawal", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="sent_talk_withdrawal_says_who_and_why",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="issue",
            name="talk",
            field=regions.models.ScopedForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="issues",
                to="sentiment.talkmeeting",
                verbose_name="恳谈会",
            ),
        ),
        migrations.CreateModel(
            name="TalkPresence",
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
                    "household",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="talk_presences",
                        to="households.household",
                        verbose_name="到会户",
                    ),
                ),
                (
                    "meeting",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="presences",
                        to="sentiment.talkmeeting",
                        verbose_name="恳谈会",
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
                "verbose_name": "到会户",
                "verbose_name_plural": "到会户",
                "indexes": [
                    models.Index(fields=["region", "meeting"], name="sent_presence")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "household"), name="sent_presence_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IssueStep",
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
                    "action",
                    models.CharField(
                        choices=[
                            ("collect", "收集"),
                            ("accept", "受理"),
                            ("decide", "研判决定"),
                            ("raise", "上报"),
                            ("send_back", "退回"),
                            ("note", "记录进展"),
                            ("resolve", "办结"),
                            ("tell", "反馈群众"),
                            ("close", "销号"),
                            ("reopen", "退回重办"),
                            ("merge", "并入"),
                            ("split", "拆出"),
                            ("withdraw", "撤回"),
                            ("amend", "更正"),
                        ],
                        max_length=10,
                        verbose_name="步骤",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("collected", "已收集"),
                            ("accepted", "村已受理"),
                            ("in_hand", "办理中"),
                            ("resolved", "已办结，待反馈"),
                            ("told", "已反馈"),
                            ("closed", "已销号"),
                            ("merged", "已并入"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=10,
                        verbose_name="此后状态",
                    ),
                ),
                (
                    "holder",
                    models.CharField(
                        choices=[
                            ("village", "村（社区）"),
                            ("township", "乡镇（街道）"),
                            ("city", "市级"),
                        ],
                        max_length=8,
                        verbose_name="此后由谁办",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("on_spot", "现场办结"),
                            ("village", "村内限期办理"),
                            ("township", "报镇里协调"),
                            ("city", "转市级部门"),
                            ("explain", "解释说明"),
                            ("assembly", "提交代表会议"),
                        ],
                        max_length=8,
                        verbose_name="办理方式",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(blank=True, null=True, verbose_name="办理时限"),
                ),
                (
                    "words",
                    models.CharField(blank=True, max_length=1000, verbose_name="说明"),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("at", models.DateTimeField(verbose_name="记录时间")),
                (
                    "by_words",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="以何职务"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "issue",
                    regions.models.ScopedForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="sentiment.issue",
                        verbose_name="民情",
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
                "verbose_name": "办理步骤",
                "verbose_name_plural": "办理步骤",
                "indexes": [
                    models.Index(
                        fields=["region", "issue", "id"], name="sent_step_issue"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IssueTerm",
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
                    "holder",
                    models.CharField(
                        choices=[
                            ("village", "村（社区）"),
                            ("township", "乡镇（街道）"),
                            ("city", "市级"),
                        ],
                        max_length=8,
                        verbose_name="承办层级",
                    ),
                ),
                (
                    "days",
                    models.PositiveSmallIntegerField(verbose_name="办理时限（天）"),
                ),
                ("effective_from", models.DateField(verbose_name="生效日期")),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设定人",
                    ),
                ),
            ],
            options={
                "verbose_name": "办理时限",
                "verbose_name_plural": "办理时限",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("holder", "effective_from"),
                        name="sentiment_term_once_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1)),
                        name="sentiment_term_has_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingDuty",
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
                ("due_on", models.DateField(null=True, verbose_name="应召开截止")),
                ("last_on", models.DateField(null=True, verbose_name="上次召开")),
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
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meeting_duties",
                        to="representatives.representative",
                        verbose_name="召集代表",
                    ),
                ),
            ],
            options={
                "verbose_name": "会议任务",
                "verbose_name_plural": "会议任务",
                "indexes": [
                    models.Index(
                        fields=["region", "due_on"], name="sent_duty_region_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "representative"),
                        name="sent_duty_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("last_on", None),
                            ("due_on", None),
                            ("due_on__gt", models.F("last_on")),
                            _connector="OR",
                        ),
                        name="sent_duty_due_after_last",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", "visit"), ("visit", None), _connector="OR"),
                    models.Q(("source", "talk"), ("talk", None), _connector="OR"),
                ),
                name="sent_issue_source_named",
            ),
        ),
    ]
