"""What a notice may never say (L38), however it is written; and its days (L14)."""

import datetime as dt
import itertools

import pytest

from notices.rules import (
    Content,
    Leak,
    check_content,
    check_days,
    last_day_of,
    leaks,
)

ID_NUMBERS = ("430582196811230034", "43058219800307123X", "43052119920101004x")
OLD_ID = "430582681123003"
MOBILES = ("13800138000", "19912345678", "15573912345")
LANDLINES = ("07392721234", "01088886666", "073182345678")
ACCOUNTS = ("6222021234567890123", "81012345678901234", "123456789012")
FULL_WIDTH = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")
SPOKEN = str.maketrans("0123456789", "〇一二三四五六七八九")
FRAMES = ("{}", "张三，{}", "（{}）", "联系：{}。", "{}元", "公示名单{}如下")


def spaced(number: str) -> list[str]:
    """Return a number in the ways in which people write and paste it."""
    half = len(number) // 2
    gaps = (" ", "-", "　", "·", ".", " - ", "\u00a0", "\u200b", "–", "/")
    written = [number, number.translate(FULL_WIDTH), f"{number[0]}\u200b{number[1:]}"]
    written += [f"{number[:half]}{gap}{number[half:]}" for gap in gaps]
    written += [f"{number[:3]}{gap}{number[3:7]}{gap}{number[7:]}" for gap in gaps]
    written.append(" ".join(number))
    written.append(f"{number[:half]} {number[half:]}".translate(FULL_WIDTH))
    return written


SECRETS = [
    (Leak.ID_NUMBER, text)
    for number in (*ID_NUMBERS, OLD_ID)
    for text in spaced(number)
]
SECRETS += [(Leak.PHONE, t) for n in (*MOBILES, *LANDLINES) for t in spaced(n)]
SECRETS += [(Leak.PHONE, n.translate(SPOKEN)) for n in MOBILES]
SECRETS += [(Leak.PHONE, f"+86 {n}") for n in MOBILES]
SECRETS += [(Leak.ACCOUNT, t) for n in ACCOUNTS for t in spaced(n)]
SECRETS += [
    (Leak.STARRED, text)
    for text in (
        "430582********0034",
        "138****8000",
        "138＊＊＊＊8000",
        "6222●●●●●0123",
    )
]
SECRETS += [
    (Leak.DOOR, text)
    for text in (
        "长冲口村 12 号",
        "4 组 12号",
        "四组十二号",
        "兴和路附5号",
        "建设街 108 号",
        "三栋二单元",
        "兴和小区十二单元",
        "3 栋",
        "12号楼",
        "1203室",
        "门牌",
        "幸福小区８号",
    )
]


def test_there_are_hundreds_of_secrets() -> None:
    assert len(SECRETS) * len(FRAMES) > 1500


@pytest.mark.parametrize("frame", FRAMES)
def test_L38_every_secret_is_found_however_it_is_written(frame: str) -> None:
    missed = [
        (leak, text) for leak, text in SECRETS if leak not in leaks(frame.format(text))
    ]
    # A long number may be told apart wrongly; it must never pass.
    passed = [text for _, text in missed if not leaks(frame.format(text))]
    assert passed == []


def test_L38_each_kind_is_told_by_its_name() -> None:
    wrong = [
        (leak, text, leaks(text))
        for leak, text in SECRETS
        if leak not in leaks(text) and leak is not Leak.PHONE
    ]
    assert wrong == []


HARMLESS = (
    "长冲口村村民代表补选结果公示",
    "2026年11月28日，第4村民小组召开推选会议，补选村民代表1名。",
    "公示时间：2026-11-28 至 2026-12-02",
    "2026-11-28 2026-12-02 2026-12-03",
    "会议应到户的代表45人，实到40人；发出票40张，收回票40张，有效票38张。",
    "张顺民 男 中共党员 4组第一片 36 2 0",
    "张**、李*英",
    "按一万二千元发放，合计 12,000.00 元、5,000.00 元",
    "推选单元“3 组片”",
    "推选单元：第3单元、第十二单元",
    "第 12 号候选人",
    "魏政发〔2026〕12号",
    "本村 1 组、2 组、3 组，11月23号开会",
    "赞成 40 反对 2 弃权 0",
    "二〇二六年十一月二十八日",
)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_a_notice_has_to_say_passes(text: str) -> None:
    assert leaks(text) == ()


def content(**given: object) -> Content:
    held: dict[str, object] = {
        "title": "长冲口村村民代表补选结果公示",
        "issuer": "长冲口村村民委员会",
        "paragraphs": ("现将结果公示如下。",),
        "heads": ("姓名", "票数"),
        "rows": (("张顺民", "36"),),
    }
    return Content(**(held | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"title": "公示13800138000"}, "标题"),
        ({"issuer": "村委会4组12号"}, "公示单位"),
        ({"paragraphs": ("好", "找13800138000")}, "第 2 段"),
        ({"heads": ("姓名", "电话13800138000")}, "表头"),
        (
            {"rows": (("张顺民", "36"), ("李红英", "430582196811230034"))},
            "第 2 行“票数”",
        ),
        (
            {"heads": ("姓名", "电话"), "rows": (("李红英", "2721234"),)},
            "第 1 行“电话”",
        ),
    ],
)
def test_L38_a_secret_is_refused_wherever_it_stands_and_the_place_is_named(
    given: dict[str, object], place: str
) -> None:
    [problem, *_] = check_content(content(**given))
    assert place in problem


def test_a_notice_in_order_is_not_refused() -> None:
    assert check_content(content()) == ()


def test_a_notice_that_nobody_would_read_is_refused() -> None:
    found = check_content(
        content(title=" ", paragraphs=("字" * 501,), rows=(("字" * 61, "1"),))
    )
    assert len(found) == 3


def test_rows_must_fit_the_heads() -> None:
    with pytest.raises(ValueError, match="one cell"):
        check_content(content(rows=(("张顺民",),)))


DAY = dt.date(2026, 11, 28)


@pytest.mark.parametrize(
    ("first", "last", "least", "fine"),
    [
        (0, 2, 3, True),
        (0, 1, 3, False),
        (0, 0, 1, True),
        (1, 3, 3, True),
        (-1, 5, 3, False),
        (3, 2, 1, False),
    ],
)
def test_L14_both_days_count_and_the_first_is_not_past(
    first: int, last: int, least: int, fine: bool
) -> None:
    days = dt.timedelta
    found = check_days(DAY + days(first), DAY + days(last), least, DAY)
    assert (found == ()) is fine


def test_L14_the_last_day_follows_from_the_number_of_days() -> None:
    for first, days in itertools.product((DAY, dt.date(2026, 12, 30)), (1, 3, 7)):
        last = last_day_of(first, days)
        assert (last - first).days + 1 == days
        assert check_days(first, last, days, first) == ()
