"""民情: how much is not resolved, is overdue, has still to be told back."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.permissions import Permission
from regions.postgresql.compiled import ValuesList
from reports.figures.domain import (
    Asked,
    Cell,
    Column,
    Counts,
    Domain,
    Owner,
    Panel,
    View,
    tallied,
)
from reports.lights import LightRule, Worry
from sentiment.early import DAYS, HOUSEHOLDS, signs
from sentiment.listing import holder_of
from sentiment.models import Holder, Issue
from sentiment.models.states import answered, answered_badly, untold
from ui.figures import count_words
from ui.parts import Kpi, Pair, Todo

UNDONE, LATE, TO_TELL, BAD = "due", "overdue", "tell", "bad"
"""Each is also the value of the list's own filter."""


class Issues(Domain):
    """社情民意, counted by whoever collected it, or by place."""

    key = "issues"

    def counts(self, asked: Asked) -> Mapping[Owner, Counts]:
        """Return issues by what waits; two statements."""
        found = (*_undone(asked), *_answered(asked))
        return tallied((asked.owner_of(owner), name, n) for owner, name, n in found)

    def kpis(self, view: View) -> Iterable[Kpi]:
        """Return what is not resolved, and how much of it is late."""
        late = view.counts[LATE]
        yield Kpi(
            "没有办结的民情",
            count_words(view.counts[UNDONE]),
            "件",
            issues(view, UNDONE),
            tone="bad" if late else "",
            notes=(f"超期 {count_words(late)} 件",) if late else (),
        )

    def columns(self, asked: Asked) -> Iterable[Column]:
        """Return what is not resolved, and what of it is late."""
        yield Column("民情未办结", _cell_of(UNDONE), "民情未办结")
        yield Column("民情超期", _cell_of(LATE, "bad"), "民情超期")

    def worries(self, view: View) -> Iterable[Worry]:
        """Return that something is late, wherever it is."""
        if late := view.counts[LATE]:
            yield Worry("warn", f"民情超期 {late} 件")

    def rule(self, asked: Asked, rule: LightRule) -> str:
        """Return when issues make an exception."""
        return "有民情超期的，至少列为关注。"

    def panels(self, view: View) -> Iterable[Panel]:
        """Return what several households of a village have said within days."""
        if view.person is not None or not view.may(Permission.ISSUE_VIEW):
            return
        assert view.post is not None  # noqa: S101 - it may
        if found := signs(view.asked.place, view.seen.on, view.post):
            yield Panel(
                "几户都在说的事",
                pairs=tuple(
                    Pair(
                        f"{sign.issue.region.name}：{sign.words[:16]}",
                        f"{sign.households} 户",
                        "warn",
                        sign.issue.get_absolute_url(),
                    )
                    for sign in found
                ),
                unit=f"{DAYS} 天内 {HOUSEHOLDS} 户以上",
            )

    def piles(self, view: View) -> Iterable[Todo]:
        """Return what waits for whoever looks, and what is late below him."""
        if view.post is None:
            return
        holder = holder_of(view.post)
        if view.post.region_id == view.asked.place.code:
            yield Todo(
                view.counts[holder.value], HELD[holder], "有人在等答复", "warn", "去办理",
                issues(view, "mine"),
            )  # fmt: skip
        yield Todo(
            view.counts[LATE], "超期没有办结的民情", "超过了办理时限", "bad", "看名单",
            issues(view, LATE),
        )  # fmt: skip
        yield Todo(
            view.counts[TO_TELL], "办好了还没告诉群众的", "请代表上门反馈", "warn", "看名单",
            issues(view, TO_TELL),
        )  # fmt: skip
        yield Todo(
            view.counts[BAD], "群众不满意的民情", "退回重办，或者写明原因销号", "bad",
            "去处理", issues(view, BAD),
        )  # fmt: skip


HELD = {
    Holder.VILLAGE: "等村里办的民情",
    Holder.TOWNSHIP: "村里报上来、等镇里办的民情",
    Holder.CITY: "乡镇转来、等市级部门办的民情",
}


def _undone(asked: Asked) -> Iterable[tuple[Any, str, int]]:
    """Yield what somebody has to deal with, and by whom; what is late of it."""
    for owner, holder, number, overdue in asked.read(_unresolved):
        yield from ((owner, UNDONE, number), (owner, holder, number))
        yield (owner, LATE, overdue)


def _unresolved(asked: Asked) -> ValuesList:
    late = Count("pk", filter=Q(due_on__lt=asked.seen.on))
    rows = _of(asked, Issue.objects.unresolved()).values_list("owner", "holder")
    return rows.annotate(n=Count("*"), late=late)


def _answered(asked: Asked) -> Iterable[tuple[Any, str, int]]:
    """Yield what has still to be told, and what was answered badly."""
    for owner, number, bad in asked.read(_told):
        yield from ((owner, TO_TELL, number), (owner, BAD, bad))


def _told(asked: Asked) -> ValuesList:
    rows = _of(asked, Issue.objects.filter(answered())).values_list("owner")
    return rows.annotate(
        tell=Count("pk", filter=untold()), bad=Count("pk", filter=answered_badly())
    )


def _of(asked: Asked, rows: QuerySet[Any]) -> QuerySet[Any]:
    return asked.by_village(rows, person="representative_id")


def issues(view: View, state: str) -> str:
    """Return the list behind a figure; empty without the right."""
    if not view.may(Permission.ISSUE_VIEW) or view.is_nobodys:
        return ""
    return view.link("sentiment:issues", state=state)


def _cell_of(name: str, tone: str = "") -> Callable[[View], Cell]:
    def cell(view: View) -> Cell:
        number = view.counts[name]
        return Cell(count_words(number), issues(view, name), tone if number else "")

    return cell
