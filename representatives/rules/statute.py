"""Rules L01 to L22, L30 and L36 of domain 2.3 as values, each with its source.

Articles are those of the 2018 text of 村民委员会组织法, the last one that was read in
full. An amendment is in force since 2026-01-01; no change of these numbers is known,
but article numbers may have shifted: `NOTE_2026` says so wherever the law is cited,
and the bureau adds a version to the book when it has checked the new text.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from representatives.rules.book import Rule, Rulebook, Severity, Share

BLOCK, WARN, INFO = Severity.BLOCK, Severity.WARN, Severity.INFO

LAW_2018 = date(2018, 12, 29)
"""The day the 2018 text came into force."""

REPORT_DAY = date(2023, 3, 14)
"""The day of the report that describes the mechanism of 邵东市."""

_LAW = "《村民委员会组织法》（2018年修正）"
_HUNAN = "《湖南省实施〈村民委员会组织法〉办法》"
_REPORT = "邵东市村（居）民代表联系群众工作机制（报道）"
NOTE_2026 = "该法2026年1月1日起施行修改后的文本，条文序号以新文本为准。"

_OF_THE_LAW = (
    Rule(
        "L01",
        "村民代表应占村民代表会议组成人员的五分之四以上",
        WARN,
        f"{_LAW}第二十五条；{_HUNAN}第五条",
        LAW_2018,
        shares={"least": Share(4, 5)},
    ),
    Rule(
        "L02",
        "妇女村民代表应占村民代表会议组成人员的三分之一以上",
        WARN,
        f"{_LAW}第二十五条；{_HUNAN}第五条",
        LAW_2018,
        shares={"least": Share(1, 3)},
    ),
    Rule(
        "L04",
        "按户推选的，每五户至十五户推选一名代表",
        WARN,
        f"{_LAW}第二十五条",
        LAW_2018,
        numbers={"least": 5, "most": 15},
    ),
    Rule(
        "L05",
        "按组推选的，推选单元为一个村民小组，名额由村民会议决定并有记录",
        WARN,
        f"{_LAW}第二十五条；{_HUNAN}第六条",
        LAW_2018,
    ),
    Rule(
        "L06",
        "代表任期与本届村（居）民委员会任期相同，补选的代表任期到本届届满为止",
        BLOCK,
        f"{_LAW}第二十五条，参照第十九条",
        LAW_2018,
    ),
    Rule(
        "L07",
        "候选人在推选当日年满十八周岁，未被依法剥夺政治权利",
        BLOCK,
        f"参照{_LAW}第十三条",
        LAW_2018,
        numbers={"age": 18},
    ),
    Rule(
        "L08",
        "一人同时只能担任一个代表职务，不能在两个村任代表",
        BLOCK,
        f"参照{_LAW}第十三条第三款",
        LAW_2018,
    ),
    Rule(
        "L09",
        "村（居）民委员会成员不计作代表",
        BLOCK,
        f"{_LAW}第二十五条",
        LAW_2018,
    ),
    Rule(
        "L10",
        "补选须有出缺登记、推选单元、推选日期、应到和实到人数、计票结果",
        BLOCK,
        f"{_LAW}第二十八条",
        LAW_2018,
    ),
    Rule(
        "L11",
        "推选会议须有本组十八周岁以上村民或者户的代表三分之二以上参加",
        BLOCK,
        f"{_LAW}第二十八条",
        LAW_2018,
        shares={"quorum": Share(2, 3)},
        can_override=True,
    ),
    Rule(
        "L12",
        "经到会人员过半数同意当选，票数相等的重新投票",
        BLOCK,
        f"{_LAW}第二十八条",
        LAW_2018,
        shares={"majority": Share(1, 2)},
    ),
    Rule(
        "L13",
        "收回票不多于发出票，发出票不多于到会人数，各项票数相加等于收回票",
        BLOCK,
        f"参照{_LAW}第十五条",
        LAW_2018,
    ),
    Rule(
        "L15",
        "在任代表不超过名额，全村名额为各推选单元名额之和",
        WARN,
        f"{_LAW}第二十五条",
        LAW_2018,
    ),
    Rule(
        "L18",
        "死亡、迁出、工作变动、辞职获准、被罢免、判处刑罚、丧失行为能力或者届满的，"
        "代表职务终止",
        BLOCK,
        f"参照{_LAW}第十八条；{_REPORT}",
        LAW_2018,
    ),
    Rule(
        "L19",
        "代表只能由推选他的推选单元罢免",
        BLOCK,
        f"{_LAW}第二十五条第三款、第十一条",
        LAW_2018,
    ),
    Rule(
        "L20",
        "村民代表会议每季度至少召开一次",
        WARN,
        f"{_LAW}第二十六条",
        LAW_2018,
    ),
    Rule(
        "L21",
        "村民代表会议须有三分之二以上组成人员参加，所作决定经到会人员过半数同意",
        BLOCK,
        f"{_LAW}第二十六条",
        LAW_2018,
        shares={"quorum": Share(2, 3), "majority": Share(1, 2)},
    ),
    Rule(
        "L22",
        "五分之一以上代表提议的，应当召集村民代表会议；三分之一以上代表或者十分之一以上"
        "村民提议的，应当召集村民会议，并提前十天通知",
        WARN,
        f"{_LAW}第二十六条、第二十一条",
        LAW_2018,
        shares={
            "assembly": Share(1, 5),
            "meeting_by_representatives": Share(1, 3),
            "meeting_by_villagers": Share(1, 10),
        },
        numbers={"notice_days": 10},
    ),
)

_OF_PRACTICE = (
    Rule(
        "L03",
        "少数民族代表占比不低于少数民族人口占比",
        INFO,
        f"{_HUNAN}第五条",
        LAW_2018,
    ),
    Rule(
        "L14",
        "推选结果公示满规定天数，没有未处理的异议，任职从公示期满后开始",
        BLOCK,
        "本市规定，默认3天，建议5至7天",
        LAW_2018,
        numbers={"days": 3},
    ),
    Rule(
        "L16",
        "出缺后应在期限内补选",
        WARN,
        "本市规定，默认60天",
        LAW_2018,
        numbers={"days": 60},
    ),
    Rule(
        "L17",
        "补选前先看对代表占比和妇女占比的影响",
        INFO,
        "本市规定，为落实代表会议组成比例",
        LAW_2018,
    ),
    Rule(
        "L30",
        "每名代表一般联系五至十五户",
        WARN,
        _REPORT,
        REPORT_DAY,
        numbers={"least": 5, "most": 15},
    ),
    Rule(
        "L36",
        "在任代表每年至少参加一次培训",
        INFO,
        _REPORT,
        REPORT_DAY,
        numbers={"times": 1},
    ),
)

RULES = Rulebook(
    tuple(
        sorted(
            (*(replace(rule, note=NOTE_2026) for rule in _OF_THE_LAW), *_OF_PRACTICE),
            key=lambda rule: rule.id,
        )
    )
)
"""The rules as they stand without any decision of the bureau."""
