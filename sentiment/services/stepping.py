"""The steps of an issue, each checked by the rules and written with its line.

`version` is the one the person saw. If somebody was faster, ChangedMeanwhile carries
what happened since, and nothing is written.
"""

import datetime as dt
from collections.abc import Container, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from accounts.models import Post
from accounts.permissions import Permission
from accounts.services import Meanwhile, NotYours, Refused
from regions.scoping import current_scope, scope
from sentiment import rules
from sentiment.models import Issue, IssueStep, State
from sentiment.rules import Act, Action, Answer, Way
from sentiment.standings import columns_of, standing_of, terms

CLOSED_BY_ANSWER = "群众{answer}，销号。"


class Lacking(Refused):
    """The step lacks something; `field` names it."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.field = field


class ChangedMeanwhile(Meanwhile):
    """Somebody took a step first; nothing was written.

    `issue` is as it stands now, `steps` are those taken since.
    """

    code = "changed"

    def __init__(self, issue: Issue, steps: Sequence[IssueStep]) -> None:
        super().__init__("别人刚改过这一件，请看过以后再办。")
        self.issue = issue
        self.steps = steps


def accept(*, issue: Issue, version: int, on: dt.date, by: Post) -> Issue:
    """受理: the village takes it up. Deciding at once does the same."""
    return take(issue, Act(Action.ACCEPT, on), version, by)


def decide(
    *,
    issue: Issue,
    version: int,
    way: Way,
    on: dt.date,
    by: Post,
    words: str = "",
    person: str = "",
    due_on: dt.date | None = None,
) -> Issue:
    """研判: the village decides how. 现场办结 and 解释说明 resolve at once by `words`.

    报镇里协调 is the same as `raise_`. Without `due_on` the city's days count.
    """
    way = Way(way)
    action = Action.RAISE if way is Way.TOWNSHIP else Action.DECIDE
    act = Act(action, on, words, way, person, due_on=due_on)
    return take(issue, act, version, by)


def raise_(
    *,
    issue: Issue,
    version: int,
    words: str,
    on: dt.date,
    by: Post,
    unit: str = "",
    person: str = "",
) -> Issue:
    """上报: the village asks the township, the township a city department (`unit`)."""
    act = Act(Action.RAISE, on, words, person=person, unit=unit)
    return take(issue, act, version, by)


def send_back(
    *, issue: Issue, version: int, words: str, on: dt.date, by: Post
) -> Issue:
    """退回: to where it came from, with the reason."""
    return take(issue, Act(Action.SEND_BACK, on, words), version, by)


def note(*, issue: Issue, version: int, words: str, on: dt.date, by: Post) -> Issue:
    """记录进展: words, and nothing else changes."""
    return take(issue, Act(Action.NOTE, on, words), version, by)


def resolve(*, issue: Issue, version: int, words: str, on: dt.date, by: Post) -> Issue:
    """办结: the result, in the words that the household will be told."""
    return take(issue, Act(Action.RESOLVE, on, words), version, by)


@transaction.atomic
def tell(
    *,
    issue: Issue,
    version: int,
    on: dt.date,
    by: Post,
    answer: Answer | str = "",
    words: str = "",
) -> Issue:
    """反馈群众: the household knows the result, and this is what it says.

    Once every household of the issue is content, it is closed with that.
    """
    given = Answer(answer) if answer else None
    told = take(issue, Act(Action.TELL, on, words, answer=given), version, by)
    # A representative does not see the common issue that his household's went into.
    opened = current_scope() or by.scope()
    with scope(replace(opened, representative=None)), transaction.atomic():
        _close_if_content(told.merged_into_id or told.pk, on, by)
    told.refresh_from_db()
    return told


def close(
    *, issue: Issue, version: int, on: dt.date, by: Post, words: str = ""
) -> Issue:
    """销号. If the household was not content, `words` say why nothing more is done."""
    return take(issue, Act(Action.CLOSE, on, words), version, by)


def reopen(*, issue: Issue, version: int, words: str, on: dt.date, by: Post) -> Issue:
    """退回重办: back to the village, with the reason; its days begin anew."""
    return take(issue, Act(Action.REOPEN, on, words), version, by)


@transaction.atomic
def withdraw(*, issue: Issue, version: int, words: str, on: dt.date, by: Post) -> Issue:
    """撤回: it should not have been entered. Those merged into it must be split off."""
    if Issue.objects.filter(merged_into=issue).exists():
        raise Refused("有别的民情并入了这一件，请先拆出来，再撤回。")
    return take(issue, Act(Action.WITHDRAW, on, words), version, by)


# --- how a step is taken ------------------------------------------------------------


@transaction.atomic
def take(issue: Issue, act: Act, version: int, by: Post) -> Issue:
    """Take one step of the rules on an issue, and on those that follow it."""
    row = locked(issue, version)
    then = proceed_from(row, act, by.kind.permissions)
    written(row, then, act, by)
    if act.action in {Action.DECIDE, Action.RESOLVE, Action.REOPEN}:
        _lead(row)
    return row


def locked(issue: Issue, version: int) -> Issue:
    """Return the issue locked; raise ChangedMeanwhile if it has left `version`."""
    row = Issue.objects.select_for_update(no_key=True).get(pk=issue.pk)
    if row.version != version:
        since = row.steps.filter(version__gt=version).select_related("by")
        raise ChangedMeanwhile(row, list(since.order_by("version")))
    return row


def proceed_from(row: Issue, act: Act, rights: Container[Permission]) -> rules.Standing:
    """Return how the issue stands after the step; raise Refused with the rule's words."""
    if act.on > timezone.localdate():
        raise Lacking(f"日期 {act.on} 还没有到，请填今天或以前的日期。", "on")
    act = replace(act, words=act.words.strip())
    try:
        return rules.proceed(standing_of(row), act, rights, terms())
    except rules.NotTheirs as refusal:
        raise NotYours(str(refusal)) from refusal
    except rules.Impossible as refusal:
        raise Lacking(str(refusal), refusal.lacks) from refusal


def written(
    row: Issue, then: rules.Standing, act: Act, by: Post, **more: str
) -> IssueStep:
    """Write an issue as it stands now, and the step that led to it."""
    for column, value in columns_of(then).items():
        setattr(row, column, value)
    row.version += 1
    row.save()
    return IssueStep.objects.create(
        region_id=row.region_id,
        issue=row,
        action=act.action.value,
        state=row.state,
        holder=row.holder,
        way=row.way,
        due_on=row.due_on,
        words=act.words.strip(),
        version=row.version,
        on=act.on,
        at=timezone.now(),
        by=by.user,
        by_words=said_by(by),
        **more,
    )


def said_by(post: Post) -> str:
    """Return in what capacity somebody acts: 长冲口村 村（社区）文书."""
    return f"{post.region.name} {post.kind.label}"[:60]


def _lead(row: Issue) -> None:
    """Give those that were merged into an issue its result, or take it back."""
    Issue.objects.filter(merged_into=row).update(
        result=row.result, resolved_on=row.resolved_on, told_on=None, answer=""
    )


def _close_if_content(common: int, on: dt.date, by: Post) -> None:
    row = Issue.objects.select_for_update(no_key=True).get(pk=common)
    followers = Issue.objects.filter(merged_into=row).values_list("answer", flat=True)
    # Without a household there is nobody to be content.
    own = [row.answer] if row.household_id else []
    answers = [Answer(one) if one else None for one in (*own, *followers)]
    if row.state != State.TOLD or not rules.closes_itself(answers):
        return
    words = Answer(row.answer).label if row.answer else "已知道结果"
    act = Act(Action.CLOSE, on, CLOSED_BY_ANSWER.format(answer=words))
    act = replace(act, on=max(on, row.told_on or on))
    # The answer closes it, not the person: whoever tells may.
    then = proceed_from(row, act, {Permission.ISSUE_HANDLE})
    written(row, then, act, by)
