"""A representative's round: whom to see first, who is seen, and how far the month is.

Read in a fixed number of statements, whatever the number of households. Standings are
comparisons of the stored due date (design section 5), never counted here anew.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Post
from households.models import CategoryTag
from ui.figures import spoken_day
from visits import rules
from visits.facts import as_rule
from visits.models import Duty, Policy, Topic, Visit, Waiver
from visits.models.waivers import Reason
from visits.rules import Cadence, Standing


class Seen(NamedTuple):
    """A visit of the day as the list of what is done shows it.

    `head` is empty where somebody else looks after the household by now.
    """

    head: str
    pk: uuid.UUID
    captured_at: dt.datetime
    visited_on: dt.date
    has_matter: bool
    topics: list[str]


@dataclass(frozen=True)
class Door:
    """One household of the round as its card shows it."""

    duty: Duty
    judged: rules.Judgement
    tags: tuple[str, ...]
    is_soon: bool

    @property
    def about(self) -> str:
        """Where it is and how many live there: 4 组 · 3 口人."""
        home = self.duty.household
        return f"{home.group} · {home.members} 口人"

    @property
    def tone(self) -> str:
        """The edge of the card: late, soon, or plain while there is time."""
        if self.judged.standing is Standing.OVERDUE:
            return "late"
        return "soon" if self.is_soon else "plain"

    @property
    def why(self) -> str:
        """Why it stands where it stands, in a few words."""
        if self.judged.days_overdue is not None:
            return f"已超期 {self.judged.days_overdue} 天"
        if self.judged.days_left is not None:
            period = "本月" if self.owes_monthly else "本季度"
            left = self.judged.days_left
            return f"{period}还剩 {left} 天" if left else f"今天是{period}最后一天"
        if self.judged.waiver is not None:
            waiver = self.judged.waiver
            return f"{waiver.reason}，到 {spoken_day(waiver.last)}"
        return ""

    @property
    def last(self) -> str:
        """When it was seen last."""
        if self.duty.last_visit_on is None:
            return "还没走访过"
        return f"上次 {spoken_day(self.duty.last_visit_on)}"

    @property
    def owes_monthly(self) -> bool:
        """Whether the running period is a month."""
        return self.duty.cadence == Cadence.MONTH

    @property
    def seen_this_period(self) -> bool:
        """Whether a counted visit lies in the running period."""
        last = self.duty.last_visit_on
        return last is not None and last in Cadence(self.duty.cadence).period(
            self.judged.on
        )


@dataclass(frozen=True)
class Round:
    """All households of one representative on one day, in the order of the page."""

    on: dt.date
    to_see: tuple[Door, ...]
    seen: tuple[Door, ...]
    excused: tuple[Door, ...]
    today: tuple[Seen, ...]

    @property
    def households(self) -> int:
        """How many households are looked after."""
        return len(self.to_see) + len(self.seen) + len(self.excused)

    @cached_property
    def owing(self) -> tuple[Door, ...]:
        """What the running periods ask for; who first owes the next one is not asked for."""
        return (*self.to_see, *(door for door in self.seen if door.seen_this_period))

    @cached_property
    def counted(self) -> tuple[Door, ...]:
        """What the progress counts: 重点户 that owe this month; without any, all that owe."""
        return tuple(door for door in self.owing if door.owes_monthly) or self.owing

    @property
    def done(self) -> int:
        """How many of `counted` have been seen."""
        return sum(door not in self.to_see for door in self.counted)

    @property
    def total(self) -> int:
        """How many `counted` are."""
        return len(self.counted)

    @property
    def monthly(self) -> tuple[int, int]:
        """Of those that owe a visit a month: seen in it, and all. Waived ones apart."""
        return self._tally(is_monthly=True)

    @property
    def quarterly(self) -> tuple[int, int]:
        """Of those that owe a visit a quarter: seen in it, and all. Waived ones apart."""
        return self._tally(is_monthly=False)

    def _tally(self, *, is_monthly: bool) -> tuple[int, int]:
        mine = [door for door in self.owing if door.owes_monthly == is_monthly]
        return sum(door.seen_this_period for door in mine), len(mine)

    @property
    def words(self) -> str:
        """What the progress counts, in words."""
        is_monthly = any(door.owes_monthly for door in self.counted)
        return "户，本月重点户" if is_monthly else "户，本季度联系户"


@dataclass(frozen=True)
class Month:
    """What a representative noted in a month: visits, those with a matter, for the village."""

    visits: int
    matters: int
    for_village: int


def month_of(representative: int, on: dt.date) -> Month:
    """Return the month of the day `on` up to it; one statement."""
    rows = Visit.objects.standing().filter(
        representative=representative,
        visited_on__gte=on.replace(day=1),
        visited_on__lte=on,
    )
    counts = rows.aggregate(
        visits=Count("pk"),
        matters=Count("pk", filter=Q(has_matter=True)),
        for_village=Count("pk", filter=Q(for_village=True)),
    )
    return Month(**counts)


def phone_key(post: Post | None) -> str:
    """Return a word that tells the posts on one phone apart and names nobody.

    It is that of a representative's first post: who came back to office has another
    one, and what his phone could not send before is still his.
    """
    if post is None:
        return ""
    return salted_hmac("visits.phone", str(_first_post(post))).hexdigest()[:16]


def _first_post(post: Post) -> int:
    """Return the first of the posts in which a user was this representative."""
    if post.narrowed_to is None:
        return post.pk
    same = Post.objects.filter(user=post.user_id, narrowed_to=post.narrowed_to)
    return min(same.values_list("pk", flat=True), default=post.pk)


def round_of(representative: int, on: dt.date) -> Round:
    """Return the round of a representative on the day `on`; six statements."""
    duties = list(
        Duty.objects.filter(representative=representative).select_related(
            "household__group"
        )
    )
    ids = [duty.household_id for duty in duties]
    tags, waivers = _tags(ids, on), _waivers(ids, on)
    row = Policy.objects.filter(effective_from__lte=on).order_by("-effective_from")
    policy = as_rule(found) if (found := row.first()) else None
    doors = [
        _door(duty, tags[duty.household_id], waivers[duty.household_id], policy, on)
        for duty in duties
    ]
    doors.sort(key=_place_in_line)
    open_states = (Standing.OVERDUE, Standing.DUE)
    return Round(
        on,
        tuple(door for door in doors if door.judged.standing in open_states),
        tuple(door for door in doors if door.judged.standing is Standing.DONE),
        tuple(door for door in doors if door.judged.standing is Standing.EXCUSED),
        _today(representative, on, {d.household_id: d.household.head for d in duties}),
    )


def _place_in_line(door: Door) -> tuple[int, int, str]:
    """Overdue, then what ends with the month, then the rest; each by group (ui 7)."""
    home = door.duty.household
    return (_pressing(door), home.group.number, home.head)


def _pressing(door: Door) -> int:
    due, on = door.duty.due_on, door.judged.on
    if door.judged.standing is Standing.OVERDUE:
        return 0
    return 1 if due and due <= Cadence.MONTH.period(on).end else 2


def _door(
    duty: Duty,
    tags: list[str],
    waivers: list[rules.Waiver],
    policy: rules.Policy | None,
    on: dt.date,
) -> Door:
    cadence = Cadence(duty.cadence)
    judged = rules.standing(
        duty.due_on,
        cadence,
        on,
        rules.excusing(waivers, cadence, on),
        duty.last_visit_on,
    )
    is_soon = policy is not None and judged.is_soon(policy, cadence)
    return Door(duty, judged, tuple(tags), is_soon)


def _tags(households: list[int], on: dt.date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    tags = CategoryTag.objects.active(on).filter(household__in=households)
    rows = tags.order_by("category__order")
    for household, name in rows.values_list("household_id", "category__name"):
        found[household].append(name)
    return found


def _waivers(households: list[int], on: dt.date) -> dict[int, list[rules.Waiver]]:
    found: dict[int, list[rules.Waiver]] = defaultdict(list)
    rows = Waiver.objects.filter(
        household__in=households, withdrawn_at=None, last__gte=on
    )
    for household, first, last, reason in rows.values_list(
        "household_id", "first", "last", "reason"
    ):
        waiver = rules.Waiver(first, last, str(Reason(reason).label))
        found[household].append(waiver)
    return found


def _today(
    representative: int, on: dt.date, heads: Mapping[int, str]
) -> tuple[Seen, ...]:
    """Return the visits of the day `on`, or that came in from himself on it, newest first.

    What was noted without network may come in on a later day; here it can be changed.
    """
    start = timezone.make_aware(dt.datetime.combine(on, dt.time.min))
    is_new = Q(visited_on=on) | Q(received_at__gte=start, on_behalf=False)
    rows = Visit.objects.standing().filter(is_new, representative=representative)
    names = ("pk", "captured_at", "visited_on", "has_matter", "topics")
    found = rows.order_by("-captured_at", "-received_at")
    words = Topic.objects.said()
    seen = (
        Seen(heads.get(household, ""), *said)
        for household, *said in found.values_list("household_id", *names)
    )
    return tuple(
        one._replace(topics=[words.get(name, name) for name in one.topics])
        for one in seen
    )
