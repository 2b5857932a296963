"""The columns of 代表花名册 (ledger 1), with the names townships give them."""

from representatives.models import Education, Mode, Politics, Sex
from workbooks.declaration import Column, Declaration, Kind

DECLARATION = Declaration(
    title="村（居）民代表花名册",
    columns=(
        Column("township", ("乡镇(街道)", "乡镇", "街道", "镇"), example="魏家桥镇"),
        Column(
            "village",
            ("村(社区)", "村", "村名", "社区", "所在村", "村(居)"),
            required=True,
            example="长冲口村",
        ),
        Column(
            "group",
            ("村(居)民小组", "组别", "小组", "组", "所在组"),
            Kind.CODE,
            required=True,
            example="3组",
        ),
        Column(
            "name",
            ("姓名", "代表姓名"),
            Kind.NAME,
            required=True,
            group="基本情况",
            example="张顺民",
        ),
        Column(
            "sex",
            ("性别",),
            Kind.CHOICE,
            group="基本情况",
            choices=tuple(Sex.labels),
            width=6,
            example="男",
        ),
        Column(
            "nation", ("民族",), group="基本情况", longest=20, width=8, example="汉族"
        ),
        Column(
            "birth_year",
            ("出生年份", "出生年月", "出生年"),
            Kind.YEAR,
            group="基本情况",
        ),
        Column(
            "id_number",
            ("身份证号", "身份证号码", "证件号码", "公民身份号码"),
            Kind.ID_NUMBER,
            group="基本情况",
            width=22,
            accept_masked=True,
            note="整列设为文本格式再填，18 位。",
        ),
        Column(
            "education",
            ("文化程度", "学历"),
            Kind.CHOICE,
            group="基本情况",
            choices=tuple(Education.labels),
            synonyms=(
                ("初级中学", "初中"),
                ("高级中学", "高中"),
                ("中技", "中专"),
                ("专科", "大专"),
                ("大学", "本科"),
                ("大学本科", "本科"),
                ("硕士", "研究生"),
                ("文盲", "文盲或半文盲"),
            ),
        ),
        Column(
            "politics",
            ("政治面貌",),
            Kind.CHOICE,
            group="基本情况",
            choices=tuple(Politics.labels),
            synonyms=(
                ("党员", "中共党员"),
                ("中共预备党员", "预备党员"),
                ("团员", "共青团员"),
            ),
        ),
        Column(
            "offices", ("职业/兼任", "职业", "兼任", "兼职"), group="基本情况", width=16
        ),
        Column(
            "phone",
            ("联系电话", "电话", "手机", "手机号"),
            Kind.PHONE,
            group="基本情况",
            width=16,
            accept_masked=True,
        ),
        Column(
            "mode",
            ("推选方式",),
            Kind.CHOICE,
            group="任职情况",
            choices=tuple(Mode.labels),
            synonyms=(("按户", "按户推选"), ("按组", "按组推选")),
        ),
        Column("constituency", ("推选单元", "选区"), group="任职情况", longest=40),
        Column(
            "started_on",
            ("当选时间", "当选日期", "任职时间"),
            Kind.DATE,
            required=True,
            group="任职情况",
            width=14,
            past_only=True,
        ),
        Column(
            "until",
            ("任期至", "任期截止"),
            Kind.DATE,
            required=True,
            group="任职情况",
            width=14,
        ),
        Column("is_by_election", ("是否补选", "补选"), Kind.BOOLEAN, group="任职情况"),
        Column("remark", ("备注",), longest=200, width=18),
    ),
    unique=(("id_number", "village"),),
)
LABELS = {column.key: column.title for column in DECLARATION.columns}
CODES: dict[str, dict[str, str]] = {
    "sex": {label: value for value, label in Sex.choices},
    "education": {label: value for value, label in Education.choices},
    "politics": {label: value for value, label in Politics.choices},
    "mode": {label: value for value, label in Mode.choices},
}
PERSON = ("name", "sex", "nation", "birth_year", "education", "politics", "remark")
TENURE = ("mode", "started_on", "until", "is_by_election")
