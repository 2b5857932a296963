"""How long personal data is kept, and why so long.

Two laws bound it: no longer than the purpose needs (个人信息保护法 19, 47), and no
shorter than duties of evidence ask (网络安全法 21: logs of six months at least). The
years between are the city's to set (`RETENTION`, months); what stands here is inferred
from practice (domain.md, Practice rules) where no statute names a number.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Term:
    """What happens to one kind of data once it is `months` old.

    `least` is the fewest months that a city may set.
    """

    key: str
    label: str
    does: str
    since: str
    months: int
    least: int
    source: str

    def cutoff(self, on: dt.date) -> dt.date:
        """Return the last day that is over its term on the day `on`."""
        return months_before(on, self.months)


TERMS = (
    Term(
        *("visits", "走访记录的文字", "隐去反映内容和答复，次数照留", "走访之日"),
        months=60, least=24,
        source="domain.md 实务：走访明细 5 年，此后只留统计（推定）；个人信息保护法 19 条",
    ),
    Term(
        *("households", "已出册户的个人信息", "抹去户主姓名、证件号、电话、住址", "出册之日"),
        months=60, least=24,
        source="个人信息保护法 47 条：处理目的已实现，应当删除；年限推定",
    ),
    Term(
        *("moves", "办结的迁移", "抹去户主姓名、证件号、电话、说明", "办结之日"),
        months=60, least=24,
        source="个人信息保护法 47 条：处理目的已实现，应当删除；年限推定",
    ),
    Term(
        *("representatives", "离任代表的证件号、电话", "抹去；姓名和任期属村务档案，照留", "最后任期结束之日"),
        months=60, least=36,
        source="村民委员会组织法 34 条：村务档案；个人信息保护法 19 条；年限推定",
    ),
    Term(
        *("candidates", "补选候选人的证件号、电话", "抹去；姓名和推选结果属村务档案，照留", "补选备案、作废之日"),
        months=60, least=36,
        source="村民委员会组织法 34 条：村务档案；个人信息保护法 19 条；年限推定",
    ),
    Term(
        *("messages", "站内消息", "删除", "发送之日"),
        months=24, least=6,
        source="个人信息保护法 19 条；网络安全法 21 条：留存不少于六个月",
    ),
    Term(
        *("history", "资料变更记录（改前、改后的内容）", "删除；谁什么时候做了什么的访问日志照留", "变更之日"),
        months=36, least=6,
        source="网络安全法 21 条：留存不少于六个月；个人信息保护法 19 条；年限推定",
    ),
    Term(
        *("devices", "登录设备", "删除", "最近使用之日"),
        months=12, least=6,
        source="网络安全法 21 条：留存不少于六个月",
    ),
)  # fmt: skip


class Unlawful(ValueError):
    """A term that may not be set so; the message says why and what is possible."""


def terms(settings: Iterable[str]) -> dict[str, Term]:
    """Return the terms, as changed by settings such as `visits=36` (months)."""
    found = {term.key: term for term in TERMS}
    for setting in settings:
        key, _, months = setting.partition("=")
        found[key] = _changed(found, key.strip(), months.strip())
    return found


def _changed(known: Mapping[str, Term], key: str, months: str) -> Term:
    if key not in known:
        raise Unlawful(f"RETENTION 里没有“{key}”这一类，可用的有：{'、'.join(known)}。")
    term = known[key]
    if not months.isascii() or not months.isdigit() or int(months) < term.least:
        raise Unlawful(
            f"RETENTION 里“{term.label}”要写成 {key}=月数，至少 {term.least} 个月"
            f"（{term.source}）。"
        )
    return replace(term, months=int(months))


def months_before(day: dt.date, months: int) -> dt.date:
    """Return the day so many months earlier; the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = following - dt.timedelta(days=1)
    return last.replace(day=min(day.day, last.day))
