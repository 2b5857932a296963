"""The side navigation and the phone's tabs: who is offered which page."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

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

    @cached_property
    def url(self) -> str:
        """The address of the page, looked up once: every page draws some forty of them."""
        return reverse(self.url_name)

    def item(self, here: str) -> NavItem:
        """Return the link, marked if its page is the one where the person is."""
        return NavItem(self.label, self.url, self.icon, current=self.url == here)


def place_among(entries: Iterable[Entry], path: str) -> str:
    """Return the address of the one page on which, or the nearest below which, `path` is."""
    if path == HOME or path.startswith(PLACES):
        return HOME
    above = (url for entry in entries if path.startswith(url := entry.url))
    return max((url for url in above if url != HOME), key=len, default="")


GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "总览",
        (
            Entry("工作台", "reports:home", "squares-2x2", P.OVERVIEW_VIEW),
            Entry("超期清单", "visits:overdue", "bell-alert", P.VISIT_VIEW),
            Entry("汇总表", "reports:summary-home", "table-cells", P.REPORT_VIEW),
        ),
    ),
    (
        "联系群众",
        (
            Entry("联系户", "households:list", "home", P.HOUSEHOLD_VIEW),
            Entry("联系分工", "households:links-home", "link", P.HOUSEHOLD_VIEW),
            Entry("本周走访", "visits:week", "calendar-days", P.VISIT_DESK),
            Entry("代录、走访表", "visits:desk", "pencil-square", P.VISIT_DESK),
            Entry(
                "走访记录", "visits:records", "clipboard-document-list", P.VISIT_VIEW
            ),
            Entry("免访", "visits:waivers", "pause-circle", P.VISIT_VIEW),
            Entry("请核实", "visits:bursts", "question-mark-circle", P.VISIT_DESK),
            Entry("代表交来的走访", "visits:handed", "inbox-arrow-down", P.VISIT_VIEW),
        ),
    ),
    (
        "民情和会议",
        (
            Entry(
                "民情", "sentiment:issues", "chat-bubble-left-ellipsis", P.ISSUE_VIEW
            ),
            Entry(
                "民情走势", "sentiment:trends-home", "arrow-trending-up", P.ISSUE_VIEW
            ),
            Entry("恳谈会", "sentiment:talks", "chat-bubble-left-right", P.TALK_VIEW),
            Entry(
                "民情分析会",
                "sentiment:reviews",
                "presentation-chart-bar",
                P.REVIEW_READ,
            ),
            Entry("主题党日", "sentiment:party-days", "flag", P.REVIEW_READ),
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
            Entry(
                "摸底",
                "representatives:survey-home",
                "clipboard-document-check",
                P.REPRESENTATIVE_VIEW,
            ),
            Entry(
                "补选",
                "representatives:by-elections",
                "user-plus",
                P.REPRESENTATIVE_VIEW,
            ),
            Entry("培训", "trainings:people", "academic-cap", P.TRAINING_VIEW),
            Entry("公示", "notices:list", "megaphone", P.NOTICE_VIEW),
        ),
    ),
    (
        "评议表彰",
        (
            Entry("履职评议", "appraisals:appraisals", "star", P.APPRAISAL_VIEW),
            Entry("优秀代表", "appraisals:honours", "trophy", P.HONOUR_VIEW),
            Entry("示范村", "appraisals:demonstrations", "sparkles", P.HONOUR_VIEW),
            Entry("培养对象", "appraisals:growth", "arrow-up-circle", P.GROWTH_KEEP),
        ),
    ),
    (
        "双约双评",
        (
            Entry("公约", "evaluations:covenants", "document-text", P.RATING_VIEW),
            Entry("方案", "evaluations:schemes", "adjustments-vertical", P.RATING_VIEW),
            Entry("评家庭", "evaluations:ratings", "hand-thumb-up", P.RATING_VIEW),
            Entry("评村", "evaluations:village-ratings", "home-modern", P.RATING_VIEW),
        ),
    ),
    (
        "经费保障",
        (
            Entry("工作经费", "funding:funds", "banknotes", P.FUND_VIEW),
            Entry("误工补贴", "funding:subsidies", "calculator", P.FUND_VIEW),
        ),
    ),
    (
        "数据",
        (
            Entry("导入", "workbooks:list", "arrow-up-tray", P.WORKBOOK_IMPORT),
            Entry("报表中心", "reports:centre", "folder-arrow-down", P.ROLL_EXPORT),
            Entry("我的导出", "reports:export-list", "arrow-down-tray", P.ROLL_EXPORT),
        ),
    ),
    (
        "规则设置",
        (
            Entry("走访规则", "visits:policy-list", "scale", P.POLICY_MANAGE),
            Entry("重点类别", "households:category-list", "tag", P.CATEGORY_MANAGE),
            Entry("五必访、五必记", "visits:marks", "bookmark", P.CATEGORY_MANAGE),
            Entry("灯号和关账", "reports:measures", "light-bulb", P.CATEGORY_MANAGE),
            Entry("民情类别", "visits:topics", "hashtag", P.TOPIC_MANAGE),
            Entry("经费标准", "funding:standards", "scale", P.FUND_ALLOT),
            Entry(
                "评议方案",
                "appraisals:plans",
                "adjustments-horizontal",
                P.APPRAISAL_PLAN,
            ),
        ),
    ),
    (
        "系统",
        (
            Entry("账号", "accounts:list", "users", P.ACCOUNT_VIEW),
            Entry("接口令牌", "accounts:tokens", "key", P.TOKEN_MANAGE),
            Entry("操作日志", "accounts:audit", "clock", P.AUDIT_VIEW),
            Entry("角色权限", "accounts:roles", "shield-check", P.ROLE_VIEW),
            Entry("带来的日志", "reports:inherited", "archive-box", P.INHERITED_VIEW),
            Entry("运行状态", "reports:system", "server", P.SYSTEM_VIEW),
        ),
    ),
)
FOLDED = frozenset({"评议表彰", "双约双评", "经费保障", "规则设置", "系统"})
"""What is needed once a month, once a year, or by few: only the title is seen."""
FEW = 16
"""Up to so many links are all seen: whose work lies in folded groups has no others."""
MESSAGES = Entry("消息", "inbox:list", "bell", P.OVERVIEW_VIEW)
TABS: tuple[Entry, ...] = (
    Entry("首页", "reports:home", "home", P.OVERVIEW_VIEW),
    MESSAGES,
    Entry("我的", "accounts:me", "user-circle", P.OVERVIEW_VIEW),
)
REPRESENTATIVE_TABS: tuple[Entry, ...] = (
    Entry("走访", "visits:phone", "home", P.VISIT_RECORD),
    Entry("告诉群众", "sentiment:to-tell", "chat-bubble-left-right", P.ISSUE_TELL),
    Entry("恳谈会", "sentiment:talks", "user-group", P.TALK_RECORD),
    MESSAGES,
    Entry("我的", "visits:mine", "user-circle", P.VISIT_RECORD),
)


def side_navigation(request: HttpRequest, post: Post) -> tuple[NavGroup, ...]:
    """Return the groups of the side navigation; empty groups are left out."""
    offered = _offered(post.permissions)
    here = place_among((entry for _, group in offered for entry in group), request.path)
    return _groups(post.permissions, here)


@lru_cache(maxsize=64)
def _offered(held: frozenset[P]) -> tuple[tuple[str, list[Entry]], ...]:
    """Return the entries of each group that these permissions open."""
    groups = (
        (title, [entry for entry in entries if entry.permission in held])
        for title, entries in GROUPS
    )
    return tuple((title, entries) for title, entries in groups if entries)


@lru_cache(maxsize=1024)
def _groups(held: frozenset[P], here: str) -> tuple[NavGroup, ...]:
    """Return what all see who hold the same and stand on the same page."""
    offered = _offered(held)
    many = sum(len(entries) for _, entries in offered) > FEW
    return tuple(
        NavGroup(
            title,
            tuple(entry.item(here) for entry in entries),
            folded=many and title in FOLDED,
        )
        for title, entries in offered
    )


def phone_tabs(request: HttpRequest, post: Post, unread: int) -> tuple[NavItem, ...]:
    """Return the tabs at the bottom of the phone, with how many messages are unread."""
    tabs = REPRESENTATIVE_TABS if post.role == "representative" else TABS
    offered = [entry for entry in tabs if post.may(entry.permission)]
    here = place_among(offered, request.path)
    return tuple(
        replace(entry.item(here), count=unread, hot=True)
        if entry is MESSAGES
        else entry.item(here)
        for entry in offered
    )
