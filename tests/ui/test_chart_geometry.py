"""Coordinates of the charts, at the edges above all."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.charts import (
    Column,
    Columns,
    Pace,
    Series,
    plot_boxes,
    plot_columns,
    plot_pace,
    plot_spark,
)
from ui.charts.scale import Scale, known, nice_ceiling, share_of, thinned, written

VALUES = st.one_of(
    st.none(),
    st.integers(-10, 10**12),
    st.floats(allow_nan=True, allow_infinity=True),
)
ONE = (Series("件数", "s-pale"),)


def numbers(path: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?[\d.]+", path)]


@pytest.mark.parametrize(
    ("value", "ceiling"),
    [(-3, 1), (0, 1), (0.3, 0.5), (1, 1), (1.1, 2), (21, 25), (73, 100), (100, 100), (3284, 5000)],
)  # fmt: skip
def test_axis_ends_on_a_round_number(value: float, ceiling: float) -> None:
    assert nice_ceiling(value) == pytest.approx(ceiling)


@given(st.floats(1e-9, 1e15))
def test_axis_holds_its_highest_value_without_waste(value: float) -> None:
    assert value * (1 - 1e-6) <= nice_ceiling(value) <= value * 2.51


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf, 1e300])
def test_what_is_not_known_is_not_drawn_and_is_a_dash(value: float | None) -> None:
    assert known(value) is None
    assert written(value) == "—"


def test_value_below_zero_stands_on_the_base_line_and_is_written_as_it_is() -> None:
    assert known(-5) == 0
    assert written(-5) == "-5"


def test_share_of_nothing_is_unknown_not_zero() -> None:
    assert share_of(3, 0) is None
    assert share_of(None, 5) is None
    assert share_of(1, 4) == 25


def test_scale_keeps_values_on_the_paper() -> None:
    up = Scale(100, 150.0, 10.0)

    assert (up.at(0), up.at(50), up.at(100)) == (150.0, 80.0, 10.0)
    assert (up.at(-5), up.at(400)) == (150.0, 10.0)
    assert Scale(0, 150.0, 10.0).at(3) == 150.0


def test_labels_are_thinned_from_the_present_backwards() -> None:
    assert thinned(6, 9) == {0, 1, 2, 3, 4, 5}
    assert thinned(30, 10) == {2, 5, 8, 11, 14, 17, 20, 23, 26, 29}
    assert thinned(0, 5) == set()
    assert thinned(3, 0) == {2}


def test_pace_starts_at_zero_and_ends_at_the_last_known_day() -> None:
    pace = Pace("进度", (2.0, 4.0, None, 8.0, None), 30)

    plot = plot_pace(pace)

    points = numbers(plot.now)
    assert points[:2] == [plot.left, plot.base]
    assert plot.dot == (points[-2], points[-1])
    assert len(points) == 2 * 4
    assert plot.label is not None
    assert plot.label.text == "8.0%"


@pytest.mark.parametrize("current", [(), (None, None), (math.nan,)])
def test_pace_without_data_draws_only_time(current: tuple[float | None, ...]) -> None:
    pace = Pace("进度", current, 30)

    plot = plot_pace(pace)

    assert (plot.now, plot.under, plot.dot, plot.label) == ("", "", None, None)
    assert pace.sentence == "进度：本月还没有数据"
    assert pace.verdict == ""


def test_pace_of_one_day_has_a_dot_on_the_left_with_its_words_on_the_right() -> None:
    plot = plot_pace(Pace("进度", (4.0,), 30))

    assert plot.dot is not None
    assert plot.label is not None
    assert plot.label.anchor == "start"
    assert plot.label.x > plot.dot[0]


def test_pace_says_ahead_behind_and_level() -> None:
    assert Pace("进度", (10.0,), 10).verdict == "与时序进度持平。"
    assert Pace("进度", (12.5,), 10).verdict == "比时序进度快 2.5 个百分点。"
    assert Pace("进度", (7.5,), 10).verdict == "比时序进度慢 2.5 个百分点。"
    by_count = Pace("走访", (3,), 10, top=50, unit="户", decimals=0)
    assert by_count.verdict == "比时序进度慢 2 户。"


def test_pace_sentence_compares_with_time_and_with_the_same_day_before() -> None:
    pace = Pace("走访进度", (50.0, 86.6), 4, (40.0, 73.0, 80.0, 90.0))

    assert pace.sentence == (
        "走访进度：截至 2 日 86.6%，时序进度 50.0%，上月同期 73.0%"
    )


def test_pace_table_holds_the_longer_of_both_months() -> None:
    pace = Pace("进度", (5.0,), 30, tuple(float(d) for d in range(31)))

    assert len(pace.rows) == 31
    assert pace.rows[0] == ("1 日", "5.0", "3.3", "0.0")
    assert pace.rows[30] == ("31 日", "—", "100.0", "30.0")


def test_pace_above_its_target_stays_on_the_paper() -> None:
    plot = plot_pace(Pace("进度", (90.0, 140.0), 2))

    assert min(numbers(plot.now)[1::2]) >= 0
    assert plot.grid[-1][1] == "200"


@given(
    st.lists(VALUES, max_size=40), st.lists(VALUES, max_size=40), st.integers(0, 366)
)
def test_pace_never_leaves_its_viewbox(
    current: list[float | None], previous: list[float | None], span: int
) -> None:
    plot = plot_pace(Pace("进度", tuple(current), span, tuple(previous)))

    for path in (plot.now, plot.last):
        points = numbers(path)
        assert all(0 <= x <= plot.width for x in points[0::2])
        assert all(0 <= y <= plot.height for y in points[1::2])
    assert all(0 <= mark.x <= plot.width for mark in plot.marks)
    assert len(plot.marks) <= 9


def test_days_on_the_axis_are_few_and_end_with_the_month() -> None:
    texts = [mark.text for mark in plot_pace(Pace("进度", (1.0,), 30)).marks]
    short = [mark.text for mark in plot_pace(Pace("进度", (1.0,), 3, each="月")).marks]

    assert texts == ["1日", "5日", "10日", "15日", "20日", "25日", "30日"]
    assert short == ["1月", "2月", "3月"]


def test_stack_fills_its_column_without_overlap() -> None:
    chart = Columns(
        "情绪", (Series("不满", "s-poor"), Series("一般", "s-mid")), (Column("11月", (25, 75)),)
    )  # fmt: skip

    low, high = plot_columns(chart).rects

    assert low.y + low.height == pytest.approx(plot_columns(chart).base)
    assert high.y + high.height <= low.y
    assert high.height / low.height == pytest.approx(3, rel=0.05)


def test_share_is_written_only_where_it_fits() -> None:
    series = (Series("不满", "s-poor"), Series("一般", "s-mid"))
    chart = Columns(
        "情绪", series, (Column("a", (50, 50)), Column("b", (1, 99))), shares_of=0
    )

    texts = [label.text for label in plot_columns(chart).labels]

    assert "50%" in texts
    assert "1%" not in texts


def test_columns_of_zeros_stand_flat_and_say_zero() -> None:
    chart = Columns("件数", ONE, tuple(Column(f"{i}月", (0,)) for i in range(6)))

    plot = plot_columns(chart)

    assert {rect.height for rect in plot.rects} == {0.0}
    assert [label.text for label in plot.labels].count("0") == 6


def test_columns_of_nothing_draw_nothing() -> None:
    chart = Columns("件数", ONE, ())

    plot = plot_columns(chart)

    assert (plot.rects, plot.labels) == ((), ())
    assert chart.sentence == "件数：还没有数据"


def test_small_value_beside_a_huge_one_stays_visible() -> None:
    chart = Columns("件数", ONE, (Column("a", (3,)), Column("b", (10**9,))))

    assert [rect.height > 0 for rect in plot_columns(chart).rects] == [True, True]


def test_present_period_is_stressed() -> None:
    chart = Columns("件数", ONE, (Column("10月", (8,)), Column("11月", (12,))))

    plot = plot_columns(chart)

    assert [rect.role for rect in plot.rects] == ["s-pale", "s1"]
    assert plot.labels[-1].role == "lb"
    assert chart.sentence == "件数：11月 12 件"


@given(st.lists(st.tuples(VALUES, VALUES), max_size=40))
def test_columns_never_leave_their_viewbox(
    rows: list[tuple[float | None, float | None]],
) -> None:
    series = (Series("甲", "s1"), Series("乙", "s2"))
    columns = tuple(Column(str(i), row) for i, row in enumerate(rows))

    plot = plot_columns(Columns("图", series, columns, shares_of=1))

    for rect in plot.rects:
        assert 0 <= rect.x <= rect.x + rect.width <= plot.width + 0.1
        assert rect.y >= 0
        assert rect.y + rect.height <= plot.base + 0.6
    assert all(0 <= label.y <= plot.height for label in plot.labels)


@pytest.mark.parametrize(
    ("done", "total"), [(0, 8), (5, 8), (8, 8), (9, 8), (-1, 8), (1, 1)]
)
def test_boxes_are_as_many_as_there_are_doors(done: int, total: int) -> None:
    boxes = plot_boxes(done, total)

    assert len(boxes) == total
    assert sum(full for _, _, full in boxes) == max(0, min(done, total))
    assert boxes[-1][0] + boxes[-1][1] == pytest.approx(100, abs=0.2)


def test_many_boxes_become_one_bar_and_none_nothing() -> None:
    assert plot_boxes(30, 120) == [(0.0, 25.0, True), (25.0, 75.0, False)]
    assert plot_boxes(0, 0) == []


def test_spark_breaks_where_a_value_is_missing() -> None:
    assert plot_spark((3, 5, None, 8)).count("M") == 2
    assert plot_spark((3,)) == plot_spark((None, 4)) == plot_spark(()) == ""


def test_level_spark_runs_through_the_middle() -> None:
    assert set(numbers(plot_spark((7, 7, 7)))[1::2]) == {10.0}
