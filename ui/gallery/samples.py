"""Invented figures and names for the gallery; the places are real."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.templatetags.static import static
from django.urls import reverse

from ui.charts import Column, Columns, Pace, Series
from ui.parts import (
    Attached,
    Change,
    Delta,
    Event,
    Job,
    Kpi,
    Pair,
    Segment,
    Step,
    Tally,
    Todo,
)
from ui.shell import Crumb, NavGroup, NavItem, Shell, TextSize

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

PAGES: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "整页",
        (
            ("figures", "工作台样子", "squares-2x2"),
            ("tables", "清单样子", "table-cells"),
            ("forms", "表单样子", "pencil-square"),
            ("process", "办事样子", "clipboard-document-list"),
        ),
    ),
    (
        "部件",
        (
            ("words", "话语与状态", "chat-bubble-bottom-center-text"),
            ("attachments", "照片与录音", "camera"),
            ("charts", "图表", "chart-bar"),
            ("basics", "按钮、标签与图标", "cursor-arrow-rays"),
        ),
    ),
    (
        "手机",
        (
            ("phone-list", "手机清单", "device-phone-mobile"),
            ("phone-form", "手机表单", "device-phone-mobile"),
            ("phone-words", "手机状态", "device-phone-mobile"),
        ),
    ),
    (
        "其他",
        (
            ("sheet", "打印台账", "printer"),
            ("official", "打印公文", "printer"),
            ("bare", "登录样子", "arrow-right-end-on-rectangle"),
        ),
    ),
)
"""Groups of gallery pages: address, name, icon. Each has templates/ui/<address>.html."""


def sample_shell(page: str, size: TextSize) -> Shell:
    """A signed-in person's frame whose navigation leads through the gallery."""
    counts = {"tables": 916, "process": 9, "forms": 0}
    hot = {"tables", "process"}
    groups = tuple(
        NavGroup(
            title,
            tuple(
                NavItem(
                    label, reverse("ui:gallery-page", args=[slug]), icon,
                    counts.get(slug), hot=slug in hot, current=slug == page,
                )
                for slug, label, icon in pages
            ),
        )
        for title, pages in PAGES
    )  # fmt: skip
    home = reverse("ui:gallery")
    return Shell(
        nav=groups, tabs=_tabs(page),
        crumbs=(Crumb("邵东市"), Crumb("魏家桥镇", home), Crumb("长冲口村")),
        place="魏家桥镇 · 长冲口村", person="周建国", post="村党支部书记", posts_url=home,
        size=size, unread=12, picker_url=reverse("ui:gallery-picker"),
        today=NOW.date(), search_url=home, inbox_url=home, home_url=home,
        menu=(NavItem("我的设备", home, "device-phone-mobile"), NavItem("修改密码", home, "key")),
        sign_out_url=home,
    )  # fmt: skip


def _tabs(page: str) -> tuple[NavItem, ...]:
    entries = (
        ("phone-list", "走访", "home", None),
        ("phone-form", "民情", "chat-bubble-bottom-center-text", 3),
        ("phone-words", "恳谈会", "chat-bubble-left-right", None),
        ("bare", "我的", "user-circle", None),
    )
    return tuple(
        NavItem(label, reverse("ui:gallery-page", args=[slug]), icon, count, current=slug == page)
        for slug, label, icon, count in entries
    )  # fmt: skip


def figures() -> dict[str, Any]:
    """The dashboard: strip, table with lights, piles of work, charts."""
    return {
        "kpis": _kpis(), "townships": _townships(), "todos": _todos(),
        "periods": (Segment("本月", "?p=m", current=True), Segment("本季", "?p=q"), Segment("本年", "?p=y")),
        "pace": sample_pace(), "moods": sample_moods(), "topics": _topics(), "now": NOW,
    }  # fmt: skip


def _kpis() -> tuple[Kpi, ...]:
    points = "个百分点"
    return (
        Kpi("重点户月走访率", "86.6", "%", "?k=1", share=86.6, elapsed=76.7, notes=("20,791 / 24,018 户",)),
        Kpi("联系户季走访率", "72.7", "%", "?k=2", share=72.7, elapsed=57.6, notes=("四季度已过 57.6%",)),
        Kpi("走访按期率", "95.0", "%", "?k=3", deltas=(Delta(0.6, points, against="环比", decimals=1), Delta(4.3, points, against="同比", decimals=1))),
        Kpi("超期未走访", "916", "户", "?k=4", "bad", deltas=(Delta(38, "户", "down", "环比"),), notes=("其中超期 30 天以上 61 户",)),
        Kpi("代表出缺", "210", "人", "?k=5", notes=("代表到位率 98.9%", "补选进行中 37 个村")),
        Kpi("民情办结率", None, "%", notes=("本月还没有办结的事项",)),
    )  # fmt: skip


def _townships() -> list[dict[str, Any]]:
    rows = (
        ("简家陇镇", 30, 72.9, 90.6, 102, 5, "bad"), ("灵官殿镇", 42, 76.2, 90.8, 121, 12, "bad"),
        ("野鸡坪镇", 23, 83.3, 93.3, 46, 11, "warn"), ("牛马司镇", 30, 82.5, 93.5, 61, 5, "warn"),
        ("大禾塘街道", 36, 91.0, 96.5, 32, 8, "ok"), ("两市塘街道", 18, 88.6, 96.7, 22, 1, "ok"),
        ("魏家桥镇", 21, 97.2, 99.6, 5, 3, "ok"), ("廉桥镇", 37, 94.6, 98.3, 16, 19, "ok"),
        ("周官桥乡", 15, 95.1, 98.0, 5, 0, "ok"), ("黄陂桥林场", 0, None, None, None, None, "off"),
    )  # fmt: skip
    names = ("name", "villages", "rate", "punctual", "late", "vacant", "tone")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _todos() -> tuple[Todo, ...]:
    return (
        Todo(3, "红灯乡镇待催办", "简家陇、灵官殿等 · 上次 11-16", "bad", "去催办", "?", primary=True),
        Todo(37, "补选方案待备案", "最早一份已等 6 个工作日", "warn", "去备案", "?"),
        Todo(4, "上报市级的民情事项", "农村饮水 2、医保缴费 1、危桥 1", "info", "去研判", "?"),
    )  # fmt: skip


def sample_pace() -> Pace:
    """A month on day 23, ahead of time."""
    now = [
        2.9,
        6.6,
        11.6,
        15.3,
        18.6,
        21.6,
        26,
        30.3,
        34,
        38.2,
        41.9,
        45,
        49.8,
        53.2,
        57.3,
    ]
    now += [61.9, 65.9, 69, 72.8, 75.4, 79.9, 83.3, 86.6]
    last = [round(73 / 23 * day, 1) for day in range(1, 31)]
    return Pace("重点户走访进度", tuple(now), 30, tuple(last))


def sample_moods() -> Columns:
    """Six months of three stacked series."""
    series = (
        Series("不满", "s-poor"),
        Series("一般", "s-mid", dark=True),
        Series("满意", "s-good"),
    )
    months = (
        ("6月", 590, 1534, 560), ("7月", 688, 1580, 600), ("8月", 842, 1745, 650),
        ("9月", 645, 1616, 670), ("10月", 613, 1703, 750), ("11月", 733, 1801, 750),
    )  # fmt: skip
    columns = tuple(Column(label, values) for label, *values in months)  # type: ignore[arg-type]
    return Columns("群众情绪走势", series, columns, shares_of=0)


def sample_months(values: tuple[Any, ...] = (9, 12, 17, 10, 8, 12)) -> Columns:
    """Six months of one series."""
    columns = tuple(Column(f"{6 + i}月", (value,)) for i, value in enumerate(values))
    return Columns("近六个月件数", (Series("件数", "s-pale"),), columns)


def _topics() -> list[tuple[str, int, Delta]]:
    rows = (
        ("用水用电", 486, 31.4),
        ("医保养老", 441, 18.2),
        ("道路出行", 398, -2.1),
        ("低保救助", 352, 0),
    )
    return [
        (name, n, Delta(change, "%", "down", decimals=1)) for name, n, change in rows
    ]


def tables() -> dict[str, Any]:
    """A list with filters, sorting, ticked rows and pages."""
    rows = [
        {
            "name": name,
            "group": group,
            "kind": kind,
            "late": late,
            "last": last,
            "tone": tone,
        }
        for name, group, kind, late, last, tone in (
            ("刘桂英", "4 组", "独居老人、低保户", 23, date(2026, 9, 28), "bad"),
            (
                "欧阳海棠（户籍在魏家桥镇，现住女儿家）",
                "11 组",
                "重病户、重残户、低保户",
                9,
                date(2026, 10, 14),
                "bad",
            ),
            ("张志文", "2 组", "重病户", None, date(2026, 10, 28), "warn"),
            ("李小红", "2 组", "留守儿童", None, date(2026, 10, 30), "warn"),
            ("刘铁生", "1 组", "普通户", 0, None, "ok"),
        )
    ] * 63
    return {"rows": rows, "paginator": Paginator(rows, 5)}


def process() -> dict[str, Any]:
    """Steps, quotes, facts, a job in every state, an import, a history."""
    return {
        "steps": (
            Step("看数据", "走访率 97.2%，超期 3 户", "done", "?"),
            Step("逐件研判", "12 件，已研判 3 件", "now"),
            Step("评议意见", "收到 27 条"),
            Step("核对并提交", "报魏家桥镇"),
        ),
        "facts": (
            Pair("涉及农户", "2 组 2 户、4 组 4 户（其中独居老人 1 户）"),
            Pair("往年情况", "2025 年 12 月也有 4 户反映，未见办结", "warn"),
            Pair("责任人", None),
        ),
        "stats": (
            Pair("收集民情", "12 件"), Pair("情绪不满", "4 件", "bad", "?"),
            Pair("上月遗留未办结", "2 件", "warn"), Pair("恳谈会（四季度）", None),
        ),
        "tally": Tally(1204, 1150, 38, 9, 7, 0, (("refused", "?heap=refused"),)),
        "wrong_tally": Tally(100, 90, 5, 0, 0, 0),
        "jobs": jobs(), "events": _events(), "now": NOW,
    }  # fmt: skip


def jobs() -> tuple[Job, ...]:
    """One job in each state; the second one polls and moves."""
    return (
        Job("导出走访台账", "queued", note="前面还有 2 件，大约 1 分钟后开始。"),
        Job("导入联系户花名册", "running", 744, 1204, poll_url=reverse("ui:gallery-job")),
        Job("生成月报", "done", 25, 25, "个乡镇", result_url="?", result_label="下载月报.xlsx"),
        Job("导入代表名册", "failed", 0, None, note="文件打不开：可能设了密码。请在 Excel 里去掉密码，另存后再传。"),
        Job("导出代表名册", "expired", note="做好的文件只保留 7 天，请重新导出。"),
    )  # fmt: skip


def _events() -> tuple[Event, ...]:
    return (
        Event(datetime(2026, 11, 20, 10, 31, tzinfo=NOW.tzinfo), "上门走访，有情况：屋顶漏雨", "张顺民", "天晴后先盖油布，村里报镇里申请危房改造。", "warn", "?"),
        Event(datetime(2026, 11, 18, 16, 5, tzinfo=NOW.tzinfo), "改了联系户资料", "申秋云", changes=(Change("联系电话", "138****5678", "139****0021"), Change("户类别", None, "重病户"), Change("备注", "住老屋", None))),
        Event(datetime(2026, 10, 28, 9, 12, tzinfo=NOW.tzinfo), "上门走访，平安", "张顺民", tone="ok"),
        Event(date(2026, 9, 30), "三季度没有走访到，记为超期", tone="bad"),
    )  # fmt: skip


def attached(*, removable: bool = False) -> tuple[Attached, ...]:
    """Two photos, a voice note and a scan."""
    picture, remove = static("img/mark.svg"), "?remove=1" if removable else ""
    return (
        Attached("photo", "水管.jpg", "照片", picture, picture, remove_url=remove),
        Attached("photo", "水表.jpg", "照片", picture, picture, remove_url=remove),
        Attached("voice", "录音.webm", "录音", "?", seconds=78, remove_url=remove),
        Attached("scan", "签到表.pdf", "扫描件", "?", size=412_000, remove_url=remove),
    )
