"""Invented people: names as they are common in the county, numbers that nobody has."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from workbooks.values import check_character

SURNAMES = (
    "刘李王张陈曾周谢罗唐赵姚宁申尹佘贺彭邓杨肖何胡吕黄魏袁廖石金莫岳段欧"
    "禹阳郭范朱蒋孙钟马易戴"
)
MEN = [
    "建国",
    "建华",
    "志强",
    "国平",
    "新民",
    "顺民",
    "德生",
    "友良",
    "海清",
    "立新",
    "正云",
    "伟",
    "勇",
    "军",
    "强",
    "斌",
    "辉",
    "小平",
    "春生",
    "冬生",
    "仁贵",
    "绍文",
    "光明",
    "凤祥",
    "长庚",
    "桂生",
    "爱民",
    "中秋",
    "石林",
    "和平",
    "求生",
    "铁山",
    "跃进",
    "满堂",
]
WOMEN = [
    "桂英",
    "秀兰",
    "玉兰",
    "红英",
    "春梅",
    "秋云",
    "小红",
    "丽华",
    "爱莲",
    "金花",
    "满姣",
    "美玲",
    "冬秀",
    "艳",
    "娟",
    "敏",
    "月娥",
    "翠英",
    "凤姣",
    "香莲",
    "菊香",
    "桃秀",
    "雪梅",
    "细妹",
    "银花",
    "慧",
    "芳",
    "平秀",
    "淑贞",
    "喜英",
]
LETTERS = "明华平英国文清秀兰云生林福春海东成"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    name: str
    is_woman: bool
    born: dt.date
    id_number: str
    phone: str


class People:
    """Makes people; no two of one `area` (6 digits) share an ID number."""

    def __init__(self, random: Random, area: str) -> None:
        self._random = random
        self._area = area
        self._taken: set[str] = set()

    def person(self, *, oldest: int, youngest: int, women: float) -> Person:
        """Return somebody born from `oldest` to `youngest`; `women` is the share."""
        random = self._random
        is_woman = random.random() < women
        born = dt.date(random.randint(oldest, youngest), 1, 1)
        born += dt.timedelta(days=random.randrange(365))
        return Person(
            self._name(is_woman=is_woman),
            is_woman,
            born,
            self._id_number(born, is_woman=is_woman),
            f"13800{random.randrange(10**6):06}",
        )

    def _name(self, *, is_woman: bool) -> str:
        random = self._random
        given = random.choice(WOMEN if is_woman else MEN)
        if len(given) == 1 and random.random() < 0.5:
            given = random.choice(LETTERS) + given
        return random.choice(SURNAMES) + given

    def _id_number(self, born: dt.date, *, is_woman: bool) -> str:
        """Return a number with a right check character that nobody here has yet."""
        while True:
            order = 2 * self._random.randrange(5, 499) + (0 if is_woman else 1)
            digits = f"{self._area}{born:%Y%m%d}{order:03}"
            if digits not in self._taken:
                self._taken.add(digits)
                return digits + check_character(digits)
