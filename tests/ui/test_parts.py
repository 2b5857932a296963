"""What the values of components say, and how figures are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from heroicons import IconDoesNotExist

from tests.days import today
from tests.ui.conftest import Draw, Elements
from ui import figures
from ui.parts import Change, Delta, Job, Kpi, Tally


@pytest.mark.parametrize(
    ("delta", "direction", "verdict"),
    [
        (Delta(3), "up", "good"),
        (Delta(3, better="down"), "up", "bad"),
        (Delta(-3, better="down"), "down", "good"),
        (Delta(-3), "down", "bad"),
        (Delta(3, better="none"), "up", "flat"),
        (Delta(0), "flat", "flat"),
        (Delta(0.04, decimals=1), "flat", "flat"),
        (Delta(None), "flat", "flat"),
    ],
)
def test_arrow_is_direction_and_colour_is_judgement(
    delta: Delta, direction: str, verdict: str
) -> None:
    assert (delta.direction, delta.verdict) == (direction, verdict)


def test_worse_is_said_in_words_where_the_arrow_goes_up(draw: Draw) -> None:
    drawn = Elements(draw("{% delta d note=True %}", d=Delta(38, "户", "down")))

    assert drawn.text == "▲升38 户（变差）"


def test_no_change_and_no_data_differ(draw: Draw) -> None:
    assert "持平" in draw("{% delta d %}", d=Delta(0, "户"))
    assert "—" in draw("{% delta d %}", d=Delta(None, "户"))


@pytest.mark.parametrize(
    ("tone", "word"),
    [("ok", "正常"), ("warn", "关注"), ("bad", "预警"), ("off", "无数据")],
)
def test_light_has_shape_and_word_besides_its_colour(
    draw: Draw, tone: str, word: str
) -> None:
    drawn = Elements(draw("{% light tone %}", tone=tone))

    assert drawn.text == word
    assert drawn.one("svg")["aria-hidden"] == "true"
    assert len(drawn.found) == 3  # span, svg, its shape


def test_lights_differ_in_shape(draw: Draw) -> None:
    shapes = {
        draw("{% light tone '' %}", tone=t).split("<svg")[1]
        for t in ("ok", "warn", "bad")
    }

    assert len({shape.split("</svg>")[0] for shape in shapes}) == 3


def test_figure_leads_to_the_list_behind_it(draw: Draw) -> None:
    kpis = (Kpi("超期", "916", "户", "/late/"), Kpi("办结率", None, "%"))

    drawn = Elements(draw("{% kpi_strip kpis %}", kpis=kpis))

    assert drawn.one("a")["href"] == "/late/"
    assert "—" in drawn.text
    assert "None" not in drawn.text


@pytest.mark.parametrize(
    ("job", "percent", "asks"),
    [
        (Job("导入", "queued", poll_url="/p/"), None, True),
        (Job("导入", "running", 1, 3, poll_url="/p/"), 33, True),
        (Job("导入", "running", 9, 3, poll_url="/p/"), 100, True),
        (Job("导入", "running", 0, None, poll_url="/p/"), None, True),
        (Job("导入", "done", 3, 3, poll_url="/p/"), 100, False),
        (Job("导入", "failed", 1, 3, poll_url="/p/"), 33, False),
        (Job("导入", "expired", poll_url="/p/"), None, False),
    ],
)
def test_job_is_asked_about_only_while_it_runs(
    draw: Draw, job: Job, percent: int | None, *, asks: bool
) -> None:
    drawn = Elements(draw("{% job one %}", one=job))

    assert job.percent == percent
    assert drawn.one("section").get("hx-get") == ("/p/" if asks else None)


def test_tally_that_does_not_add_up_says_so(draw: Draw) -> None:
    sound = Tally(1204, 1150, 38, 9, 7, 0)
    lost = Tally(1204, 1150, 38, 9, 6, 0)

    assert sound.balanced
    assert not lost.balanced
    assert "行数对不上" not in draw("{% tally t %}", t=sound)
    assert "行数对不上" in draw("{% tally t %}", t=lost)


def test_change_shows_old_new_added_and_cleared(draw: Draw) -> None:
    changes = (
        Change("电话", "138", "139"),
        Change("备注", None, "新"),
        Change("组", "4", None),
    )

    drawn = Elements(draw("{% diff changes %}", changes=changes))

    assert [tag for tag, _ in drawn.found if tag in {"del", "ins"}] == [
        "del",
        "ins",
        "ins",
        "del",
    ]
    assert "（原来没有）" in drawn.text
    assert "（已清除）" in drawn.text


def test_none_is_a_dash_and_zero_is_zero() -> None:
    assert figures.count_words(None) == figures.rate_words(None) == "—"
    assert figures.count_words(0) == "0"
    assert figures.count_words(20791) == "20,791"
    assert figures.rate_words(Decimal("86.56")) == "86.6"
    assert figures.money_words(5000) == "5,000.00"


def test_days_are_the_days_of_shaodong_not_of_greenwich() -> None:
    year = today().year
    late = datetime(year, 11, 22, 16, 30, tzinfo=UTC)

    assert figures.day_words(late) == f"{year}-11-23"
    assert figures.spoken_day(late) == "11 月 23 日"
    assert figures.moment_words(late) == "11 月 23 日 00:30"
    assert figures.moment_words(date(year, 11, 23)) == "11 月 23 日"
    assert figures.day_words(None) == "—"


def test_day_of_another_year_is_told_with_it() -> None:
    before = today().year - 1
    last_minute = datetime(before, 12, 31, 15, 59, tzinfo=UTC)
    new_year = datetime(before, 12, 31, 16, 0, tzinfo=UTC)  # in 邵东 it is the next

    assert figures.spoken_day(date(before, 1, 2)) == f"{before} 年 1 月 2 日"
    assert figures.moment_words(last_minute) == f"{before} 年 12 月 31 日 23:59"
    assert figures.moment_words(new_year) == "1 月 1 日 00:00"


def test_icon_is_hidden_or_named(draw: Draw) -> None:
    hidden = Elements(draw('{% icon "bell" %}')).one("svg")
    named = Elements(draw('{% icon "bell" label="消息" %}')).one("svg")

    assert hidden["aria-hidden"] == "true"
    assert (named["role"], named["aria-label"]) == ("img", "消息")
    assert "aria-hidden" not in named


def test_icon_that_does_not_exist_is_an_error(draw: Draw) -> None:
    with pytest.raises(IconDoesNotExist):
        draw('{% icon "no-such-icon" %}')


def test_button_with_an_address_is_a_link_and_escapes_it(draw: Draw) -> None:
    drawn = draw("{% btn text href=href %}", text="<导出>", href='/x/?a="1"')

    assert "&lt;导出&gt;" in drawn
    assert Elements(drawn).one("a")["href"] == '/x/?a="1"'


def test_button_that_cannot_be_used_leads_nowhere(draw: Draw) -> None:
    link = Elements(draw('{% btn "导出" href="/x/" disabled=True %}')).one("a")
    button = Elements(draw('{% btn "保存" disabled=True data_copy="#a" %}')).one(
        "button"
    )

    assert "href" not in link
    assert link["aria-disabled"] == "true"
    assert "disabled" in button
    assert button["data-copy"] == "#a"
