"""Entering an issue, and correcting what was entered."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Post
from accounts.services import Refused
from attachments.examining import Examined
from households.models import ContactLink, Household
from regions.models import VillagerGroup
from representatives.models import Representative
from sentiment.models import Issue, IssueStep, Source, TalkMeeting
from sentiment.rules import Act, Action, Holder
from sentiment.services.exhibits import exhibit
from sentiment.services.stepping import locked, proceed_from, said_by, written
from sentiment.standings import terms

LONGEST = 1000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Heard:
    """What somebody said: where it was heard, when, about what, in which words.

    Without `representative` it is whoever looks after the household that day.
    """

    source: Source
    heard_on: dt.date
    topic: str
    words: str
    household: Household | None = None
    group: VillagerGroup | None = None
    representative: Representative | None = None
    satisfaction: str = ""
    talk: TalkMeeting | None = None


@transaction.atomic
def collect(
    *, heard: Heard, on: dt.date, by: Post, files: Collection[Examined] = ()
) -> Issue:
    """Enter an issue of the village of `by`; its days begin to run `on` that day."""
    if heard.heard_on > on:
        raise Refused(f"收集时间 {heard.heard_on} 还没有到，请填今天或以前的日期。")
    issue = Issue.objects.create(
        region_id=by.region_id,
        source=heard.source,
        talk=heard.talk,
        household=heard.household,
        group=heard.group or (heard.household.group if heard.household else None),
        representative_id=_representative(heard, by),
        heard_on=heard.heard_on,
        topic=heard.topic,
        words=plain(heard.words),
        satisfaction=heard.satisfaction,
        entered_by=by.user,
        entered_at=timezone.now(),
        due_on=terms().due(Holder.VILLAGE, on),
    )
    IssueStep.objects.create(
        region_id=issue.region_id,
        issue=issue,
        action=Action.COLLECT.value,
        state=issue.state,
        holder=issue.holder,
        due_on=issue.due_on,
        version=issue.version,
        on=on,
        at=issue.entered_at,
        by=by.user,
        by_words=said_by(by),
    )
    exhibit(owner=issue, files=files, by=by)
    return issue


def _representative(heard: Heard, by: Post) -> int | None:
    if by.narrowed_to is not None:
        return by.narrowed_to
    if heard.representative is not None:
        return int(heard.representative.pk)
    if heard.household is None:
        return None
    links = ContactLink.objects.active(heard.heard_on).filter(household=heard.household)
    return links.values_list("representative_id", flat=True).first()


def plain(words: str) -> str:
    """Return what was said without control characters; raise Refused if too long."""
    said = CONTROL.sub(" ", words).strip()
    if not said:
        raise Refused("请写明群众反映了什么。")
    if len(said) > LONGEST:
        raise Refused(f"最多写 {LONGEST} 个字，现在有 {len(said)} 个，请改短一些。")
    return said


@transaction.atomic
def amend(
    *,
    issue: Issue,
    version: int,
    topic: str,
    words: str,
    reason: str,
    on: dt.date,
    by: Post,
) -> Issue:
    """更正: another category or other words; the step keeps what was there before."""
    row = locked(issue, version)
    said = plain(words)
    if (topic, said) == (row.topic, row.words):
        raise Refused("类别和内容都没有改动。")
    act = Act(Action.AMEND, on, reason)
    then = proceed_from(row, act, by.kind.permissions)
    before = {"was_topic": row.topic, "original": row.words}
    row.topic, row.words = topic, said
    written(row, then, act, by, **before)
    return row
