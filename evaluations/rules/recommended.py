"""The recommended schemes of domain 1.5: data to begin with, every number editable.

邵东's own scoring sheet could not be found: nothing here is a rule of the city until it
has put an edition in force.
"""

from evaluations.rules.schemes import Category, Edition, Item, Measure, Scope, Tier

HOUSEHOLDS = Edition(
    scope=Scope.HOUSEHOLD,
    rounds=4,
    notice_days=7,
    categories=(
        Category(
            1,
            "遵纪守法",
            base=20,
            cap=20,
            items=(
                Item(11, "家庭成员受到行政处罚", -10, -10, needs_evidence=True),
                Item(
                    12,
                    "家庭成员犯罪被追究刑事责任",
                    is_veto=True,
                    needs_evidence=True,
                ),
            ),
        ),
        Category(
            2,
            "履行公约和议事",
            base=15,
            cap=20,
            items=(
                Item(21, "参加村民小组会、恳谈会", 1, 1, cap=5),
                Item(22, "违反公约条款，有记录", -5, -2, needs_evidence=True),
            ),
        ),
        Category(
            3,
            "移风易俗",
            base=15,
            cap=21,
            items=(
                Item(31, "红白喜事事先报告，没有超过限额", 3, 3),
                Item(32, "大操大办，超过公约限额", -5, -5, needs_evidence=True),
            ),
        ),
        Category(
            4,
            "环境卫生",
            base=20,
            cap=26,
            items=(
                Item(41, "卫生检查干净整洁", 2, 2, cap=6),
                Item(42, "乱搭乱建、乱堆乱放", -1, -1, cap=5),
            ),
        ),
        Category(
            5,
            "孝老爱亲、邻里和睦",
            base=15,
            cap=18,
            items=(
                Item(51, "孝老爱亲、邻里互助，大家公认", 3, 3),
                Item(52, "不赡养老人", -5, -5, needs_evidence=True),
                Item(53, "邻里打架吵闹", -3, -3),
            ),
        ),
        Category(
            6,
            "公益志愿",
            base=15,
            cap=30,
            items=(
                Item(61, "参加义务劳动、志愿服务", 2, 2, cap=10),
                Item(62, "为公益事业出钱出力", 5, 5),
                Item(63, "见义勇为", 10, 10, needs_evidence=True),
            ),
        ),
    ),
    tiers=(
        Tier(1, "文明模范家庭", threshold=110, quota=20, is_public=True),
        Tier(2, "遵规守约家庭", threshold=80),
        Tier(3, "有待进步家庭"),
    ),
)

VILLAGES = Edition(
    scope=Scope.VILLAGE,
    rounds=1,
    notice_days=7,
    categories=(
        Category(
            1,
            "系统计算",
            base=0,
            cap=70,
            items=tuple(
                Item(10 + number, measure.label, points, points, measure=measure.value)
                for number, (measure, points) in enumerate(
                    (
                        (Measure.COVERAGE, 10),
                        (Measure.VISITS, 15),
                        (Measure.ISSUES, 10),
                        (Measure.TALKS, 10),
                        (Measure.REVIEWS, 10),
                        (Measure.VACANCIES, 5),
                        (Measure.SATISFACTION, 5),
                        (Measure.MODELS, 5),
                    ),
                    1,
                )
            ),
        ),
        Category(
            2,
            "镇里评价",
            base=0,
            cap=30,
            items=(
                Item(21, "村民代表会议每季度召开、有记录", 0, 8),
                Item(22, "两个公约修订、宣传到户", 0, 8),
                Item(23, "红白理事会、院落自治等做法有成效", 0, 8),
                Item(24, "村容村貌", 0, 6),
            ),
        ),
    ),
    tiers=(
        Tier(1, "示范村", threshold=85, quota=20, is_public=True),
        Tier(2, "达标村", threshold=60),
        Tier(3, "进步村"),
    ),
)
