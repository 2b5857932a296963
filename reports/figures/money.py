"""Money: how the work funds are used, and what of it somebody has to look after."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Greatest
from django.urls import reverse

from accounts.permissions import Permission
from funding.models import (
    Overdraw,
    Resolution,
    SheetState,
    SubsidyLine,
    SubsidySheet,
    WorkFund,
    standards,
)
from funding.rules import NOUGHT, StandardKind
from funding.rules.fund import used_share
from regions.postgresql.compiled import ValuesList
from reports.figures.domain import (
    Asked,
    Counts,
    Domain,
    Owner,
    Panel,
    View,
    tallied,
)
from ui.figures import count_words, money_words
from ui.parts import Pair, Todo

ALLOTTED, SPENT, OVER, LATE, AT_WORK = "allotted", "spent", "over", "late", "at_work"
UNRESOLVED = "unresolved"
"""The first two in cents: only whole numbers add up."""


class Money(Domain):
    """Work funds of the year and sheets in work; counted by place alone."""

    key = "money"

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return sums, refused payments, idle funds, what was paid without a resolution."""
        counted = (line for name in COUNTED for line in _counted(asked, name))
        return tallied((*_funds(asked), *counted))

    def panels(self, view: View) -> Iterable[Panel]:
        """Return the year's funds in one card, each figure with its page."""
        if view.person is not None or not view.may(Permission.FUND_VIEW):
            return
        pairs = (*_fund_pairs(view), *_subsidy_pairs(view))
        if pairs:
            yield Panel("工作经费和补贴（本年）", pairs, unit="单位：元")

    def piles(self, view: View) -> Iterable[Todo]:
        """Return the sheet that the village is working on; nothing to those above."""
        is_own = view.post is not None and view.post.region_id == view.asked.place.code
        if is_own and view.may(Permission.FUND_KEEP):
            yield Todo(
                view.counts[AT_WORK], "误工补贴表没办完", "核对、公示、发放、签收到哪一步",
                "warn", "去办理", reverse("funding:subsidies"),
            )  # fmt: skip


def _fund_pairs(view: View) -> Iterator[Pair]:
    allotted, spent = view.counts[ALLOTTED], view.counts[SPENT]
    if not allotted:
        return
    url = page_of(view)
    yield Pair("安排", money_words(Decimal(allotted) / 100), "", url)
    yield Pair("已支出", money_words(Decimal(spent) / 100), "", url)
    yield Pair("用了", f"{used_share_of(allotted, spent)}%", "", url)
    if over := view.counts[OVER]:
        yield Pair("超出余额被拒", f"{count_words(over)} 次", "bad", url)
    if late := view.counts[LATE]:
        yield Pair("年底用得少", f"{count_words(late)} 个村", "warn", url)


def _subsidy_pairs(view: View) -> Iterator[Pair]:
    """L23: villages that paid and have no resolution, on the board that lists them first."""
    if number := view.counts[UNRESOLVED]:
        url = page_of(view, "subsidies")
        yield Pair("发补贴没有决议", f"{count_words(number)} 个村", "bad", url)


def used_share_of(allotted: int, spent: int) -> int:
    """Return how many percent were spent, of sums in cents."""
    return used_share(Decimal(spent), Decimal(allotted))


def page_of(view: View, name: str = "funds") -> str:
    """Return the page of a line's funds or subsidies."""
    place = view.place or view.asked.place
    if view.post is not None and view.post.region_id == place.code:
        return reverse(f"funding:{name}")
    return reverse(f"funding:{name}-below", args=[place.code])


def _funds(asked: Asked) -> list[tuple[Owner, str, int]]:
    """Return sums in cents, and how many funds lie idle late in the year."""
    on, known = asked.seen.on, standards()
    is_late = on.month >= known.number(StandardKind.LATE_MONTH, on)
    share = known.number(StandardKind.LATE_SHARE, on) if is_late else None
    return [
        line
        for owner, total, paid, idle in asked.read(_used, share)
        for line in (
            (owner, ALLOTTED, int(total * 100)),
            (owner, SPENT, int(paid * 100)),
            (owner, LATE, int(idle)),
        )
    ]


def _used(asked: Asked, late_share: Decimal | None) -> ValuesList:
    """Count as idle what has used less than a share, which is None early in the year."""
    whole = F("allotted") + Greatest(F("carried"), Value(NOUGHT))
    rows: Any = asked.rows(WorkFund.objects.of_year(asked.seen.on.year)).annotate(
        whole=whole, hundred=F("spent") * 100
    )
    idle = Q(pk=None) if late_share is None else Q(hundred__lt=F("whole") * late_share)
    return rows.values_list("owner").annotate(
        total=Sum("whole"), paid=Sum("spent"), idle=Count("pk", filter=idle)
    )


def _counted(asked: Asked, name: str) -> list[tuple[Owner, str, int]]:
    """Return how many there are of `COUNTED` by owner."""
    return [(owner, name, number) for owner, number in asked.read(COUNTED[name])]


def _refused(asked: Asked) -> ValuesList:
    rows: Any = asked.rows(Overdraw.objects.filter(fund__year=asked.seen.on.year))
    return rows.values_list("owner").annotate(number=Count("pk"))


def _sheets(asked: Asked) -> ValuesList:
    sheets = SubsidySheet.objects.counting().exclude(state=SheetState.SIGNED)
    rows: Any = asked.rows(sheets)
    return rows.values_list("owner").annotate(number=Count("pk"))


def _unresolved(asked: Asked) -> ValuesList:
    resolved = Resolution.objects.standing().values("region")
    paid = SubsidyLine.objects.granted().filter(of_month__year=asked.seen.on.year)
    rows: Any = asked.rows(paid.exclude(region__in=resolved))
    number = Count("region", distinct=True)
    return rows.values_list("owner").annotate(number=number)


COUNTED = {OVER: _refused, AT_WORK: _sheets, UNRESOLVED: _unresolved}
