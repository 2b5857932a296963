"""The two covenants: what the law asks of one before it is used to rate (L26, L39).

Which two 约 the scheme's name means is not known (domain 1.2): titles are data, and the
slots are called 约一 and 约二.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from representatives.rules.book import Finding, Rule, Rulebook, Severity
from representatives.rules.statute import LAW_2018, NOTE_2026

SLOTS = {1: "约一", 2: "约二"}
TITLES = ("村规民约", "居民公约", "红白喜事公约", "家庭公约", "党员公约")
"""Titles to choose from; any other may be written."""

AMENDED = dt.date(2026, 1, 1)
"""The day the amended law came into force."""

BOOK = Rulebook(
    (
        Rule(
            "L26",
            "用来评定的公约要有通过日期和报镇备案日期",
            Severity.WARN,
            "《村民委员会组织法》（2018年修正）第二十七条；"
            "《湖南省实施〈村民委员会组织法〉办法》第四条",
            LAW_2018,
            note=NOTE_2026,
        ),
        Rule(
            "L39",
            "提交会议表决的事项，先由村（社区）党组织研究",
            Severity.WARN,
            "《村民委员会组织法》（2025年修正）",
            AMENDED,
            note=NOTE_2026,
        ),
    )
)


@dataclass(frozen=True)
class Paperwork:
    """What is known of a covenant's version when it is used to rate."""

    title: str
    adopted_on: dt.date | None = None
    filed_on: dt.date | None = None
    studied_on: dt.date | None = None


def findings(used: Paperwork, on: dt.date) -> tuple[Finding, ...]:
    """Return what a covenant lacks on the day `on`, each with how to mend it."""
    found = []
    filed, studied = BOOK.at("L26", on), BOOK.at("L39", on)
    if filed and used.adopted_on is None:
        found.append(
            Finding(
                filed, f"《{used.title}》没有通过日期。", "请补填哪天哪个会议通过的。"
            )
        )
    if filed and used.filed_on is None:
        found.append(
            Finding(filed, f"《{used.title}》没有备案日期。", "请报镇备案后补填日期。")
        )
    passed = used.adopted_on or on
    if studied and passed >= studied.effective_from and used.studied_on is None:
        words = f"《{used.title}》没有党组织研究的日期。"
        found.append(Finding(studied, words, "请补填村（社区）党组织哪天研究的。"))
    return tuple(found)


def day_faults(used: Paperwork, on: dt.date) -> tuple[str, ...]:
    """Return what is wrong with the dates of a version, in the order they happen."""
    named = (
        ("党组织研究日期", used.studied_on),
        ("通过日期", used.adopted_on),
        ("备案日期", used.filed_on),
    )
    known = [(name, day) for name, day in named if day]
    found = [f"{name} {day} 还没有到。" for name, day in known if day > on]
    found += [
        f"{later} {after} 早于{earlier} {before}，请核对。"
        for (earlier, before), (later, after) in pairwise(known)
        if after < before
    ]
    return tuple(found)


# --- consequences that no covenant may carry -------------------------------------------

RISKY = (
    "取消", "不得享受", "不再享受", "罚款", "没收", "扣发", "停发", "停水", "停电",
    "不予办理", "不予盖章",
)  # fmt: skip
"""Words of consequences that may infringe rights (inferred from article 27, domain 1.5)."""

WARNING = (
    "公约不得侵犯村（居）民的人身权利、民主权利和合法财产权利（《村民委员会组织法》"
    "第二十七条）。低保、医保、上学等法定待遇不能和评定结果挂钩，请改成提醒、教育一类的做法。"
)


def risky_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that announce a consequence the law may forbid."""
    return tuple(word for word in RISKY if word in text)
