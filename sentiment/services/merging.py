"""Several households saying the same: one issue is dealt with, the others follow it."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from accounts.models import Post
from accounts.services import Refused
from sentiment.models import Issue, State
from sentiment.models.states import UNRESOLVED
from sentiment.rules import Act, Action
from sentiment.services.stepping import locked, proceed_from, written


@transaction.atomic
def merge(
    *,
    issues: Iterable[tuple[Issue, int]],
    into: Issue,
    version: int,
    on: dt.date,
    by: Post,
    words: str = "",
) -> Issue:
    """Merge issues (each with the version seen) into one; return that one.

    Each keeps its own words, household and representative. What had been merged into
    one of them follows along. Raises Refused unless all are of one village and the
    common one is still being dealt with.
    """
    common = locked(into, version)
    if common.state not in UNRESOLVED:
        raise Refused(
            f"这一件现在是“{common.get_state_display()}”，不能再并入别的民情。"
        )
    rest = [(issue, seen) for issue, seen in issues if issue.pk != common.pk]
    if not rest:
        raise Refused("请再选至少一件要并入的民情。")
    for issue, seen in rest:
        _merge_one(locked(issue, seen), common, Act(Action.MERGE, on, words), by)
    act = Act(Action.NOTE, on, f"并入 {len(rest)} 件说同一件事的民情。")
    written(common, proceed_from(common, act, by.kind.permissions), act, by)
    return common


def _merge_one(row: Issue, common: Issue, act: Act, by: Post) -> None:
    if row.region_id != common.region_id:
        raise Refused("不同村的民情不能合并。")
    then = proceed_from(row, act, by.kind.permissions)
    row.merged_into = common
    written(row, then, act, by)
    Issue.objects.filter(merged_into=row).update(merged_into=common)


@transaction.atomic
def split(
    *, issue: Issue, version: int, on: dt.date, by: Post, words: str = ""
) -> Issue:
    """拆出: an issue that was merged is dealt with for itself again."""
    row = locked(issue, version)
    act = Act(Action.SPLIT, on, words)
    then = proceed_from(row, act, by.kind.permissions)
    row.merged_into = None
    written(row, then, act, by)
    return row


def households_of(issue: Issue) -> int:
    """Return how many households say what an issue says: 3 户反映."""
    said = Issue.objects.filter(merged_into=issue, state=State.MERGED)
    homes = set(said.values_list("household_id", flat=True)) | {issue.household_id}
    return len(homes - {None})
