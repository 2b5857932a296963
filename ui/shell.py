"""What the frame of a page shows: navigation, place, person, text size.

Templates read one context variable, `shell`. A context processor above this app
builds it once per request. `None` means there is nobody to build it for (signed out,
error page): `base.html` then leaves navigation and top bar out.

    shell = Shell(
        nav=(NavGroup("总览", (NavItem("工作台", "/", "squares-2x2", current=True),)),),
        tabs=(NavItem("走访", "/m/", "home", current=True),),
        crumbs=(Crumb("邵东市", "/d/430582000000/"), Crumb("魏家桥镇", None)),
        place="魏家桥镇", person="刘敏", post="镇民政办", posts_url="/posts/",
        size="m", unread=0, picker_url="/places/", today=localdate(),
    )

Icon names are those of Heroicons (see `{% icon %}`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

TextSize = Literal["m", "l", "xl"]

TEXT_SIZES: tuple[tuple[TextSize, str], ...] = (
    ("m", "标准"),
    ("l", "大"),
    ("xl", "特大"),
)
"""The sizes of 字号: 100 %, 125 % and 167 % of the root font."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link of the side navigation, the phone's tab bar or the person's menu.

    `count` stands at its right (None: nothing, 0 is shown as 0); `hot` makes it red.
    """

    label: str
    url: str
    icon: str = "document"
    count: int | None = None
    hot: bool = False
    current: bool = False


@dataclass(frozen=True, slots=True)
class NavGroup:
    """A titled group of links, e.g. 联系群众.

    `folded`: seldom needed, so that only its title is seen until it is opened, or until
    one of its pages is the present one.
    """

    title: str
    items: tuple[NavItem, ...]
    folded: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the links are seen without opening the group."""
        return not self.folded or any(item.current for item in self.items)


@dataclass(frozen=True, slots=True)
class Crumb:
    """One level of the scope. Without a url it is text: a level one may not enter.

    The last crumb is where the reader is; with `Shell.picker_url` it opens the picker.
    """

    label: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Shell:
    """Everything `base.html` and `base_phone.html` need besides the page itself.

    Empty strings leave the part out: no `search_url`, no search box; no `inbox_url`,
    no 消息; no `sign_out_url` (a POST), no 退出; no `posts_url`, no 切换职务. `keys` False
    turns single-key shortcuts off (WCAG 2.1.4).
    """

    nav: tuple[NavGroup, ...]
    tabs: tuple[NavItem, ...]
    crumbs: tuple[Crumb, ...]
    place: str
    person: str
    post: str
    posts_url: str
    size: TextSize
    unread: int
    picker_url: str
    today: date
    search_url: str = ""
    search_hint: str = "搜户主、代表、村名（按 / 键）"
    inbox_url: str = ""
    sign_out_url: str = ""
    home_url: str = "/"
    menu: tuple[NavItem, ...] = ()
    keys: bool = True

    @property
    def next_size(self) -> tuple[TextSize, str]:
        """The size and the words of the phone's one button, which cycles."""
        order = [size for size, _ in TEXT_SIZES]
        words = {"m": "标准字", "l": "大字", "xl": "特大字"}
        following = order[(order.index(self.size) + 1) % len(order)]
        return following, words[following]
