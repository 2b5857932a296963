"""What waits on a dashboard: visits first, then what is missing before people can work."""

from collections.abc import Set
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Post
from accounts.permissions import Permission
from regions.models import Level, Region
from reports.dashboard import Sums
from reports.figures import Lists
from reports.setup import Setup
from ui.parts import Todo
from visits.models import HandedState, HandedVisit
from visits.standings import OVER_30, State


def todos(
    place: Region, sums: Sums, setup: Setup | None, post: Post | None
) -> tuple[Todo, ...]:
    """Return the piles that are not empty; the first one's action is the primary."""
    if post is None:
        return ()
    lists = Lists(post, place)
    piles = [*_visiting(place, sums, lists, post)]
    if setup is not None:
        piles += _accounts(setup, AccountLinks(place, post), post.kind.grants)
    waiting = [pile for pile in piles if pile.count and pile.url]
    return tuple(replace(pile, primary=i == 0) for i, pile in enumerate(waiting))


def handed_in(place: Region) -> int:
    """Return how many records that phones could not store wait for the village."""
    inside = place.scope
    rows = HandedVisit.objects.filter(state=HandedState.WAITING)
    return rows.filter(region_id__gte=inside.lo, region_id__lt=inside.hi).count()


def _visiting(place: Region, sums: Sums, lists: Lists, post: Post) -> tuple[Todo, ...]:
    handed = reverse("visits:handed") if post.region_id == place.code else ""
    return (
        Todo(
            sums.long_overdue, "超期超过 30 天的户", "先看这些，问清楚为什么没有去", "bad",
            "看名单", lists.of(State.OVERDUE, age=OVER_30),
        ),
        Todo(
            sums.nobody, "没有联系人的户", "户户要有人联系", "bad",
            *_assigning(place, lists, post),
        ),
        Todo(
            handed_in(place), "代表交来的走访", "手机上没有记上，等村里处理", "warn",
            "去处理", handed if lists.sees_visits else "",
        ),
        Todo(
            sums.vacant, "出缺的席位", "要补选代表", "warn", "看席位", lists.seats()
        ),
    )  # fmt: skip


def _assigning(place: Region, lists: Lists, post: Post) -> tuple[str, str]:
    if place.level == Level.VILLAGE and post.may(Permission.HOUSEHOLD_EDIT):
        return "去分配", reverse("households:links", args=[place.code])
    return "看名单", lists.of(State.NOBODY)


def _accounts(
    setup: Setup, links: "AccountLinks", grants: Set[str]
) -> tuple[Todo, ...]:
    return (
        Todo(
            setup.locked, "被锁定的账号", "连续输错密码，本人等着登录", "bad",
            "去解锁", links.to(status="locked"),
        ),
        Todo(
            setup.without_lead, "没有负责人账号的乡镇（街道）", "开了账号，镇里才能给村里开",
            "warn", "去开账号", links.new("township_lead", grants),
        ),
        Todo(
            setup.without_secretary, "没有书记账号的村（社区）", "开了账号，村里才能给代表开",
            "warn", "去开账号", links.new("village_secretary", grants),
        ),
        Todo(
            setup.unused, "初始密码还没改的人", "提醒本人尽快登录一次", "info",
            "看名单", links.to(status="unused"),
        ),
    )  # fmt: skip


class AccountLinks:
    """Links to the accounts of a place."""

    def __init__(self, place: Region, post: Post) -> None:
        self.place = place
        self.is_own = post.region_id == place.code

    def to(self, **filters: str) -> str:
        """Return the list of accounts of the place with these filters."""
        if not self.is_own:
            filters["place"] = self.place.full_name
        return f"{reverse('accounts:list')}?{urlencode(filters)}"

    def new(self, role: str, grants: Set[str]) -> str:
        """Return the form of a new account with this role; empty if not to be granted."""
        return f"{reverse('accounts:new')}?role={role}" if role in grants else ""
