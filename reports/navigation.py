"""The side navigation and the phone's tabs: who is offered which page."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Post
from accounts.permissions import Permission as P
from ui.shell import NavGroup, NavItem

HOME, PLACES = "/", "/d/"  # a place's page is the home page of those who stand there


@dataclass(frozen=True)
class Entry:
    """A page in the navigation, offered to posts that carry the permission."""

    label: str
    url_name: str
    icon: str
    permission: P

    def item(self, request: HttpRequest) -> NavItem:
        """Return the link, marked if the person is on that page or one below it."""
        url = reverse(self.url_name)
        current = request.path == url if url == HOME else request.path.startswith(url)
        current = current or (url == HOME and request.path.startswith(PLACES))
        return NavItem(self.label, url, self.icon, current=current)


GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "总览",
        (
            Entry("工作台", "reports:home", "squares-2x2", P.OVERVIEW_VIEW),
            Entry("超期清单", "visits:overdue", "bell-alert", P.VISIT_VIEW),
            Entry("操作日志", "accounts:audit", "clock", P.AUDIT_VIEW),
        ),
    ),
    (
        "联系群众",
        (
            Entry("联系户", "households:list", "home", P.HOUSEHOLD_VIEW),
            Entry("代表交来的走访", "visits:handed", "inbox-arrow-down", P.VISIT_VIEW),
            Entry("联系分工", "households:links-home", "link", P.HOUSEHOLD_VIEW),
            Entry("重点类别", "households:category-list", "tag", P.CATEGORY_MANAGE),
        ),
    ),
    (
        "队伍建设",
        (
            Entry("代表", "representatives:list", "user-group", P.REPRESENTATIVE_VIEW),
            Entry(
                "席位与出缺",
                "representatives:seats-home",
                "building-office-2",
                P.REPRESENTATIVE_VIEW,
            ),
        ),
    ),
    (
        "数据",
        (
            Entry("导入", "workbooks:list", "arrow-up-tray", P.WORKBOOK_IMPORT),
            Entry("我的导出", "reports:export-list", "arrow-down-tray", P.ROLL_EXPORT),
        ),
    ),
    (
        "系统",
        (
            Entry("账号", "accounts:list", "users", P.ACCOUNT_VIEW),
            Entry("角色权限", "accounts:roles", "shield-check", P.ROLE_VIEW),
            Entry("运行状态", "reports:system", "server", P.SYSTEM_VIEW),
        ),
    ),
)
TABS: tuple[Entry, ...] = (
    Entry("首页", "reports:home", "home", P.OVERVIEW_VIEW),
    Entry("我的", "accounts:me", "user-circle", P.OVERVIEW_VIEW),
)
REPRESENTATIVE_TABS: tuple[Entry, ...] = (
    Entry("走访", "visits:phone", "home", P.VISIT_RECORD),
    Entry("我的", "accounts:me", "user-circle", P.OVERVIEW_VIEW),
)


def side_navigation(request: HttpRequest, post: Post) -> tuple[NavGroup, ...]:
    """Return the groups of the side navigation; empty groups are left out."""
    groups = (
        NavGroup(
            title, tuple(e.item(request) for e in entries if post.may(e.permission))
        )
        for title, entries in GROUPS
    )
    return tuple(group for group in groups if group.items)


def phone_tabs(request: HttpRequest, post: Post) -> tuple[NavItem, ...]:
    """Return the tabs at the bottom of the phone."""
    tabs = REPRESENTATIVE_TABS if post.role == "representative" else TABS
    return tuple(e.item(request) for e in tabs if post.may(e.permission))
