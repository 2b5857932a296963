"""The columns of 联系户花名册 (ledger 2), with the names townships give them."""

from workbooks.declaration import Column, Declaration, Kind

DECLARATION = Declaration(
    title="联系户花名册",
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
            ("组别", "村(居)民小组", "组", "小组", "所在组"),
            Kind.CODE,
            required=True,
            example="3组",
        ),
        Column(
            "head",
            ("户主姓名", "户主", "姓名"),
            Kind.NAME,
            required=True,
            example="刘桂英",
        ),
        Column(
            "id_number",
            ("户主身份证号", "身份证号", "身份证号码", "证件号码", "公民身份号码"),
            Kind.ID_NUMBER,
            width=22,
            accept_masked=True,
            absences=("无", "无户口", "遗失"),
            note="整列设为文本格式再填，18 位。",
        ),
        Column(
            "members",
            ("家庭人口", "人口", "人数", "家庭人数"),
            Kind.INTEGER,
            least=0,
            most=60,
            example="4",
        ),
        Column("residents", ("常住人口", "在家人口"), Kind.INTEGER, least=0, most=60),
        Column("address", ("住址", "家庭住址", "地址"), width=24, longest=60),
        Column(
            "phone",
            ("联系电话", "电话", "手机", "手机号", "联系方式"),
            Kind.PHONE,
            width=16,
            accept_masked=True,
            absences=("无",),
        ),
        Column(
            "kind",
            ("户类型", "户别"),
            Kind.CHOICE,
            group="联系情况",
            choices=("普通", "重点"),
            synonyms=(("普通户", "普通"), ("重点户", "重点"), ("一般户", "普通")),
        ),
        Column("categories", ("重点类别", "类别"), group="联系情况", width=18),
        Column(
            "representative",
            ("联系代表", "代表姓名", "联系人代表", "代表"),
            Kind.TEXT,
            group="联系情况",
            longest=30,
        ),
        Column(
            "representative_phone",
            ("代表电话", "代表联系电话"),
            Kind.PHONE,
            group="联系情况",
            width=16,
            accept_masked=True,
            lookup=True,
        ),
        Column("party_member", ("联系党员",), group="联系情况", longest=30),
        Column(
            "linked_on",
            ("联系起始日期", "联系日期", "起始日期"),
            Kind.DATE,
            group="联系情况",
            width=14,
            past_only=True,
        ),
        Column("situation", ("家庭基本情况", "家庭情况"), longest=200, width=24),
        Column("remark", ("备注",), longest=200, width=18),
    ),
    unique=(("id_number", "village"),),
)

FIELDS = ("members", "residents", "address", "situation", "remark")
LABELS = {column.key: column.title for column in DECLARATION.columns}
