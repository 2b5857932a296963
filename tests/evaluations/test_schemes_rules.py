"""What an edition may look like, and how far a township or village may change it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from evaluations.rules import covenants
from evaluations.rules.covenants import Paperwork
from evaluations.rules.recommended import HOUSEHOLDS, VILLAGES
from evaluations.rules.schemes import Edition, Item, departures, faults


def with_item(edition: Edition, item: Item, at: int = 0) -> Edition:
    """Return an edition with one more item in a category."""
    parts = list(edition.categories)
    parts[at] = replace(parts[at], items=(*parts[at].items, item))
    return replace(edition, categories=tuple(parts))


def with_item_changed(edition: Edition, key: int, **changes: object) -> Edition:
    """Return an edition in which one item is different."""
    return replace(
        edition,
        categories=tuple(
            replace(
                part,
                items=tuple(
                    replace(item, **changes) if item.key == key else item  # type: ignore[arg-type]
                    for item in part.items
                ),
            )
            for part in edition.categories
        ),
    )


def with_tier(edition: Edition, at: int, **changes: object) -> Edition:
    """Return an edition in which one tier is different."""
    tiers = list(edition.tiers)
    tiers[at] = replace(tiers[at], **changes)  # type: ignore[arg-type]
    return replace(edition, tiers=tuple(tiers))


def with_category(edition: Edition, at: int, **changes: object) -> Edition:
    """Return an edition in which one category is different."""
    parts = list(edition.categories)
    parts[at] = replace(parts[at], **changes)  # type: ignore[arg-type]
    return replace(edition, categories=tuple(parts))


@pytest.mark.parametrize(
    "edition", [HOUSEHOLDS, VILLAGES], ids=["households", "villages"]
)
def test_the_recommended_editions_can_be_put_in_force(edition: Edition) -> None:
    assert faults(edition) == ()
    assert departures(edition, edition) == ()


def test_the_recommended_edition_begins_at_100_and_leaves_room_for_110() -> None:
    assert (HOUSEHOLDS.base, HOUSEHOLDS.notice_days, HOUSEHOLDS.rounds) == (100, 7, 4)
    assert HOUSEHOLDS.top >= 110
    assert HOUSEHOLDS.tiers[0].quota == 20


FAULTY: list[tuple[Callable[[Edition], Edition], str]] = [
    (lambda e: replace(e, categories=()), "还没有评分类别"),
    (lambda e: with_category(e, 0, base=30), "基础分 30"),
    (lambda e: with_item(e, Item(99, "甲", 3, 1)), "不能大于"),
    (lambda e: with_item(e, Item(99, "甲", -1, 1)), "又加分又扣分"),
    (lambda e: with_item(e, Item(99, "甲")), "没有分值"),
    (lambda e: with_item(e, Item(99, "甲", -21, -21)), "请改小"),
    (lambda e: with_item(e, Item(99, "甲", 4, 4, cap=3)), "请改大"),
    (lambda e: replace(e, tiers=e.tiers[:1]), "两个等次"),
    (lambda e: with_tier(e, 1, threshold=None), "达到多少分"),
    (lambda e: with_tier(e, 1, threshold=110), "一个比一个低"),
    (lambda e: with_tier(e, 2, quota=10), "不设分数线"),
    (lambda e: with_tier(e, 2, is_public=True), "不能公示"),
    (lambda e: replace(e, notice_days=2), "至少 3 天"),
    (lambda e: replace(e, rounds=5), "1、2、4 或 12"),
]


@pytest.mark.parametrize(
    ("change", "words"), FAULTY, ids=[words for _, words in FAULTY]
)
def test_a_faulty_edition_says_what_to_mend(
    change: Callable[[Edition], Edition], words: str
) -> None:
    assert words in "".join(faults(change(HOUSEHOLDS)))


def test_a_township_gives_a_village_thirty_points_by_hand_at_most() -> None:
    more = with_item(VILLAGES, Item(99, "另加", 0, 1), at=1)
    assert "最多 30 分" in "".join(faults(more))


DEPARTING: list[tuple[Callable[[Edition], Edition], str]] = [
    (lambda e: replace(e, rounds=12), "是 4 次"),
    (lambda e: replace(e, notice_days=5), "不能少于上级方案的 7 天"),
    (lambda e: replace(e, categories=e.categories[1:]), "不能去掉"),
    (lambda e: with_category(e, 1, cap=30), "由上级方案定"),
    (lambda e: with_category(e, 1, name="另一类"), "不能自己加类别"),
    (lambda e: with_item_changed(e, 22, least=-6), "之内"),
    (lambda e: with_item_changed(e, 21, cap=None), "不能放宽"),
    (
        lambda e: with_item_changed(e, 12, is_veto=False, least=-5, most=-5),
        "一票否决由",
    ),
    (lambda e: with_item(e, Item(99, "甲", is_veto=True)), "只能由市里定"),
    (lambda e: with_tier(e, 0, threshold=105), "是 110 分"),
    (lambda e: with_tier(e, 0, quota=25), "不能超过上级方案的 20%"),
    (lambda e: with_tier(e, 1, is_public=True), "不公示"),
    (lambda e: replace(e, tiers=e.tiers[1:]), "不能增减"),
]
ADAPTED: list[Callable[[Edition], Edition]] = [
    lambda e: with_item_changed(e, 22, least=-4, most=-3),
    lambda e: with_item(e, Item(99, "参加院落会", 1, 1), at=1),
    lambda e: with_tier(e, 0, quota=15),
    lambda e: replace(e, notice_days=10),
]


@pytest.mark.parametrize(
    ("change", "words"), DEPARTING, ids=[words for _, words in DEPARTING]
)
def test_an_adaptation_beyond_the_citys_limits_is_named(
    change: Callable[[Edition], Edition], words: str
) -> None:
    assert words in "".join(departures(change(HOUSEHOLDS), HOUSEHOLDS))


@pytest.mark.parametrize("change", ADAPTED)
def test_an_adaptation_within_the_citys_limits_stands(
    change: Callable[[Edition], Edition],
) -> None:
    assert departures(change(HOUSEHOLDS), HOUSEHOLDS) == ()
    assert faults(change(HOUSEHOLDS)) == ()


DAY, ADOPTED = dt.date(2026, 11, 20), dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("used", "rules"),
    [
        (Paperwork("村规民约"), ["L26", "L26", "L39"]),
        (Paperwork("村规民约", adopted_on=ADOPTED, studied_on=ADOPTED), ["L26"]),
        (Paperwork("村规民约", dt.date(2023, 3, 1), dt.date(2023, 4, 1)), []),
        (Paperwork("村规民约", ADOPTED, ADOPTED), ["L39"]),
        (Paperwork("村规民约", ADOPTED, ADOPTED, ADOPTED), []),
    ],
    ids=["nothing known", "L26 not filed", "before L39", "L39 not studied", "in order"],
)
def test_l26_and_l39_warn_of_a_covenant_without_its_dates(
    used: Paperwork, rules: list[str]
) -> None:
    assert [one.rule.id for one in covenants.findings(used, DAY)] == rules


def test_dates_of_a_covenant_stand_in_the_order_they_happen() -> None:
    used = Paperwork("村规民约", ADOPTED, ADOPTED - dt.timedelta(days=1), DAY)
    found = "".join(covenants.day_faults(used, DAY))
    assert "早于党组织研究日期" in found
    assert "备案日期 2026-02-28 早于通过日期" in found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("违者三年内不得享受村集体福利", ("不得享受",)),
        ("取消低保，并罚款 200 元", ("取消", "罚款")),
        ("办酒超标的没收礼金，停水停电", ("没收", "停水", "停电")),
        ("不守约的不予盖章、扣发补助", ("扣发", "不予盖章")),
        ("由红白理事会上门劝导", ()),
    ],
)
def test_article_27_consequences_that_infringe_rights_are_pointed_out(
    text: str, words: tuple[str, ...]
) -> None:
    assert covenants.risky_words(text) == words
