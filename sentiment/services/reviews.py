"""民情分析会: preparing, deciding item by item, submitting, returning, correcting.

Two people may prepare one review at once. What is saved by itself carries what the page
showed before (`was`): a field that somebody else has changed meanwhile is not written
over, and whoever was second sees both. Submitting asks for the version of the page that
was checked.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.editing import Difference, EditedMeanwhile, label, save_next
from accounts.models import Post
from accounts.services import Refused
from regions.models import Region
from representatives.models import Mandate
from sentiment import reminding, review_figures, review_queue
from sentiment.models import Issue, Review, ReviewItem, ReviewState
from sentiment.models.reviews import FROM_PAPER
from sentiment.review_queue import Matter
from sentiment.rules import reviews as rules
from sentiment.services.stepping import decide
from visits.rules import Cadence

TEXTS = (
    "held_on",
    "place",
    "chair",
    "recorder",
    "expected",
    "attendees",
    "members_say",
    "representatives_say",
    "covenants_say",
    "last_month",
    "conclusion",
)
COPIED = ("place", "chair", "recorder", "expected")
ITEM = ("decision", "person", "due_on", "conclusion")
LATEST = 2
"""How many months back a review may still be begun."""


@transaction.atomic
def begin(*, village: Region, month: dt.date, by: Post) -> Review:
    """Return the month's review of a village; begin it with what is known already."""
    month = month.replace(day=1)
    today = timezone.localdate()
    if month > today:
        raise Refused(f"{month.month} 月还没有到，到时候再准备。")
    if is_too_late(month, today):
        raise Refused(f"{month.year} 年 {month.month} 月过去太久了，不能再补开。")
    before = Review.objects.filter(region=village, month__lt=month).order_by("-month")
    last = before.current().first()
    copied = {name: getattr(last, name) for name in COPIED} if last else {}
    review, _ = Review.objects.current().get_or_create(
        region=village,
        month=month,
        defaults={
            **copied,
            "chair": (last and last.chair) or _chair(by),
            "covenants_say": review_figures.covenant_words(village.pk, month),
        },
    )
    return review


def is_too_late(month: dt.date, day: dt.date) -> bool:
    """Return whether a day is too long after a month for the month's meeting."""
    return (day.year - month.year) * 12 + day.month - month.month > LATEST


def _chair(by: Post) -> str:
    return by.user.name if by.role == "village_secretary" else ""


def locked(review: Review) -> Review:
    """Return the review locked, if it may still be changed; raise Refused if not."""
    row = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    if row.state != ReviewState.DRAFT:
        raise Refused(
            f"这次民情分析会{row.get_state_display()}，不能再改；要改请点“更正”。"
        )
    return row


@transaction.atomic
def decide_item(
    *,
    review: Review,
    issue: Issue,
    given: Mapping[str, Any],
    was: Mapping[str, Any],
    hints: rules.Suggesting,
) -> tuple[ReviewItem, list[Difference]]:
    """Keep what is decided on one issue; blanks are filled in by the decision.

    Returns also what somebody else has changed since the page was shown: those fields
    stay as he left them, the others are kept.
    """
    row = locked(review)
    if issue.pk in review_queue.settled_issues(row):
        raise Refused("这一件已经按上次提交的决定在办，要改请到这件民情里改。")
    item = ReviewItem.objects.filter(review=row, issue=issue).first() or ReviewItem(
        region_id=row.region_id, review=row, issue=issue
    )
    stored = rules.Filled(item.person, item.due_on, item.conclusion)
    before, suggested = (item.decision, stored), _suggested(row)
    clashes = _take_over(item, given, was, ITEM)
    filled = hints.refilled(
        before,
        item.decision,
        rules.Filled(item.person, item.due_on, item.conclusion),
    )
    item.person, item.conclusion = filled.person[:30], filled.conclusion[:500]
    item.due_on = filled.due_on
    item.save()
    if row.conclusion == suggested:  # as the page suggested it, it goes on counting
        save_next(row, conclusion=_suggested(row))
    else:
        save_next(row)
    return item, clashes


@transaction.atomic
def save_texts(
    *, review: Review, given: Mapping[str, Any], was: Mapping[str, Any]
) -> tuple[Review, list[Difference]]:
    """Keep what is written about the meeting; see `decide_item` for two at once.

    What says nothing new is no new version: a page that saves itself may be heard only
    after the next one was opened.
    """
    row = locked(review)
    before = _said(row)
    clashes = _take_over(row, given, was, TEXTS)
    _count(row)
    if _said(row) != before:
        row.version += 1
        row.save()
    return row, clashes


def _said(row: Review) -> list[Any]:
    return [getattr(row, name) for name in (*TEXTS, "present")]


def _count(row: Review) -> None:
    """Count who was there; without a number everybody serving was expected."""
    if not row.attendees:
        return
    came = rules.Attendance.read(row.attendees)
    row.present = len(came.people) + came.members
    day = row.held_on or timezone.localdate()
    serving = Mandate.objects.filter(region=row.region_id).active(day).count()
    row.expected = max(row.expected or serving + came.members, row.present)


def _take_over(
    row: Any, given: Mapping[str, Any], was: Mapping[str, Any], names: tuple[str, ...]
) -> list[Difference]:
    """Set what was changed on the page; return what somebody else changed too."""
    clashes = []
    for name in names:
        if name not in given:
            continue
        wanted, stored = given[name], getattr(row, name)
        if wanted in (was.get(name), stored):
            continue
        if name in was and stored != was[name]:
            clashes.append(Difference(label(row, name), stored, wanted))
        else:
            setattr(row, name, wanted)
    return clashes


@transaction.atomic
def submit(*, review: Review, version: int, by: Post) -> Review:
    """Submit: each decision is applied to its issue, figures are frozen.

    All of it or nothing. Raises Refused with the first thing that is missing,
    EditedMeanwhile when the review has changed since it was checked.
    """
    row, today = locked(review), timezone.localdate()
    if row.version != version:
        raise EditedMeanwhile(row, [])
    queue = review_queue.queue_of(row, today)
    if missing := missing_in(row, queue, today):
        raise Refused(missing[0].words)
    row.items.exclude(issue__in=[one.issue.pk for one in queue.matters]).delete()
    for matter in queue.decided:
        if not matter.is_settled:
            _apply(matter, today, by)
    if not row.is_from_paper:
        found = review_figures.figures_of(row.region_id, row.month, today)
        row.figures = found.kept()
        row.last_month = row.last_month or review_figures.last_month_words(
            row.region_id, row.month
        )
    row.state, row.submitted_at, row.submitted_by = (
        ReviewState.SUBMITTED,
        timezone.now(),
        by.user,
    )
    row.version += 1
    row.save()
    return row


def _apply(matter: Matter, on: dt.date, by: Post) -> None:
    """Let the meeting's decision be the issue's next step."""
    item = matter.item
    if item is None:
        return
    try:
        decide(
            issue=matter.issue,
            version=matter.issue.version,
            way=rules.Decision(item.decision).way,
            on=on,
            by=by,
            words=item.conclusion,
            person=item.person,
            due_on=item.term,
        )
    except Refused as refused:
        raise Refused(f"“{matter.title}”没有交办成：{refused}") from refused


@dataclass(frozen=True)
class Missing:
    """What a review still lacks before it can be submitted, and where it is mended."""

    words: str
    step: str
    issue: int | None = None


def missing_in(
    review: Review, queue: review_queue.Queue, on: dt.date
) -> tuple[Missing, ...]:
    """Return everything that is missing, in the order of the steps."""
    found = [
        Missing(f"“{one.title}”还没有研判。", "items", one.issue.pk)
        for one in queue.waiting
    ]
    found += [
        Missing(
            f"“{one.title}”还没有写结论，代表要把它告诉群众。", "items", one.issue.pk
        )
        for one in queue.decided
        if one.item and not one.item.conclusion and not one.is_settled
    ]
    found += [
        Missing(f"“{one.title}”的办理期限已经过了，请改晚一些。", "items", one.issue.pk)
        for one in queue.decided
        if one.item and one.item.term and one.item.term < on and not one.is_settled
    ]
    asked = (
        (review.held_on, "请填哪天开的会。"),
        (review.place, "请填在哪里开的会。"),
        (review.chair, "请填谁主持。"),
        (review.present, "请填到会的人。"),
        (review.conclusion, "请写会议结论。"),
    )
    found += [Missing(words, "meeting") for value, words in asked if not value]
    if review.held_on and review.held_on > on:
        found.append(
            Missing(f"开会日期 {review.held_on} 还没有到，开完会再提交。", "meeting")
        )
    if review.held_on and review.held_on < review.month:
        found.append(
            Missing(f"开会日期 {review.held_on} 早于这个月，请核对。", "meeting")
        )
    return tuple(found)


@transaction.atomic
def give_back(*, review: Review, reason: str, by: Post) -> Review:
    """退回: the township wants it done again, and says why; it no longer counts as held."""
    row = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    if row.state != ReviewState.SUBMITTED:
        raise Refused(f"这次民情分析会现在是“{row.get_state_display()}”，不能退回。")
    if not reason.strip():
        raise Refused("请写明退回的原因，村里要照着改。")
    row.state, row.return_reason = ReviewState.RETURNED, reason.strip()[:300]
    row.returned_at, row.returned_by = timezone.now(), by.user
    row.version += 1
    row.save()
    reminding.tell_of_return(row, by=by, on=timezone.localdate())
    return row


@transaction.atomic
def correct(*, review: Review, by: Post) -> Review:
    """更正: open a new version of a submitted or returned review; the old one stays.

    Its decisions are in force already and come along unchanged. What came in from
    paper stays what the paper said: without figures, and with nothing to decide on.
    """
    row = Review.objects.select_for_update(no_key=True).get(pk=review.pk)
    if row.state not in (ReviewState.SUBMITTED, ReviewState.RETURNED):
        raise Refused(f"这次民情分析会现在是“{row.get_state_display()}”，不用更正。")
    save_next(row, state=ReviewState.REPLACED)
    fresh = Review.objects.create(
        region_id=row.region_id,
        month=row.month,
        number=row.number + 1,
        corrects=row,
        present=row.present,
        figures=FROM_PAPER if row.is_from_paper else {},
        **{name: getattr(row, name) for name in TEXTS},
    )
    ReviewItem.objects.bulk_create(
        ReviewItem(
            region_id=row.region_id,
            review=fresh,
            issue_id=item.issue_id,
            **{name: getattr(item, name) for name in ITEM},
        )
        for item in row.items.all()
    )
    return fresh


def members_before(review: Review) -> int | None:
    """Return how many party members came to the meeting before, if that is known."""
    before = Review.objects.filter(region=review.region_id, month__lt=review.month)
    last = before.exclude(attendees="").order_by("-month", "-number").first()
    return (rules.Attendance.read(last.attendees).members or None) if last else None


def conclusion_of(queue: review_queue.Queue) -> str:
    """Return the conclusion that the page suggests: how many of which, what is urgent."""
    urgent = [one.issue.words for one in queue.decided if one.key_households][:3]
    return rules.conclusion_words(queue.counts, urgent=urgent)


def _suggested(row: Review) -> str:
    """Return what the page would suggest now; nothing while no conclusion is kept."""
    if not row.conclusion:
        return ""
    return conclusion_of(review_queue.queue_of(row, timezone.localdate()))


def last_day(month: dt.date) -> dt.date:
    """Return the day by which the month's meeting has to be held (L34)."""
    return Cadence.MONTH.period(month).end
