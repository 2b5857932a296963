"""The 14 ledgers of domain section 4: each equals its page, and adds up.

What is taken is what 导出 on the page takes, its filter with it: the test follows the
page's own link.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict

from accounts.models import Post
from evaluations.models import HouseholdRating
from reports import exports
from reports.centre.choosing import Choice
from reports.centre.entries import entry_of
from reports.summary.table import Summary
from tests.cast import CITY, TOWNSHIP, VILLAGE, Cast, at, everywhere, signed_in
from tests.days import today
from tests.policy.objects.places import Place
from tests.reports.ledgers_stage import set_stage
from tests.reports.summary_stage import last_month, last_year
from workbooks.writing import Subtotal

Lines = list[dict[str, Any]]
LINK = re.compile(r'href="(/(?:exports/new/\?|centre/)[^"]+)"')


@dataclass(frozen=True)
class Taken:
    """A page, and what its 导出 takes: the keys, the lines by column, the 合计."""

    page: Any
    keys: list[Any]
    lines: Lines
    total: dict[str, Any]
    held: object = None
    shown: object = None

    def sum(self, column: str) -> Any:
        """Return the sum of a column, its 小计 left out."""
        return sum(line[column] or 0 for line in self.lines)

    def count(self, column: str, *values: Any) -> int:
        """Return how many lines have one of these values."""
        return sum(line[column] in values for line in self.lines)


Told = Callable[[Taken], object]


@dataclass(frozen=True)
class Case:
    """One ledger: its number, its page, and what must be the same on both.

    `words` are the cells of the 合计 row that are not sums of their columns.
    """

    number: int
    kind: str
    page: str
    shown: Told
    held: Told
    words: dict[str, Told]
    who: str = "township_staff"

    @property
    def name(self) -> str:
        """What the test is called."""
        return f"{self.number}-{self.kind}-{self.who}"


def keys(taken: Taken) -> object:
    """Return what identifies the rows of the ledger, whatever its order."""
    return set(taken.keys)


def listed(taken: Taken) -> object:
    """Return what identifies the rows of the page."""
    return {getattr(row, "pk", row) for row in taken.page["page"]}


def people(taken: Taken) -> str:
    return f"{len(taken.lines)} 人"


def women(taken: Taken) -> str:
    return f"女 {taken.count('sex', '女')}"


def years(taken: Taken) -> set[Any]:
    return {line["year"] for line in taken.lines}


def number(*columns: str) -> Told:
    """Return the totals of some columns, in order."""
    return lambda taken: tuple(taken.total[column] for column in columns)


def of_page(name: str, *attributes: str) -> Told:
    """Return some attributes of an object on the page, in order."""
    return lambda taken: tuple(getattr(taken.page[name], one) for one in attributes)


def of_sum(*names: str) -> Callable[[Taken], tuple[Any, ...]]:
    """Return some counts of the sum on the page, in order."""
    return lambda taken: tuple(taken.page["total"].counts[one] for one in names)


def filed_vacancies(taken: Taken) -> object:
    """Return the seats that the by-elections on the page have filled."""
    rows = taken.page["page"]
    return {v.pk for row in rows for v in row.vacancies.all() if v.mandate_id}


def standing(taken: Taken) -> object:
    return {talk.pk for talk in taken.page["page"] if talk.withdrawn_at is None}


def submitted(taken: Taken) -> object:
    lines = taken.page["lines"]
    return {one.review.pk for one in lines if one.standing == "submitted"}


def own_reviews(taken: Taken) -> object:
    months = taken.page["lines"]
    return {one.pk for _, one in months if one and one.state == "submitted"}


def book(taken: Taken) -> object:
    lines = taken.page["lines"]
    return [(one["entry"].purpose, one["balance"]) for one in lines]


def booked(taken: Taken) -> object:
    return [(line["purpose"], line["balance"]) for line in taken.lines]


def confirmed(taken: Taken) -> object:
    """Return the ratings of the page that are over: the ledger has no others."""
    return {row.pk for row in taken.page["page"] if row.confirmed_on}


ROLL: dict[str, Told] = {
    "name": people,
    "sex": women,
    "birth_year": lambda t: (
        f"35岁以下 {sum(today().year - (x['birth_year'] or 0) <= 35 for x in t.lines)}"
    ),
    "education": lambda t: f"高中以上 {t.count('education', '大专')}",
    "politics": lambda t: f"党员 {t.count('politics', '中共党员')}",
}
HOMES: dict[str, Told] = {
    "head": lambda t: f"{len(t.lines)} 户",
    "kind": lambda t: f"重点 {t.count('kind', '重点')}",
    "representative": lambda t: (
        f"有人联系 {sum(bool(line['representative']) for line in t.lines)}"
    ),
}
VISITS: dict[str, Told] = {
    "visited_on": lambda t: f"{len(t.lines)} 次",
    "words": lambda t: f"有情况 {len(t.lines) - t.count('words', '平安')} 次",
    "for_village": lambda t: t.count("for_village", "是"),
}
ISSUES: dict[str, Told] = {
    "heard_on": lambda t: f"{len(t.lines)} 件",
    "resolved_on": lambda t: f"办结 {sum(bool(x['resolved_on']) for x in t.lines)}",
    "answer": lambda t: "满意率 100.0%" if any(x["answer"] for x in t.lines) else "",
    "closed": lambda t: f"销号 {t.count('closed', '是')}",
}
MEETINGS: dict[str, Told] = {"held_on": lambda t: f"{len(t.lines)} 场"}
GRADED: dict[str, Told] = {
    "tier": lambda t: "，".join(
        f"{name} {n}" for name, n in Counter(x["tier"] for x in t.lines).items()
    )
}
COVERED: dict[str, Told] = {
    "rate": lambda t: f"{t.sum('trained') * 100 / t.sum('serving'):.1f}%",
}
SHARED: dict[str, Told] = {
    "share": lambda t: f"{t.sum('excellent') * 100 / t.sum('rated'):.1f}%",
}

CASES = (
    Case(1, "representatives", "/representatives/?sex=f", listed, keys, ROLL),
    Case(2, "households", "/households/?contact=yes", listed, keys, HOMES),
    Case(3, "visit_records", "/visits/records/?about=village", listed, keys, VISITS),
    Case(3, "visit_records", "/visits/records/", listed, keys, VISITS, "secretary"),
    Case(4, "issues", "/issues/", listed, keys, ISSUES),
    Case(4, "issues", "/issues/?state=told", listed, keys, ISSUES, "secretary"),
    Case(4, "issues", "/issues/?state=all&month={this_month}", listed, keys, ISSUES),
    Case(4, "issues", f"/issues/?state=mine&place={VILLAGE}", listed, keys, ISSUES,
         "township_lead"),
    Case(5, "talks", "/talks/", standing, keys, MEETINGS),
    Case(5, "talks", f"/talks/in/{VILLAGE}/", standing, keys, MEETINGS, "city_staff"),
    Case(5, "reviews", "/reviews/?month={last_month}", submitted, keys, MEETINGS),
    Case(5, "reviews", "/reviews/", own_reviews, keys, MEETINGS, "secretary"),
    Case(6, "by_election_table", f"/survey/{TOWNSHIP}/",
         of_page("total", "seats", "filled", "vacant"),
         lambda t: (t.total["seats"], t.total["after"],
                    t.total["vacant"] - t.total["filled"]), {}, "city_staff"),
    Case(6, "by_election_register", "/by-elections/?state=done",
         filed_vacancies, keys,
         {"name": people, "sex": women,
          "politics": lambda t: f"党员 {t.count('politics', '中共党员')}"}),
    Case(7, "quotas", f"/seats/{TOWNSHIP}/", of_page("all", "seats", "vacant"),
         lambda t: (t.total["seats"], int(t.total["remark"].split()[1])),
         {"remark": lambda t: t.total["remark"]}, "city_staff"),
    Case(8, "training_register", "/trainings/all/?level=village_catchall",
         listed, keys, {"topic": lambda t: f"{len(t.lines)} 期"}),
    Case(8, "training_coverage", f"/trainings/coverage/{TOWNSHIP}/",
         lambda t: (t.page["total"].all.serving, t.page["total"].all.trained,
                    t.page["total"].trainings, len(t.page["lines"])),
         lambda t: (*number("serving", "trained", "trainings")(t), len(t.lines)),
         COVERED, "city_staff"),
    Case(8, "untrained", "/trainings/?state=all", listed, keys,
         {"name": people,
          "standing": lambda t: f"从没参加 {t.count('standing', '从没参加过')}"}),
    Case(9, "outstanding", f"/appraisals/in/{TOWNSHIP}/?year={{last_year}}",
         of_sum("serving", "rated", "excellent"),
         number("serving", "rated", "excellent"), SHARED, "city_staff"),
    Case(9, "appraisals", "/appraisals/?year={last_year}",
         lambda t: (*of_sum("rated", "excellent")(t), {t.page["year"]}),
         lambda t: (len(t.lines), t.count("grade", "优秀"), years(t)),
         {"name": people, "grade": lambda t: f"优秀 {t.count('grade', '优秀')}"}),
    Case(9, "honours", "/honours/?year={last_year}",
         lambda t: ({one.honour.pk for one in t.page["results"]}, {t.page["year"]}),
         lambda t: (keys(t), years(t)), {"name": people}),
    Case(10, "ratings", "/ratings/{rated_round}/",
         lambda t: {one.pk for one in t.page["row"].ratings.all()}, keys,
         HOMES | GRADED, "secretary"),
    Case(10, "village_ratings", "/village-ratings/", confirmed, keys,
         {"village": lambda t: f"{len(t.lines)} 个村"} | GRADED),
    Case(11, "subsidies", f"/subsidies/in/{TOWNSHIP}/",
         lambda t: t.page["total"], lambda t: t.total["amount"],
         {"name": lambda t: f"{len(t.lines)} 笔"}, "city_staff"),
    Case(12, "funds", f"/funds/in/{TOWNSHIP}/",
         of_page("total", "received", "spent"), number("received", "spent"),
         {"purpose": lambda t: f"{len(t.lines)} 笔"}, "city_staff"),
    Case(12, "funds", "/funds/", book, booked,
         {"purpose": lambda t: f"{len(t.lines)} 笔"}, "secretary"),
)  # fmt: skip


@pytest.fixture(scope="module")
def stage(cast: Cast) -> dict[str, Place]:
    """Return three villages with lines in every ledger."""
    with everywhere():
        return set_stage()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_ledger_holds_what_its_page_shows_and_adds_it_up(
    cast: Cast, stage: dict[str, Place], case: Case
) -> None:
    taken = taken_by(getattr(cast, case.who), case, stage["own"])
    assert taken.lines
    assert taken.held == taken.shown
    assert taken.total
    for column, said in taken.total.items():
        if column in case.words:
            assert said == case.words[column](taken), column
        else:
            assert said == taken.sum(column), column


def test_the_table_has_every_ledger_with_rows() -> None:
    """13 and 14 are of a period: their own test is below."""
    assert {case.number for case in CASES} == set(range(1, 13))


def test_no_filter_is_taken_for_the_name_of_the_ledger(cast: Cast) -> None:
    """`kind` in an export's address says which ledger it is."""
    with at(cast.city_staff):
        for roll in exports.ROLLS.values():
            form = roll(cast.city_staff.region).filters({}, one_village=False)
            assert "kind" not in form.fields, roll.kind


def taken_by(post: Post, case: Case, place: Place) -> Taken:
    """Open a page, follow its 导出 and read what would be written."""
    url = case.page.format(
        rated_round=_round_of(place),
        this_month=f"{today():%Y-%m}",
        last_month=last_month().key,
        last_year=last_year().key,
    )
    browser = signed_in(post)
    answer = browser.get(url, follow=True)
    assert answer.status_code == 200
    links = [unescape(link) for link in LINK.findall(answer.content.decode())]
    [link] = {
        link
        for link in links
        if QueryDict(urlsplit(link).query).get("kind") == case.kind
    }
    offered = browser.get(link)
    assert offered.status_code == 200, offered.content.decode()
    with at(post):
        taken = read(answer.context, offered.context["found"])
        return replace(taken, held=case.held(taken), shown=case.shown(taken))


def _round_of(place: Place) -> int:
    with everywhere():
        return HouseholdRating.objects.get(pk=place.objects["rated"]).round_id


def read(page: Any, found: exports.Selection) -> Taken:
    """Read the lines and the 合计 of what was selected, numbers masked."""
    totals: Counter[str] = Counter()
    rows = found.roll.rows(found.keys, today(), totals, full=False)
    names = [column.key for column in found.roll.columns]
    lines = [
        dict(zip(names, row, strict=True))
        for row in rows
        if not isinstance(row, Subtotal)
    ]
    return Taken(page, found.keys, lines, found.roll.total(totals))


# --- a period: 汇总表 and 通报 ---------------------------------------------------


@pytest.mark.parametrize("code", [CITY, TOWNSHIP])
def test_the_summary_is_that_of_its_page(
    cast: Cast, stage: dict[str, Place], code: int
) -> None:
    """13: the same lines in the same order, and the same 合计."""
    page = signed_in(cast.city_staff).get(f"/d/{code}/summary/?p=month")
    with at(cast.city_staff):
        taken = read(page.context, of_period(cast.city_staff, page))
    shown = page.context["summary"]
    assert [line.pop("place") for line in taken.lines] == [
        row.place.name for row in shown.rows
    ]
    assert taken.lines == [values(shown, row.counts) for row in shown.rows]
    assert taken.total == values(shown, shown.total)
    assert shown.total["heard"] >= 2


def values(shown: Summary, counts: Any) -> dict[str, Any]:
    """Return the cells of a line of the summary."""
    return {figure.key: figure.value(counts) for figure in shown.figures}


@pytest.mark.parametrize("code", [CITY, TOWNSHIP])
def test_the_bulletin_is_that_of_its_page(
    cast: Cast, stage: dict[str, Place], code: int
) -> None:
    """14: every paragraph and every line of its table."""
    page = signed_in(cast.city_staff).get(f"/d/{code}/bulletin/?p=month")
    with at(cast.city_staff):
        found = of_period(cast.city_staff, page)
        paper = found.roll.paper("", today())  # type: ignore[attr-defined]
    said = page.context["blocks"]
    assert [block for block in paper.blocks if block in said] == said
    assert len(said) > 5


def of_period(post: Post, page: Any) -> exports.Selection:
    """Return what 导出 on a page of a period takes."""
    assert page.status_code == 200
    link = next(x for x in LINK.findall(page.content.decode()) if "/centre/" in x)
    asked = urlsplit(unescape(link))
    entry = entry_of(asked.path.split("/")[2])
    given = QueryDict(asked.query)
    assert entry is not None
    choice = Choice(place=given["place"], period=given["period"])
    return exports.select(choice.request(entry, today()), post, today())
