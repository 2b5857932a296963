"""Accounts: what is missing before a place can work. Piles of work, no figures."""

from collections.abc import Iterable, Set

from django.urls import reverse

from accounts.permissions import Permission
from reports.figures.domain import Domain, View
from reports.setup import setup_of
from ui.parts import Todo


class Accounts(Domain):
    """Shown to those who may open accounts."""

    key = "accounts"

    def piles(self, view: View) -> Iterable[Todo]:
        """Return missing accounts, locks and first passwords; two statements."""
        if view.post is None or not view.may(Permission.ACCOUNT_MANAGE):
            return ()
        setup = setup_of(view.asked.place, view.seen.on)
        links, grants = AccountLinks(view), view.post.kind.grants
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

    def __init__(self, view: View) -> None:
        self._view = view

    def to(self, **filters: str) -> str:
        """Return the list of accounts of the place with these filters."""
        return self._view.link("accounts:list", **filters)

    def new(self, role: str, grants: Set[str]) -> str:
        """Return the form of a new account with this role; empty if not to be granted."""
        return f"{reverse('accounts:new')}?role={role}" if role in grants else ""
