"""What a month's 民情分析会 goes through: the queue of issues, and what is known of each."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from accounts.masking import mask_text
from regions.models import Region
from sentiment.models import Decision, Issue, Review, ReviewItem, ReviewState, State
from sentiment.models.states import UNRESOLVED, Holder
from sentiment.rules import reviews as rules
from sentiment.standings import terms
from visits.models import Duty
from visits.rules import Cadence

YEARS_BACK = 3
MONTHS_APART = 5
EDITED = (ReviewState.DRAFT,)


@dataclass(frozen=True)
class Past:
    """The same thing in a past year, and how it ended."""

    issue: Issue

    @property
    def is_open(self) -> bool:
        """Say whether nobody ever finished it."""
        return self.issue.state not in (State.TOLD, State.CLOSED, State.RESOLVED)

    @property
    def words(self) -> str:
        """When it was said, and what was decided."""
        day = self.issue.heard_on
        way = self.issue.get_way_display()
        decided = f"，当时“{way}”" if way else ""
        return f"{day.year} 年 {day.month} 月也有人反映{decided}"


@dataclass(frozen=True)
class Matter:
    """One item of the queue. `followers` say the same and were merged into it."""

    issue: Issue
    item: ReviewItem | None = None
    followers: tuple[Issue, ...] = ()
    key: frozenset[int] = frozenset()
    past: Past | None = None
    is_settled: bool = False
    """Decided in the version that this one corrects, and in force."""

    @property
    def said(self) -> tuple[Issue, ...]:
        """Everybody's words, those of the issue itself first."""
        return (self.issue, *self.followers)

    @property
    def homes(self) -> frozenset[int]:
        """The households that say it."""
        return frozenset(one.household_id for one in self.said if one.household_id)

    @property
    def households(self) -> int:
        """How many households say it; somebody without a household counts as one."""
        return max(len(self.homes), 1)

    @property
    def key_households(self) -> int:
        """How many of them are 重点户."""
        return len(self.homes & self.key)

    @property
    def is_decided(self) -> bool:
        """Say whether the meeting has decided on it."""
        return bool(self.item and self.item.decision)

    @property
    def is_leftover(self) -> bool:
        """Say whether it was decided on before and not finished in time."""
        return bool(self.issue.way) and not self.is_settled

    @property
    def is_unhappy(self) -> bool:
        """Say whether somebody was dissatisfied."""
        return any(one.satisfaction == "bad" for one in self.said)

    @property
    def first_heard(self) -> dt.date:
        """The day on which it was said for the first time."""
        return min(one.heard_on for one in self.said)

    @property
    def groups(self) -> str:
        """Where those live who say it: 2 组、4 组."""
        names = dict.fromkeys(str(one.group) for one in self.said if one.group)
        return "、".join(sorted(names))

    @property
    def heard_by(self) -> str:
        """Which representatives heard it."""
        people = (one.representative for one in self.said)
        names = list(dict.fromkeys(person.name for person in people if person))
        more = f"等 {len(names)} 人" if len(names) > 1 else ""
        return f"{names[0]}{more}" if names else ""

    @property
    def title(self) -> str:
        """Its first sentence."""
        return rules.short(self.issue.words)


@dataclass(frozen=True)
class Queue:
    """All matters of a review, those still to decide first."""

    matters: tuple[Matter, ...] = ()

    @property
    def waiting(self) -> tuple[Matter, ...]:
        """Those that nobody has decided on."""
        return tuple(one for one in self.matters if not one.is_decided)

    @property
    def decided(self) -> tuple[Matter, ...]:
        """Those that the meeting has decided on."""
        return tuple(one for one in self.matters if one.is_decided)

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each decision, by its words."""
        found = {str(decision.label): 0 for decision in Decision}
        for one in self.decided:
            if one.item:
                found[one.item.get_decision_display()] += 1
        return found

    def get(self, issue: int) -> Matter | None:
        """Return the matter of an issue."""
        return next((one for one in self.matters if one.issue.pk == issue), None)

    def around(self, issue: int) -> tuple[Matter | None, Matter | None]:
        """Return the matter before and the one after."""
        ids = [one.issue.pk for one in self.matters]
        at = ids.index(issue)
        before = self.matters[at - 1] if at else None
        after = self.matters[at + 1] if at + 1 < len(ids) else None
        return before, after

    def next_to_decide(self, after: int = 0) -> Matter | None:
        """Return the next one to decide on below `after`, or else the first."""
        ids = [one.issue.pk for one in self.matters]
        at = ids.index(after) + 1 if after in ids else 0
        following = (*self.matters[at:], *self.matters[:at])
        return next((one for one in following if not one.is_decided), None)


def queue_of(review: Review, on: dt.date, *, is_masked: bool = False) -> Queue:
    """Return what a review goes through; of a submitted one what it decided.

    Order of the meeting: what most households say first, key households before others,
    then what was said first. It does not change while one is at it, so that J and K
    lead where they led before. `is_masked` hides numbers in what people said, for
    readers outside the village.
    """
    items = {item.issue_id: item for item in review.items.all()}
    settled = settled_issues(review)
    wanted = Q(pk__in=list(items))
    if review.state in EDITED and not review.is_from_paper:
        wanted = Q(pk__in=settled) | undecided(review, on)
    issues = list(_full(Issue.objects.filter(wanted, region=review.region_id)))
    followers = _followers(issues)
    if is_masked:
        for one in (*issues, *(row for rows in followers.values() for row in rows)):
            one.words = mask_text(one.words)
    key = key_homes([*issues, *(one for some in followers.values() for one in some)])
    past = _past(review, issues) if review.state in EDITED else {}
    matters = [
        Matter(
            issue,
            items.get(issue.pk),
            tuple(followers[issue.pk]),
            key,
            past.get(issue.pk),
            is_settled=issue.pk in settled,
        )
        for issue in issues
    ]
    matters.sort(
        key=lambda one: (
            -one.households,
            -one.key_households,
            one.first_heard,
            one.issue.pk,
        )
    )
    return Queue(tuple(matters))


def undecided(review: Review, on: dt.date) -> Q:
    """Return the condition for what the village has to decide on in this month.

    What was heard since the first day of the month before (what came after the last
    meeting is among it) and nobody has decided on; what came back to the village; and
    what was decided on and is not finished in time. Older words that nobody took up,
    such as those of visits imported from old ledgers, wait in the list of issues.
    """
    end = Cadence.MONTH.period(review.month).end
    since = (review.month - dt.timedelta(days=1)).replace(day=1)
    mine = Q(state__in=UNRESOLVED, holder=Holder.VILLAGE, heard_on__lte=end)
    fresh = Q(state=State.COLLECTED, heard_on__gte=since)
    return mine & (
        fresh | Q(state=State.ACCEPTED) | Q(state=State.IN_HAND, due_on__lt=on)
    )


def settled_issues(review: Review) -> frozenset[int]:
    """Return the issues whose decision of the corrected version is in force."""
    if review.corrects_id is None:
        return frozenset()
    before = ReviewItem.objects.filter(review=review.corrects_id)
    return frozenset(before.values_list("issue", flat=True))


def _full(issues: QuerySet[Issue]) -> QuerySet[Issue]:
    return issues.select_related("household__group", "group", "representative")


def _followers(issues: Sequence[Issue]) -> dict[int, list[Issue]]:
    found: dict[int, list[Issue]] = defaultdict(list)
    rows = Issue.objects.filter(merged_into__in=[issue.pk for issue in issues])
    for row in _full(rows).order_by("heard_on", "pk"):
        found[row.merged_into_id or 0].append(row)
    return found


def key_homes(issues: Iterable[Issue]) -> frozenset[int]:
    """Return which of the households behind some issues are 重点户."""
    homes = {issue.household_id for issue in issues if issue.household_id}
    key = Duty.objects.filter(household__in=homes, is_key=True)
    return frozenset(key.values_list("household", flat=True))


def _past(review: Review, issues: Sequence[Issue]) -> dict[int, Past]:
    """Return for each issue the one of a past year that says the same, if there is."""
    until = review.month - dt.timedelta(days=MONTHS_APART * 30)
    since = review.month - dt.timedelta(days=YEARS_BACK * 366)
    old = Issue.objects.filter(
        region=review.region_id, heard_on__gte=since, heard_on__lt=until
    )
    kept = {one.pk: one for one in old.exclude(state=State.WITHDRAWN)}
    pairs: dict[str, dict[int, frozenset[str]]] = defaultdict(dict)
    for one in kept.values():
        pairs[one.topic][one.pk] = rules.pairs_of(one.words)
    found = {
        issue.pk: rules.most_alike(issue.words, pairs[issue.topic]) for issue in issues
    }
    return {pk: Past(kept[other]) for pk, other in found.items() if other}


@dataclass(frozen=True)
class Hints:
    """Who was last responsible for each category in a village."""

    township: str
    chair: str
    on: dt.date
    by_topic: dict[str, str] = field(default_factory=dict)

    def of(self, issue: Issue) -> rules.Suggesting:
        """Return what suggestions for an issue are made from."""
        heard = issue.representative.name if issue.representative else ""
        person = issue.person or self.by_topic.get(issue.topic) or heard or self.chair
        return rules.Suggesting(person, self.township, self.on, terms())


def hints_for(review: Review, village: Region, on: dt.date) -> Hints:
    """Return the hints for a review's decisions."""
    rows = ReviewItem.objects.filter(region=village).exclude(person="")
    rows = rows.exclude(review=review).order_by("pk")
    by_topic = dict(rows.values_list("issue__topic", "person"))
    township = village.parent.name if village.parent else ""
    return Hints(township, review.chair, on, by_topic)
