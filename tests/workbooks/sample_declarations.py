"""Declarations of the three workbooks a township hands over, for the engine's tests."""

from workbooks.declaration import Column, Declaration, Kind

VILLAGE = Column(
    "village",
    ("村(社区)", "村", "所在村", "村（居）委会", "社区"),
    required=True,
    example="长冲口村",
)
GROUP = Column(
    "group",
    ("组别", "村(居)民小组", "村民小组", "小组", "组"),
    Kind.CODE,
    required=True,
    example="1组",
)

REPRESENTATIVES = Declaration(
    title="村(居)民代表花名册",
    columns=(
        Column("township", ("乡镇(街道)", "乡镇"), example="魏家桥镇"),
        VILLAGE,
        GROUP,
        Column(
            "name",
            ("姓名", "代表姓名"),
            Kind.NAME,
            required=True,
            group="基本情况",
            example="张三",
        ),
        Column(
            "sex",
            ("性别",),
            Kind.CHOICE,
            required=True,
            group="基本情况",
            choices=("男", "女"),
            example="男",
        ),
        Column("nation", ("民族",), group="基本情况", example="汉族"),
        Column(
            "birth_year",
            ("出生年份",),
            Kind.YEAR,
            group="基本情况",
            least=1900,
            most=2100,
            example="1970",
        ),
        Column(
            "id_number",
            ("身份证号", "身份证号码", "公民身份号码"),
            Kind.ID_NUMBER,
            required=True,
            group="基本情况",
            width=22,
            example="11010119900307803X",
        ),
        Column("education", ("文化程度", "学历"), group="基本情况"),
        Column("political_status", ("政治面貌",), group="基本情况"),
        Column("posts", ("职业/兼任", "兼任", "职务"), group="基本情况"),
        Column(
            "phone",
            ("联系电话", "电话", "手机号"),
            Kind.PHONE,
            group="基本情况",
            width=14,
            example="13800000000",
        ),
        Column(
            "chosen_by",
            ("推选方式",),
            Kind.CHOICE,
            group="任职情况",
            choices=("按户推选", "按组推选"),
        ),
        Column("since", ("当选时间",), Kind.DATE, group="任职情况", width=16),
        Column("until", ("任期至",), Kind.DATE, group="任职情况", width=16),
        Column("by_election", ("是否补选",), Kind.BOOLEAN, group="任职情况"),
        Column("remark", ("备注",)),
    ),
    unique=(("id_number", "village"),),
)

KEY_CATEGORIES = (
    "重残户",
    "重病户",
    "防返贫监测户",
    "空巢老人户",
    "烈属军属户",
    "特困供养户",
    "留守儿童户",
    "低保户",
)

HOUSEHOLDS = Declaration(
    title="村(居)民代表联系户花名册",
    columns=(
        VILLAGE,
        GROUP,
        Column(
            "head",
            ("户主姓名", "户主", "姓名"),
            Kind.NAME,
            required=True,
            example="张三",
        ),
        Column(
            "id_number",
            ("户主身份证号", "身份证号", "身份证号码"),
            Kind.ID_NUMBER,
            required=True,
            width=22,
            absences=("无户口",),
            example="11010119900307803X",
        ),
        Column("size", ("家庭人口", "人口"), Kind.INTEGER, most=99, example="4"),
        Column("address", ("住址", "家庭住址"), width=20),
        Column("phone", ("联系电话", "户主电话"), Kind.PHONE, width=14),
        Column(
            "type",
            ("户类型",),
            Kind.CHOICE,
            required=True,
            group="联系情况",
            choices=("普通", "重点"),
            example="普通",
        ),
        Column(
            "categories",
            ("重点类别",),
            Kind.CHOICES,
            group="联系情况",
            choices=KEY_CATEGORIES,
            synonyms=(("无", ""),),
            width=20,
        ),
        Column(
            "representative", ("联系代表", "联系代表姓名"), Kind.NAME, group="联系情况"
        ),
        Column(
            "representative_phone",
            ("代表电话", "联系代表电话"),
            Kind.PHONE,
            group="联系情况",
            width=14,
        ),
        Column("since", ("联系起始日期",), Kind.DATE, group="联系情况", width=16),
        Column("remark", ("备注",)),
    ),
    unique=(("id_number", "village"),),
)

VISITS = Declaration(
    title="村(居)民代表走访记录表",
    columns=(
        VILLAGE,
        GROUP,
        Column("representative", ("走访代表",), Kind.NAME, required=True),
        Column("visited_on", ("走访时间",), Kind.DATE, required=True, past_only=True),
        Column("head", ("走访对象(户主)", "走访对象"), Kind.NAME, required=True),
        Column("id_number", ("户主身份证号",), Kind.ID_NUMBER, lookup=True),
        Column("type", ("户类型",), Kind.CHOICE, choices=("普通", "重点")),
        Column(
            "method",
            ("走访方式",),
            Kind.CHOICE,
            required=True,
            choices=("上门", "电话", "院落会"),
        ),
        Column("said", ("反映问题/诉求",), longest=1000),
        Column("answer", ("现场答复或处理",), longest=1000),
    ),
)
