"""The strip of figures and the piles of work on the pages of divisions."""

from collections.abc import Set
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import Post
from accounts.permissions import Permission
from regions.models import Level, Region
from reports.overview import Overview
from ui.figures import count_words
from ui.parts import Kpi, Todo


def kpis(seen: Overview, post: Post | None) -> tuple[Kpi, ...]:
    """Return the strip of a township or the city; figures lead to the people behind."""
    total, links = seen.total, AccountLinks(seen.place, post)
    places = [_count("村（社区）", total.villages, "个")]
    if seen.place.level == Level.CITY:
        townships = len(seen.lines)
        opened = townships - seen.without_lead
        places = [
            _count("乡镇（街道）", townships, "个"),
            *places,
            _progress(
                "已开通的乡镇", opened, townships, links.to(role="township_lead")
            ),
        ]
    else:
        places += [_count("本级人员", total.staff, "人", links.to(level="township"))]
    return (
        *places,
        _progress(
            "有书记账号的村",
            total.staffed,
            total.villages,
            links.to(role="village_secretary"),
        ),
        _count(
            "代表账号", total.representatives, "个", links.to(role="representative")
        ),
        _count("在任人员", seen.people, "人", links.to()),
    )


def village_kpis(seen: Overview, groups: int, post: Post | None) -> tuple[Kpi, ...]:
    """Return the strip of a village."""
    total, links = seen.total, AccountLinks(seen.place, post)
    return (
        _count("书记", total.secretaries, "人", links.to(role="village_secretary")),
        _count("文书", total.clerks, "人", links.to(role="village_clerk")),
        _count("代表", total.representatives, "人", links.to(role="representative")),
        _count("村（居）民小组", groups, "个"),
    )


def todos(seen: Overview, post: Post | None) -> tuple[Todo, ...]:
    """Return what waits for those who manage accounts here; nothing for others."""
    if not (post and post.may(Permission.ACCOUNT_MANAGE)):
        return ()
    links = AccountLinks(seen.place, post)
    grants = post.kind.grants
    piles = (
        Todo(
            seen.locked, "被锁定的账号", "连续输错密码，本人等着登录", "bad",
            "去解锁", links.to(status="locked"),
        ),
        Todo(
            seen.without_lead, "没有负责人账号的乡镇（街道）", "开了账号，镇里才能给村里开",
            "warn", "去开账号", links.new("township_lead", grants),
        ),
        Todo(
            seen.without_secretary, "没有书记账号的村（社区）", "开了账号，村里才能给代表开",
            "warn", "去开账号", links.new("village_secretary", grants),
        ),
        Todo(
            seen.unused, "初始密码还没改的人", "提醒本人尽快登录一次", "info",
            "看名单", links.to(status="unused"),
        ),
    )  # fmt: skip
    return _first_is_primary([pile for pile in piles if pile.count and pile.url])


def _first_is_primary(piles: list[Todo]) -> tuple[Todo, ...]:
    return tuple(replace(pile, primary=i == 0) for i, pile in enumerate(piles))


class AccountLinks:
    """Links to the accounts of a place; empty for posts that may not see accounts."""

    def __init__(self, place: Region, post: Post | None) -> None:
        self.place = place
        self.sees = bool(post and post.may(Permission.ACCOUNT_VIEW))
        self.is_own = bool(post and post.region_id == place.code)

    def to(self, **filters: str) -> str:
        """Return the list of accounts of the place with these filters."""
        if not self.sees:
            return ""
        if not self.is_own:
            filters["place"] = self.place.full_name
        return f"{reverse('accounts:list')}?{urlencode(filters)}"

    def new(self, role: str, grants: Set[str]) -> str:
        """Return the form of a new account with this role; empty if not to be granted."""
        return f"{reverse('accounts:new')}?role={role}" if role in grants else ""


def _count(label: str, value: int, unit: str, url: str = "") -> Kpi:
    return Kpi(label, count_words(value), unit, url)


def _progress(label: str, done: int, total: int, url: str = "") -> Kpi:
    share = done * 100 / total if total else None
    note = f"共 {count_words(total)} 个"
    return Kpi(label, count_words(done), "个", url, share=share, notes=(note,))
